"""Synthetic load and traffic of running Linodes, reproducible for each Linode and time.

Each figure is a mean with a rhythm of days and weeks, and waves that come as noise, around it. It is a sum of cosines,
so that its total over any stretch of time is a formula: a point of a graph is the mean of its stretch, and traffic is
the total of the very same figure.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from math import sin, tau
from typing import NamedTuple

from linode.sandbox.core.refusals import Refused
from linode.sandbox.core.schema import Row
from linode.sandbox.core.world import World

from .power_reports import note_stop

__all__ = [
    "DAY",
    "TEMPORARY_STATUSES",
    "Figure",
    "begin_temporary_status",
    "end_temporary_status",
    "figures",
    "is_running",
    "moments",
    "points",
    "set_status",
    "synthetic",
    "uptime",
]

DAY = 24 * 3600
RHYTHM = ((DAY, 0.45), (DAY / 2, 0.12), (7 * DAY, 0.08))
NOISE = ((613, 0.09), (1021, 0.07), (1847, 0.06), (3571, 0.05), (7919, 0.04))
"""Waves: a period in seconds and a part of the mean. All parts together are below 1, so that nothing is negative."""
STAY = ("cloning", "restoring")
"""Statuses in which a Linode goes on running, or being off."""
GO_ON = (*STAY, "running", "shutting_down", "migrating")
"""Statuses in which what has booted goes on; whether it does while migrating depends on the type of the migration."""
TEMPORARY_STATUSES = (*STAY, "resizing", "migrating")
"""Statuses after which a Linode does what it did before."""
MEGABIT = 1_000_000


def set_status(world: World, linode: Row, status: str) -> None:
    """Give *linode* that status, and remember when it was turned on or off by that."""
    switched = linode.setdefault("_switched", [])
    if status not in STAY and (status == "running") != bool(len(switched) % 2):
        switched.append(world.now)
    linode["status"] = status
    if status not in GO_ON:
        note_stop(world, linode)


def begin_temporary_status(world: World, linode: Row, status: str) -> None:
    """Give *linode* one of the `TEMPORARY_STATUSES` for its status. ``_ran`` is whether it runs afterwards."""
    if linode["status"] not in TEMPORARY_STATUSES:
        linode["_ran"] = linode["status"] == "running"
    set_status(world, linode, status)


def end_temporary_status(world: World, linode: Row) -> None:
    """Give *linode* the status that it had before one of the `TEMPORARY_STATUSES`; a new one is off."""
    set_status(world, linode, "running" if linode.pop("_ran", False) else "offline")


def is_running(linode: Row) -> bool:
    """Whether *linode* runs now, whatever is done with it meanwhile."""
    return len(linode.get("_switched", ())) % 2 == 1


def uptime(linode: Row, until: float) -> list[tuple[float, float]]:
    """From when to when *linode* ran, up to the moment *until*."""
    moments = [*linode.get("_switched", ()), until]
    return [(on, off) for on, off in zip(moments[::2], moments[1::2], strict=False) if on < off]


class Figure(NamedTuple):
    """Something a Linode does, so much a second. ``waves`` are frequencies (radians a second), parts and phases."""

    mean: float
    waves: tuple[tuple[float, float, float], ...]

    def before(self, moment: float) -> float:
        """The total up to *moment*, but for a constant."""
        return self.mean * (moment + sum(part / often * sin(often * moment + at) for often, part, at in self.waves))

    def total(self, begin: float, end: float, uptime: Sequence[tuple[float, float]]) -> float:
        """The total between *begin* and *end*, in the periods *uptime* in which the Linode was running."""
        parts = ((max(on, begin), min(off, end)) for on, off in uptime)
        return sum(self.before(off) - self.before(on) for on, off in parts if on < off)


@functools.lru_cache(maxsize=1000)
def figures(linode_id: int) -> dict[str, Figure]:
    """The load of a Linode: ``cpu`` in percent of one CPU, ``io`` in blocks per second, traffic in bits per second.

    It depends only on *linode_id*, so past values never change.
    """
    chance = random.Random(linode_id)
    rhythm = _rhythm(chance)
    sent = chance.uniform(0.1, 1.2) * MEGABIT
    means = {
        "cpu": chance.uniform(4, 40),
        "io": chance.uniform(5, 80),
        "out": sent,
        "in": sent * chance.uniform(0.15, 0.6),
        "out6": sent * chance.uniform(0.05, 0.3),
        "in6": sent * chance.uniform(0.02, 0.15),
    }
    return {name: Figure(mean, _waves(chance, rhythm)) for name, mean in means.items()}


def synthetic(chance: random.Random, **means: float) -> dict[str, Figure]:
    """Figures of those *means*, which share their rhythm of days and weeks."""
    rhythm = _rhythm(chance)
    return {name: Figure(mean, _waves(chance, rhythm)) for name, mean in means.items()}


def _rhythm(chance: random.Random) -> list[tuple[float, float, float]]:
    return [(period, part, chance.uniform(0, tau)) for period, part in RHYTHM]


def _waves(
    chance: random.Random, rhythm: Sequence[tuple[float, float, float]]
) -> tuple[tuple[float, float, float], ...]:
    noise = [(period, part, chance.uniform(0, tau)) for period, part in NOISE]
    return tuple((tau / period, part, phase) for period, part, phase in (*rhythm, *noise))


# -- points of graphs ------------------------------------------------------------------------------------------------


def moments(row: Row, begin: float, end: float, every: int) -> range:
    """A moment for each *every* seconds between *begin* and *end* that *row* was there. Raises `Refused` for none."""
    there = datetime.fromisoformat(row["created"]).replace(tzinfo=UTC).timestamp()
    first = -(-max(begin, there + every) // every) * every
    found = range(int(first), int(end), every)
    if not found:
        raise Refused("Stats are unavailable at this time.")
    return found


def points(figure: Figure, at: range, ran: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Pairs of a time in milliseconds and the mean of *figure* since the moment before."""
    every = at.step
    return [[each * 1000, round(figure.total(each - every, each, ran) / every, 2)] for each in at]
