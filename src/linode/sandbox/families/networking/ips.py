"""The addresses of a Linode, and those of the account. Reserved ones are in `reserved_ips`, ranges in `ipv6`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Any, Literal

from linode.api.linodes.linode import Linode
from linode.api.networking.ip_assignments import IPAssignmentsMixin
from linode.api.networking.ips import IPAddress, IPv4Text, LinodeIP
from linode.api.vpcs.addresses import VPCIPAddress
from linode.sandbox.core.kind import Access, Events, Kind, Lists, Operations
from linode.sandbox.core.refusals import missing_members
from linode.sandbox.core.rows import Rows
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..domains.domains import is_address
from ..domains.name_servers import look_up
from ..linodes.ip_rows import add_ipv4, addresses, assign_address, is_assigned, new_ipv4, remove_address, slaac_of
from .shares import ranges_of, shared_with

__all__ = ["ONE_PRIVATE", "ONE_PUBLIC", "OWN_INTERFACES", "link_local", "new_reserved", "reserve"]

ONLY_IPV4 = "Only addresses of type ipv4 are currently supported."

NO_PRIVATE = "Cannot reserve a private address."
NOT_RESERVED = "Must provide a valid reserved address"
BOTH = ("ips:read_write", "linodes:read_write")

on.kind(
    Kind(
        of=IPAddress,
        events=Events("ipaddress", label="address"),
        operations=Operations(left_by_null=("reserved",)),
        lists=Lists(passes_filters=True),
        access=Access(
            scopes={
                IPAssignmentsMixin.assign_ips: BOTH,
                IPAssignmentsMixin.assign_ipv4s: BOTH,
                IPAssignmentsMixin.share_ips: BOTH,
                IPAssignmentsMixin.share_ipv4s: BOTH,
            }
        ),
    )
)
on.choice(Literal["ipv4"], ONLY_IPV4, named=False)
on.words(IPv4Text, NOT_RESERVED, field="address")

NAME = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE)
SPEAKING = ("nip.io", "sslip.io", "ip.linodeusercontent.com")
"""Domains of the world outside whose names lead to the address that is written in them."""
_SPEAKING = tuple(f".{each}" for each in SPEAKING)
OWN_INTERFACES = "This Linode's addresses belong to its interfaces; change those"  # own words
ONE_PUBLIC = "A Linode must have at least one public IPv4 address."  # own words
ONE_PRIVATE = "Linode already has a private IPv4 address"  # own words


@on(Linode.ips)
def ips(world: World, linode: Row) -> Row:
    """All addresses of a Linode, by what they are.

    Reserved addresses are among the public ones, and those of other Linodes show whose they are.
    """
    slaac = slaac_of(world, linode)
    return {
        "ipv4": {
            "public": addresses(world, linode, public=True),
            "private": addresses(world, linode, public=False),
            "shared": shared_with(world, linode),
            "reserved": [],
            "vpc": world.rows(VPCIPAddress, linode_id=linode["id"], _version=4),
        },
        "ipv6": {
            "slaac": slaac,
            "link_local": slaac and link_local(slaac),
            "global": ranges_of(world, linode),
            "vpc": world.rows(VPCIPAddress, linode_id=linode["id"], _version=6),
        },
    }


def link_local(slaac: Row) -> Row:
    """The link-local address of the network card of *slaac*, which is the second half of the address."""
    card = int(ipaddress.IPv6Address(slaac["address"])) & (2**64 - 1)
    address = str(ipaddress.IPv6Address((0xFE80 << 112) | card))
    return {**slaac, "address": address, "public": False, "rdns": None}


# -- adding ----------------------------------------------------------------------------------------------------------


@on.list(IPAddress)
def account_ips(world: World) -> Rows:
    """All but the private ones."""
    return world.read(IPAddress, public=True)


@on.create(IPAddress, unchecked=("linode_id",))
def allocate(
    world: World,
    public: bool | None = None,
    type: str | None = None,
    linode_id: int | None = None,
    region: str | None = None,
    *,
    reserved: bool = False,
) -> Row:
    """Give a Linode a fresh address, or reserve one, with or without a Linode."""
    wants_public = _refuse_incomplete(public, type)
    if reserved and not wants_public:
        raise Refused(NO_PRIVATE, field="public")
    if linode_id is None and not reserved:
        raise Refused("Linode is a required argument when not reserving an IP address.", field="linode_id")
    linode = None if linode_id is None else world.find(Linode, linode_id)
    if linode_id is not None and linode is None:
        raise Refused("Linode is not active", field="linode_id")
    if linode is None and region is None:
        raise Refused("A datacenter or a Linode must be provided when reserving an address.")
    if linode is not None and region not in (None, linode["region"]):
        raise Refused("Region passed in must match Linode's region.", field="region")
    if linode is None:
        return new_reserved(world, str(region))
    return _add(world, linode, public=wants_public, reserved=reserved)


@on.create(LinodeIP, unchecked=("address",))
def create(
    world: World, linode: Row, public: bool | None = None, type: str | None = None, address: str | None = None
) -> Row:
    """Put a reserved address, or a fresh one, onto a Linode."""
    wants_public = _refuse_incomplete(public, type)
    return _add(world, linode, public=wants_public, address=address)


def _refuse_incomplete(public: bool | None, type: str | None) -> bool:
    """Whether the new address is *public*. Raises `Refused` if this or its type is missing."""
    if type is None or public is None:
        raise Refused.all(missing_members({"type": type, "public": public}, ("type", "public")))
    return public


def _add(world: World, linode: Row, *, public: bool, address: str | None = None, reserved: bool = False) -> Row:
    if linode["interface_generation"] == "linode":
        raise Refused(OWN_INTERFACES)
    if not public and address is None and addresses(world, linode, public=False):
        raise Refused(ONE_PRIVATE, field="public")
    if reserved:
        row = assign_address(world, new_reserved(world, linode["region"]), linode)
    elif address is None:
        row = add_ipv4(world, linode, public=public)
    else:
        row = _assign(world, linode, address, public=public)
    world.events.notify("linode_addip", linode)
    return row


def new_reserved(world: World, region: str, tags: Sequence[str] = ()) -> Row:
    """A fresh reserved address, which nothing uses yet."""
    row = new_ipv4(world, region, reserved=True, tags=list(tags))
    world.events.notify("reserved_ip_create", row)
    return row


def _assign(world: World, linode: Row, address: str, *, public: bool) -> Row:
    if not public:
        raise Refused(NO_PRIVATE, field="address")
    row = world.find(IPAddress, address)
    if row is None:
        raise Refused(NOT_RESERVED, field="address")
    if not row["reserved"] or is_assigned(row):
        raise Refused("Address must be reserved and must be currently unassigned.", field="address")
    if row["region"] != linode["region"]:
        raise Refused("Address must belong to same region as linode.", field="address")
    return assign_address(world, row, linode)


# -- changing and deleting -------------------------------------------------------------------------------------------


@on.delete(LinodeIP)
def delete(world: World, address: Row) -> None:
    """Take an IPv4 address off its Linode, which keeps a public one."""
    linode = world.get(Linode, address["linode_id"])
    if address["type"] != "ipv4":
        raise Refused("Only addresses of type ipv4 can be deleted.")  # own words
    if address["interface_id"] is not None:
        raise Refused(OWN_INTERFACES)
    if address["public"] and len(addresses(world, linode, public=True)) == 1:
        raise Refused(ONE_PUBLIC)
    remove_address(world, address)
    world.events.notify("linode_deleteip", linode)


@on.update(LinodeIP)
def update(world: World, address: Row, **changes: Any) -> Row:
    """Set the name that a reverse look-up gives."""
    if "rdns" not in changes:
        raise Refused("rdns is required", field="rdns")
    return _set_rdns(world, address, changes["rdns"])


@on.update(IPAddress)
def update_address(world: World, address: Row, **changes: Any) -> Row:
    """Set the name, keep the address for good, or give it back."""
    if not changes:
        raise Refused("rdns is required", field="rdns")
    if "rdns" in changes:
        _set_rdns(world, address, changes["rdns"])
    if changes.get("reserved") is not None:
        reserve(world, address, kept=changes["reserved"])
    return address


def _set_rdns(world: World, address: Row, name: str | None) -> Row:
    if not address["public"]:
        raise Refused("Private addresses have no rdns", field="rdns")  # own words
    if name is not None:
        _check_name(world, address["address"], name)
    address["rdns"] = name or _own_name(address)
    world.events.notify("ipaddress_update", address)
    return address


def _own_name(address: Row) -> str | None:
    if address["type"] != "ipv4" or address["linode_id"] is None:
        return None
    return f"{address['address'].replace('.', '-')}.ip.linodeusercontent.com"


def _check_name(world: World, address: str, name: str) -> None:
    if not 1 <= len(name) <= 255:
        raise Refused("Length must be 1-255 characters", field="rdns")
    if NAME.fullmatch(name) is None:
        raise Refused("Domain is not valid.", field="rdns")
    found = _written_in(name) if name.lower().endswith(_SPEAKING) else look_up(world, name)
    if not found:
        raise Refused(f"We were unable to perform a lookup for '{name}' at this time.", field="rdns")
    if not any(_same(each, address) for each in found):
        reason = f"No match was found for '{name}'. Reverse DNS must have a matching forward entry."
        raise Refused(reason, field="rdns")


def _written_in(name: str) -> set[str]:
    """The addresses that a *name* such as ``www-192-0-2-1.nip.io`` spells."""
    host = name.lower().removesuffix(next(each for each in _SPEAKING if name.lower().endswith(each)))
    numbers = re.search(r"(?<!\d)\d{1,3}([.-]\d{1,3}){3}$", host)
    written = numbers[0].replace("-", ".") if numbers else host.rpartition(".")[2].replace("-", ":")
    return {written} if is_address(written) else set()


def _same(one: str, other: str) -> bool:
    try:
        return ipaddress.ip_address(one) == ipaddress.ip_address(other)
    except ValueError:
        return False


def reserve(world: World, address: Row, *, kept: bool) -> None:
    """Keep an address when nothing uses it (*kept*), or not: then one that nothing uses is given back at once."""
    if kept == address["reserved"]:
        return
    if address["type"] != "ipv4":
        raise Refused(ONLY_IPV4)
    if not address["public"]:
        raise Refused(NO_PRIVATE, field="reserved")
    address["reserved"] = kept
    world.events.notify("reserved_ip_create" if kept else "reserved_ip_delete", address)
    if kept:
        return
    address["tags"] = []
    if not is_assigned(address):
        world.remove(address)
