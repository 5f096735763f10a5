"""Load and traffic of Linodes, as `linode.sandbox.load` makes them up: nothing while a Linode is off."""

from __future__ import annotations

from datetime import UTC, datetime

from linode.api.linodes.linode import Linode
from linode.sandbox.engine.registry import Refused, Row, World, on

from .load import DAY, figures, moments, points, uptime

EVERY = 300
"""Seconds between the points of a day."""
EVERY_IN_MONTH = 2 * 3600
GB = 1_000_000_000


@on(Linode.stats)
def stats(world: World, linode: Row) -> Row:
    """The last 24 hours, as far as it has been there."""
    return _stats(world, linode, world.now - DAY, world.now, EVERY, "day (5 min avg)")


@on(Linode.stats_for)
def stats_for(world: World, linode: Row, year: int, month: int) -> Row:
    """A month, as far as it has been there and the month has passed."""
    begin, end = _month(year, month)
    return _stats(world, linode, begin, min(end, world.now), EVERY_IN_MONTH, f"{year}-{month:02} (2 hr avg)")


def _month(year: int, month: int) -> tuple[float, float]:
    """The begin and the end of a month, in seconds since 1970."""
    first = datetime(year, month, 1, tzinfo=UTC)
    next_ = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return first.timestamp(), next_.timestamp()


def _stats(world: World, linode: Row, begin: float, end: float, every: int, span: str) -> Row:
    """A point for each *every* seconds between *begin* and *end* that the Linode was there; there are none at first.

    A point is the mean of the time since the one before.
    """
    at = moments(linode, begin, end, every)
    ran = uptime(linode, world.now)
    known = {name: points(figure, at, ran) for name, figure in figures(linode["id"]).items()}
    zero = [[moment * 1000, 0.0] for moment in at]
    private = {"private_in": zero, "private_out": zero}
    return {
        "title": f"linode.com - {linode['label']} (linode{linode['id']}) - {span}",
        "data": {
            "cpu": known["cpu"],
            "io": {"io": known["io"], "swap": zero},
            "netv4": {"in": known["in"], "out": known["out"], **private},
            "netv6": {"in": known["in6"], "out": known["out6"], **private},
        },
    }


@on(Linode.transfer)
def transfer(world: World, linode: Row) -> Row:
    """The running month: ``used`` in bytes, of what the type gives in GB."""
    today = datetime.fromtimestamp(world.now, UTC)
    used, quota = sum(_traffic(world, linode, today.year, today.month)), linode["specs"]["transfer"]
    return {"used": used, "quota": quota, "billable": max(used // GB - quota, 0)}


@on(Linode.transfer_for)
def transfer_for(world: World, linode: Row, year: int, month: int) -> Row:
    """A month that has begun."""
    if _month(year, month)[0] > world.now:
        raise Refused("Must be the current month or one in the past", field="month")  # own words
    received, sent = _traffic(world, linode, year, month)
    return {"bytes_in": received, "bytes_out": sent, "bytes_total": received + sent}


def _traffic(world: World, linode: Row, year: int, month: int) -> tuple[int, int]:
    """The bytes received and sent in a month so far, over both versions of IP."""
    begin, end = _month(year, month)
    known, ran = figures(linode["id"]), uptime(linode, world.now)

    def total(*names: str) -> int:
        return int(sum(known[name].total(begin, end, ran) for name in names) / 8)

    return total("in", "in6"), total("out", "out6")
