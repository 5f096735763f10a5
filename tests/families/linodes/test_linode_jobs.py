"""Jobs of Linodes in the sandbox: booting, rebuilding, moving, copying."""

from __future__ import annotations

import base64
import re

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, add, change, jobs, raw, refused

from linode import Type, Volume
from linode.errors import EventFailedError, InvalidRequestError, LinodeBusyError
from linode.sandbox import Sandbox

# -- on and off ------------------------------------------------------------------------------------------------------


def test_a_linode_is_shut_down_booted_and_rebooted(client, running):
    """Each has its state on the way and its event."""
    running.shutdown()
    assert running.load().status == "shutting_down"
    client.wait_for([running], "offline")
    running.boot()
    assert running.load().status == "booting"
    client.wait_for([running], "running")
    running.reboot()
    assert running.load().status == "rebooting"
    client.wait_for([running], "running")
    assert jobs(client, of=running)[2:] == [
        ("linode_shutdown", "finished"),
        ("linode_boot", "finished"),
        ("linode_reboot", "finished"),
    ]


def test_what_a_busy_linode_refuses(sandbox, running):
    """``Linode busy.``, without a field, until the job is done and no longer."""
    url = f"/linode/instances/{running.id}"
    disk = running.disks[0].id
    running.reboot()
    for method, path, body in [
        ("POST", f"{url}/disks", {"size": 100}),
        ("DELETE", f"{url}/disks/{disk}", None),
        ("POST", f"{url}/resize", {"type": "g6-standard-1"}),
        ("POST", f"{url}/migrate", {"region": "us-west"}),
    ]:
        assert refused(sandbox, method, path, body) == [("Linode busy.", None)], path
    with pytest.raises(LinodeBusyError):
        running.resize("g6-standard-1")
    sandbox.advance(18)
    assert raw(sandbox, "POST", f"{url}/resize", {"type": "g6-standard-1"}) == (200, {})


@pytest.mark.parametrize(
    ("verb", "body", "action"),
    [
        ("reboot", None, "linode_reboot"),
        ("shutdown", None, "linode_shutdown"),
        ("rescue", {}, "linode_reboot"),
        ("rebuild", {"image": DEBIAN, "root_pass": PASSWORD, "booted": False}, "linode_rebuild"),
        ("clone", {"region": REGION, "type": NANODE}, "linode_clone"),
        ("firewalls/apply", None, "firewall_apply"),
    ],
)
def test_other_orders_wait_behind_the_jobs_of_a_busy_linode(sandbox, client, running, verb, body, action):
    """The event of a queued job is scheduled until the job before it is done; then the job sets the Linode's status."""
    running.reboot()
    sandbox.advance(5)
    status, _ = raw(sandbox, "POST", f"/linode/instances/{running.id}/{verb}", body)
    assert (status, running.load().status) == (200, "rebooting")
    assert jobs(client, of=running)[-2:] == [("linode_reboot", "started"), (action, "scheduled")]
    sandbox.advance(14)
    assert jobs(client, of=running)[-2:] == [("linode_reboot", "finished"), (action, "started")]
    sandbox.advance(120)
    assert jobs(client, of=running)[-1] == (action, "finished")


def test_a_linode_made_without_booting_is_booted_at_once(client):
    """The boot waits until the Linode is made."""
    linode, _ = client.create_linode(NANODE, REGION, image=DEBIAN, booted=False)
    linode.boot()
    assert linode.load().status == "provisioning"
    client.wait_for([linode], "running")
    assert jobs(client, of=linode) == [("linode_create", "finished"), ("linode_boot", "finished")]


def test_a_linode_is_booted_right_after_its_password(client, running):
    """Jobs keep their order, and conditions are those that will be there: it is off by then."""
    running.shutdown()
    running.reset_password(PASSWORD)
    running.boot()
    client.wait_for([running], "running")
    assert [each for each, _ in jobs(client, of=running)][-3:] == ["linode_shutdown", "password_reset", "linode_boot"]


def test_jobs_that_wait_go_on_when_a_data_file_is_opened_again(tmp_path):
    """In their order."""
    path = str(tmp_path / "world")
    with Sandbox(data=path) as first:
        linode, _ = first.client().create_linode(NANODE, REGION, image=DEBIAN)
        linode.shutdown()
        linode.boot()
    with Sandbox(data=path) as second:
        second.advance(120)
        again = second.client().get_linodes().one()
        assert again.status == "running"
        assert [each for each, _ in jobs(second.client(), of=again)] == [
            "linode_create",
            "linode_boot",
            "linode_shutdown",
            "linode_boot",
        ]


def test_a_job_that_cannot_begin_fails_and_lets_others_go(sandbox, client, running):
    """A rebuild whose image was deleted meanwhile fails, and the next job begins."""
    image = client.create_image(running.disks[0])
    sandbox.advance(60)
    running.reboot()
    running.rebuild(image, root_pass=PASSWORD, booted=False)
    running.shutdown()
    image.delete()
    sandbox.advance(60)
    ended = dict(jobs(client, of=running)[-4:])
    assert (ended["linode_rebuild"], ended["linode_shutdown"]) == ("failed", "finished")
    assert [each.label for each in running.disks()] == ["Debian 12 Disk", "512 MB Swap Image"]


def test_a_running_linode_is_not_booted_again(running):
    """The API says which one runs already."""
    with pytest.raises(InvalidRequestError, match=f"Linode {running.id} already booted."):
        running.boot()


def test_which_configuration_is_booted(client, running):
    """The only one, the last booted one, or the one that is named; none is a refusal."""
    other = running.create_config("linode/latest-64bit", "other", disks=[running.disks[0]])
    running.reboot()
    client.wait_for([running], "running")
    assert client.get_events()[0].secondary_entity.label == "My Debian 12 Disk Profile"
    running.reboot(config_id=other)
    client.wait_for([running], "running")
    running.reboot()
    assert client.get_events()[0].secondary_entity.label == "other"
    client.wait_for([running], "running")
    with pytest.raises(InvalidRequestError, match="config_id: config_id is not valid"):
        running.reboot(config_id=99999)


def test_an_empty_linode_cannot_be_booted(client, empty):
    """Without a configuration there is nothing to boot; with several somebody has to choose."""
    with pytest.raises(InvalidRequestError, match="no configuration"):
        empty.boot()
    empty.create_config(label="one")
    empty.create_config(label="two")
    with pytest.raises(InvalidRequestError, match="several configurations"):
        empty.boot()


def test_a_boot_without_a_disk_fails(client, empty):
    """The event says so, and the Linode is off."""
    empty.create_config(label="hollow")
    empty.boot()
    with pytest.raises(EventFailedError, match="no disk to boot from"):
        client.wait_for([empty], "running")
    assert empty.load().status == "offline"


def test_shutting_down_what_is_off_is_accepted(client, empty):
    """A Linode that is off stays off, and the job ends."""
    empty.shutdown()
    assert empty.load().status == "offline"


def test_a_linode_can_be_rescued_with_disks_of_its_own(client, running, empty):
    """A rescued Linode boots into the rescue system; disks of other Linodes and the slot sdh are refused."""
    with pytest.raises(InvalidRequestError, match=r"devices.sda.disk_id: disk_id is not valid"):
        empty.rescue({"sda": {"disk_id": running.disks[0].id}})
    with pytest.raises(InvalidRequestError, match=r"devices.sdh"):
        running.rescue({"sdh": {"disk_id": running.disks[0].id}})
    running.rescue({"sda": {"disk_id": running.disks[0].id}})
    assert running.load().status == "rebooting"
    client.wait_for([running], "running")


# -- rebuilding, moving, copying -------------------------------------------------------------------------------------


def test_rebuilding_replaces_disks_and_configurations(client, running):
    """They have new ids; the Linode is rebuilding, then runs again."""
    before = [each.id for each in running.disks]
    running.rebuild("linode/arch", root_pass=PASSWORD)
    assert (running.status, running.image.id) == ("rebuilding", "linode/arch")
    running.invalidate()
    assert not set(before) & {each.id for each in running.disks}
    client.wait_for([running], "running")
    assert [each.label for each in running.configs] == ["My Arch Linux Disk Profile"]
    assert jobs(client, of=running)[-2:] == [("linode_rebuild", "finished"), ("linode_boot", "finished")]


def test_rebuilding_can_leave_it_off_and_change_its_type(client, running):
    """The type holds at once."""
    running.rebuild(DEBIAN, booted=False, type="g6-standard-1")
    assert (running.type.id, running.specs.disk) == ("g6-standard-1", 51200)
    client.wait_for([running], "offline")


def test_a_wait_for_a_rebuild_ends_with_it(client, running):
    """Not with a status that is still that from before; what the job changed is read anew, and a failure is told."""
    job = running.rebuild("linode/arch", root_pass=PASSWORD)
    assert job.wait().status == "finished"
    assert running.image.id == "linode/arch"
    assert [each.label for each in running.configs] == ["My Arch Linux Disk Profile"]
    image = client.create_image(running.disks[0])
    running.wait()
    client.wait_for([image], "available")
    running.reboot()
    job, _password = running.rebuild(image)
    image.delete()
    with pytest.raises(EventFailedError, match="linode_rebuild failed"):
        job.wait()


@pytest.mark.parametrize("body", [{}, {"root_pass": PASSWORD}])
def test_rebuilding_needs_an_image(sandbox, running, body):
    """In the API's words."""
    assert refused(sandbox, "POST", f"/linode/instances/{running.id}/rebuild", body) == [
        ("You must specify an image", "image")
    ]


def test_resizing_grows_the_only_disk_and_boots_again(client, running):
    """The type changes when the job ends; it runs because it ran before."""
    running.resize("g6-standard-1")
    assert (running.load().status, running.type.id) == ("resizing", NANODE)
    client.wait_for([running], "running")
    assert (running.type.id, running.specs.disk) == ("g6-standard-1", 51200)
    assert [each.size for each in running.disks] == [51200 - 512, 512]
    assert [each for each, _ in jobs(client, of=running)][2:] == [
        "linode_resize_create",
        "linode_resize",
        "linode_boot",
    ]


def test_a_resize_can_leave_disks_and_power_alone(client, running):
    """A warm one does not reboot; without allow_auto_disk_resize disks stay as they are."""
    job = running.resize("g6-standard-1", allow_auto_disk_resize=False, migration_type="warm")
    assert running.load().status == "running"
    assert [each for each, _ in jobs(client, of=running)][2:] == ["linode_resize_warm_create"]
    job.wait()
    assert running.load().status == "running"
    assert running.disks[0].size == 25088
    assert [each for each, _ in jobs(client, of=running)][2:] == ["linode_resize_warm_create", "linode_resize"]


def test_resizing_an_empty_linode_ends_offline(client, empty):
    """A resized Linode runs afterwards only if it ran before."""
    empty.resize("g6-standard-1")
    client.wait_for([empty], "offline")
    assert empty.type.id == "g6-standard-1"


@pytest.mark.parametrize(
    ("type", "reason"),
    [
        ("g6-standard-1", ("Linode is already running this service plan.", None)),
        (
            NANODE,
            (
                "Linode has allocated more disk than the new service plan allows. Delete or resize disks smaller.",
                None,
            ),
        ),
        ("g6-fake", ("A valid plan type by that ID was not found", "type")),
    ],
)
def test_a_resize_that_cannot_be_is_refused(sandbox, client, type, reason):
    """In the API's words."""
    linode = client.create_linode("g6-standard-1", REGION, image=DEBIAN, root_pass=PASSWORD)
    client.wait_for([linode], "running")
    assert refused(sandbox, "POST", f"/linode/instances/{linode.id}/resize", {"type": type}) == [reason]


def test_mutate_is_refused_without_a_successor_and_done_with_one(sandbox, client, running):
    """The type becomes the successor."""
    with pytest.raises(InvalidRequestError, match="no upgrade"):
        running.mutate()
    change(sandbox, Type, NANODE, successor="g6-standard-1")
    running.mutate()
    client.wait_for([running], "running")
    assert running.type.id == "g6-standard-1"


def test_migrating_changes_region_and_addresses(sandbox, client, running):
    """A migrating Linode is off for long enough to be seen by polls, and boots in the new region."""
    before = (running.ipv4, running.ipv6)
    running.migrate(region="us-west")
    assert running.load().status == "migrating"
    sandbox.advance(45)
    assert running.load().status == "offline"
    client.wait_for([running], "running")
    assert running.region.id == "us-west"
    assert running.ipv4 != before[0]
    assert running.ipv6 != before[1]
    assert [each.region.id for each in client.get_ips()] == ["us-west"] * 2


def test_a_linode_with_interfaces_of_its_own_takes_them_along(client):
    """They have the new addresses, as a new version."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, interface_generation="linode")
    client.wait_for([linode], "running")
    assert linode.migrate(region="us-west", type="warm").wait().status == "finished"
    assert (linode.status, linode.region.id) == ("running", "us-west")
    interface = linode.interfaces[0]
    assert interface.public.ipv4.addresses[0].address == linode.ipv4[0]
    assert [each.version for each in linode.interface_history] == [1, 2]


def test_a_move_that_is_not_pending_or_leads_nowhere_is_refused(sandbox, running):
    """So is one that would leave volumes behind."""
    with pytest.raises(InvalidRequestError, match="no pending migration"):
        running.migrate()
    with pytest.raises(InvalidRequestError, match="region: Linode is already in this region"):
        running.migrate(region=REGION)
    add(sandbox, Volume, label="data", region=REGION, linode_id=running.id)
    with pytest.raises(InvalidRequestError, match="volumes"):
        running.migrate(region="us-west")


def test_cloning_copies_disks_and_configurations_to_a_new_linode(sandbox, client, running):
    """The new one ends off, the source does what it did before, and the event says how fast it goes."""
    copy = running.clone(region="us-west", type="g6-standard-1", private_ip=True)
    assert (copy.label, copy.status, len(copy.ipv4)) == (f"linode{copy.id}", "provisioning", 2)
    assert running.load().status == "cloning"
    sandbox.advance(10)
    event = next(each for each in client.get_events() if each.action == "linode_clone")
    assert re.fullmatch(r"\d+\.\d\d MB/s", event.rate)
    assert re.fullmatch(r"0:0:\d+", event.time_remaining)
    client.wait_for([copy], "offline")
    assert (event.load().rate, event.time_remaining) == (None, None)
    assert running.load().status == "running"
    assert [each.label for each in copy.disks] == [each.label for each in running.disks]
    assert copy.configs[0].devices.sda.disk_id == copy.disks[0].id
    event = next(each for each in client.get_events() if each.action == "linode_clone")
    assert (event.entity.id, event.secondary_entity.id) == (running.id, copy.id)
    assert ("linode_create", "finished") in jobs(client, of=copy)


def test_cloning_onto_another_linode_takes_what_is_named(client, running, empty):
    """Only the disk that is named is copied, and no configuration."""
    target = running.clone(linode_id=empty.id, disks=[running.disks[1]])
    assert (target.id, target.status) == (empty.id, "cloning")
    client.wait_for([target], "offline")
    assert [each.size for each in target.disks] == [512]
    assert list(target.configs) == []


def test_clones_are_refused_that_cannot_be(sandbox, client, running, empty):
    """Without a place, without room, onto itself, or more than five at once."""
    url = f"/linode/instances/{running.id}/clone"
    assert refused(sandbox, "POST", url, {}) == [("region is required", "region"), ("type is required", "type")]
    assert refused(sandbox, "POST", url, {"linode_id": running.id}) == [
        ("A Linode cannot be cloned onto itself", "linode_id")
    ]
    empty.create_disk(20000)
    client.wait_for([empty.disks[0]], "ready")
    with pytest.raises(InvalidRequestError, match="Insufficient space"):
        running.clone(linode_id=empty)
    for _ in range(5):
        running.clone(region=REGION, type=NANODE)
    with pytest.raises(InvalidRequestError, match="At most 5"):
        running.clone(region=REGION, type=NANODE)


@pytest.mark.parametrize("data", [{"x": 1}, 7, ["#cloud-config"]])
def test_user_data_is_text(sandbox, running, data):
    """Anything else is refused, wherever it can be given."""
    body = {"metadata": {"user_data": data}, "region": REGION, "type": NANODE, "image": DEBIAN, "root_pass": PASSWORD}
    for path in ("", f"/{running.id}/clone", f"/{running.id}/rebuild"):
        words = [("Must be of type String", "metadata.user_data")]
        assert refused(sandbox, "POST", f"/linode/instances{path}", body) == words


def test_user_data_must_be_said_anew_for_a_clone(client):
    """A clone does not copy the user data by itself."""
    data = {"user_data": base64.b64encode(b"#cloud-config").decode()}
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, metadata=data)
    client.wait_for([linode], "running")
    with pytest.raises(InvalidRequestError, match=r"metadata.user_data"):
        linode.clone(region=REGION, type=NANODE)
    assert linode.clone(region=REGION, type=NANODE, metadata=data).has_user_data


def test_interfaces_are_upgraded_when_it_is_not_only_tried(client, running):
    """A dry run changes nothing; the real one is for good."""
    tried = running.upgrade_interfaces()
    assert (tried.dry_run, tried.config_id) == (True, running.configs[0].id)
    assert tried.interfaces[0].public.ipv4.addresses[0].address == running.ipv4[0]
    assert running.load().interface_generation == "legacy_config"
    done = running.upgrade_interfaces(dry_run=False)
    assert done.dry_run is False
    assert running.load().interface_generation == "linode"
    assert [each.id for each in running.interfaces] == [each.id for each in done.interfaces]
    with pytest.raises(InvalidRequestError, match="upgraded already"):
        running.upgrade_interfaces()
