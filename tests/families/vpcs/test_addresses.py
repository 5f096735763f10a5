"""Addresses of Linodes and other objects in VPCs."""

from __future__ import annotations

import random
from ipaddress import ip_address, ip_network

import pytest
from asking import DEBIAN, NANODE, PASSWORD, machine, said

from linode import VPC, ConfigInterface, Linode, LinodeInterface, NodeBalancer, VPCIPAddress, VPCSubnet
from linode.errors import NotFoundError
from linode.sandbox.families.vpcs.addresses import release, take_address, take_range

REGION, OTHER = "us-iad", "us-ord"
RESERVED = "Must not hold the first two addresses of the subnet or its last"


@pytest.fixture
def config(linode):
    """The configuration of the Linode, without interfaces."""
    return linode.configs[0]


@pytest.fixture
def own(sandbox, client):
    """A Linode whose interfaces belong to itself: one to the internet."""
    return machine(sandbox, client, region=REGION, interface_generation="linode")


def addresses(client):
    return [each.address or each.address_range for each in client.get_vpc_ips()]


# -- interfaces of configurations ------------------------------------------------------------------------------------


def test_the_first_interface_gets_the_second_address(client, linode, config, vpc, subnet):
    """The first one is the gateway. It gets IPv6 where the subnet has it, as the vendor's tests see."""
    first = config.create_interface("vpc", subnet_id=subnet)
    assert (first.vpc_id, first.subnet_id, first.active, first.ip_ranges) == (vpc.id, subnet.id, False, [])
    assert [each.ipv6_range for each in client.get_vpc_ipv6s()] == [first.ipv6.slaac[0].range]
    assert first.raw["ipv4"] == {"vpc": "10.0.0.2", "nat_1_1": None}
    assert config.load().raw["interfaces"] == [first.raw]
    (address,) = client.get_vpc_ips()
    assert address.raw == {
        "address": "10.0.0.2",
        "address_range": None,
        "vpc_id": vpc.id,
        "subnet_id": subnet.id,
        "region": REGION,
        "linode_id": linode.id,
        "config_id": config.id,
        "interface_id": first.id,
        "nodebalancer_id": None,
        "database_id": None,
        "active": False,
        "nat_1_1": None,
        "gateway": "10.0.0.1",
        "prefix": 24,
        "subnet_mask": "255.255.255.0",
    }
    assert (address.vpc, address.linode, list(vpc.ips)) == (vpc, linode, [address])
    assert linode.ips().ipv4.vpc == [address]
    two = linode.create_config(label="two", interfaces=[{"purpose": "vpc", "subnet_id": subnet.id}])
    assert two.interfaces[0].ipv4.vpc == "10.0.0.3"
    assert list(client.get_vpc_ips(VPCIPAddress.linode == 99999)) == []


def test_an_address_can_be_chosen_and_kept_while_others_change(client, config, subnet):
    interface = config.create_interface("vpc", subnet_id=subnet, ipv4={"vpc": "10.0.0.77"}, ip_ranges=["10.0.0.64/29"])
    assert addresses(client) == ["10.0.0.77", "10.0.0.64/29"]
    interface.primary = True
    interface.ip_ranges = ["10.0.0.64/28", "10.0.0.128/25"]
    assert said(interface.save) == [("Address is in use", "ip_ranges[0]")]
    interface.ip_ranges = ["10.0.0.16/28"]
    interface.save()
    assert (interface.primary, interface.ipv4.vpc, interface.ip_ranges) == (True, "10.0.0.77", ["10.0.0.16/28"])
    interface.ipv4 = {"vpc": "10.0.0.5"}
    interface.save()
    assert addresses(client) == ["10.0.0.5", "10.0.0.16/28"]


@pytest.mark.parametrize(
    ("options", "reason", "field"),
    [
        ({"ipv4": {"vpc": "10.0.1.5"}}, RESERVED, "ipv4.vpc"),
        ({"ipv4": {"vpc": "10.0.0.1"}}, RESERVED, "ipv4.vpc"),
        (
            {"ipv4": {"vpc": "10.0.0.255"}},
            RESERVED,
            "ipv4.vpc",
        ),
        ({"ipv4": {"vpc": "10.0.0.9"}}, "Address is in use", "ipv4.vpc"),
        ({"ipv4": {"vpc": "here"}}, "Must be an IPv4 address", "ipv4.vpc"),
        ({"ipv4": {"nat_1_1": "192.0.2.1"}}, "nat_1_1 is not valid", "ipv4.nat_1_1"),
        ({"ip_ranges": ["10.0.0.8/29"]}, "Address is in use", "ip_ranges[0]"),
        ({"ipv6": {"slaac": [{"range": "/56"}]}}, "Prefix length must be 64-64", "ipv6.slaac[0].range"),
        ({"subnet_id": 99999}, "subnet_id is not valid", "subnet_id"),
    ],
)
def test_what_is_not_free_is_refused_and_nothing_taken(sandbox, client, config, subnet, options, reason, field):
    machine(sandbox, client, region=REGION).configs[0].create_interface(
        "vpc", subnet_id=subnet, ipv4={"vpc": "10.0.0.9"}
    )
    assert said(config.create_interface, "vpc", **{"subnet_id": subnet, **options}) == [(reason, field)]
    assert addresses(client) == ["10.0.0.9"]


def test_subnets_of_other_regions_and_two_interfaces_to_one_are_refused(client, config, subnet):
    far = client.create_vpc("far", OTHER, subnets=[{"label": "one", "ipv4": "10.0.0.0/24"}]).subnets[0]
    assert said(config.create_interface, "vpc", subnet_id=far) == [("subnet_id is not valid", "subnet_id")]
    config.create_interface("vpc", subnet_id=subnet)
    twice = [("Another interface of the configuration is in this subnet", "subnet_id")]
    assert said(config.create_interface, "vpc", subnet_id=subnet) == twice


def test_a_full_subnet_has_no_address_left(client, linode, config, vpc):
    small = vpc.create_subnet("small", ipv4="10.0.1.0/29")
    interface = config.create_interface("vpc", subnet_id=small, ip_ranges=["10.0.1.4/31"])
    wanted = [{"purpose": "public"}, {"purpose": "vpc", "subnet_id": small}]
    two = linode.create_config(label="two", interfaces=wanted)
    linode.create_config(label="three", interfaces=wanted)
    assert [each.ipv4.vpc for each in (interface, two.interfaces[1])] == ["10.0.1.2", "10.0.1.3"]
    full = [("The subnet has no free addresses left", "interfaces[1].ipv4.vpc")]
    assert said(linode.create_config, label="four", interfaces=wanted) == full
    assert addresses(client) == ["10.0.1.2", "10.0.1.4/31", "10.0.1.3", "10.0.1.6"]


def test_a_public_address_is_translated_to_one_of_the_vpc(client, linode, config, vpc, subnet):
    """Until it leaves the Linode."""
    interface = config.create_interface("vpc", subnet_id=subnet, ipv4={"nat_1_1": "any"})
    assert interface.raw["ipv4"] == {"vpc": "10.0.0.2", "nat_1_1": linode.ipv4[0]}
    public = linode.ips().ipv4.public[0]
    assert public.vpc_nat_1_1.raw == {"address": "10.0.0.2", "subnet_id": subnet.id, "vpc_id": vpc.id}
    assert client.get_vpc_ips()[0].nat_1_1 == linode.ipv4[0]
    linode.create_ip()
    public.delete()
    assert config.interfaces[0].raw["ipv4"] == {"vpc": "10.0.0.2", "nat_1_1": None}
    assert [each.vpc_nat_1_1 for each in linode.ips().ipv4.public] == [None]
    interface.ipv4 = {"nat_1_1": linode.load().ipv4[0]}
    interface.save()
    assert interface.raw["ipv4"] == {"vpc": "10.0.0.2", "nat_1_1": linode.ipv4[0]}


def test_ipv6_is_had_where_the_subnet_has_it(client, linode, config, vpc, subnet):
    interface = config.create_interface(
        "vpc", subnet_id=subnet, ipv6={"is_public": True, "slaac": [{"range": "auto"}], "ranges": [{"range": "/64"}]}
    )
    slaac, range_ = interface.ipv6.slaac[0], interface.ipv6.ranges[0]
    assert (slaac.range, range_.range) == ("2600:3c11::/64", "2600:3c11:0:1::/64")
    first, second = client.get_vpc_ipv6s()
    assert (first.address, first.nat_1_1, first.subnet_mask, first.prefix, first.gateway) == (None, "", "", 64, None)
    assert (first.ipv6_range, first.ipv6_is_public) == (slaac.range, True)
    assert [each.slaac_address for each in first.ipv6_addresses] == [slaac.address]
    assert (second.ipv6_range, second.ipv6_addresses) == (range_.range, [])
    assert list(vpc.ipv6s) == linode.ips().ipv6.vpc == [first, second]
    interface.primary = True
    interface.save()
    assert (interface.ipv6.slaac[0].raw, len(client.get_vpc_ipv6s())) == (slaac.raw, 2)
    plain = vpc.create_subnet("plain", ipv4="10.0.1.0/24")
    refused = [("The subnet has no IPv6", "ipv6.slaac[0].range")]
    assert said(config.create_interface, "vpc", subnet_id=plain, ipv6={"slaac": [{"range": "auto"}]}) == refused


def test_addresses_are_active_while_their_configuration_runs(sandbox, client, linode, config, subnet):
    """The subnet lists the Linode also when it is off."""
    interface = config.create_interface("vpc", subnet_id=subnet)
    for started, active in ((False, False), (True, True)):
        if started:
            linode.boot(config)
            sandbox.advance(30)
        assert [each.active for each in client.get_vpc_ips()] == [active]
        assert subnet.load().raw["linodes"] == [
            {"id": linode.id, "interfaces": [{"id": interface.id, "active": active, "config_id": config.id}]}
        ]
    assert len(client.get_vpc_ips(VPCIPAddress.active == True)) == 1  # noqa: E712  a filter
    assert said(interface.delete)[0][0].startswith("Linode must be shut down")
    linode.shutdown()
    sandbox.advance(30)
    assert client.get_vpc_ips()[0].active is False


def test_a_linode_is_created_in_a_vpc(sandbox, client, vpc, subnet):
    wanted = [{"purpose": "vpc", "subnet_id": subnet.id, "primary": True, "ipv4": {"nat_1_1": "any"}}]
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, interfaces=wanted)
    sandbox.advance(90)
    assert linode.configs[0].interfaces[0].ipv4.nat_1_1 == linode.ipv4[0]
    assert [each.active for each in vpc.ips] == [True]


def test_interfaces_set_all_at_once_keep_what_they_have(client, config, vpc, subnet):
    two = vpc.create_subnet("two", ipv4="10.0.1.0/24")
    config.create_interface("vpc", subnet_id=subnet, ipv4={"vpc": "10.0.0.9"})
    config.load()
    config.interface_list = [*config.interface_list, {"purpose": "vpc", "subnet_id": two.id}]
    config.save()
    assert addresses(client) == ["10.0.0.9", "10.0.1.2"]
    config.interface_list[0].subnet_id = two.id
    config.interface_list = config.interface_list[:1]
    config.save()
    assert addresses(client) == ["10.0.1.2"]
    config.interface_list = []
    config.save()
    assert addresses(client) == []


# -- what gives addresses back ---------------------------------------------------------------------------------------


def test_what_is_in_use_is_not_deleted(client, linode, config, vpc, subnet):
    """Once the Linode is gone it is."""
    config.create_interface("vpc", subnet_id=subnet, ip_ranges=["10.0.0.16/28"])
    assert said(subnet.delete) == [("Cannot delete a subnet with resources attached", None)]
    assert said(vpc.delete) == [("Cannot delete a VPC with resources attached", None)]
    linode.delete()
    assert (addresses(client), subnet.load().linodes) == ([], [])
    vpc.delete()


@pytest.mark.parametrize("ends", ["interface", "config", "rebuild"])
def test_addresses_go_with_what_had_them(sandbox, client, linode, config, subnet, ends):
    interface = config.create_interface("vpc", subnet_id=subnet)
    if ends == "rebuild":
        linode.rebuild(DEBIAN, root_pass=PASSWORD)
        sandbox.advance(60)
    else:
        (interface if ends == "interface" else config).delete()
    assert addresses(client) == []


def test_a_migrated_linode_leaves_its_vpc(sandbox, client, linode, own, config, subnet):
    config.create_interface("vpc", subnet_id=subnet)
    own.create_interface(vpc={"subnet_id": subnet, "ipv4": {"addresses": [{"nat_1_1_address": "auto"}]}})
    for each in (linode, own):
        each.migrate(region=OTHER)
    sandbox.advance(120)
    assert (addresses(client), len(config.interfaces)) == ([], 0)
    assert [each.public is not None for each in own.interfaces] == [True]
    assert len(own.load().ipv4) == 2


def test_a_clone_gets_addresses_of_its_own_in_the_same_region(sandbox, client, linode, config, subnet):
    config.create_interface("vpc", subnet_id=subnet, ipv4={"nat_1_1": "any"})
    config.create_interface("vlan", label="lan")
    near, far = linode.clone(region=REGION, type="g6-standard-1"), linode.clone(region=OTHER, type="g6-standard-1")
    found = [[each.purpose for each in copy.configs[0].interfaces] for copy in (near, far)]
    assert found == [["vpc", "vlan"], ["vlan"]]
    assert near.configs[0].interfaces[0].raw["ipv4"] == {"vpc": "10.0.0.3", "nat_1_1": near.ipv4[0]}


# -- interfaces of Linodes -------------------------------------------------------------------------------------------


def test_a_linode_has_an_interface_of_its_own_in_a_vpc(sandbox, client, own, vpc, subnet):
    wall = client.create_firewall("wall", {"inbound_policy": "DROP", "outbound_policy": "ACCEPT"})
    settings = client.get_firewall_settings()
    settings.default_firewall_ids.vpc_interface = wall.id
    settings.save()
    interface = own.create_interface(vpc={"subnet_id": subnet})
    slaac = interface.vpc.ipv6.slaac[0]
    assert ip_address(slaac.address) in ip_network(slaac.range)
    assert interface.raw["vpc"] == {
        "vpc_id": vpc.id,
        "subnet_id": subnet.id,
        "ipv4": {"addresses": [{"address": "10.0.0.2", "primary": True, "nat_1_1_address": None}], "ranges": []},
        "ipv6": {"is_public": False, "slaac": [slaac.raw], "ranges": []},
    }
    assert [each.label for each in interface.firewalls] == ["wall"]
    assert interface.raw["default_route"] == {"ipv4": False, "ipv6": False}
    (address,) = own.ips().ipv4.vpc
    assert (address.config_id, address.interface_id, address.active) == (None, interface.id, False)
    own.boot()
    sandbox.advance(30)
    assert subnet.load().raw["linodes"] == [
        {"id": own.id, "interfaces": [{"id": interface.id, "active": True, "config_id": None}]}
    ]
    twice = [("Another interface of the Linode is in this subnet", "vpc.subnet_id")]
    own.shutdown()
    sandbox.advance(30)
    assert said(own.create_interface, vpc={"subnet_id": subnet}) == twice
    interface.delete()
    assert addresses(client) == []


def test_addresses_ranges_and_routes_of_an_interface_are_chosen(client, own, subnet):
    interface = own.create_interface(
        vpc={
            "subnet_id": subnet.id,
            "ipv4": {
                "addresses": [
                    {"address": "auto"},
                    {"address": "10.0.0.99", "primary": True, "nat_1_1_address": "auto"},
                ],
                "ranges": [{"range": "/28"}, {"range": "10.0.0.128/28"}],
            },
            "ipv6": {"slaac": [{"range": "auto"}], "ranges": [{"range": "auto"}]},
        },
        default_route={"ipv4": True},
    )
    public = own.load().ipv4[1]
    assert [each.raw for each in interface.vpc.ipv4.addresses] == [
        {"address": "10.0.0.2", "primary": False, "nat_1_1_address": None},
        {"address": "10.0.0.99", "primary": True, "nat_1_1_address": public},
    ]
    assert [each.range for each in interface.vpc.ipv4.ranges] == ["10.0.0.16/28", "10.0.0.128/28"]
    assert interface.vpc.ipv6.slaac[0].address.startswith("2600:3c11:")
    assert own.interface_settings().raw["default_route"]["ipv4_interface_id"] == interface.id
    found = {each.address: each for each in own.ips().ipv4.public}
    assert (found[public].interface_id, found[public].vpc_nat_1_1.address) == (interface.id, "10.0.0.99")
    interface.vpc.ipv4.addresses = [{"address": "10.0.0.99"}]
    interface.save()
    assert (own.load().ipv4, interface.version, len(interface.vpc.ipv4.ranges)) == ([own.ipv4[0]], 2, 2)
    assert addresses(client) == ["10.0.0.99", "10.0.0.16/28", "10.0.0.128/28"]
    history = own.interface_history
    assert [len(each.interface_data.vpc.ipv4.addresses) for each in history if each.interface_data.vpc] == [2, 1]


def test_an_interface_moves_to_another_subnet(client, own, vpc, subnet):
    two = vpc.create_subnet("two", ipv4="10.0.1.0/24")
    interface = own.create_interface(vpc={"subnet_id": subnet})
    interface.vpc.subnet_id = 0
    assert said(interface.save) == [("subnet_id is not valid", "vpc.subnet_id")]
    interface.vpc.subnet_id = two.id
    interface.save()
    assert (interface.vpc.subnet_id, addresses(client)) == (two.id, ["10.0.1.2"])
    assert (interface.raw["default_route"]["ipv6"], interface.vpc.ipv6.slaac) == (False, [])
    interface.default_route = {"ipv6": True}
    refused = [("The default route cannot go through this interface", "default_route")]
    assert said(interface.save) == refused


def test_a_linode_is_created_with_a_vpc_interface(sandbox, client, vpc, subnet):
    """Of RDMA too, in VPCs of that type."""
    fast = client.create_vpc("fast", REGION, vpc_type="rdma", subnets=[{"label": "one", "ipv4": "10.0.0.0/24"}])
    rdma = fast.subnets[0].id
    linode = client.create_linode(
        NANODE,
        REGION,
        interface_generation="linode",
        interfaces=[{"vpc": {"subnet_id": subnet.id}}, {"rdma_vpc": {"subnet_id": rdma}}],
    )
    first, second = linode.interfaces
    assert first.raw["default_route"] == {"ipv4": True, "ipv6": True}
    assert second.raw["rdma_vpc"] == {
        "vpc_id": fast.id,
        "subnet_id": rdma,
        "ipv4": {"addresses": [{"address": "10.0.0.2", "primary": True}]},
    }
    assert [each.vpc.id for each in client.get_vpc_ips()] == [vpc.id, fast.id]
    for wanted, field in (({"vpc": {"subnet_id": rdma}}, "vpc"), ({"rdma_vpc": {"subnet_id": subnet.id}}, "rdma_vpc")):
        refused = said(client.create_linode, NANODE, REGION, interface_generation="linode", interfaces=[wanted])
        assert refused == [("subnet_id is not valid", f"interfaces[0].{field}.subnet_id")]


def test_an_upgrade_keeps_addresses(client, linode, config, vpc, subnet):
    """Of interfaces to VPCs, and which interface has the default routes; the dry run tells so."""
    config.create_interface("public")
    old = config.create_interface(
        "vpc", subnet_id=subnet, primary=True, ipv4={"vpc": "10.0.0.9"}, ip_ranges=["10.0.0.16/28"]
    )
    foreseen = linode.upgrade_interfaces()
    made = linode.upgrade_interfaces(dry_run=False)
    volatile = ("id", "mac_address", "created", "updated")
    for before, after in zip(foreseen.interfaces, made.interfaces, strict=True):
        assert {**before.raw, **dict.fromkeys(volatile)} == {**after.raw, **dict.fromkeys(volatile)}
    public, inside = linode.interfaces
    assert inside.raw["default_route"] == {"ipv4": True, "ipv6": True}
    assert public.raw["default_route"] == {"ipv4": False, "ipv6": False}
    assert all(each.mac_address for each in foreseen.interfaces)
    assert inside.vpc.ipv4.addresses[0].address == "10.0.0.9"
    assert addresses(client) == ["10.0.0.9", "10.0.0.16/28"]
    with pytest.raises(NotFoundError):
        ConfigInterface(client, old.id, config.id, linode.id).load()
    assert {each.interface_id for each in vpc.ips} == {inside.id}
    assert LinodeInterface(client, inside.id, linode).vpc.subnet_id == subnet.id


def test_addresses_asked_for_are_not_given_to_others(client, own, config, subnet):
    """Also when an interface is saved again with an address that it may choose anew."""
    interface = config.create_interface("vpc", subnet_id=subnet, ip_ranges=["10.0.0.2/32"])
    assert interface.ipv4.vpc == "10.0.0.3"
    mine = own.create_interface(
        vpc={
            "subnet_id": subnet.id,
            "ipv4": {"addresses": [{"address": "auto"}], "ranges": [{"range": "10.0.0.4/32"}, {"range": "/32"}]},
            "ipv6": {"slaac": [{"range": "auto"}], "ranges": [{"range": "2600:3c11:0:1::/64"}]},
        }
    )
    assert mine.vpc.ipv4.addresses[0].address == "10.0.0.5"
    assert [each.range for each in mine.vpc.ipv4.ranges] == ["10.0.0.4/32", "10.0.0.6/32"]
    assert mine.vpc.ipv6.slaac[0].range == "2600:3c11:0:2::/64"
    interface.delete()
    mine.vpc.ipv4.addresses[0].address = "auto"
    mine.vpc.ipv4.ranges = [*mine.vpc.ipv4.ranges, {"range": "/32"}]
    mine.save()
    assert addresses(client) == ["10.0.0.2", "10.0.0.4/32", "10.0.0.6/32", "10.0.0.3/32"]
    assert (len(mine.vpc.ipv6.slaac), len(mine.vpc.ipv6.ranges)) == (1, 1)


# -- others ----------------------------------------------------------------------------------------------------------


def test_other_families_take_ranges_and_give_them_back(sandbox, client, vpc, subnet):
    """Removing what has them does so too."""
    world = sandbox.world
    with world.transaction():
        row = world.add(NodeBalancer, label="front", region=REGION)
        place = world.get(VPCSubnet, subnet.id)
        taken = take_range(world, place, 30, row, nodebalancer_id=row["id"])
        take_address(world, place, row, database_id=7)
        assert taken["address_range"] == "10.0.0.4/30"
    assert subnet.load().raw["nodebalancers"] == [{"id": row["id"], "ipv4_range": "10.0.0.4/30"}]
    assert subnet.raw["databases"] == [{"id": 7, "ipv4_range": "10.0.0.2/32"}]
    assert [each.active for each in client.get_vpc_ips()] == [True, True]
    with world.transaction():
        release(world, world.get(NodeBalancer, row["id"]))
    assert addresses(client) == []
    with world.transaction():
        take_range(world, world.get(VPCSubnet, subnet.id), 30, row, "10.0.0.8/30", nodebalancer_id=row["id"])
        world.remove(world.get(NodeBalancer, row["id"]))
    vpc.delete()


def test_restricted_users_see_addresses_of_what_was_granted(sandbox, client, linode, config, vpc, subnet):
    """The VPC and the Linode."""
    config.create_interface("vpc", subnet_id=subnet)
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    sandbox.grant("ada", vpc={vpc.id: "read_only"})
    assert len(ada.get_vpc_ips()) == 0
    sandbox.grant("ada", linode={linode.id: "read_only"})
    assert [each.linode for each in ada.get_vpc_ips()] == [Linode(client, linode.id)]


def test_the_first_free_address_is_taken_whatever_was_given_back(sandbox):
    """Addresses are taken, asked for by number and given back in any order; no address below the one taken is free."""
    chance = random.Random(1)
    with sandbox.world.transaction():
        vpc = sandbox.world.add(VPC, label="v", region="us-iad", vpc_type="regular", ipv4=[], ipv6=[])
        sandbox.world.add(VPCSubnet, vpc, label="s", ipv4="10.0.0.0/24", ipv6=[], vpc_type="regular")
    held: dict[int, int] = {}
    for at in range(300):
        with sandbox.world.transaction():
            subnet = sandbox.world.rows(VPCSubnet)[0]
            free = [each for each in range(2, 255) if each not in held.values()]
            holder = {"_kind": "NodeBalancer", "_key": str(at)}
            if held and chance.random() < 0.4:
                gone = chance.choice(list(held))
                release(sandbox.world, {"_kind": "NodeBalancer", "_key": str(gone)})
                del held[gone]
                continue
            wanted = chance.choice(free) if chance.random() < 0.3 else None
            row = take_address(sandbox.world, subnet, holder, wanted and f"10.0.0.{wanted}", avoid=["10.0.0.5"])
            held[at] = int(row["address"].rpartition(".")[2])
            assert held[at] == (wanted or min(each for each in free if each != 5))
