"""VPCs: created with subnets, changed, and deleted once nothing uses them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.lke.clusters import LKECluster
from linode.api.regions import Region, RegionVPCAvailability
from linode.api.vpcs.addresses import VPCIPAddress
from linode.api.vpcs.subnets import VPCSubnet
from linode.api.vpcs.vpcs import VPC, VPCsMixin
from linode.sandbox.core import catalogue
from linode.sandbox.core.kind import Access, Events, Grant, Kind, Operations, Refusals
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from .ranges import first_gap, range_of
from .subnets import Reasons, add_subnet, remove_subnet, wrong_label

__all__: list[str] = []

MAX_VPCS = 10
"""VPCs of an account: a guess."""
DEFAULT_RANGES = "/vpcs/default-ranges"
CUSTOM, STACKS = "Custom VPC IPv4 Ranges", {"VPC IPv6 Stack", "VPC Dual Stack"}
USUAL_IPV6 = 52
"""Prefix length of a VPC's IPv6 range."""
POOL = ipaddress.IPv6Network("2600:3c11::/32")
"""The network from which the IPv6 ranges of all VPCs are allocated: the sandbox's choice among Linode's ranges."""

on.kind(
    Kind(
        of=VPC,
        events=Events("vpc", notify=("update",)),
        operations=Operations(
            # The counts are on record; that they hold for a minute is a guess.
            limits={"create": ((15, 60),), "update": ((20, 60),)},
        ),
        refusals=Refusals(unique="VPCs"),
        access=Access(scopes={"list": (), "get": (), VPCsMixin.get_vpc_default_ranges: ()}),
        grant=Grant("vpc"),
    )
)


@on(VPCsMixin.get_vpc_default_ranges)
def default_ranges(*_: Any) -> Row:
    """The ranges of a VPC by default, and those that no VPC can have."""
    return catalogue.objects_at(DEFAULT_RANGES)[0]


@on.show(VPC, "subnets")
def _show(world: World, vpc: Row) -> Row:
    return {**vpc, "subnets": [rules.show(world, each) for each in world.rows(VPCSubnet, vpc)]}


@on.create(VPC)
def create(
    world: World,
    label: str,
    region: str,
    description: str = "",
    ipv4: Sequence[Mapping[str, Any]] = (),
    ipv6: Sequence[Mapping[str, Any]] = (),
    subnets: Sequence[Mapping[str, Any]] = (),
    vpc_type: str = "regular",
) -> Row:
    """Create a VPC, with its subnets."""
    place = world.get(Region, region)
    rules.refuse_for(wrong_label(label))
    if "VPCs" not in place["capabilities"]:
        raise Refused("VPCs are not available in this region", field="region")  # a guess at the words
    if len(world.read(VPC)) >= MAX_VPCS:
        raise Refused(f"An account has at most {MAX_VPCS} VPCs")  # a guess
    vpc = rules.create(
        world,
        VPC,
        label=label,
        region=region,
        description=description,
        ipv4=_ranges(place, ipv4) if ipv4 else _defaults(),
        vpc_type=vpc_type,
        ipv6=_ipv6(world, place, ipv6, vpc_type),
    )
    world.events.notify("vpc_create", vpc)
    for at, each in enumerate(subnets):
        wanted = {name: each[name] for name in ("label", "ipv4", "ipv6") if each.get(name) is not None}
        add_subnet(world, vpc, **wanted, field=f"subnets[{at}].")
    return vpc


def _defaults() -> list[Row]:
    ranges = sorted(map(ipaddress.IPv4Network, default_ranges()["default_ipv4_ranges"]))
    return [{"range": str(each)} for each in ranges]


def _ranges(region: Row, wanted: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The IPv4 ranges that a VPC in *region* is to have. Raises `Refused` for every one that it cannot have."""
    if CUSTOM not in region["capabilities"]:
        # On record one by one; that all come in one answer is a guess.
        own = [("You must not use any custom IPv4 range for VPCs.", f"ipv4[{at}].range") for at in range(len(wanted))]
        raise Refused.all([("Customer defined IPv4 ranges are not supported in this region", "ipv4"), *own])
    forbidden = [ipaddress.IPv4Network(each) for each in default_ranges()["forbidden_ipv4_ranges"]]
    before: list[Any] = []
    reasons: Reasons = []
    for at, each in enumerate(wanted):
        network, field = range_of(each.get("range") or "", 4), f"ipv4[{at}].range"
        if network is None:
            reasons.append(("Must be an IPv4 network", field))
        elif (other := next((each for each in forbidden if network.overlaps(each)), None)) is not None:
            reasons.append((f"The IPv4 range {network} overlaps with the forbidden IPv4 range {other}", field))
        elif any(network.overlaps(other) for other in before):
            reasons.append(("Must not overlap another range of the VPC", field))  # own words
        else:
            before.append(network)
    rules.refuse_for(reasons)
    return [{"range": str(each)} for each in before]


def _ipv6(world: World, region: Row, wanted: Sequence[Mapping[str, Any]], vpc_type: str) -> list[Row] | None:
    """The IPv6 ranges that a new VPC in *region* gets."""
    if not wanted:
        return None
    if vpc_type == "rdma":
        raise Refused("RDMA VPCs cannot have IPv6 ranges", field="ipv6")  # on record
    if not STACKS & set(region["capabilities"]):
        raise Refused("VPCs in this region cannot have IPv6 ranges", field="ipv6")  # own words
    if len(wanted) > 1:
        raise Refused("A VPC has at most one IPv6 range", field="ipv6")  # own words
    known = world.find(RegionVPCAvailability, region["id"])
    prefixes = sorted({USUAL_IPV6, *(known["available_ipv6_prefix_lengths"] if known else ())})
    texts = {"auto": USUAL_IPV6, **{f"/{each}": each for each in prefixes}}
    text = wanted[0].get("range") or "auto"
    if text not in texts:
        raise Refused(f"Must be one of {', '.join(texts)}", field="ipv6[0].range")  # own words
    used = [ipaddress.IPv6Network(each["ipv6"][0]["range"]) for each in world.read(VPC) if each["ipv6"]]
    start = first_gap(int(POOL[0]), int(POOL[-1]), 1 << (128 - texts[text]), used)
    if start is None:
        raise LookupError(f"all of {POOL} is in use")
    return [{"range": str(ipaddress.IPv6Network((start, texts[text])))}]


@on.update(VPC)
def update(world: World, vpc: Row, **changes: Any) -> Row:
    """Change it; the subnets stay within its ranges."""
    rules.refuse_for(wrong_label(changes["label"]) if "label" in changes else [])
    if "ipv4" in changes:
        changes["ipv4"] = _ranges(world.get(Region, vpc["region"]), changes["ipv4"])
        whole = [ipaddress.IPv4Network(each["range"]) for each in changes["ipv4"]]
        for each in world.rows(VPCSubnet, vpc):
            if not any(ipaddress.IPv4Network(each["ipv4"]).subnet_of(one) for one in whole):
                raise Refused(f"The ranges must hold the subnet {each['label']}", field="ipv4")  # own words
    return rules.update_one(world, VPC, vpc, **changes)


@on.delete(VPC)
def delete(world: World, vpc: Row) -> None:
    """Delete it with all its subnets, or not at all."""
    if world.read(VPCIPAddress, vpc_id=vpc["id"]) or world.read(LKECluster, vpc_id=vpc["id"]):
        raise Refused("Cannot delete a VPC with resources attached")  # on record
    for each in world.rows(VPCSubnet, vpc):
        remove_subnet(world, each)
    world.events.notify("vpc_delete", vpc)
    world.remove(vpc)
