"""Configurations and their network interfaces in the sandbox."""

from __future__ import annotations

import pytest
from asking import actions, machine, raw, refused, said, unanswered

from linode import Config, ConfigDevice, ConfigDevices, ConfigInterface, Filter, Volume
from linode.errors import NotFoundError


@pytest.fixture
def linode(sandbox, client):
    return machine(sandbox, client)


@pytest.fixture
def config(linode):
    return linode.create_config(label="mine", disks=list(linode.disks))


@pytest.mark.parametrize("device", ["/dev/sd a", "é", "/dev/sda\n", "sda;"])
def test_a_root_device_has_letters_digits_and_slashes(sandbox, empty, device):
    """And underscores and dashes; at creation and later."""
    path = f"/linode/instances/{empty.id}/configs"
    reasons = [("root_device is not valid", "root_device")]
    assert refused(sandbox, "POST", path, {"label": "one", "devices": {}, "root_device": device}) == reasons
    made = raw(sandbox, "POST", path, {"label": "one", "devices": {}, "root_device": "/dev/vda-1_a"})[1]
    assert refused(sandbox, "PUT", f"{path}/{made['id']}", {"root_device": device}) == reasons


def test_a_configuration_begins_with_the_defaults_of_the_api(client, linode, config):
    """A new configuration is there at once, without a job of its Linode."""
    ours = linode.disks
    shown = config.raw
    assert shown["devices"]["sda"] == {"disk_id": ours[0].id, "volume_id": None}
    assert shown["devices"]["sdb"] == {"disk_id": ours[1].id, "volume_id": None}
    assert list(shown["devices"]) == [f"sd{letter}" for letter in "abcdefgh"]
    assert (config.kernel.id, config.root_device, config.comments) == ("linode/latest-64bit", "/dev/sda", "")
    assert (config.run_level, config.virt_mode, config.memory_limit) == ("default", "paravirt", 0)
    assert (shown["initrd"], shown["interfaces"]) == (None, [])
    assert set(shown["helpers"].values()) == {True}
    event = client.get_events()[0]
    assert (event.action, event.status, event.secondary_entity.type) == (
        "linode_config_create",
        "notification",
        "linode_config",
    )
    assert event.secondary_entity.url == f"/v4/linode/instances/{linode.id}/configs/{config.id}"


def test_a_configuration_needs_a_label(sandbox, linode):
    """The library always sends one."""
    status, answer = raw(sandbox, "POST", f"/linode/instances/{linode.id}/configs", {"devices": {}})
    assert (status, answer) == (400, {"errors": [{"reason": "label is required", "field": "label"}]})


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"kernel": "linode/none"}, ("kernel is not valid", "kernel")),
        ({"disks": [99999]}, ("disk_id is not valid", "devices.sda.disk_id")),
        ({"devices": {"sdc": {"volume_id": 99999}}}, ("devices.sdc.volume_id is not valid", "devices.sdc.volume_id")),
        ({"memory_limit": 4096}, ("Must be 0-2048", "memory_limit")),
        ({"run_level": "six"}, ("Must be one of default, single, binbash", "run_level")),
        ({"interfaces": [{"purpose": "vlan"}]}, ("label is required", "interfaces[0].label")),
        ({"interfaces": [{"purpose": "vpc", "subnet_id": 5}]}, ("subnet_id is not valid", "interfaces[0].subnet_id")),
        ({"label": "x" * 49}, ("Length must be 1-48 characters", "label")),
    ],
)
def test_what_a_configuration_cannot_be_made_of(linode, options, reason):
    """Each refusal names the member."""
    assert said(linode.create_config, **options) == [reason]
    assert len(linode.configs) == 1


def test_there_are_as_many_devices_as_the_memory_of_the_type_allows(linode):
    """Eight for a Linode of 2 GB."""
    disk = linode.disks[0]
    nine = {f"sd{letter}": {"disk_id": disk.id} for letter in "abcdefghi"}
    assert said(linode.create_config, devices=nine) == [
        ("Too many devices specified for this instance type.", "devices")
    ]


def test_a_configuration_has_64_slots(sandbox, client):
    """Of a Linode with memory enough; those behind the eighth are shown up to the last one in use."""
    linode = client.create_linode("g6-dedicated-32", "us-east")
    sandbox.advance(60)
    disk = linode.create_disk(1024, filesystem="ext4")
    config = linode.create_config(disks=[disk] * 13)
    assert list(config.raw["devices"])[8:] == ["sdi", "sdj", "sdk", "sdl", "sdm"]
    config.devices.sdbl = ConfigDevice(disk_id=disk.id)
    config.devices.sdm = None
    config.save()
    fresh = Config(client, config.id, linode)
    assert (fresh.devices.sdl.disk_id, fresh.devices.sdm, fresh.devices.sdbl.disk_id) == (disk.id, None, disk.id)
    assert list(fresh.raw["devices"]) == list(ConfigDevices._fields)
    assert len(linode.create_config(disks=[disk] * 64).raw["devices"]) == 64


def test_a_slot_that_there_is_not_is_refused(sandbox, linode, config):
    """An unknown slot is refused by both operations that take slots. An unknown slot without a device is accepted."""
    path = f"/linode/instances/{linode.id}/configs"
    wrong = {"sdbm": {"disk_id": linode.disks[0].id}}
    for method, where in (("POST", path), ("PUT", f"{path}/{config.id}")):
        status, answer = raw(sandbox, method, where, {"label": "x", "devices": wrong})
        assert (status, answer["errors"][0]["field"]) == (400, "devices.sdbm")
        assert raw(sandbox, method, where, {"label": "x", "devices": {"sdbm": None}})[0] == 200
    status, answer = raw(sandbox, "POST", path, {"label": "x", "devices": {"sdaa": 5}})
    assert (status, answer["errors"]) == (400, [{"reason": "Must be of type Object", "field": "devices.sdaa"}])


def test_a_configuration_is_changed_member_by_member(client, linode, config):
    """Members that are not sent stay, but slots are replaced all at once."""
    config.label = "renamed"
    config.comments = "note"
    config.kernel = "linode/grub2"
    config.helpers.network = False
    config.devices = {"sda": {"disk_id": linode.disks[1].id}}
    config.save()
    fresh = Config(client, config.id, linode)
    assert (fresh.label, fresh.comments, fresh.kernel.id) == ("renamed", "note", "linode/grub2")
    assert (fresh.helpers.network, fresh.helpers.distro) == (False, True)
    assert fresh.devices.sda.disk_id == linode.disks[1].id
    assert fresh.devices.sdb is None
    assert actions(client)[-1] == "linode_config_update"


def test_a_configuration_that_is_to_boot_stays_until_then(sandbox, client, linode, config):
    """Afterwards it can be deleted; its disks stay."""
    linode.boot(config)
    assert said(config.delete) == [("Linode busy.", None)]
    sandbox.advance(30)
    config.delete()
    with pytest.raises(NotFoundError):
        Config(client, config.id, linode).load()
    assert len(linode.disks()) == 2
    assert actions(client)[-1] == "linode_config_delete"


def test_a_configuration_that_no_job_boots_is_deleted_at_any_time(client):
    """While its Linode is provisioned, too."""
    linode, _ = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12")
    spare = linode.create_config(label="spare")
    spare.delete()
    assert linode.load().status == "provisioning"
    assert [each.label for each in linode.configs()] == ["My Debian 12 Disk Profile"]


def test_a_volume_in_a_slot_is_attached_to_the_linode(sandbox, client, linode):
    """One that another Linode has is refused."""
    with sandbox.world.transaction():
        volume = sandbox.world.add(Volume, label="data", region="us-east")["id"]
        foreign = sandbox.world.add(Volume, label="far", region="us-west")["id"]
    other = machine(sandbox, client)
    linode.create_config(label="with", devices={"sda": {"volume_id": volume}})
    assert (Volume(client, volume).linode, Volume(client, volume).linode_label) == (linode, linode.label)
    taken = ("Volume is attached to another Linode", "devices.sda.volume_id")
    assert said(other.create_config, devices={"sda": {"volume_id": volume}}) == [taken]
    elsewhere = ("volume_id is not valid", "devices.sda.volume_id")
    assert said(other.create_config, devices={"sda": {"volume_id": foreign}}) == [elsewhere]


# -- interfaces ------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(linode):
    wanted = [
        {"purpose": "public", "primary": True},
        {"purpose": "vlan", "label": "lan-1", "ipam_address": "10.0.0.1/24"},
    ]
    config = linode.create_config(label="nets", disks=linode.disks[:1], interfaces=wanted)
    config.create_interface("vlan", label="lan-2")
    return config


def test_interfaces_come_as_a_bare_array_in_their_order(sandbox, linode, three):
    """The configuration shows the same."""
    status, shown = raw(sandbox, "GET", f"/linode/instances/{linode.id}/configs/{three.id}/interfaces")
    assert status == 200
    assert [(each["purpose"], each["label"], each["ipam_address"]) for each in shown] == [
        ("public", None, None),
        ("vlan", "lan-1", "10.0.0.1/24"),
        ("vlan", "lan-2", None),
    ]
    assert linode.configs(Config.label == "nets")[0].raw["interfaces"] == shown
    assert (shown[0]["active"], shown[0]["vpc_id"], shown[0]["ip_ranges"]) == (False, None, [])


def test_interfaces_are_found_by_their_label(linode, three):
    """In the configuration, and among configurations."""
    assert [each.label for each in three.interfaces(ConfigInterface.label == "lan-1")] == ["lan-1"]
    assert [each.id for each in linode.configs(Filter({"interfaces.label": "lan-2"}))] == [three.id]
    assert len(linode.configs(Filter({"interfaces.label": "lan-9"}))) == 0


def test_null_for_what_is_not_given_is_as_good_as_leaving_it_out(sandbox, linode):
    """Clients in other languages send it."""
    body = {"label": "from elsewhere", "devices": {}, "interfaces": None, "kernel": None, "helpers": None}
    status, answer = raw(sandbox, "POST", f"/linode/instances/{linode.id}/configs", body)
    assert (status, answer["kernel"], answer["interfaces"]) == (200, "linode/latest-64bit", [])


def test_empty_lists_and_nulls_in_interfaces_are_as_good_as_leaving_them_out(sandbox, linode):
    """The vendor's client always sends a list of interfaces, and nulls for what an interface to a VLAN has not."""
    path, body = f"/linode/instances/{linode.id}/configs", {"label": "mine", "devices": {"sda": None}}
    for interfaces in ([], None):
        status, shown = raw(sandbox, "POST", path, {**body, "interfaces": interfaces})
        assert (status, shown["interfaces"]) == (200, [])
    vlan = {"purpose": "vlan", "label": "vlan-1", "ipam_address": "10.0.0.1/24", "ipv4": None, "ipv6": None}
    status, shown = raw(sandbox, "POST", path, {**body, "interfaces": [vlan]})
    assert (status, shown["interfaces"][0]["label"], shown["interfaces"][0]["ipv4"]) == (200, "vlan-1", None)
    config = f"{path}/{shown['id']}"
    status, shown = raw(sandbox, "PUT", config, {"interfaces": None, "helpers": None})
    assert (status, len(shown["interfaces"])) == (200, 1)
    status, shown = raw(sandbox, "PUT", config, {"interfaces": []})
    assert (status, shown["interfaces"]) == (200, [])


def test_there_are_three_interfaces_and_one_of_them_public_at_most(linode, three):
    """Purposes that the sandbox has nothing for are refused."""
    assert said(three.create_interface, "vlan", label="lan-3") == [("A configuration has at most 3 interfaces", None)]
    three.interfaces[2].delete()
    assert said(three.create_interface, "public") == [("A configuration has at most one public interface", "purpose")]
    assert said(three.create_interface, "vlan") == [("label is required", "label")]
    assert said(three.create_interface, "vpc", subnet_id=1) == [("subnet_id is not valid", "subnet_id")]


def test_interfaces_are_brought_into_another_order(client, three):
    """All of them must be named, once."""
    ids = [each.id for each in three.interfaces]
    three.order_interfaces(ids[::-1])
    assert [each.id for each in three.interfaces()] == ids[::-1]
    for wrong in (ids[:2], [*ids, ids[0]], [ids[0], ids[1], 99999]):
        assert said(three.order_interfaces, wrong) == [("Must name every interface of the configuration once", "ids")]
    assert actions(client)[-1] == "linode_config_update"


def test_at_most_one_interface_is_primary(three):
    """Making one so takes it from the other."""
    first, second, _ = three.interfaces
    assert (first.primary, second.primary) == (True, False)
    second.primary = True
    second.save()
    assert [each.primary for each in three.interfaces()] == [False, True, False]


def test_addresses_are_for_interfaces_to_a_vpc(sandbox, linode, three):
    """The sandbox has none."""
    path = f"/linode/instances/{linode.id}/configs/{three.id}/interfaces/{three.interfaces[0].id}"
    status, answer = raw(sandbox, "PUT", path, {"ip_ranges": ["10.0.0.0/24"]})
    assert (status, answer["errors"][0]["field"]) == (400, "ip_ranges")


def test_an_interface_that_the_linode_runs_with_cannot_be_deleted(sandbox, linode, three):
    """Once the Linode is off it can."""
    linode.boot(three)
    sandbox.advance(30)
    interface = three.interfaces()[1]
    assert interface.active
    assert said(interface.delete) == [("Linode must be shut down before an active interface can be deleted", None)]
    linode.shutdown()
    sandbox.advance(30)
    assert not three.interfaces()[1].active
    interface.delete()
    assert [each.label for each in three.interfaces()] == [None, "lan-2"]


def test_interfaces_are_set_all_at_once_and_those_that_come_with_their_id_stay(three):
    """An empty list clears them; none at all leaves them as they are."""
    public, lan, _ = three.interfaces
    three.interface_list = [{"id": lan.id, "purpose": "vlan", "label": "lan-9"}, {"purpose": "public"}]
    three.save()
    now = three.interfaces()
    assert [(each.purpose, each.label) for each in now] == [("vlan", "lan-9"), ("public", None)]
    assert now[0].id == lan.id
    assert now[1].id != public.id
    three.comments = "untouched"
    three.save()
    assert len(three.interfaces()) == 2
    three.interface_list = []
    three.save()
    assert len(three.interfaces()) == 0


def test_configurations_of_a_linode_with_interfaces_of_its_own_have_none(sandbox, client):
    """They belong to the Linode."""
    own = machine(sandbox, client, interface_generation="linode")
    reason = "This Linode's interfaces belong to itself, not to its configurations"
    config = own.create_config(disks=own.disks[:1])
    assert said(config.create_interface, "public") == [(reason, None)]
    wanted = [{"purpose": "public"}]
    assert said(own.create_config, disks=own.disks[:1], interfaces=wanted) == [(reason, "interfaces")]


def test_every_operation_on_configurations_is_answered(sandbox, linode, three):
    """None is unknown to the sandbox."""
    ids = {"linodeId": linode.id, "configId": three.id, "interfaceId": three.interfaces[0].id}
    assert unanswered(sandbox, ids, "/linode/instances/{linodeId}/configs") == []
