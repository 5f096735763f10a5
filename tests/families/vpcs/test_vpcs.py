"""VPCs and their subnets, seen from a client."""

from __future__ import annotations

import pytest
from asking import actions, ask, said

from linode import VPC, Filter, VPCSubnet
from linode.errors import AuthorizationError, NotFoundError

REGION, CUSTOM, WITHOUT = "us-iad", "no-osl-1", "us-east"
DEFAULTS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/17"]


# -- VPCs ------------------------------------------------------------------------------------------------------------


def test_a_vpc_is_created_with_its_subnets(client):
    """With the private ranges, and an event for each."""
    vpc = client.create_vpc("net", REGION, subnets=[{"label": "one", "ipv4": "10.0.0.0/24"}])
    assert (vpc.label, vpc.description, vpc.region.id, vpc.vpc_type, vpc.ipv6) == ("net", "", REGION, "regular", None)
    assert [each.range for each in vpc.ipv4] == DEFAULTS
    assert [(each.label, each.ipv4, each.ipv6, each.vpc.id) for each in vpc.subnet_list] == [
        ("one", "10.0.0.0/24", None, vpc.id)
    ]
    assert vpc.subnets[0].raw == vpc.raw["subnets"][0]
    assert actions(client) == ["vpc_create", "subnet_create"]
    events = sorted(client.get_events(), key=lambda event: event.id)
    assert [(each.entity.type, each.entity.url) for each in events] == [
        ("vpc", f"/v4/vpcs/{vpc.id}"),
        ("subnet", f"/v4/vpcs/{vpc.id}/subnets/{vpc.subnets[0].id}"),
    ]


def test_vpcs_are_found_by_what_is_in_them(client, vpc):
    client.create_vpc("other", REGION, vpc_type="rdma")
    assert [each.label for each in client.get_vpcs()] == ["net", "other"]
    assert [each.label for each in client.get_vpcs(VPC.label == "net")] == ["net"]
    assert [each.label for each in client.get_vpcs(VPC.vpc_type == "rdma")] == ["other"]
    assert [each.label for each in client.get_vpcs(Filter({"subnets.label": "one"}))] == ["net"]


def test_a_vpc_is_changed(client, vpc):
    vpc.label, vpc.description = "web", "for the shop"
    vpc.save()
    assert (vpc.load().label, vpc.description) == ("web", "for the shop")
    assert actions(client)[-1] == "vpc_update"


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("a_b", "Must only use ASCII letters, numbers, and dashes"),
        ("größe", "Must only use ASCII letters, numbers, and dashes"),
        ("a--b", "Must not contain two dashes in a row"),
        ("x" * 65, "Length must be 1-64 characters"),
    ],
)
def test_labels_are_letters_digits_and_dashes(client, vpc, subnet, label, reason):
    """Of VPCs and of subnets, when they are created and when they change."""
    assert said(client.create_vpc, label, REGION) == [(reason, "label")]
    assert said(vpc.create_subnet, label, ipv4="10.0.9.0/24") == [(reason, "label")]
    for each in (vpc, subnet):
        each.label = label
        assert said(each.save) == [(reason, "label")]


def test_labels_are_unique(client, vpc, subnet):
    """Of VPCs in the account, of subnets in their VPC."""
    assert said(client.create_vpc, "net", REGION) == [("Label must be unique among your VPCs", "label")]
    taken = [("Label must be unique among your subnets", "label")]
    assert said(vpc.create_subnet, "one", ipv4="10.0.1.0/24") == taken
    two = vpc.create_subnet("two", ipv4="10.0.1.0/24")
    two.label = "one"
    assert said(two.save) == taken
    other = client.create_vpc("other", REGION, subnets=[{"label": "one", "ipv4": "10.0.0.0/24"}])
    assert other.subnets[0].label == subnet.label


def test_several_refusals_come_at_once_and_nothing_is_created(client):
    bad = [{"label": "one", "ipv4": "10.0.0.0/24"}, {"label": "a_b", "ipv4": "here", "ipv6": [{"range": "2600::/5a"}]}]
    assert said(client.create_vpc, "net", REGION, ipv6=[{"range": "auto"}], subnets=bad) == [
        ("Must only use ASCII letters, numbers, and dashes", "subnets[1].label"),
        ("Must be an IPv4 network", "subnets[1].ipv4"),
        ("Must be an IPv6 network", "subnets[1].ipv6[0].range"),
    ]
    assert (len(client.get_vpcs()), actions(client)) == (0, [])


def test_regions_without_vpcs_refuse_them(client):
    assert said(client.create_vpc, "net", WITHOUT) == [("VPCs are not available in this region", "region")]
    assert said(client.create_vpc, "net", "nowhere") == [("region is not valid", "region")]


def test_an_account_has_ten_vpcs(client):
    for at in range(10):
        client.create_vpc(f"net-{at}", REGION)
    assert said(client.create_vpc, "net-10", REGION) == [("An account has at most 10 VPCs", None)]


def test_ipv4_ranges_are_chosen_where_the_region_allows_it(client, vpc):
    """Any but those that are forbidden; subnets stay within them."""
    default = client.get_vpc_default_ranges()
    assert sorted(default.default_ipv4_ranges) == sorted(DEFAULTS)
    assert "127.0.0.0/8" in default.forbidden_ipv4_ranges
    refused = [
        ("Customer defined IPv4 ranges are not supported in this region", "ipv4"),
        ("You must not use any custom IPv4 range for VPCs.", "ipv4[0].range"),
    ]
    assert said(client.create_vpc, "own", REGION, ipv4=[{"range": "100.64.0.0/10"}]) == refused
    vpc.ipv4 = [{"range": "100.64.0.0/10"}]
    assert said(vpc.save) == refused
    own = client.create_vpc(
        "own", CUSTOM, ipv4=[{"range": "100.64.0.0/10"}], subnets=[{"label": "one", "ipv4": "100.64.0.0/24"}]
    )
    assert said(own.create_subnet, "two", ipv4="10.0.0.0/24") == [("Must be within the IPv4 ranges of the VPC", "ipv4")]
    own.ipv4 = [{"range": "10.0.0.0/8"}]
    assert said(own.save) == [("The ranges must hold the subnet one", "ipv4")]
    own.ipv4 = [{"range": "127.0.0.0/24"}, {"range": "x"}, {"range": "100.0.0.0/8"}, {"range": "100.64.0.0/16"}]
    assert said(own.save) == [
        # The words that the tests of the vendor's command line look for.
        ("The IPv4 range 127.0.0.0/24 overlaps with the forbidden IPv4 range 127.0.0.0/8", "ipv4[0].range"),
        ("Must be an IPv4 network", "ipv4[1].range"),
        ("Must not overlap another range of the VPC", "ipv4[3].range"),
    ]
    own.ipv4 = [{"range": "100.64.0.0/16"}, {"range": "10.0.0.0/8"}]
    own.save()
    assert own.create_subnet("two", ipv4="10.0.0.0/24").ipv4 == "10.0.0.0/24"


def test_ipv6_is_had_at_creation_where_the_region_has_it(client, vpc):
    other = client.create_vpc("other", REGION, ipv6=[{"range": "/52"}])
    assert [each.range.endswith("/52") for each in (*vpc.ipv6, *other.ipv6)] == [True, True]
    assert vpc.ipv6[0].range != other.ipv6[0].range
    for region, options, reason, field in (
        (REGION, {"vpc_type": "rdma"}, "RDMA VPCs cannot have IPv6 ranges", "ipv6"),
        ("us-hou-1", {}, "VPCs in this region cannot have IPv6 ranges", "ipv6"),
    ):
        assert said(client.create_vpc, "no", region, ipv6=[{"range": "auto"}], **options) == [(reason, field)]
    assert said(client.create_vpc, "no", REGION, ipv6=[{"range": "/48"}]) == [
        ("Must be one of auto, /52", "ipv6[0].range")
    ]
    assert said(client.create_vpc, "no", REGION, ipv6=[{}, {}]) == [("A VPC has at most one IPv6 range", "ipv6")]


def test_a_vpc_goes_with_its_subnets(client, vpc, subnet):
    vpc.create_subnet("two", ipv4="10.0.1.0/24")
    vpc.delete()
    assert actions(client)[-3:] == ["subnet_delete", "subnet_delete", "vpc_delete"]
    for gone in (VPC(client, vpc.id), VPCSubnet(client, subnet.id, vpc.id)):
        with pytest.raises(NotFoundError):
            gone.load()


# -- subnets ---------------------------------------------------------------------------------------------------------


def test_a_subnet_is_created_changed_and_deleted(client, vpc):
    subnet = vpc.create_subnet("two", ipv4="192.168.0.0/25", ipv6=[{"range": "/62"}])
    assert (subnet.linodes, subnet.databases, subnet.nodebalancers, subnet.vpc_type) == ([], [], [], "regular")
    assert subnet.ipv6[0].range.endswith("/62")
    subnet.label = "three"
    subnet.save()
    assert [each.label for each in vpc.subnets(VPCSubnet.label == "three")] == ["three"]
    assert len(vpc.load().subnet_list) == 2
    subnet.delete()
    assert actions(client)[-3:] == ["subnet_create", "subnet_update", "subnet_delete"]
    assert [each.label for each in vpc.subnets] == ["one"]


@pytest.mark.parametrize(
    ("ipv4", "reason"),
    [
        (None, "ipv4 is required"),
        ("10.0.1.5/24", "Must be an IPv4 network"),
        ("10.0.1.0", "Must be an IPv4 network"),
        ("fd00::/64", "Must be an IPv4 network"),
        ("10.0.1.0/30", "Prefix length must be 1-29"),
        ("8.8.8.0/24", "Must be within the IPv4 ranges of the VPC"),
        ("192.168.128.0/24", "Must be within the IPv4 ranges of the VPC"),
        ("10.0.0.128/25", "Must not overlap another subnet of the VPC"),
        ("10.0.0.0/16", "Must not overlap another subnet of the VPC"),
    ],
)
def test_a_subnet_has_a_private_range_of_its_own(vpc, ipv4, reason):
    options = {} if ipv4 is None else {"ipv4": ipv4}
    assert said(vpc.create_subnet, "two", **options) == [(reason, "ipv4")]


@pytest.mark.parametrize(
    ("ipv6", "reason", "field"),
    [
        ([{"range": "here"}], "Must be an IPv6 network", "ipv6[0].range"),
        ([{"range": "/64"}], "Prefix length must be 52-62", "ipv6[0].range"),
        ([{"range": "/52"}], "No free range of this size is left", "ipv6[0].range"),
        ([{"range": "fd00::/56"}], "Must be a free range within 2600:3c11::/52", "ipv6[0].range"),
        ([{"range": "2600:3c11::/56"}], "Must be a free range within 2600:3c11::/52", "ipv6[0].range"),
        ([{}, {}], "A subnet has at most one IPv6 range", "ipv6"),
    ],
)
def test_a_subnet_has_an_ipv6_range_of_its_vpc(vpc, ipv6, reason, field):
    assert said(vpc.create_subnet, "two", ipv4="10.0.1.0/24", ipv6=ipv6) == [(reason, field)]
    ranges = [
        vpc.create_subnet(f"s-{at}", ipv4=f"10.0.{at}.0/24", ipv6=[{"range": each}]).ipv6[0].range
        for at, each in enumerate(("2600:3c11:0:200::/56", "auto", "/60"), start=1)
    ]
    assert ranges == ["2600:3c11:0:200::/56", "2600:3c11:0:100::/56", "2600:3c11:0:300::/60"]


def test_subnets_of_vpcs_without_ipv6_have_none(client):
    plain = client.create_vpc("plain", REGION)
    refused = [("The VPC has no IPv6", "ipv6")]
    assert said(plain.create_subnet, "one", ipv4="10.0.0.0/24", ipv6=[{"range": "auto"}]) == refused


def test_a_vpc_has_ten_subnets(vpc):
    for at in range(1, 10):
        vpc.create_subnet(f"s-{at}", ipv4=f"10.0.{at}.0/24")
    assert said(vpc.create_subnet, "s-10", ipv4="10.0.10.0/24") == [("A VPC has at most 10 subnets", None)]


# -- who may ---------------------------------------------------------------------------------------------------------


def test_reading_needs_no_scope_and_changing_one(sandbox, client, vpc):
    """The addresses are among the others."""
    token = client.get_profile().create_token(label="events", scopes="events:read_only").token
    for path in ("/vpcs", f"/vpcs/{vpc.id}", f"/vpcs/{vpc.id}/subnets", "/vpcs/default-ranges"):
        assert ask(sandbox, "GET", f"/v4{path}", token=token)[0] == 200
    for path in ("/vpcs/ips", "/vpcs/ipv6s", f"/vpcs/{vpc.id}/ips", f"/vpcs/{vpc.id}/ipv6s"):
        assert ask(sandbox, "GET", f"/v4{path}", token=token)[0] == 401
    assert ask(sandbox, "DELETE", f"/v4/vpcs/{vpc.id}", token=token)[0] == 401


def test_restricted_users_see_what_was_granted(sandbox, vpc):
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    assert len(ada.get_vpcs()) == 0
    with pytest.raises(AuthorizationError):
        VPC(ada, vpc.id).load()
    with pytest.raises(AuthorizationError):
        ada.create_vpc("other", REGION)
    sandbox.grant("ada", vpc={vpc.id: "read_only"}, add_vpcs=True)
    with pytest.raises(AuthorizationError):
        VPC(ada, vpc.id).create_subnet("two", ipv4="10.0.1.0/24")
    ada.create_vpc("other", REGION).create_subnet("one", ipv4="10.0.0.0/24")
    assert [each.label for each in ada.get_vpcs()] == ["net", "other"]
