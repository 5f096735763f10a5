"""The addresses of a Linode, and those of the account."""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Literal

from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress, IPv6Range, LinodeIP
from linode.sandbox.engine.registry import Kind, Refused, Row, World, on
from linode.sandbox.engine.user_grants import visible

from ..domains.domains import is_address
from ..domains.name_servers import look_up
from ..linodes.rows import add_ipv4, addresses, assigned, give, slaac_of, take

ONLY_IPV4 = "Only addresses of type ipv4 are currently supported."

on.kind(Kind(of=IPAddress, event="ipaddress", label="address", passes_filters=True))
on.kind(Kind(of=IPv6Range, delete=True))
on.choice(Literal["ipv4"], ONLY_IPV4)

NAME = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE)
SPEAKING = ("nip.io", "sslip.io", "ip.linodeusercontent.com")
"""Domains of the world outside whose names lead to the address that is written in them."""
_SPEAKING = tuple(f".{each}" for each in SPEAKING)
OWN_INTERFACES = "This Linode's addresses belong to its interfaces; change those"  # own words


@on(Linode.ips)
def ips(world: World, linode: Row) -> Row:
    """All addresses of a Linode, by what they are. Nothing is shared here, and nobody has a VPC."""
    public, slaac = addresses(world, linode, public=True), slaac_of(world, linode)
    ranges = [each for each in world.read(IPv6Range) if slaac and each["route_target"] == slaac["address"]]
    return {
        "ipv4": {
            "public": [each for each in public if not each["reserved"]],
            "private": addresses(world, linode, public=False),
            "shared": [],
            "reserved": [each for each in public if each["reserved"]],
            "vpc": [],
        },
        "ipv6": {"slaac": slaac, "link_local": slaac and _link_local(slaac), "global": ranges, "vpc": []},
    }


def _link_local(slaac: Row) -> Row:
    """The address that the same network card has without a router: the second half of it says which card."""
    card = int(ipaddress.IPv6Address(slaac["address"])) & (2**64 - 1)
    address = str(ipaddress.IPv6Address((0xFE80 << 112) | card))
    return {**slaac, "address": address, "public": False, "rdns": None}


@on.show(IPv6Range, "is_bgp", "linodes")
def _show_range(_world: World, shown: Row) -> Row:
    """A range as lists show it."""
    return {name: value for name, value in shown.items() if name not in ("is_bgp", "linodes")}


@on.get(IPv6Range)
def ipv6_range(world: World, range_: Row) -> Row:
    """A range by itself: the Linode that it is routed to, and not by which address."""
    target = world.find(IPAddress, range_["route_target"])
    linodes = visible(world, world.rows(Linode, id=target["linode_id"])) if target is not None else []
    return {
        **{name: range_[name] for name in ("range", "prefix", "region", "is_bgp")},
        "linodes": [each["id"] for each in linodes],
    }


@on.create(LinodeIP)
def create(
    world: World, linode: Row, public: bool | None = None, type: str | None = None, address: str | None = None
) -> Row:
    """Put a reserved address, or a fresh one, onto a Linode."""
    if type is None or public is None:
        raise Refused.all(
            (f"{name} is required", name) for name, it in (("type", type), ("public", public)) if it is None
        )
    if linode["interface_generation"] == "linode":
        raise Refused(OWN_INTERFACES)
    if not public and address is None and addresses(world, linode, public=False):
        raise Refused("Linode already has a private IPv4 address", field="public")  # own words
    row = add_ipv4(world, linode, public=public) if address is None else _assign(world, linode, address, public=public)
    world.notify("linode_addip", linode)
    return row


def _assign(world: World, linode: Row, address: str, *, public: bool) -> Row:
    if not public:
        raise Refused("Cannot reserve a private address.", field="address")
    row = world.find(IPAddress, address)
    if row is None:
        raise Refused("Must provide a valid reserved address", field="address")
    if not row["reserved"] or assigned(row):
        raise Refused("Address must be reserved and must be currently unassigned.", field="address")
    if row["region"] != linode["region"]:
        raise Refused("Address must belong to same region as linode.", field="address")
    return give(world, row, linode)


@on.delete(LinodeIP)
def delete(world: World, address: Row) -> None:
    """Take an IPv4 address off its Linode, which keeps a public one."""
    linode = world.get(Linode, address["linode_id"])
    if address["type"] != "ipv4":
        raise Refused("Only addresses of type ipv4 can be deleted.")  # own words
    if address["interface_id"] is not None:
        raise Refused(OWN_INTERFACES)
    if address["public"] and len(addresses(world, linode, public=True)) == 1:
        raise Refused("A Linode must have at least one public IPv4 address.")  # own words
    take(world, address)
    world.notify("linode_deleteip", linode)


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
        _reserve(world, address, kept=changes["reserved"])
    return address


def _set_rdns(world: World, address: Row, name: str | None) -> Row:
    if not address["public"]:
        raise Refused("Private addresses have no rdns", field="rdns")  # own words
    if name is not None:
        _check_name(world, address["address"], name)
    address["rdns"] = name or _own_name(address)
    world.notify("ipaddress_update", address)
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


def _reserve(world: World, address: Row, *, kept: bool) -> None:
    """Keep an address when nothing uses it (*kept*), or not: then one that nothing uses is given back at once."""
    if kept == address["reserved"]:
        return
    if address["type"] != "ipv4":
        raise Refused(ONLY_IPV4)
    if not address["public"]:
        raise Refused("Cannot reserve a private address.", field="reserved")
    address["reserved"] = kept
    world.notify("reserved_ip_create" if kept else "reserved_ip_delete", address)
    if kept:
        return
    address["tags"] = []
    if not assigned(address):
        world.remove(address)
