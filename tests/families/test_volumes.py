"""Volumes, seen from a client."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION

from linode import Volume
from linode.errors import AuthorizationError, InvalidRequestError, NotFoundError


@pytest.fixture
def volume(client, sandbox):
    """An active volume that no Linode has."""
    made = client.create_volume("data", region=REGION, size=30)
    client.wait_for([made], "active")
    return made


def refused(words, function, *arguments, **options):
    with pytest.raises(InvalidRequestError, match=words) as caught:
        function(*arguments, **options)
    return caught.value


def actions(client):
    return [(event.action, event.status) for event in client.get_events()]


# -- creating --------------------------------------------------------------------------------------------------------


def test_a_volume_is_created_and_becomes_active(client):
    made = client.create_volume("data", region=REGION, tags=["web", "api", "web"])
    assert (made.status, made.size, made.io_ready, made.linode) == ("creating", 20, False, None)
    assert made.filesystem_path == "/dev/disk/by-id/scsi-0Linode_Volume_data"
    assert made.tags == ["api", "web"]
    assert made.raw["locks"] == []
    client.wait_for([made], "active")
    assert made.load().raw["locks"] == []
    assert actions(client) == [("volume_create", "finished")]
    assert [each.label for each in client.get_volumes(Volume.label == "data")] == ["data"]


def test_a_volume_for_a_linode_is_attached_at_once(client, running):
    made = client.create_volume("data", linode_id=running)
    assert (made.linode.id, made.linode_label, made.region.id) == (running.id, running.label, REGION)
    assert made.io_ready is False
    client.wait_for([made], "active")
    assert made.load().io_ready is True
    assert [each.id for each in running.volumes] == [made.id]
    (config,) = running.load().configs
    assert config.devices.sdc.volume_id == made.id


@pytest.mark.parametrize(
    ("options", "words", "field"),
    [
        ({}, "Must provide a region or a Linode ID", None),
        ({"region": REGION, "size": 9}, "Must be 10-16384", "size"),
        ({"region": REGION, "size": 16385}, "Must be 10-16384", "size"),
        ({"region": "nowhere"}, "region is not valid", "region"),
        ({"region": REGION, "linode_id": 9}, "linode_id is not valid", "linode_id"),
    ],
)
def test_what_cannot_be_created_is_refused(client, options, words, field):
    error = refused(words, client.create_volume, "data", **options)
    assert [name for _, name in error.reasons] == [field]
    assert len(client.get_volumes()) == 0


@pytest.mark.parametrize(
    ("label", "words"),
    [("1data", "Must begin with a letter"), ("da--ta", "label is not valid"), ("d" * 33, "Length must be 2-32")],
)
def test_labels_are_checked_when_created_cloned_and_changed(client, volume, label, words):
    refused(words, client.create_volume, label, region=REGION)
    refused(words, volume.clone, label)
    volume.label = label
    refused(words, volume.save)


def test_labels_are_unique(client, volume):
    refused("Label must be unique among your volumes", client.create_volume, "data", region=REGION)
    refused("Label must be unique among your volumes", volume.clone, "data")


def test_encryption_is_on_wherever_the_region_has_it(client):
    regions = {True: None, False: None}
    for region in client.get_regions():
        regions["Block Storage Encryption" in region.capabilities] = region
    for at, (offered, region) in enumerate(regions.items()):
        if region is not None:
            made = client.create_volume(f"enc{at}", region=region)
            assert made.encryption == ("enabled" if offered else "disabled")
            assert client.create_volume(f"off{at}", region=region, encryption="disabled").encryption == "disabled"
    if regions[False] is not None:
        refused("not available", client.create_volume, "on", region=regions[False], encryption="enabled")


def test_prices_of_volumes(client):
    (kind,) = client.get_volume_types()
    assert (kind.id, kind.price.monthly) == ("volume", 0.1)
    assert {each.id: each.monthly for each in kind.region_prices} == {"id-cgk": 0.12, "br-gru": 0.14}


# -- changing --------------------------------------------------------------------------------------------------------


def test_the_device_path_follows_the_label(client, volume):
    volume.label = "logs"
    volume.tags = ["web", "api"]
    volume.save()
    assert volume.load().filesystem_path.endswith("_logs")
    assert volume.tags == ["api", "web"]
    assert actions(client)[0] == ("volume_update", "notification")


def test_a_volume_only_grows(client, volume):
    refused("Storage volumes can only be resized up", volume.resize, 30)
    refused("Storage volumes cannot be resized larger than 16384 gigabytes", volume.resize, 16385)
    assert volume.resize(40).status == "resizing"
    refused("active", volume.resize, 50)
    refused("active", volume.clone, "copy")
    client.wait_for([volume], "active")
    assert volume.load().size == 40


def test_a_clone_is_as_large_and_as_encrypted(client, volume):
    copy = volume.clone("copy")
    assert (copy.status, copy.size, copy.region.id, copy.encryption) == ("creating", 30, REGION, volume.encryption)
    client.wait_for([copy], "active")
    assert copy.load().linode is None


def test_a_volume_is_deleted_once_it_is_detached(client, sandbox, running, volume):
    volume.attach(running)
    refused("must be detached", volume.delete)
    volume.detach()
    refused("must be detached", volume.delete)
    sandbox.advance(60)
    volume.delete()
    with pytest.raises(NotFoundError):
        volume.load()
    assert actions(client)[0] == ("volume_delete", "notification")


# -- attaching -------------------------------------------------------------------------------------------------------


def test_attaching_takes_a_slot_and_detaching_frees_it(client, sandbox, running, volume):
    volume.attach(running)
    assert (volume.linode.id, volume.io_ready) == (running.id, True)
    (config,) = running.configs
    assert config.devices.sdc.volume_id == volume.id
    refused("is already attached", volume.attach, running)
    sandbox.advance(60)
    volume.detach()
    assert volume.load().linode.id == running.id
    refused("being detached", volume.detach)
    sandbox.advance(60)
    assert (volume.load().linode, volume.linode_label, volume.io_ready) == (None, None, False)
    assert config.load().devices.sdc is None
    refused("not attached", volume.detach)
    assert {("volume_attach", "finished"), ("volume_detach", "finished")} <= set(actions(client))


def test_a_volume_that_does_not_persist_wants_a_running_linode(client, running, empty, volume):
    refused("running", volume.attach, empty, persist_across_boots=False)
    volume.attach(running, persist_across_boots=False)
    (config,) = running.configs
    assert config.devices.sdc is None
    assert volume.linode.id == running.id


def test_a_linode_has_as_many_devices_as_its_memory_allows(client, sandbox, running):
    for at in range(6):
        client.create_volume(f"v{at}", linode_id=running)
    refused("Too many devices", client.create_volume, "v6", linode_id=running)
    assert len(running.volumes) == 6


def test_the_configuration_is_named_when_there_are_several(client, empty, volume):
    one = empty.create_config(label="one", devices={})
    two = empty.create_config(label="two", devices={})
    refused("config_id is required", volume.attach, empty)
    refused("config_id is not valid", volume.attach, empty, config_id=9)
    volume.attach(empty, config_id=two)
    assert (one.load().devices.sda, two.load().devices.sda.volume_id) == (None, volume.id)


def test_a_volume_is_attached_in_its_region_alone(client, volume):
    linode = client.create_linode(NANODE, "eu-west", image=DEBIAN, root_pass=PASSWORD)
    refused("same region", volume.attach, linode)
    refused("same region", client.create_volume, "other", region=REGION, linode_id=linode)


def test_a_deleted_linode_leaves_its_volumes(client, running, volume):
    volume.attach(running)
    running.delete()
    assert (volume.load().linode, volume.io_ready) == (None, False)


# -- who may ---------------------------------------------------------------------------------------------------------


def test_restricted_users_see_and_change_what_they_were_granted(sandbox, client, volume):
    other = client.create_volume("other", region=REGION)
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    sandbox.grant("ada", volume={volume.id: "read_only"})
    with sandbox.world.transaction():
        hers = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    assert [each.id for each in hers.get_volumes()] == [volume.id]
    for act in (lambda: hers.create_volume("new", region=REGION), Volume(hers, volume.id).delete):
        with pytest.raises(AuthorizationError):
            act()
    with pytest.raises(AuthorizationError):
        Volume(hers, other.id).load()
    sandbox.grant("ada", add_volumes=True)
    made = hers.create_volume("new", region=REGION)
    assert [each.id for each in hers.get_volumes()] == [volume.id, made.id]
    made.delete()
