"""Nodes of NodeBalancers: created, changed, deleted, and whether they are up.

``_host`` of a node's row is its address without the port, as `linode_at` takes it. A node is checked ``check_interval``
seconds after it was made, ``_checked``; from then on it is up while the Linode with the address runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from linode.api.linodes.linode import Linode
from linode.api.nodebalancers.nodebalancers import NodeBalancer
from linode.api.nodebalancers.nodes import NodeBalancerNode
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.core.refusals import missing_members
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..linodes.load import is_running
from .connectivity import backend_of, hosts_of, linode_at
from .stats import note_traffic

__all__ = ["add_node", "change_node", "forget_linode", "is_up", "most_nodes"]

MAX_NODES = {"common": 1000}
MAX_NODES_OF_PREMIUM = 2000
"""Nodes of a configuration."""
MODES = ("accept", "reject", "drain", "backup")

on.kind(
    Kind(
        of=NodeBalancerNode,
        access=Access(
            scopes={"get": ("nodebalancers:read_write",)},  # so it stands in the reference
        ),
    )
)


def most_nodes(balancer: Row) -> int:
    """The number of nodes that a configuration of *balancer* can have."""
    return MAX_NODES.get(balancer["type"], MAX_NODES_OF_PREMIUM)


# -- making and changing ---------------------------------------------------------------------------------------------


def add_node(
    world: World,
    config: Row,
    label: str | None = None,
    address: str | None = None,
    mode: str | None = None,
    weight: int = 50,
    subnet_id: int | None = None,
    prefix: str = "",
) -> Row:
    """A new node of *config*; makes no event. *prefix* is where the fields of refusals begin.

    Raises `Refused` when the label or the address is missing, or the address is not that of a back end.
    """
    if label is None or address is None:
        raise Refused.all(missing_members({"label": label, "address": address}, ("label", "address"), prefix))
    balancer = world.parent(config)
    if len(world.read(NodeBalancerNode, config)) >= most_nodes(balancer):
        # Refused for certain, in words of the sandbox's own.
        raise Refused(f"A configuration has at most {most_nodes(balancer)} nodes", field=prefix.rstrip(".") or None)
    backend = backend_of(world, balancer, address, subnet_id, prefix)
    node = world.add(
        NodeBalancerNode,
        config,
        label=label,
        address=address,
        mode=_mode(config, mode, prefix),
        weight=weight,
        config_id=config["id"],
        nodebalancer_id=balancer["id"],
        vpc_config_id=backend.vpc_config_id,
        _host=backend.host,
        _checked=world.now + world.duration(config["check_interval"]),
    )
    note_traffic(world, balancer)
    return node


def _mode(config: Row, mode: str | None, prefix: str) -> str:
    """The mode of a node of *config*. That the API refuses the others is a guess."""
    allowed = ("none",) if config["protocol"] == "udp" else MODES
    if mode is not None and mode not in allowed:
        raise Refused(f"Must be one of {', '.join(allowed)}", field=f"{prefix}mode")
    return mode or allowed[0]


def change_node(
    world: World,
    node: Row,
    *,
    address: str | None = None,
    mode: str | None = None,
    subnet_id: int | None = None,
    prefix: str = "",
    **members: Any,
) -> None:
    """Update the members of *node* that were sent; a new address resets its status. Raises `Refused` as `add_node`."""
    config = world.parent(node)
    if subnet_id is not None and address is None:
        raise Refused("address is required with subnet_id", field=f"{prefix}address")  # in words of the sandbox's own
    if mode is not None:
        node["mode"] = _mode(config, mode, prefix)
    if address is not None:
        backend = backend_of(world, world.parent(config), address, subnet_id, prefix)
        node |= {"address": address, "_host": backend.host, "vpc_config_id": backend.vpc_config_id}
        node["_checked"] = world.now + world.duration(config["check_interval"])
    node |= members


@on.create(NodeBalancerNode)
def create(world: World, config: Row, nodebalancer: Row, **members: Any) -> Row:
    """Add a node."""
    node = add_node(world, config, **members)
    world.events.notify("nodebalancer_node_create", nodebalancer)
    return node


@on.update(NodeBalancerNode)
def update(world: World, node: Row, nodebalancer: Row, **changes: Any) -> Row:
    """Change a node."""
    change_node(world, node, **changes)
    world.events.notify("nodebalancer_node_update", nodebalancer)
    return node


@on.delete(NodeBalancerNode)
def delete(world: World, node: Row, nodebalancer: Row) -> None:
    """Delete a node."""
    _remove(world, [node])
    world.events.notify("nodebalancer_node_delete", nodebalancer)


def _remove(world: World, nodes: Iterable[Row]) -> None:
    for node in nodes:
        balancer = world.parent(world.parent(node))
        world.remove(node)
        note_traffic(world, balancer)


# -- health ----------------------------------------------------------------------------------------------------------


@on.show(NodeBalancerNode, "status", "subnet_id")
def _show(world: World, node: Row) -> Row:
    """Set the node's current status, and remove its write-only member."""
    status = "Unknown" if world.now < node["_checked"] else "UP" if is_up(world, node) else "DOWN"
    return {**{name: value for name, value in node.items() if name != "subnet_id"}, "status": status}


def is_up(world: World, node: Row) -> bool:
    """Whether *node* was checked and the Linode with its address runs.

    All checks see that, whatever they ask, also where there are none: a guess. Attempts that fail take no time here.
    """
    linode = linode_at(world, node["_host"])
    return linode is not None and world.now >= node["_checked"] and is_running(linode)


def _nodes_of(world: World, linode: Row) -> list[Row]:
    return [node for host in hosts_of(world, linode) for node in world.rows(NodeBalancerNode, _host=host)]


def forget_linode(world: World, linode: Row) -> None:
    """Delete the nodes of *linode* before it is deleted, without events (a guess)."""
    _remove(world, _nodes_of(world, linode))


@on(Linode.nodebalancers)
def nodebalancers(world: World, linode: Row) -> list[Row]:
    """The NodeBalancers that have a node of the Linode."""
    found = {node["nodebalancer_id"] for node in _nodes_of(world, linode)}
    return [world.get(NodeBalancer, each) for each in sorted(found)]
