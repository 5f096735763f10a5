"""The rows of a Linode's addresses, which all operations assign and take with these functions."""

from __future__ import annotations

from typing import Any

from linode.api.networking.ips import IPAddress, LinodeIP
from linode.api.vpcs.addresses import VPCIPAddress
from linode.sandbox.core.kind import Kind, Storage
from linode.sandbox.engine.registry import Row, World, on

from .vpc_interfaces import remove_nat

__all__ = [
    "add_ipv4",
    "add_slaac",
    "addresses",
    "assign_address",
    "is_assigned",
    "new_ipv4",
    "remove_address",
    "slaac_of",
    "unassign_address",
]

on.kind(Kind(of=LinodeIP, storage=Storage("IPAddress")))

OF_IPV6 = ("address", "gateway", "subnet_mask", "prefix", "type", "public", "rdns", "linode_id", "region")
"""Members of an IPv6 address that are shown."""


def new_ipv4(world: World, region: str, *, public: bool = True, **members: Any) -> Row:
    """A fresh IPv4 address in *region* that nothing uses yet: the row of an `IPAddress`."""
    text = world.addresses.ipv4(region) if public else world.addresses.private_ipv4()
    network = (
        {"gateway": f"{text.rpartition('.')[0]}.1", "subnet_mask": "255.255.255.0", "prefix": 24}
        if public
        else {"gateway": None, "subnet_mask": "255.255.128.0", "prefix": 17}
    )
    return world.add(
        IPAddress, **{**network, "address": text, "type": "ipv4", "public": public, "region": region, **members}
    )


def is_assigned(address: Row) -> bool:
    """Whether a Linode or a NodeBalancer has the *address*: the id of the latter is the hidden ``_nodebalancer``."""
    return address["linode_id"] is not None or address.get("_nodebalancer") is not None


def assign_address(world: World, address: Row, linode: Row) -> Row:
    """Assign *address* (the row of an `IPAddress`) to *linode*; returns the address.

    A reserved address has an event.
    """
    address["linode_id"] = linode["id"]
    if address["type"] == "ipv6":
        linode["ipv6"] = f"{address['address']}/128"
        return address
    if address["public"] and address["rdns"] is None:
        address["rdns"] = f"{address['address'].replace('.', '-')}.ip.linodeusercontent.com"
    place = len(linode["ipv4"])
    if address["public"]:  # private ones are the last
        while place and not world.get(IPAddress, linode["ipv4"][place - 1])["public"]:
            place -= 1
    linode["ipv4"].insert(place, address["address"])
    if address["reserved"]:
        world.events.notify("reserved_ip_assign", address, linode)
    return address


def remove_address(world: World, address: Row) -> None:
    """Take the *address* off its Linode: a reserved one stays in the account, any other is given back."""
    unassign_address(world, address)
    if not address["reserved"]:
        world.remove(address)


def unassign_address(world: World, address: Row) -> None:
    """Unassign *address* from its Linode, if it has one; a reserved address has an event, and loses its RDNS name."""
    remove_nat(world, address["address"])
    linode = world.find("Linode", address["linode_id"])
    address |= {"linode_id": None, "interface_id": None}
    if linode is None:
        return
    if address["type"] == "ipv6":
        linode["ipv6"] = None
    else:
        linode["ipv4"].remove(address["address"])
    if address["reserved"]:
        address["rdns"] = None
        world.events.notify("reserved_ip_unassign", address, linode)


def add_ipv4(world: World, linode: Row, *, public: bool = True) -> Row:
    """A fresh IPv4 address on *linode*."""
    return assign_address(world, new_ipv4(world, linode["region"], public=public), linode)


def add_slaac(world: World, linode: Row) -> Row:
    """The IPv6 address that *linode* configures for itself, which has a row as every other."""
    row = world.add(
        IPAddress,
        address=world.addresses.slaac(linode["region"]),
        type="ipv6",
        public=True,
        gateway="fe80::1",
        subnet_mask="ffff:ffff:ffff:ffff::",
        prefix=64,
        region=linode["region"],
    )
    return assign_address(world, row, linode)


def addresses(world: World, linode: Row, *, public: bool | None = None) -> list[Row]:
    """The rows of the IPv4 addresses of *linode*, public ones first: all, or those that are *public*, or not."""
    found = [world.get(IPAddress, text) for text in linode["ipv4"]]
    return [each for each in found if public in (None, each["public"])]


def slaac_of(world: World, linode: Row) -> Row | None:
    """The row of the IPv6 address that *linode* configures for itself."""
    return None if linode["ipv6"] is None else world.get(IPAddress, linode["ipv6"].partition("/")[0])


@on.show(IPAddress, "assigned_entity", "tags", "reserved", "interface_id", "vpc_nat_1_1")
def _show_address(world: World, address: Row) -> Row:
    """Set the entity of the address from its row, because its label may change.

    An IPv6 address has nine members only, and only reserved addresses have tags.
    """
    if address["type"] == "ipv6":
        return {name: address[name] for name in OF_IPV6}
    if not address["reserved"]:
        del address["tags"]
    for each in world.read(VPCIPAddress, nat_1_1=address["address"]):
        address["vpc_nat_1_1"] = {name: each[name] for name in ("address", "subnet_id", "vpc_id")}
    owner = ("Linode", address["linode_id"])
    if owner[1] is None:
        owner = ("NodeBalancer", address.get("_nodebalancer"))
    if (entity := world.events.entity(None if owner[1] is None else world.find(*owner))) is not None:
        address["assigned_entity"] = {name: entity[name] for name in ("id", "label", "type", "url")}
    return address
