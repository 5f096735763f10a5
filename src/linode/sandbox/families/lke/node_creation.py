"""Nodes that join a pool: their Linodes, and the time until they are ready.

A node is the row of an `LKENode` below its cluster. ``_number`` is its place among the nodes of the cluster.
"""

from __future__ import annotations

from collections.abc import Sequence

from linode.api.linodes.linode import Linode
from linode.api.lke.clusters import LKECluster
from linode.api.lke.pools import LKENode, LKENodePool
from linode.api.networking.firewalls import Firewall
from linode.api.vpcs.subnets import VPCSubnet
from linode.sandbox.engine.registry import Row, World, job

from ..linodes import plan_availability
from ..linodes.create import CREATE, add_linode, finish_create
from ..linodes.ip_rows import add_ipv4, add_slaac
from ..linodes.power import start_boot
from ..linodes.rows import add_config, add_disk
from ..networking import firewalls
from ..vpcs.addresses import has_room

__all__ = ["READY", "RETRY", "add_node", "available", "fill_up", "nodes_of", "replace_deleted_linode"]

ASSIGN = 8.0
"""Seconds until a node that has no Linode at once has one."""
READY = 100.0
"""Seconds from the creation of a node's Linode until the node is ready: one to five minutes at Linode."""
REPLACE = 30.0
"""Seconds until a node whose Linode was deleted has another one: a guess."""
RETRY = 60.0
"""Seconds until the cluster tries again what was not possible: its plan was sold out, or its subnet full."""


def nodes_of(world: World, pool: Row) -> list[Row]:
    """The nodes of *pool*, oldest first."""
    found = world.rows(LKENode, world.parent(pool), pool_id=pool["id"])
    return sorted(found, key=lambda each: each["_number"])


def available(world: World, pool: Row) -> bool:
    """Whether Linodes for *pool* can be had, and have room in the subnet of its cluster."""
    cluster = world.parent(pool)
    subnet = None if cluster["subnet_id"] is None else world.find(VPCSubnet, cluster["subnet_id"])
    return plan_availability.available(world, cluster["region"], pool["type"]) and (
        subnet is None or has_room(world, subnet)
    )


def add_node(world: World, pool: Row, *, seconds: float = 0, place: int | None = None) -> Row:
    """Add a node to *pool*, whose Linode is created now, or in some *seconds*: at the end, or at the *place*."""
    cluster = world.parent(pool)
    cluster["_number"] = cluster.get("_number", 0) + 1
    node = world.add(
        LKENode,
        cluster,
        id=f"{pool['id']}-{world.hex(8)}0000",
        pool_id=pool["id"],
        status="not_ready",
        _number=cluster["_number"] if place is None else place,
    )
    if seconds:
        world.takes(seconds, give_linode, cluster, node)
    elif not available(world, pool):
        world.later(RETRY, give_linode, cluster, node)
    else:
        _create_linode(world, cluster, pool, node)
    return node


@job("lke.fill_up", LKENodePool)
def fill_up(world: World, pool: Row) -> None:
    """Add nodes to the pool until there are as many as its count: the first with a Linode, the others without one."""
    for at in range(pool["count"] - len(nodes_of(world, pool))):
        add_node(world, pool, seconds=ASSIGN if at else 0)


@job("lke.give_linode", LKECluster, LKENode)
def give_linode(world: World, cluster: Row, node: Row) -> None:
    """The node has a Linode from now on; when its plan is sold out, later."""
    pool = world.get(LKENodePool, node["pool_id"])
    if available(world, pool):
        _create_linode(world, cluster, pool, node)
    else:
        world.later(RETRY, give_linode, cluster, node)


def _create_linode(world: World, cluster: Row, pool: Row, node: Row) -> None:
    """Create the Linode of *node*: without an image, labeled by cluster and node, with the pool's disk encryption.

    A guess: it has no tags, no backups, and its disks and its configuration have these labels.
    """
    label = f"lke{cluster['id']}-{node['id']}"
    encryption = pool["disk_encryption"]
    place = pool["type"], cluster["region"]
    linode = add_linode(world, *place, label=label, disk_encryption=encryption, backups_enabled=False)
    linode |= {"image": None, "lke_cluster_id": cluster["id"], "_stackscript": None, "_network_helper": None}
    node["instance_id"] = linode["id"]
    _connect(world, linode, pool)
    config = _install(world, linode, pool, _interfaces(cluster, pool))
    world.events.schedule("linode_create", linode, seconds=CREATE, then=finish_create, args=(linode, True))
    start_boot(world, linode, config)
    world.events.notify("lke_node_create", cluster)  # a guess: that the event is about the cluster
    world.takes(READY, mark_ready, cluster, node, linode, action="lke_node_create")


def _connect(world: World, linode: Row, pool: Row) -> None:
    isolation = pool.get("isolation") or {}
    if isolation.get("public_ipv4", True):
        add_ipv4(world, linode)
    add_ipv4(world, linode, public=False)
    if isolation.get("public_ipv6", True):
        add_slaac(world, linode)
    firewall = pool.get("firewall_id")
    if firewall is not None and (found := world.find(Firewall, firewall)) is not None:
        firewalls.attach(world, found, linode)


def _interfaces(cluster: Row, pool: Row) -> list[Row]:
    """The interfaces of a node: in an enterprise cluster one in the VPC, besides the public one (a guess)."""
    if cluster["subnet_id"] is None:
        return []
    public = [{"purpose": "public"}] if pool["isolation"]["public_ipv4"] else []
    return [*public, {"purpose": "vpc", "subnet_id": cluster["subnet_id"]}]


def _install(world: World, linode: Row, pool: Row, interfaces: Sequence[Row]) -> Row:
    """Make the disks of a node, the custom ones of its *pool* last, and the configuration that boots it."""
    sizes = [each["size"] for each in pool["disks"]]
    wanted = [("Boot", linode["specs"]["disk"] - sum(sizes), "ext4")]
    wanted += [(f"Disk {at}", each["size"], each["type"]) for at, each in enumerate(pool["disks"], 1)]
    disks = [add_disk(world, linode, *each[:2], filesystem=each[2], status="not ready") for each in wanted]
    slots = ("sda", "sdb", "sdc", "sdd", "sde", "sdf", "sdg", "sdh")
    devices = {slot: {"disk_id": disk["id"]} for slot, disk in zip(slots, disks, strict=False)}
    kernel = "linode/grub2"
    return add_config(world, linode, "Kubernetes", kernel=kernel, devices=devices, interfaces=interfaces)


@job("lke.be_ready", LKECluster, LKENode, Linode)
def mark_ready(_world: World, _cluster: Row, node: Row, linode: Row) -> None:
    """The node takes pods from now on, if it has that Linode still."""
    if node["instance_id"] == linode["id"]:
        node["status"] = "ready"


def replace_deleted_linode(world: World, linode: Row) -> None:
    """Let a new node take the place of the one whose *linode* is being deleted by hand: a guess."""
    for node in world.rows(LKENode, instance_id=linode["id"]) if linode["lke_cluster_id"] is not None else ():
        world.remove(node)
        add_node(world, world.get(LKENodePool, node["pool_id"]), seconds=REPLACE)
