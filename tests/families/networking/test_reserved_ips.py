"""Reserved addresses in the sandbox."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION, actions, machine, raw, refused, said

from linode import IPAddress, LinodeIP, ReservedIPAddress
from linode.errors import NotFoundError
from linode.sandbox import Fault


@pytest.fixture
def reserved(client):
    return client.create_reserved_ip(REGION, tags=["web", "prod"])


def test_an_address_is_reserved_and_given_back(client, reserved):
    """A reserved address is unassigned, and its tags are sorted."""
    assert (reserved.linode, reserved.assigned_entity, reserved.rdns, reserved.reserved) == (None, None, None, True)
    assert (reserved.region.id, reserved.type, reserved.public, reserved.tags) == (
        REGION,
        "ipv4",
        True,
        ["prod", "web"],
    )
    assert client.get_reserved_ips() == [reserved]
    assert client.get_ips(IPAddress.reserved == True)[0].address == reserved.address  # noqa: E712  a filter
    reserved.delete()
    assert client.get_reserved_ips() == []
    for kind in (ReservedIPAddress, IPAddress):
        with pytest.raises(NotFoundError):
            kind(client, reserved.address).load()
    assert actions(client)[-2:] == ["reserved_ip_create", "reserved_ip_delete"]
    assert client.get_events()[0].entity.label == reserved.address


def test_reserved_addresses_are_filtered(client, reserved):
    """By their address, their region and their tags."""
    other = client.create_reserved_ip("us-west")
    assert client.get_reserved_ips(ReservedIPAddress.region == "us-west") == [other]
    assert client.get_reserved_ips(ReservedIPAddress.address == reserved.address) == [reserved]
    assert client.get_reserved_ips(ReservedIPAddress.tags == "prod") == [reserved]


def test_the_tags_of_a_reserved_address_are_changed(sandbox, client, reserved):
    """They are all that can be changed, and must be given."""
    reserved.tags = ["updated"]
    reserved.save()
    assert ReservedIPAddress(client, reserved.address).tags == IPAddress(client, reserved.address).tags == ["updated"]
    assert [each.object for each in next(iter(client.get_tags())).objects] == [reserved]
    assert refused(sandbox, "PUT", f"/networking/reserved/ips/{reserved.address}", {}) == [("tags is required", "tags")]
    with pytest.raises(AttributeError, match="read-only"):
        reserved.rdns = "www.example.com"


def test_a_linode_is_created_with_a_reserved_address_that_outlives_it(client, reserved):
    """Events tell that it is assigned and unassigned; it has a name meanwhile."""
    linode = client.create_linode(NANODE, REGION, ipv4=[reserved])
    assert linode.ipv4 == [reserved.address]
    reserved.load()
    assert (reserved.linode, reserved.assigned_entity.id) == (linode, linode.id)
    assert reserved.rdns == f"{reserved.address.replace('.', '-')}.ip.linodeusercontent.com"
    assert [(each.address, each.reserved) for each in linode.ips().ipv4.public] == [(reserved.address, True)]
    linode.delete()
    reserved.load()
    assert (reserved.linode, reserved.rdns, reserved.tags) == (None, None, ["prod", "web"])
    told = [each for each in actions(client) if each.startswith("reserved")]
    assert told == ["reserved_ip_create", "reserved_ip_assign", "reserved_ip_unassign"]


def test_a_reserved_address_is_put_onto_a_linode_and_taken_off(sandbox, client, reserved):
    """A reserved address that is removed from a Linode stays in the account, unassigned."""
    linode = machine(sandbox, client)
    linode.create_ip(address=reserved)
    LinodeIP(client, reserved.address, linode).delete()
    reserved.load()
    assert (reserved.linode, reserved.reserved) == (None, True)
    assert actions(client)[-4:] == ["reserved_ip_assign", "linode_addip", "reserved_ip_unassign", "linode_deleteip"]


def test_a_reserved_address_that_a_linode_has_stays_there_when_it_is_given_back(sandbox, client, reserved):
    """As an ordinary one, without tags."""
    linode = client.create_linode(NANODE, REGION, ipv4=[reserved.address])
    reserved.delete()
    assert linode.ips().ipv4.public[0].reserved is False
    _, shown = raw(sandbox, "GET", f"/networking/ips/{reserved.address}")
    assert (shown["linode_id"], "tags" in shown) == (linode.id, False)
    assert client.get_reserved_ips() == []
    linode.delete()
    with pytest.raises(NotFoundError):
        IPAddress(client, reserved.address).load()


def test_a_nodebalancer_has_a_reserved_address_until_it_goes(client, reserved):
    """Events tell of it as for a Linode."""
    balancer = client.create_nodebalancer(REGION, ipv4=reserved)
    reserved.load()
    assert (reserved.linode, reserved.assigned_entity.type) == (None, "nodebalancer")
    balancer.delete()
    reserved.load()
    assert reserved.assigned_entity is None
    told = [each for each in actions(client) if each.startswith("reserved")]
    assert told == ["reserved_ip_create", "reserved_ip_assign", "reserved_ip_unassign"]


def test_an_ordinary_address_is_no_reserved_one(sandbox, client):
    """An ordinary address is not found among the reserved ones."""
    linode = machine(sandbox, client)
    address = ReservedIPAddress(client, linode.ipv4[0])
    for verb in (address.load, address.delete):
        with pytest.raises(NotFoundError):
            verb()
    assert client.get_reserved_ips() == []


@pytest.mark.parametrize(("body", "reason"), [({}, "region is required"), ({"region": "us"}, "region is not valid")])
def test_an_address_is_reserved_in_a_region(sandbox, body, reason):
    """In the API's words."""
    assert refused(sandbox, "POST", "/networking/reserved/ips", body) == [(reason, "region")]


def test_the_account_may_not_reserve_more_addresses(sandbox, client):
    """A fault refuses another reserved address."""
    sandbox.faults.append(Fault.refusal("reserved_ips"))
    words = (
        "Additional Reserved IPv4 addresses require technical justification.  "
        "Please contact support describing your requirement."
    )
    assert said(client.create_reserved_ip, REGION) == [(words, None)]
    assert client.get_reserved_ips() == []


def test_prices_of_reserved_addresses(sandbox, client):
    """Nobody needs a token to know."""
    (kind,) = client.get_reserved_ip_types()
    assert (kind.id, kind.label, kind.price.hourly, kind.price.monthly) == (
        "reserved-ipv4",
        "Reserved IPv4",
        0.0068,
        None,
    )
    assert (kind.region_prices, kind.transfer) == ([], 0)
    status, _ = raw(sandbox, "GET", "/networking/reserved/ips/types", token=None)
    assert status == 200
