"""Addresses of Linodes and of the account, in the sandbox."""

from __future__ import annotations

import ipaddress

import pytest
from asking import REGION, actions, machine, raw, refused, said, unanswered

from linode import IPAddress, LinodeIP
from linode.errors import NotFoundError
from linode.sandbox.families.domains.name_servers import ANSWERED_AFTER, RENDERED_AFTER


@pytest.fixture
def linode(sandbox, client):
    return machine(sandbox, client)


@pytest.fixture
def address(client, linode):
    return LinodeIP(client, linode.ipv4[0], linode)


def test_a_linode_has_addresses_of_every_kind(linode):
    """One of IPv4 for the internet, one of IPv6, and one that does not leave the network."""
    linode.create_ip(public=False)
    ips = linode.ips()
    public, private = ips.ipv4.public[0], ips.ipv4.private[0]
    assert (public.address, public.prefix, public.subnet_mask) == (linode.ipv4[0], 24, "255.255.255.0")
    assert public.rdns == f"{public.address.replace('.', '-')}.ip.linodeusercontent.com"
    assert public.gateway == f"{public.address.rpartition('.')[0]}.1"
    assert (public.assigned_entity.id, public.assigned_entity.label) == (linode.id, linode.label)
    assert private.address.startswith("192.168.")
    assert (private.gateway, private.prefix, private.rdns, private.public) == (None, 17, None, False)
    slaac, link_local = ips.ipv6.slaac, ips.ipv6.link_local
    assert f"{slaac.address}/128" == linode.ipv6
    assert (slaac.prefix, slaac.gateway, slaac.type, slaac.public) == (64, "fe80::1", "ipv6", True)
    assert (link_local.address.partition("::")[0], link_local.public) == ("fe80", False)
    assert link_local.address.rpartition("::")[2] == slaac.address.rpartition("::")[2]
    assert (ips.ipv4.shared, ips.ipv4.reserved, ips.ipv4.vpc, ips.ipv6.global_) == ([], [], [], [])


def test_a_linode_gets_one_more_public_address_but_one_private_one(client, linode):
    """The Linode shows the private one last."""
    private = linode.create_ip(public=False)
    public = linode.create_ip()
    linode.load()
    assert linode.ipv4[1:] == [public.address, private.address]
    assert said(linode.create_ip, public=False) == [("Linode already has a private IPv4 address", "public")]
    assert actions(client)[-2:] == ["linode_addip", "linode_addip"]


def test_only_ipv4_can_be_added(sandbox, linode):
    """The API says so in words of its own."""
    path = f"/linode/instances/{linode.id}/ips"
    for each in (path, "/networking/ips"):
        wanted = {"type": "ipv6", "public": True, "linode_id": linode.id}
        assert refused(sandbox, "POST", each, wanted) == [
            ("Only addresses of type ipv4 are currently supported.", None)
        ]


def test_a_reserved_address_is_put_onto_a_linode(sandbox, client, linode):
    """The address must be reserved, unassigned and in the same region."""
    other = machine(sandbox, client)
    kept = IPAddress(client, other.create_ip().address)
    reason = "Address must be reserved and must be currently unassigned."
    assert said(linode.create_ip, address=kept.address) == [(reason, "address")]
    kept.reserved = True
    kept.save()
    assert said(linode.create_ip, address=kept.address) == [(reason, "address")]
    LinodeIP(client, kept.address, other).delete()
    kept.load()
    assert (kept.linode_id, kept.rdns, kept.reserved) == (None, None, True)
    far = client.create_linode("g6-standard-1", "us-west")
    assert said(far.create_ip, address=kept.address) == [("Address must belong to same region as linode.", "address")]
    assert said(linode.create_ip, public=False, address=kept.address) == [
        ("Cannot reserve a private address.", "address")
    ]
    assert said(linode.create_ip, address="192.0.2.1") == [("Must provide a valid reserved address", "address")]
    assert linode.create_ip(address=kept.address).linode_id == linode.id
    ips = linode.ips().ipv4
    assert [each.address for each in ips.public if each.reserved] == [kept.address]
    assert ips.reserved == []


def test_an_address_is_taken_off_a_linode_but_not_its_last_public_one(client, linode, address):
    """A deleted address is gone from the account."""
    last = [("A Linode must have at least one public IPv4 address.", None)]
    linode.create_ip(public=False).delete()
    assert said(address.delete) == last
    linode.create_ip()
    address.delete()
    linode.load()
    assert address.address not in linode.ipv4
    with pytest.raises(NotFoundError):
        IPAddress(client, address.address).load()
    assert actions(client)[-1] == "linode_deleteip"
    slaac = linode.ipv6.partition("/")[0]
    assert said(LinodeIP(client, slaac, linode).delete) == [("Only addresses of type ipv4 can be deleted.", None)]


def test_an_address_is_found_below_its_linode_only(sandbox, client, address):
    """Below another one it is unknown."""
    other = machine(sandbox, client)
    with pytest.raises(NotFoundError):
        LinodeIP(client, address.address, other).load()


UNKNOWN = "We were unable to perform a lookup for '{}' at this time."
ELSEWHERE = "No match was found for '{}'. Reverse DNS must have a matching forward entry."


def refused_name(address, name, reason):
    address.rdns = name
    assert said(address.save) == [(reason.format(name), "rdns")]


def test_a_name_must_lead_to_the_address(sandbox, client, address):
    """By a record of the account's domains, once the name servers have it, which takes minutes."""
    own = address.rdns
    refused_name(address, "www.example.com", UNKNOWN)
    domain = client.create_domain("example.com", "master", soa_email="me@example.com")
    domain.create_record("A", name="www", target=address.address)
    refused_name(address, "www.example.com", UNKNOWN)
    sandbox.advance(RENDERED_AFTER)
    refused_name(address, "www.example.com", UNKNOWN)
    sandbox.advance(ANSWERED_AFTER)
    address.save()
    assert IPAddress(client, address.address).rdns == "www.example.com"
    assert actions(client)[-1] == "ipaddress_update"
    address.rdns = None
    address.save()
    address.load()
    assert address.rdns == own


def test_a_name_that_leads_elsewhere_is_refused_in_other_words(sandbox, client, address):
    """The API tells it from a name that nobody knows."""
    domain = client.create_domain("example.com", "master", soa_email="me@example.com")
    domain.create_record("A", name="www", target="192.0.2.1")
    sandbox.advance(RENDERED_AFTER + ANSWERED_AFTER)
    refused_name(address, "www.example.com", ELSEWHERE)
    refused_name(address, "web.example.com", UNKNOWN)
    refused_name(address, "192-0-2-1.nip.io", ELSEWHERE)
    refused_name(address, "nothing.nip.io", UNKNOWN)


def test_a_name_can_lead_to_the_address_by_an_alias_or_a_wildcard(sandbox, client, address):
    """As a look-up follows them; a record that is gone leads there until the name servers know."""
    domain = client.create_domain("Example.com", "master", soa_email="me@example.com")
    domain.create_record("CNAME", name="www", target="host.example.com")
    record = domain.create_record("A", name="*", target=address.address)
    domain.create_record("CNAME", name="round", target="round.example.com")
    sandbox.advance(RENDERED_AFTER + ANSWERED_AFTER)
    for name in ("www.example.com", "any.EXAMPLE.com"):
        address.rdns = name
        address.save()
    refused_name(address, "round.example.com", UNKNOWN)
    record.delete()
    address.rdns = "www.example.com"
    address.save()
    assert IPAddress(client, address.address).rdns == "www.example.com"
    sandbox.advance(RENDERED_AFTER + ANSWERED_AFTER)
    refused_name(address, "any.example.com", UNKNOWN)


@pytest.mark.parametrize(
    "name", ["{}.sslip.io", "www.{}.nip.io", "{dashed}.ip.linodeusercontent.com", "a-{dashed}.nip.io"]
)
def test_a_name_can_say_the_address_itself(client, address, name):
    """Below domains of the world outside that answer with what is written in the name."""
    address.rdns = name.format(address.address, dashed=address.address.replace(".", "-"))
    address.save()
    address.load()
    assert address.address.replace(".", "-") in address.rdns.replace(".", "-")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("no name", "Domain is not valid."), ("-.com", "Domain is not valid."), ("", "Length must be 1-255 characters")],
)
def test_what_is_no_name(address, name, reason):
    """The API says so before it looks for it."""
    address.rdns = name
    assert said(address.save) == [(reason, "rdns")]


def test_null_leaves_a_reservation_as_it_is(sandbox, client, linode):
    """An address is reserved or not; null is no third."""
    address = linode.create_ip().address
    status, answer = raw(sandbox, "PUT", f"/networking/ips/{address}", {"reserved": None, "rdns": None})
    assert (status, answer["reserved"]) == (200, False)


def test_an_address_is_kept_and_given_back(sandbox, client, linode):
    """One that nothing uses is gone at once; the answer still shows it."""
    kept = IPAddress(client, linode.create_ip().address)
    kept.reserved = True
    kept.save()
    LinodeIP(client, kept.address, linode).delete()
    kept.load()
    kept.reserved = False
    kept.save()
    assert kept.reserved is False
    with pytest.raises(NotFoundError):
        kept.load()
    slaac = IPAddress(client, linode.ipv6.partition("/")[0])
    slaac.reserved = True
    assert said(slaac.save) == [("Only addresses of type ipv4 are currently supported.", None)]
    private = IPAddress(client, linode.create_ip(public=False).address)
    private.reserved = True
    assert said(private.save) == [("Cannot reserve a private address.", "reserved")]


def test_the_account_lists_its_addresses(client, linode, address):
    """The list has IPv6 addresses too, but no private ones; it can be filtered."""
    linode.create_ip(public=False)
    assert {each.address for each in client.get_ips()} == {address.address, linode.ipv6.partition("/")[0]}
    assert [each.address for each in client.get_ips(IPAddress.type == "ipv4")] == [address.address]
    assert client.get_ips()[0].linode == linode


def test_addresses_of_a_linodes_own_interfaces_are_changed_there(sandbox, client):
    """Here they are refused."""
    own = machine(sandbox, client, interface_generation="linode")
    reason = [("This Linode's addresses belong to its interfaces; change those", None)]
    assert said(own.create_ip) == said(LinodeIP(client, own.ipv4[0], own).delete) == reason


def test_every_operation_on_addresses_of_linodes_is_answered(sandbox, linode, address):
    """None is unknown to the sandbox."""
    ids = {"linodeId": linode.id, "address": address.address}
    assert unanswered(sandbox, ids, "/linode/instances/{linodeId}/ips") == []
    status, answer = raw(sandbox, "GET", "/networking/ips?skip_ipv6_rdns=true")
    assert (status, answer["results"]) == (200, 2)


def test_which_members_addresses_have(sandbox, client, linode):
    """One of IPv6 has nine, in every list; a reserved one has tags."""
    nine = {"address", "gateway", "subnet_mask", "prefix", "type", "public", "rdns", "linode_id", "region"}
    others = {"interface_id", "vpc_nat_1_1", "reserved", "assigned_entity"}
    linode.create_ip(public=False)
    _, shown = raw(sandbox, "GET", f"/linode/instances/{linode.id}/ips")
    assert set(shown["ipv6"]["slaac"]) == set(shown["ipv6"]["link_local"]) == nine
    assert {frozenset(each) for kind in ("public", "private") for each in shown["ipv4"][kind]} == {
        frozenset(nine | others)
    }
    _, listed = raw(sandbox, "GET", "/networking/ips")
    assert [set(each) for each in listed["data"] if each["type"] == "ipv6"] == [nine]
    kept = IPAddress(client, linode.ipv4[0])
    kept.reserved = True
    kept.save()
    _, shown = raw(sandbox, "GET", f"/networking/ips/{kept.address}")
    assert set(shown) == nine | others | {"tags"}
    linode.create_ip()
    assert {each.type for each in client.get_ips(IPAddress.reserved == False)} == {"ipv4"}  # noqa: E712  a filter


def test_addresses_of_linodes_are_those_of_the_internet(client):
    """Programs that look for a public address find one."""
    linode = client.create_linode("g6-nanode-1", "us-east", private_ip=True)
    public, private = map(ipaddress.ip_address, linode.ipv4)
    assert (public.is_global, private.is_global) == (True, False)
    assert public in ipaddress.ip_network("172.104.0.0/15")
    assert ipaddress.ip_interface(linode.ipv6).ip in ipaddress.ip_network("2600:3c00::/24")


# -- addresses that the account allocates ------------------------------------------------------------------------------


def test_the_account_allocates_an_address_for_a_linode(client, linode):
    """Public or private, as the Linode itself would."""
    public, private = client.create_ip(linode_id=linode), client.create_ip(False, linode_id=linode.id)
    assert (public.linode, public.public, public.reserved) == (linode, True, False)
    linode.load()
    assert linode.ipv4[1:] == [public.address, private.address]
    assert said(client.create_ip, False, linode_id=linode) == [("Linode already has a private IPv4 address", "public")]
    assert actions(client)[-2:] == ["linode_addip", "linode_addip"]


def test_the_account_reserves_an_address_with_or_without_a_linode(client, linode):
    """In the region given, or in that of the Linode."""
    free = client.create_ip(region=REGION, reserved=True)
    assert (free.linode, free.reserved, free.rdns, free.region.id, free.tags) == (None, True, None, REGION, [])
    used = client.create_ip(linode_id=linode, region=REGION, reserved=True)
    assert (used.linode, used.reserved, used.assigned_entity.label) == (linode, True, linode.label)
    assert actions(client)[-4:] == ["reserved_ip_create", "reserved_ip_create", "reserved_ip_assign", "linode_addip"]


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        (
            {"reserved": True},
            [("A datacenter or a Linode must be provided when reserving an address.", None)],
        ),
        ({"region": REGION}, [("Linode is a required argument when not reserving an IP address.", "linode_id")]),
        ({"linode_id": 99999}, [("Linode is not active", "linode_id")]),
        ({"region": REGION, "reserved": True, "public": False}, [("Cannot reserve a private address.", "public")]),
        ({"type": None, "public": None}, [("type is required", "type"), ("public is required", "public")]),
    ],
)
def test_an_address_that_cannot_be_allocated_is_refused(sandbox, body, reasons):
    """In the API's words."""
    assert refused(sandbox, "POST", "/networking/ips", {"type": "ipv4", "public": True, **body}) == reasons


def test_an_address_is_not_allocated_for_a_linode_elsewhere(client, linode):
    """Nor for one whose addresses belong to its interfaces."""
    assert said(client.create_ip, linode_id=linode, region="us-west", reserved=True) == [
        ("Region passed in must match Linode's region.", "region")
    ]
