"""Addresses and ranges that move between Linodes, and that Linodes share, in the sandbox."""

from __future__ import annotations

import pytest
from asking import REGION, actions, machine, raw, refused, said

from linode import IPAddress, LinodeIP, ReservedIPAddress


@pytest.fixture
def linodes(sandbox, client):
    return machine(sandbox, client), machine(sandbox, client)


def now(linode):
    linode.load()
    return linode.ipv4


# -- assigning ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["assign_ips", "assign_ipv4s"])
def test_addresses_are_swapped(client, linodes, verb):
    """Only the outcome of all assignments counts; each address keeps its reverse DNS name."""
    one, other = linodes
    mine, its = one.ipv4[0], other.ipv4[0]
    swap = [{"address": mine, "linode_id": other}, {"address": LinodeIP(client, its, other), "linode_id": one.id}]
    assert getattr(client, verb)(REGION, swap) is None
    assert (now(one), now(other)) == ([its], [mine])
    assert (IPAddress(client, mine).linode, one.ips().ipv4.public[0].linode_id) == (other, one.id)


def test_assigning_takes_all_or_none(client, linodes):
    """A refusal leaves every address where it was."""
    one, other = linodes
    extra = one.create_ip().address
    moves = [{"address": extra, "linode_id": other}, {"address": one.ipv4[0], "linode_id": other}]
    assert said(client.assign_ips, REGION, moves) == [("A Linode must have at least one public IPv4 address.", None)]
    assert (now(one), now(other)) == ([one.ipv4[0], extra], other.ipv4)
    client.assign_ips(REGION, moves[:1])
    assert (now(one)[1:], now(other)[1:]) == ([], [extra])


def test_a_linode_keeps_one_private_address(client, linodes):
    """A second one cannot be assigned to it."""
    one, other = linodes
    private = [each.create_ip(public=False).address for each in linodes]
    moves = [{"address": private[0], "linode_id": other}]
    assert said(client.assign_ips, REGION, moves) == [("Linode already has a private IPv4 address", None)]
    client.assign_ips(REGION, [*moves, {"address": private[1], "linode_id": one}])
    assert (now(one)[1:], now(other)[1:]) == (private[1:], private[:1])


def test_a_reserved_address_is_assigned_and_reassigned(client, linodes):
    """Events tell of it."""
    one, other = linodes
    reserved = client.create_reserved_ip(REGION)
    for linode in linodes:
        client.assign_ips(REGION, [{"address": reserved, "linode_id": linode}])
        assert ReservedIPAddress(client, reserved.address).linode == linode
    assert (now(one)[1:], now(other)[1:]) == ([], [reserved.address])
    told = [each for each in actions(client) if each.startswith("reserved")]
    assert told == ["reserved_ip_create", "reserved_ip_assign", "reserved_ip_unassign", "reserved_ip_assign"]


def test_a_range_is_assigned_to_another_linode(client, linodes):
    """A range is assigned with its prefix length, which the object has."""
    one, other = linodes
    made = client.create_ipv6_range(64, linode_id=one)
    client.assign_ips(REGION, [{"address": made, "linode_id": other}])
    assert one.ips().ipv6.global_ == []
    assert [each.route_target for each in other.ips().ipv6.global_] == [other.ipv6.partition("/")[0]]
    client.assign_ips(REGION, [{"address": made.cidr, "linode_id": one}])
    assert one.ips().ipv6.global_ == [made]
    moves = [{"address": made.range, "linode_id": other}]
    assert said(client.assign_ips, REGION, moves) == [("IP Address not found.", None)]


def test_what_cannot_be_assigned_is_refused(sandbox, client, linodes):
    """In the API's words where they are known."""
    one, other = linodes
    far = client.create_linode("g6-nanode-1", "us-west")
    own = machine(sandbox, client, interface_generation="linode")
    used = client.create_reserved_ip(REGION)
    client.create_nodebalancer(REGION, ipv4=used)
    mine = one.ipv4[0]

    def reason(address, linode_id, region=REGION):
        ((why, field),) = said(client.assign_ips, region, [{"address": address, "linode_id": linode_id}])
        assert field is None
        return why

    assert reason("192.0.2.1", other) == "IP Address not found."
    assert reason(mine, 99999) == "Invalid Linode ID 99999"
    assert reason(mine, far) == f"Linode {far.id} is not in the region {REGION}"
    assert reason(mine, far, "us-west") == f"{mine} is not in the region us-west"
    assert reason(one.ipv6.partition("/")[0], other).endswith("cannot be assigned to another Linode")
    assert reason(used, other).endswith("is assigned to a NodeBalancer")
    assert (
        reason(mine, own)
        == reason(own.ipv4[0], other)
        == ("This Linode's addresses belong to its interfaces; change those")
    )
    assert refused(sandbox, "POST", "/networking/ips/assign", {}) == [("region is required", "region")]
    assert refused(sandbox, "POST", "/networking/ips/assign", {"region": REGION}) == [
        ("assignments is required", "assignments")
    ]
    assert refused(sandbox, "POST", "/networking/ips/assign", {"region": REGION, "assignments": [{}]}) == [
        ("address is required", "assignments[0].address"),
        ("linode_id is required", "assignments[0].linode_id"),
    ]


# -- sharing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["share_ips", "share_ipv4s"])
def test_an_address_is_shared_until_it_is_not(client, linodes, verb):
    """A list replaces what was shared; the address shows its own Linode."""
    one, other = linodes
    extra = one.create_ip()
    getattr(client, verb)(other, [one.ipv4[0]])
    assert [(each.address, each.linode_id) for each in other.ips().ipv4.shared] == [(one.ipv4[0], one.id)]
    assert (now(other), one.ips().ipv4.shared) == (other.ipv4, [])
    getattr(client, verb)(other.id, [extra])
    assert [each.address for each in other.ips().ipv4.shared] == [extra.address]
    getattr(client, verb)(other, [])
    assert other.ips().ipv4.shared == []


def test_a_shared_address_moves_to_the_linode_that_shares_it(client, linodes):
    """The address then belongs to the Linode, and is deleted with it."""
    one, other = linodes
    extra = one.create_ip().address
    client.share_ips(other, [extra])
    client.assign_ips(REGION, [{"address": extra, "linode_id": other}])
    assert (now(other)[1:], other.ips().ipv4.shared) == ([extra], [])
    client.share_ips(one, [extra])
    other.delete()
    assert one.ips().ipv4.shared == []


def test_a_range_is_shared_by_its_own_linode_first(client, linodes):
    """Then it has no route of its own, and cannot be deleted or moved while several share it."""
    one, other = linodes
    made = client.create_ipv6_range(64, linode_id=one)
    client.share_ips(one, [made])
    client.share_ips(other, [made.range])
    made.load()
    assert (made.is_bgp, made.linodes) == (True, [one.id, other.id])
    assert [(each.range, each.route_target) for each in other.ips().ipv6.global_] == [(made.range, None)]
    assert said(made.delete) == [("A range that Linodes share cannot be deleted", None)]
    moves = [{"address": made.cidr, "linode_id": other}]
    assert said(client.assign_ips, REGION, moves) == [(f"{made.cidr} is shared between Linodes", None)]
    other.delete()
    made.load()
    assert (made.is_bgp, made.linodes) == (True, [one.id])
    client.share_ips(one, [])
    made.load()
    assert (made.is_bgp, [each.route_target for each in client.get_ipv6_ranges()]) == (
        False,
        [one.ipv6.partition("/")[0]],
    )
    made.delete()


def test_a_shared_range_outlives_its_first_linode(client, linodes):
    """A shared range is deleted with its last Linode."""
    one, other = linodes
    made = client.create_ipv6_range(64, linode_id=one)
    for each in linodes:
        client.share_ips(each, [made])
    one.delete()
    assert made.load().linodes == [other.id]
    other.delete()
    assert client.get_ipv6_ranges() == []


def test_what_is_shared_with_a_linode_is_shown_by_its_interface(sandbox, client, linodes):
    """Addresses with their Linodes, and ranges."""
    one, _ = linodes
    own = machine(sandbox, client, interface_generation="linode")
    made = client.create_ipv6_range(64, linode_id=one)
    client.share_ips(own, [one.ipv4[0], made])
    public = own.interfaces[0].public
    assert [(each.address, each.linode_id) for each in public.ipv4.shared] == [(one.ipv4[0], one.id)]
    assert [(each.range, each.route_target) for each in public.ipv6.shared] == [(made.cidr, None)]
    assert public.ipv6.ranges == []


def test_what_cannot_be_shared_is_refused(sandbox, client, linodes):
    """Addresses of one's own, of nobody, and from elsewhere."""
    one, other = linodes
    far = client.create_linode("g6-nanode-1", "us-west")
    free = client.create_reserved_ip(REGION)
    assert said(client.share_ips, one, ["192.0.2.1"]) == [("IP Address not found.", None)]
    for address in (one.ipv4[0], free.address, other.ipv6.partition("/")[0]):
        reason = f"{address} is not an IPv4 address of another Linode"
        assert said(client.share_ips, one, [address]) == [(reason, None)]
    reason = f"{far.ipv4[0]} is not in the region of the Linode"
    assert said(client.share_ips, one, [far.ipv4[0]]) == [(reason, None)]
    assert said(client.share_ips, 1, []) == [("linode_id is not valid", "linode_id")]
    assert refused(sandbox, "POST", "/networking/ips/share", {"linode_id": one.id}) == [("ips is required", "ips")]


@pytest.mark.parametrize("path", ["ips", "ipv4"])
def test_moving_and_sharing_take_both_scopes_and_grants(sandbox, linodes, path):
    """A token for addresses alone is refused, and so is a user without a grant to the Linodes."""
    one, other = linodes
    sandbox.add_user("eve", "eve@example.com", restricted=True)
    with sandbox.world.transaction():
        narrow, hers = (
            sandbox.world.identity.issue_token("sandbox", "ips:read_write"),
            sandbox.world.identity.issue_token("eve"),
        )
    tokens = {narrow["_secret"]: 401, hers["_secret"]: 403}
    moves = {"region": REGION, "assignments": [{"address": one.ipv4[0], "linode_id": other.id}]}
    for token, expected in tokens.items():
        assert raw(sandbox, "POST", f"/networking/{path}/assign", moves, token=token)[0] == expected
        shared = {"linode_id": other.id, "ips": [one.ipv4[0]]}
        assert raw(sandbox, "POST", f"/networking/{path}/share", shared, token=token)[0] == expected
