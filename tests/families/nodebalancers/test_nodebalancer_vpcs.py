"""NodeBalancers whose nodes are in a VPC, seen from a client."""

from __future__ import annotations

import pytest
from asking import NANODE, said

from linode import Linode, NodeBalancerVPCConfig, VPCSubnet
from linode.errors import InvalidRequestError
from linode.sandbox.families.vpcs.addresses import take_address

REGION, OTHER = "us-iad", "us-east"


@pytest.fixture
def vpc(client):
    """A VPC with two subnets; the first has IPv6."""
    one = {"label": "one", "ipv4": "10.0.0.0/24", "ipv6": [{"range": "auto"}]}
    subnets = [one, {"label": "two", "ipv4": "10.0.1.0/24"}]
    return client.create_vpc("net", REGION, ipv6=[{"range": "auto"}], subnets=subnets)


@pytest.fixture
def subnet(vpc):
    """The first subnet."""
    return vpc.subnets[0]


@pytest.fixture
def inside(sandbox, client, vpc):
    """A Linode that has an address in each subnet, and these addresses."""
    linode = client.create_linode(NANODE, REGION, label="inside", private_ip=True)
    found = []
    with sandbox.world.transaction():
        row = sandbox.world.get(Linode, linode.id)
        for each in vpc.subnets:
            taken = take_address(sandbox.world, sandbox.world.get(VPCSubnet, each.id), row, linode_id=linode.id)
            found.append(taken["address"])
    return linode, found


def test_a_nodebalancer_gets_a_range_of_its_subnet(client, vpc, subnet, reaches):
    """The first /30 that is free; the subnet and the VPC tell of it."""
    made = client.create_nodebalancer(REGION, vpcs=[{"subnet_id": subnet}])
    (config,) = made.vpcs
    assert config.raw == {
        "id": config.id,
        "nodebalancer_id": made.id,
        "vpc_id": vpc.id,
        "subnet_id": subnet.id,
        "ipv4_range": "10.0.0.4/30",
        "ipv4_range_auto_assign": False,
        "ipv6_range": None,
        "purpose": "backend",
    }
    assert NodeBalancerVPCConfig(client, config.id, made.id).load().vpc == vpc
    assert reaches(made) == ("vpc", None)
    assert [(each.id, each.ipv4_range) for each in subnet.load().nodebalancers] == [(made.id, "10.0.0.4/30")]
    assert [(each.address_range, each.nodebalancer_id) for each in vpc.ips] == [("10.0.0.4/30", made.id)]
    other = client.create_nodebalancer(REGION, vpcs=[{"subnet_id": subnet}], backend_connectivity="vpc")
    assert other.vpcs[0].ipv4_range == "10.0.0.8/30"


def test_ranges_can_be_wanted(client, subnet):
    def ranges(**wanted):
        (config,) = client.create_nodebalancer(REGION, vpcs=[{"subnet_id": subnet.id, **wanted}]).vpcs
        return config.ipv4_range, config.ipv4_range_auto_assign, config.ipv6_range

    assert ranges(ipv4_range="10.0.0.16/30") == ("10.0.0.16/30", False, None)
    assert ranges(ipv4_range="10.0.0.16/28", ipv4_range_auto_assign=True) == ("10.0.0.20/30", True, None)
    assert ranges(ipv4_range="10.0.0.0/24", ipv4_range_auto_assign=True)[0] == "10.0.0.4/30"
    assert ranges(ipv4_range_auto_assign=True)[:2] == ("10.0.0.8/30", True)
    assert ranges(ipv6_range="/64")[2].endswith("/64")


@pytest.mark.parametrize(
    ("wanted", "words", "field"),
    [
        ({"ipv4_range": "10.0.0.4"}, "Prefix length must be 30", "vpcs[0].ipv4_range"),
        ({"ipv4_range": "10.0.0.0/29"}, "Prefix length must be 30", "vpcs[0].ipv4_range"),
        ({"ipv4_range": "ten"}, "Must be an IPv4 network", "vpcs[0].ipv4_range"),
        ({"ipv4_range": "10.0.0.32/30"}, "Address is in use", "vpcs[0].ipv4_range"),
        ({"ipv4_range": "10.0.1.4/30"}, "Must not hold the first two addresses", "vpcs[0].ipv4_range"),
        (
            {"ipv4_range": "10.0.0.32/30", "ipv4_range_auto_assign": True},
            "The range has no free addresses left",
            "vpcs[0].ipv4_range",
        ),
        ({"ipv6_range": "six"}, "Must be an IPv6 network", "vpcs[0].ipv6_range"),
        ({"subnet_id": 9}, "subnet_id is not valid", "vpcs[0].subnet_id"),
    ],
)
def test_what_cannot_be_had_is_refused(client, subnet, wanted, words, field):
    client.create_nodebalancer(REGION, vpcs=[{"subnet_id": subnet, "ipv4_range": "10.0.0.32/30"}])
    with pytest.raises(InvalidRequestError, match=words) as caught:
        client.create_nodebalancer(REGION, vpcs=[{"subnet_id": subnet, **wanted}])
    assert [name for _, name in caught.value.reasons] == [field]
    assert len(client.get_nodebalancers()) == len(subnet.load().nodebalancers) == 1


def test_a_vpc_is_of_the_region_and_the_only_one(client, vpc, subnet):
    one, two = ({"subnet_id": each} for each in vpc.subnets)
    assert said(client.create_nodebalancer, OTHER, vpcs=[one]) == [("subnet_id is not valid", "vpcs[0].subnet_id")]
    assert said(client.create_nodebalancer, REGION, vpcs=[one, two]) == [("A NodeBalancer has at most one VPC", "vpcs")]
    assert said(client.create_nodebalancer, REGION, backend_connectivity="vpc") == [("vpcs is required", "vpcs")]
    assert said(client.create_nodebalancer, REGION, backend_connectivity="legacy", vpcs=[one])[0][1] == (
        "vpcs[0].subnet_id"
    )


def test_a_deleted_nodebalancer_leaves_its_vpc_at_once(client, vpc, subnet):
    made = client.create_nodebalancer(REGION, vpcs=[{"subnet_id": subnet}])
    for each in (subnet, vpc):
        with pytest.raises(InvalidRequestError, match="resources attached"):
            each.delete()
    made.delete()
    assert list(vpc.ips) == []
    vpc.delete()


def test_nodes_are_in_the_vpc(client, sandbox, vpc, subnet, inside):
    """In any subnet of it; they are up while their Linode runs, and go with it."""
    linode, (first, second) = inside
    made = client.create_nodebalancer(REGION, type="premium", vpcs=[{"subnet_id": subnet}])
    config = made.create_config()
    node = config.create_node("one", f"{first}:80", subnet_id=subnet)
    other = config.create_node("two", f"{second}:80", subnet_id=vpc.subnets[1])
    assert node.vpc_config_id == other.vpc_config_id == made.vpcs[0].id
    assert "subnet_id" not in node.raw
    sandbox.advance(60)
    assert (node.load().status, config.load().nodes_status.down) == ("DOWN", 2)
    assert [each.id for each in linode.nodebalancers] == [made.id]
    node.address, node.subnet_id = f"{second}:81", vpc.subnets[1].id
    node.save()
    assert node.load().address == f"{second}:81"
    linode.delete()
    assert list(config.nodes) == []


def test_what_is_no_node_of_the_vpc_is_refused(client, vpc, subnet, inside):
    linode, (first, second) = inside
    nobody = [("No Linode in the region of the NodeBalancer has this address", "address")]
    (private,) = [each for each in linode.load().ipv4 if each.startswith("192.168.")]
    config = client.create_nodebalancer(REGION, vpcs=[{"subnet_id": subnet}]).create_config()
    assert said(config.create_node, "one", f"{second}:80", subnet_id=subnet) == nobody
    assert said(config.create_node, "one", f"{first}:80", subnet_id=9) == [("subnet_id is not valid", "subnet_id")]
    assert said(config.create_node, "one", f"{first}:80") == [("Must begin with 192.168", "address")]
    assert said(config.create_node, "one", f"{private}:80") == [
        ("The NodeBalancer reaches its nodes by vpc, but this address needs legacy", "address")
    ]
    other = client.create_vpc("other", REGION, subnets=[{"label": "one", "ipv4": "10.0.0.0/24"}]).subnets[0]
    assert said(config.create_node, "one", f"{first}:80", subnet_id=other) == [("subnet_id is not valid", "subnet_id")]
    outside = client.create_nodebalancer(REGION).create_config()
    assert said(outside.create_node, "one", f"{first}:80", subnet_id=subnet) == [
        ("subnet_id is not valid", "subnet_id")
    ]
    node = outside.create_node("one", f"{private}:80")
    node.subnet_id = subnet.id
    assert said(node.save) == [("address is required with subnet_id", "address")]
