"""Availability of plans and VPCs in one region. The lists of regions, plans and kernels need no special behaviour."""

from __future__ import annotations

from collections.abc import Sequence

from linode.api.regions import Region, RegionAvailability, RegionVPCAvailability

from ..core.kind import Access, Kind, Lists, Source
from ..engine.registry import Row, World, on

__all__ = ["availability", "vpc_availability"]


VPC = ("vpc:read_only",)
"""The scope of tokens for the availability of VPCs, as recorded; that it takes no token is a guess."""
on.kind(
    Kind(
        of=Region,
        source=Source("/regions"),
        lists=Lists(max_age=900),
        access=Access(scopes={Region.vpc_availability: VPC}),
    )
)
on.kind(
    Kind(
        of=RegionAvailability, source=Source("/regions/availability", keys=("region", "plan")), lists=Lists(max_age=900)
    )
)
on.kind(
    Kind(
        of=RegionVPCAvailability,
        source=Source("/regions/vpc-availability", keys=("region",)),
        access=Access(scopes={"list": VPC}),
    )
)


@on(Region.availability)
def availability(world: World, region: Row) -> Sequence[Row]:
    """The plans whose number is limited, and whether they can be had in *region*."""
    return world.read(RegionAvailability, region)


@on(Region.vpc_availability)
def vpc_availability(world: World, region: Row) -> Row:
    """Whether VPCs can be made in *region*; where the catalogue does not list it, its capabilities tell."""
    known = world.find(RegionVPCAvailability, region["id"])
    return known or {
        "region": region["id"],
        "available": "VPCs" in region["capabilities"],
        "available_ipv6_prefix_lengths": [],
    }
