"""NodeBalancers: changing and deleting them."""

from __future__ import annotations

from linode.api.nodebalancers import NodeBalancer

from ..engine.registry import Kind, Row, World, on
from .networking.firewalls import detach_all

__all__ = ["delete"]

on.kind(
    Kind(
        of=NodeBalancer,
        event="nodebalancer",
        grant="nodebalancer",
        plural="NodeBalancers",  # a guess: the refusal is on record for other things alone
        update=True,
        notify=("update", "delete"),
    )
)


@on.delete(NodeBalancer)
def delete(world: World, nodebalancer: Row) -> None:
    """Delete it; the firewalls in front of it stay."""
    detach_all(world, nodebalancer)
    world.remove(nodebalancer)
