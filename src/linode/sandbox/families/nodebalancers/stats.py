"""Synthetic connections and traffic of NodeBalancers, like those of Linodes; zero while they have no node.

``_switched`` of a NodeBalancer's row has the moments at which it got its first node and lost its last one.
"""

from __future__ import annotations

import functools
import random
from datetime import UTC, datetime

from linode.api.nodebalancers.nodebalancers import NodeBalancer
from linode.api.nodebalancers.nodes import NodeBalancerNode
from linode.sandbox.engine.registry import Row, World, on

from ..linodes.load import DAY, Figure, is_running, moments, points, synthetic, uptime

__all__ = ["note_traffic", "transfer_of"]

EVERY = 300
"""Seconds between the points."""
MEGABYTE = 1_000_000
MEGABIT = 1_000_000


def note_traffic(world: World, balancer: Row) -> None:
    """Remember that *balancer* has got its first node, or lost its last one."""
    if bool(world.read(NodeBalancerNode, nodebalancer_id=balancer["id"])) != is_running(balancer):
        balancer["_switched"] = [*balancer.get("_switched", ()), world.now]


@functools.lru_cache(maxsize=1000)
def _figures(balancer_id: int) -> dict[str, Figure]:
    """The load of a NodeBalancer: connections per second, and traffic in bits per second."""
    chance = random.Random(f"nodebalancer {balancer_id}")
    sent = chance.uniform(0.1, 2.0) * MEGABIT
    means = {"connections": chance.uniform(0.5, 20), "out": sent, "in": sent * chance.uniform(0.1, 0.5)}
    return synthetic(chance, **means)


@on(NodeBalancer.stats)
def stats(world: World, balancer: Row) -> Row:
    """The last 24 hours, as far as it has been there."""
    at, ran = moments(balancer, world.now - DAY, world.now, EVERY), uptime(balancer, world.now)
    known = {name: points(figure, at, ran) for name, figure in _figures(balancer["id"]).items()}
    return {
        "title": f"linode.com - {balancer['label']} ({balancer['id']}) - day (5 min avg)",
        "data": {"connections": known["connections"], "traffic": {"in": known["in"], "out": known["out"]}},
    }


def transfer_of(world: World, balancer: Row) -> dict[str, float | None]:
    """The traffic of the current month in MB; null before anything was served."""
    ran = uptime(balancer, world.now)
    if not ran:
        return dict.fromkeys(("in", "out", "total"))
    month = datetime.fromtimestamp(world.now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    known = _figures(balancer["id"])
    found = {name: known[name].total(month.timestamp(), world.now, ran) / 8 / MEGABYTE for name in ("in", "out")}
    return {**found, "total": found["in"] + found["out"]}
