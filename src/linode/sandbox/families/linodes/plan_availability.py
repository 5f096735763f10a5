"""Which plans can be had where."""

from __future__ import annotations

from linode.api.regions import Region, RegionAvailability
from linode.api.types import Type
from linode.sandbox.core.refusals import Refused
from linode.sandbox.core.world import World

__all__ = ["SOLD_OUT", "available", "set_available"]

SOLD_OUT = "The Linode plan you chose is not currently available in the selected region"


def available(world: World, region: str, type: str) -> bool:
    """Whether Linodes of *type* can be had in *region*; those that the API does not list are not limited."""
    known = world.find(RegionAvailability, f"{region}/{type}")
    return known is None or bool(known["available"])


def set_available(world: World, region: str, type: str, *, available: bool) -> None:
    """Let Linodes of *type* be had in *region*, or not. Raises `Refused` when there is no such region or type."""
    for cls, id, field in ((Region, region, "region"), (Type, type, "type")):
        if world.find(cls, id) is None:
            raise Refused(f"There is no {field} {id!r}", field=field)  # own words
    row = world.one(RegionAvailability, id=f"{region}/{type}", region=region, plan=type)
    row.pop("id", None)  # the API shows none
    row["available"] = available
