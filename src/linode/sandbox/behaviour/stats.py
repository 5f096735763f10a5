"""Load and traffic of Linodes. Nothing runs on those of the sandbox, so all that is measured is nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from ...api.linodes import Linode
from ..registry import Refused, Row, World, on

DAY = 24 * 3600
EVERY = 300
"""Seconds between the points of a day."""
EVERY_IN_MONTH = 2 * 3600


@on(Linode.stats)
def stats(world: World, linode: Row) -> Row:
    """The last 24 hours, as far as it has been there."""
    return _stats(linode, world.now - DAY, world.now, EVERY, "day (5 min avg)")


@on(Linode.stats_for)
def stats_for(world: World, linode: Row, year: int, month: int) -> Row:
    """A month, as far as it has been there and the month has passed."""
    begin, end = _month(year, month)
    return _stats(linode, begin, min(end, world.now), EVERY_IN_MONTH, f"{year}-{month:02} (2 hr avg)")


def _month(year: int, month: int) -> tuple[float, float]:
    """When a month begins and ends, in seconds since 1970."""
    first = datetime(year, month, 1, tzinfo=UTC)
    next_ = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return first.timestamp(), next_.timestamp()


def _stats(linode: Row, begin: float, end: float, every: int, span: str) -> Row:
    """A point for each *every* seconds between *begin* and *end* that the Linode was there; there are none at first."""
    there = datetime.fromisoformat(linode["created"]).replace(tzinfo=UTC).timestamp()
    first = -(-max(begin, there + every) // every) * every
    points = [[int(at) * 1000, 0.0] for at in range(int(first), int(end), every)]
    if not points:
        raise Refused("Stats are unavailable at this time.")
    network = {"in": points, "out": points, "private_in": points, "private_out": points}
    return {
        "title": f"linode.com - {linode['label']} (linode{linode['id']}) - {span}",
        "data": {"cpu": points, "io": {"io": points, "swap": points}, "netv4": network, "netv6": network},
    }


@on(Linode.transfer)
def transfer(_world: World, linode: Row) -> Row:
    """This month: nothing used, of what the type gives."""
    return {"used": 0, "quota": linode["specs"]["transfer"], "billable": 0}


@on(Linode.transfer_for)
def transfer_for(world: World, _linode: Row, year: int, month: int) -> Row:
    """A month that has begun."""
    if _month(year, month)[0] > world.now:
        raise Refused("Must be the current month or one in the past", field="month")
    return {"bytes_in": 0, "bytes_out": 0, "bytes_total": 0}
