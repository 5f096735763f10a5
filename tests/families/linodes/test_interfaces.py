"""Network interfaces that belong to a Linode itself, in the sandbox."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, REGION, actions, machine, raw, said, unanswered

from linode import Firewall, InterfaceHistory, LinodeInterface
from linode.errors import NotFoundError

OFF = [("Linode must be powered off before its interfaces can be changed", None)]


@pytest.fixture
def linode(sandbox, client):
    return machine(sandbox, client, interface_generation="linode")


@pytest.fixture
def public(linode):
    return linode.interfaces[0]


def test_a_linode_of_the_new_kind_leads_to_the_internet_by_itself(linode, public):
    """The default routes go through the interface, and the Linode's addresses are its."""
    assert public.raw["default_route"] == {"ipv4": True, "ipv6": True}
    assert [(each.address, each.primary) for each in public.public.ipv4.addresses] == [(linode.ipv4[0], True)]
    assert [f"{each.address}/128" for each in public.public.ipv6.slaac] == [linode.ipv6]
    assert (public.vpc, public.vlan, public.version) == (None, None, 1)
    assert public.mac_address.startswith("22:00:")
    assert linode.ips().ipv4.public[0].interface_id == public.id


def test_the_list_comes_in_an_envelope_of_its_own(sandbox, linode, public):
    """The list of interfaces has no pages."""
    status, answer = raw(sandbox, "GET", f"/linode/instances/{linode.id}/interfaces")
    assert (status, list(answer)) == (200, ["interfaces"])
    assert [each["id"] for each in answer["interfaces"]] == [public.id]


def test_interfaces_are_added_while_the_linode_is_off(sandbox, client, linode):
    """Three at most, one of them to the internet."""
    lan = linode.create_interface(vlan={"vlan_label": "lan-1", "ipam_address": "10.0.0.1/24"})
    assert (lan.vlan.vlan_label, lan.vlan.ipam_address, lan.public) == ("lan-1", "10.0.0.1/24", None)
    assert lan.raw["default_route"] == {"ipv4": False, "ipv6": False}
    event = client.get_events()[0]
    assert (event.action, event.entity.id, event.secondary_entity.id) == ("interface_create", linode.id, lan.id)
    assert said(linode.create_interface, public={}) == [("A Linode has at most one public interface", "public")]
    assert said(linode.create_interface) == [("Exactly one of public, vpc and vlan must be given", None)]
    assert said(linode.create_interface, vlan={}) == [("vlan_label is required", "vlan.vlan_label")]
    assert said(linode.create_interface, vpc={"subnet_id": 1}) == [("subnet_id is not valid", "vpc.subnet_id")]
    linode.create_interface(vlan={"vlan_label": "lan-2"})
    assert said(linode.create_interface, vlan={"vlan_label": "lan-3"}) == [("A Linode has at most 3 interfaces", None)]
    linode.boot()
    assert said(linode.create_interface, vlan={"vlan_label": "lan-3"}) == OFF
    sandbox.advance(30)
    assert said(linode.create_interface, vlan={"vlan_label": "lan-3"}) == said(lan.delete) == OFF


def test_an_interface_has_more_addresses_or_fewer(linode, public):
    """New ones are the Linode's at once, and those left out are given back."""
    first = linode.ipv4[0]
    public.public.ipv4.addresses = [{"address": first, "primary": True}, {"address": "auto"}]
    public.save()
    both = [each.address for each in public.public.ipv4.addresses]
    assert both[0] == first
    linode.load()
    assert linode.ipv4 == both
    public.public.ipv4.addresses = [{"address": both[1], "primary": True}]
    public.save()
    linode.load()
    assert linode.ipv4 == [both[1]]
    assert public.version == 3


def test_an_address_of_somebody_else_is_refused(sandbox, client, public):
    """Nothing changes then."""
    other = machine(sandbox, client)
    public.public.ipv4.addresses = [{"address": other.ipv4[0], "primary": True}]
    assert said(public.save) == [("address is not valid", "public.ipv4.addresses[0].address")]
    assert LinodeInterface(client, public.id, public.linode).version == 1


def test_where_an_interface_leads_stays(sandbox, client, linode, public):
    """The API refuses to change a VLAN, too."""
    lan = linode.create_interface(vlan={"vlan_label": "lan-1"})
    path = f"/linode/instances/{linode.id}/interfaces"
    for id, body, field in (
        (lan.id, {"vlan": {"vlan_label": "lan-2"}}, "vlan"),
        (lan.id, {"public": {}}, "public"),
        (public.id, {"vpc": {"subnet_id": 0}}, "vpc.subnet_id"),
        (lan.id, {"default_route": {"ipv4": True}}, "default_route"),
    ):
        status, answer = raw(sandbox, "PUT", f"{path}/{id}", body)
        assert (status, answer["errors"][0]["field"]) == (400, field)


def test_default_routes_are_given_up_and_taken_back(linode, public):
    """By the interface itself, or for all of them together."""
    public.default_route = {"ipv4": False}
    public.save()
    settings = linode.interface_settings()
    assert (settings.default_route.ipv4_interface_id, settings.default_route.ipv6_interface_id) == (None, public.id)
    assert settings.default_route.ipv4_eligible_interface_ids == [public.id]
    settings.default_route.ipv4_interface_id = public.id
    settings.network_helper = False
    settings.save()
    settings.load()
    assert (settings.default_route.ipv4_interface_id, settings.network_helper) == (public.id, False)
    settings.default_route.ipv4_interface_id = 99999
    reason = ("ipv4_interface_id is not valid", "default_route.ipv4_interface_id")
    assert said(settings.save) == [reason]


def test_every_version_of_an_interface_is_remembered(client, linode, public):
    """With what it was then."""
    public.default_route = {"ipv4": False}
    public.save()
    versions = linode.interface_history
    assert [(each.interface_id, each.version) for each in versions] == [(public.id, 1), (public.id, 2)]
    assert versions[0].interface_data.raw["default_route"] == {"ipv4": True, "ipv6": True}
    assert versions[1].interface_data.raw["default_route"] == {"ipv4": False, "ipv6": True}
    assert len(linode.interface_history(InterfaceHistory.version == 2)) == 1
    assert actions(client)[-1] == "interface_update"


def test_a_deleted_interface_takes_its_firewalls_along_and_leaves_the_addresses(sandbox, client, linode, public):
    """The vendor's tests give the address to the next interface. What the old one was is remembered."""
    with sandbox.world.transaction():
        sandbox.world.add(Firewall, label="wall")
    lan = linode.create_interface(vlan={"vlan_label": "lan-1"}, firewall_id=123)
    assert [each.label for each in lan.firewalls] == ["wall"]
    lan.delete()
    before = (linode.ipv4, linode.ipv6)
    public.delete()
    linode.load()
    assert (linode.ipv4, linode.ipv6, len(linode.interfaces())) == (*before, 0)
    assert linode.ips().ipv4.public[0].interface_id is None
    assert [each.entities for each in client.get_firewalls()] == [[]]
    with pytest.raises(NotFoundError):
        LinodeInterface(client, public.id, linode).load()
    assert actions(client)[-1] == "interface_delete"
    assert len(linode.interface_history()) == 2
    again = linode.create_interface(public={"ipv6": {"ranges": [{"range": "/64"}, {"range": "/64"}]}})
    assert ([each.address for each in again.public.ipv4.addresses], len(again.public.ipv6.ranges)) == (before[0], 2)


def test_interfaces_change_as_soon_as_a_shutdown_is_asked_for(sandbox, linode, public):
    """The vendor's tests delete one while the Linode shuts down."""
    linode.boot()
    sandbox.advance(60)
    assert said(public.delete) == OFF
    linode.shutdown()
    assert linode.load().status == "shutting_down"
    public.delete()


def test_linodes_whose_configurations_have_the_interfaces_have_none_themselves(sandbox, client):
    """They can be upgraded."""
    old = machine(sandbox, client)
    reason = [("This Linode's interfaces belong to its configurations; upgrade them first", None)]
    assert len(old.interfaces) == 0
    assert said(old.create_interface, public={}) == said(old.interface_settings) == reason
    old.upgrade_interfaces(dry_run=False)
    assert [each.address for each in old.interfaces()[0].public.ipv4.addresses] == old.ipv4


def test_every_operation_on_interfaces_is_answered(sandbox, linode, public):
    """None is unknown to the sandbox."""
    ids = {"linodeId": linode.id, "interfaceId": public.id}
    assert unanswered(sandbox, ids, "/linode/instances/{linodeId}/interfaces") == []


def test_interfaces_are_added_while_a_linode_is_made_that_stays_off(sandbox, client):
    """The vendor's tests do so right after the creation, with a Linode that is not to boot, and change its routes."""
    new = {"interface_generation": "linode", "interfaces": []}
    linode, _ = client.create_linode(NANODE, REGION, image=DEBIAN, booted=False, **new)
    assert linode.status == "provisioning"
    public = linode.create_interface(public={})
    settings = linode.interface_settings()
    settings.network_helper = False
    settings.save()
    assert settings.load().default_route.ipv4_interface_id == public.id
    starting, _ = client.create_linode(NANODE, REGION, image=DEBIAN, **new)
    assert said(starting.create_interface, public={}) == OFF


def test_the_interfaces_of_a_new_linode_bring_its_public_addresses(client):
    """One with a reserved address has no other one, as in the vendor's tests."""
    reserved = client.create_reserved_ip(REGION)
    public = {"public": {"ipv4": {"addresses": [{"address": reserved.address, "primary": True}]}}}
    for interfaces, expected in (([public], [reserved.address]), ([{"vlan": {"vlan_label": "lan"}}], [])):
        linode = client.create_linode(NANODE, REGION, interface_generation="linode", interfaces=interfaces)
        assert linode.ipv4 == expected


def test_a_linode_without_an_image_has_an_address_and_no_interface(client):
    """The vendor's tests then create the public interface with that address."""
    linode = client.create_linode(NANODE, REGION, interface_generation="linode")
    assert len(linode.interfaces) == 0
    assert len(linode.ipv4) == 1
    public = linode.create_interface(public={"ipv4": {"addresses": [{"address": linode.ipv4[0], "primary": True}]}})
    assert linode.ips().ipv4.public[0].interface_id == public.id


def test_null_leaves_what_an_interface_always_has(sandbox, linode, public):
    """Default routes stay, the first address is the primary one, and an entry without a range asks for none."""
    before = public.raw["default_route"]
    address = public.public.ipv4.addresses[0].address
    body = {
        "default_route": {"ipv4": None, "ipv6": None},
        "public": {
            "ipv4": {"addresses": [{"address": address, "primary": None}]},
            "ipv6": {"ranges": [{"range": None}]},
        },
    }
    status, answer = raw(sandbox, "PUT", f"/linode/instances/{linode.id}/interfaces/{public.id}", body)
    assert (status, answer["default_route"], answer["public"]["ipv6"]["ranges"]) == (200, before, [])
    assert answer["public"]["ipv4"]["addresses"] == [{"address": address, "primary": True}]


def test_null_leaves_the_addresses_of_an_interface_in_a_vpc_alone(sandbox, client):
    """Also there the first address is the primary one."""
    linode = machine(sandbox, client, region="us-iad", interface_generation="linode")
    subnet = client.create_vpc("net", "us-iad").create_subnet("sub", ipv4="10.0.0.0/24")
    inside = linode.create_interface(vpc={"subnet_id": subnet})
    address = inside.vpc.ipv4.addresses[0].address
    ipv4 = {"addresses": [{"address": address, "primary": None}], "ranges": [{"range": None}]}
    body = {"vpc": {"subnet_id": subnet.id, "ipv4": ipv4}}
    status, answer = raw(sandbox, "PUT", f"/linode/instances/{linode.id}/interfaces/{inside.id}", body)
    assert (status, answer["vpc"]["ipv4"]["ranges"]) == (200, [])
    assert [(each["address"], each["primary"]) for each in answer["vpc"]["ipv4"]["addresses"]] == [(address, True)]
