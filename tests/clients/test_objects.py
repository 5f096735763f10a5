"""Objects, over both clients: loaded, saved, deleted, made, travelling."""

from __future__ import annotations

import asyncio
import pickle

import pytest
from asking import DEBIAN, NANODE, REGION

from linode import Disk, Linode
from linode.errors import InvalidRequestError, NotFoundError, NotLoadedError


def test_loading_takes_one_request(api):
    """Loaded fields are read without another request, dates and relations too."""
    made = api.linode("web")
    api.home.forget()
    linode = Linode(api.client, made.id)
    assert api.run(linode.load()) is linode
    assert (linode.label, linode.region.id, linode.created.utcoffset().total_seconds()) == ("web", REGION, 0)
    assert api.paths() == [f"GET /linode/instances/{made.id}"]


def test_reading_a_field_that_is_not_loaded(api):
    """The sync client fetches it, once; the other says what to write."""
    linode = Linode(api.client, api.linode("web").id)
    api.home.forget()
    if api.awaited:
        with pytest.raises(NotLoadedError, match=r"Linode\.label is not loaded.*await obj"):
            _ = linode.label
        assert api.paths() == []
        api.run(linode)
    assert (linode.label, linode.group) == ("web", "")
    assert api.paths() == [f"GET /linode/instances/{linode.id}"]


def test_loading_a_missing_object_is_an_error(api):
    """Loading it is an error that names it."""
    with pytest.raises(NotFoundError, match="GET /linode/instances/999"):
        api.run(Linode(api.client, 999).load())


def test_saving_sends_what_changed(api):
    """One PUT; nothing when nothing changed; another client sees it."""
    linode = api.linode("web")
    api.home.forget()
    api.run(linode.save())
    assert api.paths() == []
    linode.label = "mail"
    linode.alerts.cpu = 55
    api.run(linode.save())
    api.run(linode.save())
    assert api.paths() == [f"PUT /linode/instances/{linode.id}"]
    seen = api.run(Linode(api.another(), linode.id).load())
    assert (seen.label, seen.alerts.cpu) == ("mail", 55)


def test_a_refused_save_keeps_the_changes(api):
    """They are there to be put right, and are then saved with the rest."""
    api.linode("taken")
    linode = api.linode("web")
    linode.label, linode.tags = "taken", ["web"]
    with pytest.raises(InvalidRequestError, match="label: Label must be unique"):
        api.run(linode.save())
    assert (linode.label, linode.tags) == ("taken", ["web"])
    linode.label = "free"
    api.run(linode.save())
    seen = api.run(Linode(api.client, linode.id).load())
    assert (seen.label, seen.tags) == ("free", ["web"])


def test_changes_during_a_save_are_kept(awaited):
    """The answer to what was sent does not throw it away, in a nested object as little as in a field."""
    linode = awaited.run(awaited.linode("web").load())
    linode.label, linode.alerts.cpu = "first", 70

    async def edit() -> None:
        saving = asyncio.ensure_future(linode.save())
        await asyncio.sleep(0)  # now it is on its way
        linode.label, linode.tags, linode.alerts.io = "second", ["late"], 12345
        await saving

    for _ in range(2):
        awaited.run(edit() if linode.label == "first" else linode.save())
        assert (linode.label, linode.tags, linode.alerts.cpu, linode.alerts.io) == ("second", ["late"], 70, 12345)
    assert awaited.run(Linode(awaited.client, linode.id).load()).alerts.io == 12345


def test_a_nested_object_that_is_held_stays_part_of_its_owner(api):
    """A nested object shows values that were loaded later, and a change in it is sent without outdated values."""
    linode = api.run(api.linode("web").load())
    alerts = linode.alerts
    alerts.cpu = 70
    api.run(linode.save())
    other = api.run(Linode(api.another(), linode.id).load())
    other.alerts.io = 12345
    api.run(other.save())
    api.run(linode.load())
    assert alerts is linode.alerts
    assert (alerts.cpu, alerts.io) == (70, 12345)
    alerts.transfer_quota = 50
    api.run(linode.save())
    api.run(other.load())
    assert (other.alerts.cpu, other.alerts.io, other.alerts.transfer_quota) == (70, 12345, 50)


def test_a_verb_that_makes_a_field_outdated_keeps_what_was_changed_in_it(api):
    """The rest of it is fetched anew when it is read, and the change is there to be saved."""
    linode = api.run(api.linode("web").load())
    schedule = linode.backups.schedule
    schedule.day = "Monday"
    api.run(linode.enable_backups())
    if api.awaited:
        with pytest.raises(NotLoadedError):
            _ = linode.backups
        api.run(linode.load())
    assert linode.backups.enabled
    assert linode.backups.schedule is schedule
    api.run(linode.save())
    assert api.run(Linode(api.client, linode.id).load()).backups.schedule.day == "Monday"


def test_invalidating_forgets(api):
    """The next reading is of what the API says now, unsaved changes gone."""
    linode = api.linode("web")
    other = api.run(Linode(api.client, linode.id).load())
    other.label = "renamed"
    api.run(other.save())
    linode.label = "never saved"
    linode.invalidate()
    if api.awaited:
        api.run(linode)
    assert linode.label == "renamed"


def test_deleting(api):
    """A deleted object is gone, and deleting it again raises the 404."""
    linode = api.linode("web")
    api.run(linode.delete())
    assert api.each(api.client.get_linodes()) == []
    with pytest.raises(NotFoundError):
        api.run(linode.delete())


def test_a_generated_password_is_returned_with_the_linode(api):
    """A generated password is returned once, and no later request shows it; a given password is not returned."""
    linode, password = api.run(api.client.create_linode(NANODE, REGION, image=DEBIAN, label="web"))
    assert linode.label == "web"
    assert len(password) >= 20
    assert password not in repr(linode)
    mine = api.run(api.client.create_linode(NANODE, REGION, image=DEBIAN, label="mail", root_pass=password))
    assert isinstance(mine, Linode)


def test_lists_of_an_object(api):
    """The list of an object, an object created in it, and one by its ID and that of its parent."""
    linode = api.linode("web")
    api.home.advance(30)
    made = api.run(linode.create_disk(512, label="data", filesystem="ext4"))
    assert api.each(linode.disks) == [made]
    api.home.advance(60)
    assert [each.label for each in api.each(linode.disks(Disk.label == "data"))] == ["data"]
    assert api.each(linode.disks(Disk.label == "other")) == []
    disk = api.run(Disk(api.client, made.id, linode.id).load())
    assert (disk, disk.linode, disk.size) == (made, linode, 512)


def test_an_object_can_be_pickled(api):
    """Pickled, without its client and without the token; bound to another client it is alive again."""
    linode = api.linode("web")
    linode.label = "changed"
    packed = pickle.dumps(linode)
    assert api.home.token.encode() not in packed
    there = pickle.loads(packed)
    assert there == linode
    with pytest.raises(NotLoadedError, match=r"client\.bind"):
        api.run(there.save())
    other = api.another()
    assert other.bind(there) is there
    api.run(there.save())
    assert api.run(linode.load()).raw["label"] == "changed"


def test_a_child_object_is_pickled_with_its_parent(api):
    """The path of a pickled object is complete."""
    linode = api.linode("web")
    api.home.advance(30)
    disk = pickle.loads(pickle.dumps(api.run(linode.create_disk(512, label="data"))))
    api.another().bind(disk)
    api.home.advance(60)
    assert api.run(disk.load()).status == "ready"
    assert disk.linode == linode
