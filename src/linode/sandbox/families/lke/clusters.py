"""Kubernetes clusters: created, changed, upgraded, recycled and deleted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.lke.clusters import LKECluster
from linode.api.lke.control_plane import NewLKEControlPlaneACL
from linode.api.lke.pools import LKENodePool
from linode.api.nodebalancers.nodebalancers import NodeBalancer
from linode.api.regions import Region
from linode.sandbox.core.kind import Access, Events, Exports, Kind, Lock, Operations, Refusals
from linode.sandbox.engine import checks, rules
from linode.sandbox.engine.locks import refuse_locked
from linode.sandbox.engine.registry import Row, World, on

from ..nodebalancers.nodebalancers import delete as delete_nodebalancer
from .control_plane import begin, change_acl
from .networks import join, leave
from .node_creation import nodes_of
from .node_removal import recycle_nodes, remove_node
from .pools import add_pool, wrong
from .versions import STANDARD, is_known, numbers

__all__: list[str] = []

CAPABILITIES = {"standard": "Kubernetes", "enterprise": "Kubernetes Enterprise"}
OF_ENTERPRISE = ("stack_type", "vpc_id", "subnet_id")
PLANE = {"high_availability": False, "audit_logs_enabled": False, "metrics_enabled": False}
Reasons = list[tuple[str, str | None]]

on.kind(
    Kind(
        of=LKECluster,
        exports=Exports(("_token", "_service_token")),
        events=Events("lkecluster"),
        operations=Operations(
            whole=("control_plane",),  # an update takes its `acl`, which the cluster does not show
        ),
        refusals=Refusals(
            unique="clusters",  # a guess: the refusal is on record for other classes only
        ),
        access=Access(
            scopes={LKECluster.get_kubeconfig: ("lke:read_write",)},
            general={  # a guess: there are no grants for clusters, nor one to add them; all may be seen
                "*": "unrestricted",
                **dict.fromkeys(
                    ("list", "get", LKECluster.api_endpoints, LKECluster.get_dashboard_url, LKECluster.get_acl), ""
                ),
            },
        ),
        lock=Lock("lkecluster", types=("cannot_delete",)),
    )
)


# -- creating --------------------------------------------------------------------------------------------------------


@on.create(LKECluster, unchecked=("k8s_version",))
def create(
    world: World,
    label: str,
    region: str,
    node_pools: Sequence[Mapping[str, Any]],
    k8s_version: str = "",
    *,
    tier: str = STANDARD,
    control_plane: Mapping[str, Any] | None = None,
    apl_enabled: bool = False,
    tags: Sequence[str] = (),
    **of_enterprise: Any,
) -> Row:
    """Create a cluster, which is ready at once, with its pools."""
    asked = dict(control_plane or {})
    acl = asked.pop("acl", None)
    cluster = rules.create(
        world,
        LKECluster,
        label=label,
        region=region,
        k8s_version=k8s_version,
        tier=tier,
        status="ready",
        apl_enabled=apl_enabled,
        stack_type=of_enterprise.get("stack_type") or "ipv4",
        vpc_id=None,
        subnet_id=None,
        tags=list(tags),
        control_plane={**PLANE, **asked},
    )
    rules.refuse_for([*_wrong(world, cluster, of_enterprise), *_wrong_pools(world, cluster, node_pools)])
    if apl_enabled or tier != STANDARD:
        cluster["control_plane"]["high_availability"] = True
    join(world, cluster, of_enterprise)
    begin(world, cluster)
    world.events.notify("lke_cluster_create", cluster)
    if acl is not None:
        change_acl(world, cluster, acl, "control_plane.", tell=False)
    for each in node_pools:
        add_pool(world, cluster, **each)
    return cluster


def _wrong(world: World, cluster: Row, of_enterprise: Mapping[str, Any]) -> Reasons:
    reasons = _wrong_label(cluster["label"])
    tier = cluster["tier"]
    if not cluster["k8s_version"]:
        reasons.append(("k8s_version is required", "k8s_version"))
    elif not is_known(world, cluster["k8s_version"], tier):
        reasons.append(("k8s_version is not valid", "k8s_version"))
    if CAPABILITIES[tier] not in world.get(Region, cluster["region"])["capabilities"]:
        reasons.append((f"{CAPABILITIES[tier]} is not available in this region", "region"))  # a guess at the words
    given = [name for name in OF_ENTERPRISE if of_enterprise.get(name) is not None]
    if tier == STANDARD:
        # own words: that these are for enterprise clusters is known
        return reasons + [("Only enterprise clusters have this", name) for name in given]
    return reasons


def _wrong_label(label: str) -> Reasons:
    """Labels have letters, digits, dashes, and underscores in the vendor's tests; the words are those of others."""
    return [] if re.fullmatch("[A-Za-z0-9_-]+", label) else [("label is not valid", "label")]


def _wrong_pools(world: World, cluster: Row, node_pools: Sequence[Mapping[str, Any]]) -> Reasons:
    if not node_pools and cluster["tier"] == STANDARD:
        return [("Must contain at least 1 items", "node_pools")]  # refused for certain, the words are a guess
    found = [wrong(world, cluster, each, f"node_pools[{at}].") for at, each in enumerate(node_pools)]
    return [reason for reasons in found for reason in reasons]


# -- changing --------------------------------------------------------------------------------------------------------


@on.update(LKECluster)
def update(world: World, cluster: Row, control_plane: Mapping[str, Any] | None = None, **changes: Any) -> Row:
    """Change label, tags, version and control plane; high availability replaces all nodes."""
    asked = dict(control_plane or {})
    acl = asked.pop("acl", None)
    hint = {"control_plane.acl": NewLKEControlPlaneACL}
    reasons = [] if acl is None else checks.check(world, {"control_plane.acl": acl}, hint)
    before = cluster["control_plane"]["high_availability"]
    if before and asked.get("high_availability") is False:
        # refused for certain, in words of the sandbox's own
        reasons.append(("High availability cannot be turned off", "control_plane.high_availability"))
    wanted = {**cluster, **changes}
    reasons += _wrong_label(wanted["label"])
    reasons += _wrong_version(world, cluster, wanted["k8s_version"])
    rules.refuse_for(reasons)
    plane = {**cluster["control_plane"], **{name: asked[name] for name in PLANE if asked.get(name) is not None}}
    rules.update_one(world, LKECluster, cluster, control_plane=plane, **changes)
    world.events.notify("lke_cluster_update", cluster)
    if acl is not None:
        change_acl(world, cluster, acl, "control_plane.")
    if plane["high_availability"] and not before:
        recycle_nodes(world, cluster, _nodes(world, cluster))
    return cluster


def _wrong_version(world: World, cluster: Row, version: str) -> Reasons:
    """The reasons to refuse an upgrade: it must not be a downgrade, nor skip a minor version."""
    before, after = numbers(cluster["k8s_version"]), numbers(version)
    if version == cluster["k8s_version"]:
        return []
    if not is_known(world, version, cluster["tier"]):
        return [("k8s_version is not valid", "k8s_version")]
    if after < before or after[:2] > (before[0], before[1] + 1):
        # refused for certain, in words of the sandbox's own
        return [("A cluster can only be upgraded to the next minor version", "k8s_version")]
    return []


def _nodes(world: World, cluster: Row) -> list[Row]:
    return [node for pool in world.rows(LKENodePool, cluster) for node in nodes_of(world, pool)]


@on(LKECluster.recycle)
def recycle(world: World, cluster: Row) -> None:
    """Replace all nodes, one after another."""
    world.events.notify("lke_cluster_recycle", cluster)
    recycle_nodes(world, cluster, _nodes(world, cluster))


@on.delete(LKECluster)
def delete(world: World, cluster: Row) -> None:
    """Delete the cluster, its pools, its nodes and their Linodes, and the NodeBalancers that its services created."""
    world.events.notify("lke_cluster_delete", cluster)
    for node in _nodes(world, cluster):
        remove_node(world, node)
    for balancer in world.rows(NodeBalancer, **{"lke_cluster.id": cluster["id"]}):
        refuse_locked(balancer, "delete this NodeBalancer")
        delete_nodebalancer(world, balancer)
    world.remove(cluster)
    leave(world, cluster)
