"""Disks in the sandbox: made, copied, changed and deleted by jobs."""

from __future__ import annotations

import pytest
from asking import PASSWORD, actions, machine, raw, said, unanswered

from linode import Disk
from linode.errors import NotFoundError

BUSY = [("Linode busy.", None)]


@pytest.fixture
def empty(sandbox, client):
    return machine(sandbox, client, image=None)


@pytest.fixture
def linode(sandbox, client):
    return machine(sandbox, client)


def test_a_disk_is_not_ready_until_its_job_is_done_and_its_linode_busy_meanwhile(sandbox, client, empty):
    """Until then no other disk is made or deleted."""
    disk = empty.create_disk(1000, label="data")
    assert (disk.status, disk.size, disk.filesystem, disk.label) == ("not ready", 1000, "ext4", "data")
    assert said(empty.create_disk, 1000) == BUSY
    assert said(disk.delete) == BUSY
    client.wait_for([disk], "ready", timeout=20)
    event = client.get_events()[0]
    assert (event.action, event.status) == ("disk_create", "finished")
    assert (event.entity.id, event.secondary_entity.id, event.secondary_entity.type) == (empty.id, disk.id, "disk")


def test_several_disks_of_a_linode_are_waited_for_together(client):
    linode = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", root_pass=PASSWORD, booted=False)
    disks = list(linode.disks)
    assert [each.status for each in disks] == ["not ready", "not ready"]
    client.wait_for(disks, "ready")
    assert [(each.status, each.linode) for each in disks] == [("ready", linode)] * 2


@pytest.mark.parametrize(
    ("options", "label", "filesystem"),
    [
        ({}, "700 MB Disk", "ext4"),
        ({"filesystem": "swap"}, "700 MB Swap Image", "swap"),
        ({"filesystem": "raw", "label": "mine"}, "mine", "raw"),
    ],
)
def test_a_disk_without_an_image_is_named_after_what_it_is(empty, options, label, filesystem):
    """A label that is given stays."""
    disk = empty.create_disk(700, **options)
    assert (disk.label, disk.filesystem) == (label, filesystem)


def test_a_disk_from_an_image_has_its_name_and_room_for_it(sandbox, client, empty):
    """The library generates the password of the disk, and nobody stores it."""
    disk, password = empty.create_disk(5000, image="linode/debian12")
    assert disk.label == "Debian 12 Disk"
    assert password not in str(sandbox.world.read("Disk"))
    sandbox.advance(20)
    small = said(empty.create_disk, 100, image="linode/debian12")
    assert small == [("Distribution requires a minimum size of 1800", "size")]


def test_a_disk_from_an_image_that_nobody_could_log_in_to_is_refused(sandbox, empty):
    """The API asks for a password, keys or users."""
    path = f"/linode/instances/{empty.id}/disks"
    _, answer = raw(sandbox, "POST", path, {"size": 5000, "image": "linode/debian12"})
    assert answer == {"errors": [{"reason": "Must provide valid root_pass, authorized_keys, or authorized_users"}]}
    status, _ = raw(
        sandbox, "POST", path, {"size": 5000, "image": "linode/debian12", "authorized_keys": ["ssh-ed25519 A"]}
    )
    assert status == 200


def test_disks_fit_into_what_the_type_of_the_linode_has(sandbox, client, linode):
    """A Linode from an image has given all its storage to its two disks."""
    no_room = [("Insufficient space remaining on Linode for disk creation", "size")]
    first, swap = linode.disks
    assert (first.size, swap.size) == (51200 - 512, 512)
    assert said(linode.create_disk, 1) == said(swap.resize, 513) == no_room
    assert said(swap.clone) == [(no_room[0][0], None)]
    first.resize(40_000)
    sandbox.advance(25)
    swap.resize(10_000)
    sandbox.advance(25)
    assert [each.size for each in linode.disks()] == [40_000, 10_000]


def test_a_disk_cannot_be_made_smaller_than_what_is_on_it(linode):
    """The size of the image is the minimum."""
    assert said(linode.disks[0].resize, 1000) == [("Must be at least 1800", "size")]


def test_a_resized_disk_has_its_new_size_when_it_is_ready_again(sandbox, client, linode):
    """Until then it shows the old one."""
    disk = linode.disks[0]
    disk.resize(20_000)
    assert (disk.status, disk.size) == ("not ready", 51200 - 512)
    client.wait_for([disk], "ready")
    assert disk.size == 20_000
    assert actions(client)[-1] == "disk_resize"


def test_a_copy_of_a_disk_is_ready_at_once_and_its_linode_busy(sandbox, client, empty):
    """The copy is named after the original."""
    disk = empty.create_disk(1000, label="data", filesystem="ext3")
    sandbox.advance(20)
    copy = disk.clone()
    assert (copy.label, copy.status, copy.size, copy.filesystem) == ("Copy of data", "ready", 1000, "ext3")
    assert copy.linode == empty
    assert said(disk.delete) == BUSY
    sandbox.advance(20)
    assert [each.id for each in empty.disks()] == [disk.id, copy.id]
    assert actions(client)[-1] == "disk_duplicate"


def test_a_deleted_disk_is_gone_from_the_configurations_too(sandbox, client, linode):
    """The slot of a deleted disk is empty."""
    disk = linode.disks[1]
    disk.delete()
    assert linode.disks()[1].status == "deleting"
    sandbox.advance(10)
    with pytest.raises(NotFoundError):
        Disk(client, disk.id, linode).load()
    devices = linode.configs[0].raw["devices"]
    assert devices["sda"] == {"disk_id": linode.disks()[0].id, "volume_id": None}
    assert devices["sdb"] is None
    assert actions(client)[-1] == "disk_delete"


def test_a_disk_that_its_linode_runs_with_stays_as_it_is(sandbox, client):
    """Another one can be changed meanwhile."""
    linode = machine(sandbox, client, booted=True, boot_size=20_000)
    assert linode.status == "running"
    used = linode.disks[0]
    in_use = [("Disk is in use by the running Linode; power it off first", None)]
    assert said(used.resize, 20_001) == said(used.delete) == said(used.reset_password, PASSWORD) == in_use
    other = linode.create_disk(1000)
    sandbox.advance(20)
    other.delete()
    linode.load()
    assert linode.status == "running"


def test_the_password_of_a_disk_is_set_and_forgotten(sandbox, client, linode):
    """Only a good one is taken."""
    disk = linode.disks[0]
    assert said(disk.reset_password, "short") == [("Length must be 7-128 characters", "password")]
    assert said(disk.reset_password, "aaaaaaaaa") == [("Password does not meet strength requirement", "password")]
    disk.reset_password(PASSWORD)
    sandbox.advance(10)
    assert actions(client)[-1] == "password_reset"
    assert PASSWORD not in str(sandbox.world.read("Disk"))


def test_a_disk_from_an_image_of_the_account_is_stretched_by_a_job_of_its_own(sandbox, client, linode):
    """Nobody ordered that one; the Linode is busy until both are over."""
    image = client.create_image(linode.disks[0])
    linode.disks[1].resize(256)
    linode.disks[0].resize(5000)
    sandbox.advance(120)
    linode.create_disk(4000, image=image)
    sandbox.advance(20)
    assert said(linode.create_disk, 100) == BUSY
    sandbox.advance(20)
    assert actions(client)[-2:] == ["disk_create", "disk_resize"]
    linode.create_disk(100)


def test_disks_are_resized_and_copied_behind_other_jobs(sandbox, client, empty):
    """Each when its turn comes."""
    disk = empty.create_disk(1000, label="data")
    disk.resize(2000)
    copy = disk.clone()
    sandbox.advance(20)
    assert disk.load().size == 1000
    sandbox.advance(40)
    assert [(each.id, each.status, each.size) for each in empty.disks()] == [
        (disk.id, "ready", 2000),
        (copy.id, "ready", 1000),
    ]
    assert actions(client)[-3:] == ["disk_create", "disk_resize", "disk_duplicate"]


def test_a_disk_is_renamed_while_its_linode_is_busy(client, empty):
    """A name is no job."""
    disk = empty.create_disk(1000)
    disk.label = "renamed"
    disk.save()
    assert [each.label for each in empty.disks(Disk.label == "renamed")] == ["renamed"]
    assert actions(client)[-1] == "disk_update"


def test_a_linode_has_at_most_50_disks(sandbox, empty):
    """Of whatever size."""
    for _ in range(50):
        empty.create_disk(1)
        sandbox.advance(20)
    assert said(empty.create_disk, 1) == [("A Linode has at most 50 disks", None)]


def test_every_operation_on_disks_is_answered(sandbox, linode):
    """None is unknown to the sandbox."""
    ids = {"linodeId": linode.id, "diskId": linode.disks[0].id}
    assert unanswered(sandbox, ids, "/linode/instances/{linodeId}/disks") == []
