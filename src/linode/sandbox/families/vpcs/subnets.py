"""Subnets of VPCs: which ranges they can have, and what keeps them from being deleted."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from linode.api.lke.clusters import LKECluster
from linode.api.vpcs.addresses import VPCIPAddress
from linode.api.vpcs.subnets import VPCSubnet
from linode.api.vpcs.vpcs import VPC
from linode.sandbox.core.kind import Access, Events, Kind, Refusals
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from .addresses import users_of
from .ranges import place_ipv6, range_of, within

__all__ = ["add_subnet", "remove_subnet", "wrong_label"]

Reasons: TypeAlias = list[tuple[str, str | None]]

MAX_SUBNETS = 10
"""Subnets of a VPC: a guess."""
MAX_PREFIX_LENGTH = 29
"""The longest prefix of a subnet's IPv4 range, in bits."""
USUAL_IPV6, MIN_IPV6, MAX_IPV6 = 56, 52, 62
"""Prefix lengths of a subnet's IPv6 range: the usual one, which is a guess, and the bounds."""
LABEL = re.compile(r"[a-zA-Z0-9-]+")

on.kind(
    Kind(
        of=VPCSubnet,
        events=Events("subnet"),
        refusals=Refusals(unique="subnets"),  # a guess at the word
        access=Access(scopes={"list": (), "get": (), VPC.subnets: ()}),
    )
)


@on.show(VPCSubnet, "linodes", "databases", "nodebalancers")
def _show(world: World, subnet: Row) -> Row:
    return {**subnet, **users_of(world, subnet)}


@on.create(VPCSubnet)
def create(world: World, vpc: Row, label: str, ipv4: str | None = None, ipv6: Sequence[Mapping[str, Any]] = ()) -> Row:
    """Create a subnet in a VPC."""
    vpc["updated"] = world.stamp()
    return add_subnet(world, vpc, label, ipv4, ipv6)


def add_subnet(
    world: World,
    vpc: Row,
    label: str,
    ipv4: str | None = None,
    ipv6: Sequence[Mapping[str, Any]] = (),
    *,
    field: str = "",
) -> Row:
    """The row of a new subnet of *vpc*; *field* is what the names of its members begin with in refusals.

    Raises `Refused` when the label or a range is not valid, or taken.
    """
    siblings = world.rows(VPCSubnet, vpc)
    if len(siblings) >= MAX_SUBNETS:
        raise Refused(f"A VPC has at most {MAX_SUBNETS} subnets")  # a guess
    reasons = wrong_label(label, f"{field}label") + _wrong_ipv4(vpc, siblings, ipv4, f"{field}ipv4")
    try:
        ranges = _ipv6(vpc, siblings, ipv6, f"{field}ipv6")
    except Refused as refused:
        raise Refused.all([*reasons, *refused.reasons]) from None
    rules.refuse_for(reasons)
    rules.ensure_unique(world, VPCSubnet, label, vpc, field=f"{field}label")
    subnet = world.add(
        VPCSubnet,
        vpc,
        label=label,
        ipv4=ipv4,
        ipv6=ranges,
        vpc_type=vpc["vpc_type"],
    )
    world.events.notify("subnet_create", subnet)
    return subnet


def wrong_label(label: str, field: str = "label") -> Reasons:
    """The reasons to refuse the label of a VPC or of a subnet."""
    if LABEL.fullmatch(label) is None:
        # Newer recordings say "underscores", also where underscores are refused.
        return [("Must only use ASCII letters, numbers, and dashes", field)]
    return [("Must not contain two dashes in a row", field)] if "--" in label else []  # a guess at the words


def _wrong_ipv4(vpc: Row, siblings: Sequence[Row], ipv4: str | None, field: str) -> Reasons:
    """The reasons to refuse the IPv4 range of a subnet of *vpc* beside its *siblings*."""
    if ipv4 is None:
        return [("ipv4 is required", field)]  # a guess: no subnet without IPv4 is on record
    network = range_of(ipv4, 4)
    if network is None:
        return [("Must be an IPv4 network", field)]
    if not 1 <= network.prefixlen <= MAX_PREFIX_LENGTH:
        return [(f"Prefix length must be 1-{MAX_PREFIX_LENGTH}", field)]  # own words
    if not any(within(network, ipaddress.IPv4Network(each["range"])) for each in vpc["ipv4"]):
        return [("Must be within the IPv4 ranges of the VPC", field)]  # own words
    if any(ipaddress.IPv4Network(each["ipv4"]).overlaps(network) for each in siblings):
        return [("Must not overlap another subnet of the VPC", field)]  # own words
    return []


def _ipv6(vpc: Row, siblings: Sequence[Row], wanted: Sequence[Mapping[str, Any]], field: str) -> list[Row] | None:
    """The IPv6 ranges of a subnet of *vpc*."""
    if not wanted:
        return None
    if not vpc["ipv6"]:
        raise Refused("The VPC has no IPv6", field=field)  # own words
    if len(wanted) > 1:
        raise Refused("A subnet has at most one IPv6 range", field=field)  # own words
    used = [ipaddress.IPv6Network(each["ipv6"][0]["range"]) for each in siblings if each["ipv6"]]
    whole, bounds = vpc["ipv6"][0]["range"], (MIN_IPV6, MAX_IPV6)
    found = place_ipv6(whole, wanted[0].get("range"), used, USUAL_IPV6, bounds, f"{field}[0].range")
    return [{"range": str(found)}]


@on.update(VPCSubnet)
def update(world: World, subnet: Row, **changes: Any) -> Row:
    """Change the label."""
    rules.refuse_for(wrong_label(changes["label"]) if "label" in changes else [])
    rules.update_one(world, VPCSubnet, subnet, **changes)
    world.events.notify("subnet_update", subnet)
    return subnet


@on.delete(VPCSubnet)
def delete(world: World, subnet: Row) -> None:
    """Delete it, unless something has an address there."""
    if world.read(VPCIPAddress, subnet_id=subnet["id"]) or world.read(LKECluster, subnet_id=subnet["id"]):
        raise Refused("Cannot delete a subnet with resources attached")  # a guess, after the words for VPCs
    remove_subnet(world, subnet)


def remove_subnet(world: World, subnet: Row) -> None:
    """Take away a subnet that nothing uses."""
    world.events.notify("subnet_delete", subnet)
    world.remove(subnet)
