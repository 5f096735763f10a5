"""Meters: what was there from when to when, and at which price. Bills are made of them.

A family registers what its rows cost (``@on.charges(Volume)``); at the end of each transaction the meters of the rows
that it has taken are read. A meter is a row of ``_Meter``: ``began`` and ``ended`` are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .kinds import Row
    from .world import World

__all__ = ["CHARGES", "Charge", "read_meters"]


class Charge(NamedTuple):
    """The price of a service that an object has."""

    service: str
    """The service: an object has one meter for each."""
    label: str
    """How bills call it."""
    region: str | None
    hourly: float
    """US dollars for an hour, one that has begun included."""
    monthly: float | None
    """US dollars that a month costs at most."""

    @property
    def price(self) -> dict[str, Any]:
        """The members of a meter that another price, or place, begins anew."""
        return {"service": self.service, "region": self.region, "hourly": self.hourly, "monthly": self.monthly}


CHARGES: dict[str, Callable[[World, Row], Iterable[Charge]]] = {}
"""What the rows of a table cost, by its name."""


def read_meters(world: World, table: str, key: str, charges: Iterable[Charge]) -> None:
    """Let the row *key* of *table* cost *charges* from now on: end the other meters that run, and begin new ones."""
    entity = f"{table}/{key}"
    wanted = list(charges)
    for meter in world.read("_Meter", entity=entity, running=True):
        same = next((each for each in wanted if each.price.items() <= meter.items()), None)
        if same is None:
            world.get("_Meter", meter["id"]).update(ended=world.now, running=False)
            continue
        wanted.remove(same)
        if meter["label"] != same.label:
            world.get("_Meter", meter["id"])["label"] = same.label
    for each in wanted:
        world.add("_Meter", entity=entity, **each.price, label=each.label, began=world.now, ended=None, running=True)
