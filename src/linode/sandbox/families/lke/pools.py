"""Node pools: created, resized, changed, recycled and deleted; and their nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.linodes.linode import Linode
from linode.api.lke.pools import LKENode, LKENodePool, NodeCount
from linode.api.networking.firewalls import Firewall
from linode.api.regions import Region
from linode.api.types import Type
from linode.sandbox.core.kind import Access, Events, Kind, Lock
from linode.sandbox.core.refusals import missing_members
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..linodes.create import refuse_unavailable
from ..networking import firewalls
from .node_creation import fill_up, nodes_of
from .node_removal import recycle_nodes, remove_node
from .versions import STANDARD, is_known, numbers

__all__ = ["add_pool", "wrong"]

MAX_NODES, MAX_DISKS = 100, 7
ENCRYPTION = "Disk Encryption"
OF_ENTERPRISE = ("firewall_id", "isolation", "k8s_version", "update_strategy")
ISOLATION = {"public_ipv4": True, "public_ipv6": True}
Reasons = list[tuple[str, str | None]]

UNRESTRICTED = {"*": "unrestricted", "list": "", "get": ""}
"""The grants needed, as for clusters: a guess."""

on.kind(
    Kind(
        of=LKENodePool,
        events=Events("lkenodepool"),
        access=Access(general=UNRESTRICTED),
        lock=Lock("lkenodepool", types=("cannot_delete",)),
    )
)
on.bounds(NodeCount)
on.kind(Kind(of=LKENode, access=Access(scopes={"get": ("lke:read_write",)}, general=UNRESTRICTED)))


# -- creating --------------------------------------------------------------------------------------------------------


@on.create(LKENodePool)
def create(world: World, cluster: Row, **members: Any) -> Row:
    """Create a pool in a cluster, with its nodes."""
    rules.refuse_for(wrong(world, cluster, members))
    pool = add_pool(world, cluster, **members)
    world.events.notify("lke_pool_create", pool)
    return pool


def wrong(world: World, cluster: Row, members: Mapping[str, Any], prefix: str = "") -> Reasons:
    """The reasons to refuse the *members* of a new pool of *cluster*; *prefix* is put before field names."""
    reasons = _wrong_changes(world, cluster, members, None, prefix)
    disks = members.get("disks") or ()
    plan = world.get(Type, members["type"])
    sizeless = [at for at, each in enumerate(disks) if "size" not in each]
    reasons += [("size is required", f"{prefix}disks[{at}].size") for at in sizeless]
    if len(disks) > MAX_DISKS:
        reasons.append((f"Must contain at most {MAX_DISKS} items", f"{prefix}disks"))  # a guess at the words
    elif sum(each.get("size", 0) for each in disks) >= plan["disk"]:
        reasons.append(("The disks do not fit into the plan", f"{prefix}disks"))  # own words
    if members.get("disk_encryption") == "enabled" and not _encrypts(world, cluster):
        words = "Disk encryption is not supported in the selected region"  # own words, as for a Linode
        reasons.append((words, f"{prefix}disk_encryption"))
    return reasons


def _encrypts(world: World, cluster: Row) -> bool:
    return ENCRYPTION in world.get(Region, cluster["region"])["capabilities"]


def add_pool(
    world: World,
    cluster: Row,
    *,
    type: str,
    count: int,
    label: str = "",
    tags: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    taints: Sequence[Mapping[str, Any]] = (),
    autoscaler: Mapping[str, Any] | None = None,
    disks: Sequence[Mapping[str, Any]] = (),
    disk_encryption: str | None = None,
    **of_enterprise: Any,
) -> Row:
    """A new pool of *cluster*, whose members were checked; nodes come once the control plane of the cluster is up.

    That nodes of a standard cluster do not wait for it is on record. Raises `Refused` when the plan is sold out.
    """
    refuse_unavailable(world, type, cluster["region"])
    pool = world.add(
        LKENodePool,
        cluster,
        type=type,
        count=count,
        label=label,
        tags=list(tags),
        labels=dict(labels or {}),
        taints=[dict(each) for each in taints],
        autoscaler={"enabled": False, "min": max(count, 1), "max": max(count, 1), **(autoscaler or {})},
        disks=[{"size": each["size"], "type": each.get("type", "ext4")} for each in disks],
        disk_encryption=disk_encryption or ("enabled" if _encrypts(world, cluster) else "disabled"),
    )
    if cluster["tier"] == STANDARD:
        for name in OF_ENTERPRISE:
            del pool[name]
        fill_up(world, pool)
        return pool
    defaults = {"k8s_version": cluster["k8s_version"], "update_strategy": "on_recycle"}
    pool |= {**defaults, **of_enterprise, "isolation": {**ISOLATION, **(of_enterprise.get("isolation") or {})}}
    if world.now < cluster["_up"]:
        world.later(cluster["_up"] - world.now, fill_up, pool)
    else:
        fill_up(world, pool)
    return pool


# -- changing --------------------------------------------------------------------------------------------------------


def _wrong_changes(
    world: World, cluster: Row, members: Mapping[str, Any], pool: Row | None, prefix: str = ""
) -> Reasons:
    """The reasons to refuse the *members* of a pool of *cluster*; *pool* is None for a new one."""
    standard = cluster["tier"] == STANDARD
    reasons: Reasons = []
    least = 1 if standard else 0
    if not least <= members.get("count", 1) <= MAX_NODES:
        # on record for standard clusters; that enterprise ones are refused with their own range is a guess
        reasons.append((f"Must be {least}-{MAX_NODES}", f"{prefix}count"))
    if (asked := members.get("autoscaler")) is not None:
        reasons += _wrong_autoscaler(asked, pool, prefix)
    if standard:
        # own words: that these are for enterprise clusters is known
        words = "Only pools of enterprise clusters have this"
        return reasons + [(words, f"{prefix}{name}") for name in OF_ENTERPRISE if members.get(name) is not None]
    if (version := members.get("k8s_version")) is not None:
        of_cluster, before = numbers(cluster["k8s_version"]), numbers(version if pool is None else pool["k8s_version"])
        if not is_known(world, version, cluster["tier"]) or not before <= numbers(version) <= of_cluster:
            reasons.append(("k8s_version is not valid", f"{prefix}k8s_version"))
    return reasons


def _wrong_autoscaler(asked: Mapping[str, Any], pool: Row | None, prefix: str) -> Reasons:
    limits = {**({} if pool is None else pool["autoscaler"]), **asked}
    if not limits.get("enabled"):
        return []
    if absent := missing_members(limits, ("min", "max"), f"{prefix}autoscaler."):
        return absent
    if limits["min"] > limits["max"]:
        return [("min must not be larger than max", f"{prefix}autoscaler.min")]  # own words
    return []


@on.update(LKENodePool)
def update(world: World, pool: Row, **changes: Any) -> Row:
    """Update the members that were sent: labels, taints and tags as a whole, the number of nodes at once."""
    cluster = world.parent(pool)
    rules.refuse_for(_wrong_changes(world, cluster, changes, pool))
    before, upgraded = pool["count"], changes.get("k8s_version") not in (None, pool.get("k8s_version"))
    autoscaler = {**pool["autoscaler"], **(changes.pop("autoscaler", None) or {})}
    if "firewall_id" in changes and cluster["tier"] != STANDARD:
        _protect(world, pool, changes["firewall_id"])
    known = {name: value for name, value in changes.items() if name in pool}
    pool |= {**known, "autoscaler": autoscaler}
    if not autoscaler["enabled"] and autoscaler["min"] == autoscaler["max"] == max(before, 1):
        autoscaler |= {"min": max(pool["count"], 1), "max": max(pool["count"], 1)}  # a guess: defaults follow the count
    _resize(world, pool)
    if upgraded and pool["update_strategy"] == "rolling_update":
        recycle_nodes(world, cluster, nodes_of(world, pool))
    return pool


def _resize(world: World, pool: Row) -> None:
    """Let *pool* have as many nodes as its count: the newest go first, a guess."""
    if world.now >= world.parent(pool)["_up"] or world.parent(pool)["tier"] == STANDARD:
        if pool["count"] > len(nodes_of(world, pool)):
            refuse_unavailable(world, pool["type"], world.parent(pool)["region"])
        fill_up(world, pool)
    for node in nodes_of(world, pool)[pool["count"] :][::-1]:
        remove_node(world, node)


def _protect(world: World, pool: Row, firewall_id: int | None) -> None:
    """Let the firewall of that ID protect the nodes of *pool*, instead of the one before."""
    old, new = (None if id is None else world.find(Firewall, id) for id in (pool["firewall_id"], firewall_id))
    for node in nodes_of(world, pool):
        linode = None if node["instance_id"] is None else world.find(Linode, node["instance_id"])
        if linode is not None and old is not None:
            firewalls.detach(world, old, linode)
        if linode is not None and new is not None:
            firewalls.attach(world, new, linode)


@on(LKENodePool.recycle)
def recycle(world: World, pool: Row) -> None:
    """Replace all nodes, one after another."""
    world.events.notify("lke_pool_recycle", pool)
    recycle_nodes(world, world.parent(pool), nodes_of(world, pool))


@on.delete(LKENodePool)
def delete(world: World, pool: Row) -> None:
    """Delete the pool, its nodes and their Linodes."""
    cluster = world.parent(pool)
    if cluster["tier"] == STANDARD and len(world.read(LKENodePool, cluster)) == 1:
        raise Refused("The last node pool of a cluster cannot be deleted")  # a guess: the vendor's clients refuse it
    for node in nodes_of(world, pool):
        remove_node(world, node)
    world.events.notify("lke_pool_delete", pool)
    world.remove(pool)


@on.show(LKENodePool, "nodes", "firewall_id")
def _show(world: World, pool: Row) -> Row:
    """The nodes as they are now; a firewall that was deleted is none."""
    shown = ("id", "instance_id", "status")
    found = sorted(world.read(LKENode, pool_id=pool["id"]), key=lambda each: each["_number"])
    nodes = [{name: each[name] for name in shown} for each in found]
    if pool.get("firewall_id") is not None and not world.has(Firewall, pool["firewall_id"]):
        pool["firewall_id"] = None
    return {**pool, "nodes": nodes}


# -- nodes -----------------------------------------------------------------------------------------------------------


@on(LKENode.recycle)
def recycle_node(world: World, node: Row) -> None:
    """Replace the node by a new one."""
    cluster = world.parent(node)
    world.events.notify("lke_node_recycle", cluster)
    recycle_nodes(world, cluster, [node])


@on.delete(LKENode)
def delete_node(world: World, node: Row) -> None:
    """Delete the node and its Linode; the count of its pool shrinks by one."""
    cluster, pool = world.parent(node), world.get(LKENodePool, node["pool_id"])
    if cluster["tier"] == STANDARD and pool["count"] == 1:
        raise Refused("The last node of a pool cannot be deleted")  # a guess, as the count of a pool is 1-100
    pool["count"] -= 1
    world.events.notify("lke_node_delete", cluster)
    remove_node(world, node)
