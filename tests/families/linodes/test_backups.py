"""Backups in the sandbox: ordered, made every day or by hand, put back."""

from __future__ import annotations

import pytest
from asking import actions, machine, said, unanswered

from linode.errors import NotFoundError

DAY = 24 * 3600


@pytest.fixture
def linode(sandbox, client):
    made = machine(sandbox, client, boot_size=20_000)
    made.enable_backups()
    return made


@pytest.fixture
def kept(sandbox, client, linode):
    backup = linode.snapshot("before")
    client.wait_for([backup], "successful", timeout=200)
    return backup


def test_ordering_backups_says_when_they_will_be_made(client, linode):
    """The hours are not known at first, and ordering twice changes nothing."""
    backups = linode.backups
    assert (backups.enabled, backups.available, backups.last_successful) == (True, False, None)
    assert (backups.schedule.day, backups.schedule.window) == ("Scheduling", "Scheduling")
    linode.enable_backups()
    assert actions(client).count("backups_enable") == 1


def test_backups_are_made_every_day_and_three_are_kept(sandbox, linode):
    """The first of them settles the hours."""
    sandbox.advance(DAY + 10)
    first = linode.available_backups().automatic[0]
    assert (first.type, first.status, first.label, first.available) == ("auto", "successful", None, True)
    linode.load()
    assert linode.backups.available
    assert linode.backups.last_successful == first.finished
    assert "Scheduling" not in (linode.backups.schedule.day, linode.backups.schedule.window)
    sandbox.advance(4 * DAY)
    automatic = linode.available_backups().automatic
    assert len(automatic) == 3
    assert first.id not in [each.id for each in automatic]


def test_backups_are_made_in_their_window(sandbox, linode):
    """In the two hours in UTC that the schedule names, also after it has changed."""
    sandbox.advance(DAY + 10)
    for window in (linode.load().backups.schedule.window, "W22", "W0"):
        linode.backups.schedule.window = window
        linode.save()
        sandbox.advance(3 * DAY)
        for backup in linode.available_backups().automatic[1:]:
            assert int(window[1:]) <= backup.created.hour < int(window[1:]) + 2
        assert len(linode.available_backups().automatic) == 3


def test_a_linode_can_be_made_with_backups(sandbox, client):
    """Then it has them every day too."""
    linode = machine(sandbox, client, backups_enabled=True)
    sandbox.advance(DAY)
    assert len(linode.available_backups().automatic) == 1


def test_cancelling_deletes_all_backups_and_they_cannot_be_ordered_for_a_day(sandbox, client, linode, kept):
    """No more are made either."""
    sandbox.advance(DAY)
    linode.cancel_backups()
    backups = linode.backups
    assert (backups.enabled, backups.available, backups.schedule.day) == (False, False, None)
    there = linode.available_backups()
    assert (there.automatic, there.snapshot.current) == ([], None)
    with pytest.raises(NotFoundError):
        kept.load()
    assert said(linode.enable_backups) == [("Backups cannot be enabled within 24 hours of cancelling them", None)]
    sandbox.advance(DAY)
    linode.enable_backups()
    assert actions(client)[-2:] == ["backups_cancel", "backups_enable"]
    assert linode.available_backups().automatic == []


def test_a_snapshot_is_made_step_by_step(sandbox, client, linode):
    """From ``pending`` to ``successful``."""
    backup = linode.snapshot("first")
    assert (backup.type, backup.status, backup.available, backup.finished) == ("snapshot", "pending", True, None)
    assert (backup.configs, backup.disks, backup.region.id) == ([], [], linode.region.id)
    seen = []
    for _ in range(130):
        backup.load()
        seen += [backup.status] if backup.status not in seen else []
        sandbox.advance(1)
    assert seen == ["pending", "running", "needsPostProcessing", "successful"]
    assert backup.configs == [each.label for each in linode.configs]
    assert [(each.label, each.size, each.filesystem) for each in backup.disks] == [
        (each.label, each.size, each.filesystem) for each in linode.disks
    ]
    event = client.get_events()[0]
    assert (event.action, event.status, event.secondary_entity) == ("linode_snapshot", "finished", None)


def test_a_snapshot_takes_the_place_of_the_one_before_it(sandbox, client, linode, kept):
    """The old one is there until the new one is done."""
    new = linode.snapshot("after")
    there = linode.available_backups().snapshot
    assert (there.current.id, there.in_progress.id) == (kept.id, new.id)
    client.wait_for([new], "successful", timeout=200)
    there = linode.available_backups().snapshot
    assert (there.current.id, there.current.label, there.in_progress) == (new.id, "after", None)
    with pytest.raises(NotFoundError):
        kept.load()


def test_there_is_no_snapshot_without_the_service(sandbox, client):
    """The backup service must be enabled first."""
    linode = machine(sandbox, client)
    reason = "Backups must be enabled for this Linode before a snapshot can be made"
    assert said(linode.snapshot, "mine") == [(reason, None)]


def test_a_backup_is_put_beside_what_a_linode_has(sandbox, client, linode, kept):
    """Disks and configurations are new ones, and the Linode is what it was before."""
    before = [each.id for each in linode.disks()]
    kept.restore(linode)
    linode.load()
    assert linode.status == "restoring"
    linode.boot()
    assert linode.load().status == "restoring"
    sandbox.advance(25)
    assert linode.load().status == "booting"
    assert [each.size for each in linode.disks()] == [20_000, 512, 20_000, 512]
    assert [each.id for each in linode.disks()][:2] == before
    assert [each.label for each in linode.configs()] == kept.configs * 2
    new = linode.configs()[1].devices.sda.disk_id
    assert new == linode.disks()[2].id
    assert actions(client)[-2:] == ["backups_restore", "linode_boot"]


def test_a_backup_takes_the_place_of_what_a_linode_has(sandbox, client, linode, kept):
    """Also on another Linode, which can boot from it."""
    other = machine(sandbox, client)
    assert said(kept.restore, other) == [("Insufficient space remaining on Linode for disk creation", "linode_id")]
    job = kept.restore(other, overwrite=True)
    assert (job.action, job.obj) == ("backups_restore", other)
    job.wait()
    assert [each.size for each in other.disks()] == [20_000, 512]
    other.boot()
    client.wait_for([other], "running")


def test_where_a_backup_cannot_be_put(sandbox, client, linode, kept):
    """Each refusal says why, and nothing is lost by it."""
    far = client.create_linode("g6-standard-1", "us-west")
    running = machine(sandbox, client, booted=True)
    assert said(kept.restore, 99999) == [("linode_id is not valid", "linode_id")]
    assert said(kept.restore, far) == [("Linode must be in the same region as the backup", "linode_id")]
    reason = "Linode must be powered off before its disks can be overwritten"
    assert said(kept.restore, running, overwrite=True) == [(reason, "overwrite")]
    unfinished = linode.snapshot("unfinished")
    assert said(unfinished.restore, running) == [("Backup is not complete", None)]
    assert len(running.disks()) == 2


def test_a_linode_is_made_from_a_backup(sandbox, client, kept):
    """A Linode from a backup has the disks and configurations of the backup, and runs."""
    made = client.create_linode("g6-standard-1", "us-east", backup_id=kept)
    client.wait_for([made], "running", timeout=120)
    assert [each.label for each in made.configs] == kept.configs


def test_every_operation_on_backups_is_answered(sandbox, linode, kept):
    """None is unknown to the sandbox."""
    ids = {"linodeId": linode.id, "backupId": kept.id}
    assert unanswered(sandbox, ids, "/linode/instances/{linodeId}/backups") == []
