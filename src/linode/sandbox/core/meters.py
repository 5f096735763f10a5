"""Meters: the periods in which services existed, and their prices. Invoices are computed from them.

A family registers the prices of its rows (``@on.charges(Volume)``); at the end of each transaction the meters of the
rows that it has taken are updated. A meter is a row of ``_Meter``: ``began`` and ``ended`` are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .schema import Row
    from .world import World

__all__ = ["CHARGES", "Charge", "Meters"]


class Charge(NamedTuple):
    """The price of a service that an object has."""

    service: str
    """The service: an object has one meter for each."""
    label: str
    """The label on invoices."""
    region: str | None
    hourly: float
    """US dollars for each hour, including a partial one."""
    monthly: float | None
    """Maximum US dollars for a month."""

    @property
    def price(self) -> dict[str, Any]:
        """The members whose change ends the meter and begins another."""
        return {"service": self.service, "region": self.region, "hourly": self.hourly, "monthly": self.monthly}


CHARGES: dict[str, Callable[[World, Row], Iterable[Charge]]] = {}
"""The functions for the charges of a row, by the table's name."""


class Meters:
    """The meters of the account *world*."""

    def __init__(self, world: World) -> None:
        self._world = world

    def read(self, taken: Callable[[str], Mapping[str, Row | None]]) -> None:
        """Update the meters of the rows that a transaction has taken: by table and key, None for deleted rows."""
        for table, charges in CHARGES.items():
            for key, row in taken(table).items():
                self._set(f"{table}/{key}", () if row is None else charges(self._world, row))

    def _set(self, entity: str, charges: Iterable[Charge]) -> None:
        """End the running meters of *entity* that are not among its *charges*, and begin new ones."""
        world, wanted = self._world, list(charges)
        for meter in world.read("_Meter", entity=entity, running=True):
            same = next((each for each in wanted if each.price.items() <= meter.items()), None)
            if same is None:
                world.get("_Meter", meter["id"]).update(ended=world.now, running=False)
                continue
            wanted.remove(same)
            if meter["label"] != same.label:
                world.get("_Meter", meter["id"])["label"] = same.label
        for each in wanted:
            started = {"label": each.label, "began": world.now, "ended": None, "running": True}
            world.add("_Meter", entity=entity, **each.price, **started)
