"""Nodes that leave a pool, for good or to be replaced."""

from __future__ import annotations

from collections.abc import Sequence

from linode.api.linodes.linode import Linode
from linode.api.lke.clusters import LKECluster
from linode.api.lke.pools import LKENode, LKENodePool
from linode.sandbox.engine.locks import refuse_locked
from linode.sandbox.engine.registry import Row, World, job

from ..linodes.linode import delete
from .node_creation import READY, RETRY, add_node, available

__all__ = ["recycle_nodes", "remove_node"]


def remove_node(world: World, node: Row) -> None:
    """Delete *node* and its Linode. Raises `Refused` when the Linode cannot be deleted."""
    world.remove(node)
    if (linode := _linode_of(world, node)) is not None:
        refuse_locked(linode, "delete this Linode")
        delete(world, linode)


def _linode_of(world: World, node: Row) -> Row | None:
    return None if node["instance_id"] is None else world.find(Linode, node["instance_id"])


def recycle_nodes(world: World, cluster: Row, nodes: Sequence[Row]) -> None:
    """Replace *nodes* by new ones: the first now, each of the others once the one before is replaced and ready."""
    recycle_next(world, cluster, list(nodes))


@job("lke.recycle_next", LKECluster, LKENode)
def recycle_next(world: World, cluster: Row, nodes: list[Row]) -> None:
    """Replace the first of the nodes that is still there; later, when its Linode cannot be replaced now."""
    if not nodes:
        return
    first, *rest = nodes
    pool = world.get(LKENodePool, first["pool_id"])
    if not _replaceable(world, pool, first):
        world.later(RETRY, recycle_next, cluster, nodes)
        return
    remove_node(world, first)
    # The vendor's tests recycle the first node, and then see the first one not ready.
    add_node(world, pool, place=first["_number"])
    if rest:
        world.takes(READY, recycle_next, cluster, rest)


def _replaceable(world: World, pool: Row, node: Row) -> bool:
    linode = _linode_of(world, node)
    held = linode is not None and (linode["locks"] or linode["status"] in ("cloning", "restoring"))
    return not held and available(world, pool)
