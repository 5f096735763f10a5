"""Addresses and ranges that move between Linodes, and that Linodes share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.linodes.linode import Linode
from linode.api.networking.ip_assignments import IPAssignmentsMixin
from linode.api.networking.ips import IPAddress
from linode.api.networking.ipv6 import IPv6Range
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..linodes.ip_rows import addresses, assign_address, unassign_address
from .ips import ONE_PRIVATE, ONE_PUBLIC, OWN_INTERFACES
from .shares import cidr, route, share

__all__: list[str] = []

UNKNOWN = "IP Address not found."


# -- assigning -------------------------------------------------------------------------------------------------------


@on(IPAssignmentsMixin.assign_ips, unchecked=("assignments",))
@on(IPAssignmentsMixin.assign_ipv4s, unchecked=("assignments",))
def assign(world: World, region: str, assignments: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Move all of them, and look at what comes of it then: addresses can be swapped.

    Events tell of reserved addresses alone; whether the API has some for others is not known.
    """
    if assignments is None:
        raise Refused("assignments is required", field="assignments")
    moves = [
        (_movable(world, region, each["address"]), _linode(world, region, each["linode_id"])) for each in assignments
    ]
    involved = {linode["id"]: linode for _, linode in moves}
    for row, _ in moves:
        if row.get("linode_id") is not None:
            involved[row["linode_id"]] = world.get(Linode, row["linode_id"])
    for row, linode in moves:
        _move(world, row, linode)
    for linode in involved.values():
        _refuse_outcome(world, linode)


def _linode(world: World, region: str, linode_id: int) -> Row:
    linode = world.find(Linode, linode_id)
    if linode is None:
        raise Refused(f"Invalid Linode ID {linode_id}")
    if linode["region"] != region:
        raise Refused(f"Linode {linode_id} is not in the region {region}")  # own words
    if linode["interface_generation"] == "linode":
        raise Refused(OWN_INTERFACES)
    return linode


def _movable(world: World, region: str, address: str) -> Row:
    """The row of an IPv4 address, or of a range. Raises `Refused` when it cannot be moved."""
    found = _named(world, address)
    if found["region"] != region:
        raise Refused(f"{address} is not in the region {region}")  # own words
    if found["_kind"] == "IPv6Range":
        if "/" not in address:
            raise Refused(UNKNOWN)  # a guess: that the prefix length belongs to it stands in the reference
        if found["is_bgp"]:
            raise Refused(f"{address} is shared between Linodes")  # own words
    elif found["type"] != "ipv4":
        raise Refused(f"{address} cannot be assigned to another Linode")  # own words
    elif found["interface_id"] is not None:
        raise Refused(OWN_INTERFACES)
    elif found.get("_nodebalancer") is not None:
        raise Refused(f"{address} is assigned to a NodeBalancer")  # own words
    return found


def _named(world: World, address: str) -> Row:
    """The row of an address, or of a range with or without its prefix length."""
    range_ = world.find(IPv6Range, address.partition("/")[0])
    if range_ is not None and address in (range_["range"], cidr(range_)):
        return range_
    row = world.find(IPAddress, address)
    if row is None:
        raise Refused(UNKNOWN)
    return row


def _move(world: World, row: Row, linode: Row) -> None:
    if row["_kind"] == "IPv6Range":
        route(world, row, linode)
    elif row["linode_id"] != linode["id"]:
        unassign_address(world, row)
        assign_address(world, row, linode)
        row["_shared"] = [each for each in row.get("_shared", []) if each != linode["id"]]


def _refuse_outcome(world: World, linode: Row) -> None:
    """Raise a refusal when *linode* has no public address now, or several private ones."""
    if not addresses(world, linode, public=True):
        raise Refused(ONE_PUBLIC)
    if len(addresses(world, linode, public=False)) > 1:
        raise Refused(ONE_PRIVATE)


# -- sharing ---------------------------------------------------------------------------------------------------------


@on(IPAssignmentsMixin.share_ips, unchecked=("ips",))
@on(IPAssignmentsMixin.share_ipv4s, unchecked=("ips",))
def share_ips(world: World, linode_id: int, ips: Sequence[str] | None = None) -> None:
    """Share exactly these with a Linode. That a range may be shared with a Linode before its own shares it: a guess."""
    if ips is None:
        raise Refused("ips is required", field="ips")
    linode = world.get(Linode, linode_id)
    share(world, linode, [_shareable(world, linode, each) for each in ips])


def _shareable(world: World, linode: Row, address: str) -> Row:
    """The row of what can be shared with *linode*. An unknown one is refused as when it is assigned: a guess."""
    found = _named(world, address)
    if found["region"] != linode["region"]:
        raise Refused(f"{address} is not in the region of the Linode")  # own words
    if found["_kind"] == "IPv6Range":
        return found
    if found["type"] != "ipv4" or found["linode_id"] in (None, linode["id"]):
        raise Refused(f"{address} is not an IPv4 address of another Linode")  # own words
    return found
