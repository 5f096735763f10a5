"""IPv6 ranges and pools in the sandbox."""

from __future__ import annotations

import ipaddress

import pytest
from asking import REGION, actions, add, machine, raw, refused

from linode import IPv6Pool, IPv6Range
from linode.errors import NotFoundError


@pytest.fixture
def linode(sandbox, client):
    return machine(sandbox, client)


def slaac(linode):
    return linode.ipv6.partition("/")[0]


def test_a_range_is_created_for_a_linode_or_for_a_route_target(sandbox, client, linode):
    """The API shows the prefix length in the range then; the object shows it as lists do."""
    small = client.create_ipv6_range(64, linode_id=linode)
    large = client.create_ipv6_range(56, route_target=slaac(linode))
    assert (small.prefix, small.route_target, large.prefix, large.route_target) == (
        64,
        slaac(linode),
        56,
        slaac(linode),
    )
    assert (small.region.id, small.is_bgp, small.linodes, large.linodes) == (REGION, False, [linode.id], [linode.id])
    assert small.cidr == f"{small.range}/64"
    assert [ipaddress.ip_network(each.cidr).prefixlen for each in (small, large)] == [64, 56]
    assert client.get_ipv6_ranges() == linode.ips().ipv6.global_ == [small, large]
    assert client.get_ipv6_ranges(IPv6Range.region == "us-west") == []
    _, made = raw(sandbox, "POST", "/networking/ipv6/ranges", {"prefix_length": 64, "linode_id": linode.id})
    assert made.keys() == {"range", "route_target"}
    assert made["range"].endswith("::/64")
    assert actions(client)[-3:] == ["ipv6pool_add"] * 3


def test_a_range_by_itself_tells_its_linodes_and_in_a_list_its_route(client, linode):
    """Values from the list stay when the other fields are fetched."""
    made = client.create_ipv6_range(64, linode_id=linode)
    (listed,) = linode.ips().ipv6.global_
    assert listed.raw.keys() == {"range", "prefix", "region", "route_target"}
    assert (listed.is_bgp, listed.linodes, listed.route_target) == (False, [linode.id], slaac(linode))
    alone = IPv6Range(client, made.range)
    assert (alone.linodes, alone.prefix, alone.region.id, alone.route_target) == ([linode.id], 64, REGION, None)
    assert alone.raw.keys() == {"range", "prefix", "region", "is_bgp", "linodes"}


def test_ranges_do_not_overlap(sandbox, client, linode):
    """Nor do they hold an address of a Linode."""
    for length in (64, 56, 64, 56):
        client.create_ipv6_range(length, linode_id=linode)
    networks = [ipaddress.ip_network(each.cidr) for each in client.get_ipv6_ranges()]
    assert [one for at, one in enumerate(networks) for other in networks[:at] if one.overlaps(other)] == []
    assert not any(ipaddress.ip_address(slaac(linode)) in each for each in networks)
    with sandbox.world.transaction():
        texts = {sandbox.world.addresses.ipv6_range(REGION, 56) for _ in range(300)}
    assert len({ipaddress.ip_network(f"{each}/56") for each in texts}) == 300


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        ({"linode_id": 1, "prefix_length": 64}, [("linode_id is not valid", "linode_id")]),
        ({"prefix_length": 64}, [("Either linode_id or route_target is required", None)]),
        ({"route_target": "2001:db8::1", "prefix_length": 64}, [("route_target is not valid", "route_target")]),
        ({"route_target": "2001:db8::1"}, [("prefix_length is required", "prefix_length")]),
        ({"route_target": "2001:db8::1", "prefix_length": 48}, [("Must be one of 56, 64", "prefix_length")]),
    ],
)
def test_a_range_that_leads_nowhere_is_refused(sandbox, body, reasons):
    assert refused(sandbox, "POST", "/networking/ipv6/ranges", body) == reasons


def test_a_range_has_one_way_to_its_linode(sandbox, linode):
    """A Linode or a route target, not both."""
    body = {"prefix_length": 64, "linode_id": linode.id, "route_target": slaac(linode)}
    assert refused(sandbox, "POST", "/networking/ipv6/ranges", body) == [
        ("Only one of linode_id and route_target can be given", None)
    ]


def test_a_range_is_deleted_and_goes_with_its_linode(client, linode):
    """An event tells of both."""
    first, second = (client.create_ipv6_range(64, linode_id=linode) for _ in range(2))
    first.delete()
    assert client.get_ipv6_ranges() == [second]
    with pytest.raises(NotFoundError):
        first.load()
    linode.delete()
    assert client.get_ipv6_ranges() == []
    assert actions(client).count("ipv6pool_delete") == 2


def test_a_range_does_not_come_along_when_its_linode_moves(sandbox, client, linode):
    """A range belongs to its region, and does not move with a Linode."""
    client.create_ipv6_range(64, linode_id=linode)
    linode.migrate(region="us-west")
    sandbox.advance(3600)
    assert client.get_ipv6_ranges() == []


def test_restricted_users_need_a_grant_to_the_linode_of_a_range(sandbox, client, linode):
    """They neither see, create nor delete others."""
    made = client.create_ipv6_range(64, linode_id=linode)
    sandbox.add_user("eve", "eve@example.com", restricted=True)
    with sandbox.world.transaction():
        token = sandbox.world.identity.issue_token("eve")["_secret"]
    path = f"/networking/ipv6/ranges/{made.range}"
    assert raw(sandbox, "GET", "/networking/ipv6/ranges", token=token)[1]["results"] == 0
    for body in ({"linode_id": linode.id}, {"route_target": slaac(linode)}):
        status, _ = raw(sandbox, "POST", "/networking/ipv6/ranges", {"prefix_length": 64, **body}, token=token)
        assert status == 403
    assert raw(sandbox, "GET", path, token=token)[0] == raw(sandbox, "DELETE", path, token=token)[0] == 403


def test_pools_are_there_when_linode_has_made_some(sandbox, client):
    """They are read only; their ID has a slash."""
    assert client.get_ipv6_pools() == []
    add(sandbox, IPv6Pool, range="2001:db8::/116", prefix=116, region=REGION)
    (pool,) = client.get_ipv6_pools(IPv6Pool.region == REGION)
    assert (pool.range, pool.prefix, pool.route_target) == ("2001:db8::/116", 116, None)
    assert IPv6Pool(client, "2001:db8::/116").region.id == REGION


# -- the interfaces of a Linode itself ---------------------------------------------------------------------------------


def test_an_interface_has_new_ranges_and_gives_them_back(sandbox, client):
    """The interface shows ranges with their prefix lengths; an update deletes the ranges that it leaves out."""
    options = {"interfaces": [{"public": {"ipv6": {"ranges": [{"range": "/64"}]}}, "firewall_id": -1}]}
    linode = machine(sandbox, client, interface_generation="linode", **options)
    (interface,) = linode.interfaces
    (made,) = client.get_ipv6_ranges()
    assert [(each.range, each.route_target) for each in interface.public.ipv6.ranges] == [(made.cidr, slaac(linode))]
    interface.public.ipv6.ranges = [{"range": made.cidr}, {"range": "/56"}]
    interface.save()
    first, second = client.get_ipv6_ranges()
    assert (first, second.prefix) == (made, 56)
    assert [each.range for each in interface.public.ipv6.ranges] == [made.cidr, second.cidr]
    path = f"/linode/instances/{linode.id}/interfaces/{interface.id}"
    foreign = {"public": {"ipv6": {"ranges": [{"range": "2001:db8::/64"}]}}}
    assert refused(sandbox, "PUT", path, foreign) == [("range is not valid", "public.ipv6.ranges[0].range")]
    _, shown = raw(sandbox, "PUT", path, {"public": {"ipv6": {"ranges": []}}})
    assert shown["public"]["ipv6"]["ranges"] == []
    assert client.get_ipv6_ranges() == []
    versions = [each.interface_data.public.ipv6.ranges for each in linode.interface_history]
    assert sorted(map(len, versions)) == [0, 1, 2]


def test_a_range_of_the_account_is_shown_by_the_interface(sandbox, client):
    """A range is deleted with its interface, and so is its route."""
    linode = machine(sandbox, client, interface_generation="linode")
    made = client.create_ipv6_range(64, linode_id=linode)
    (interface,) = linode.interfaces
    assert [each.range for each in interface.public.ipv6.ranges] == [made.cidr]
    interface.delete()
    assert client.get_ipv6_ranges() == []
