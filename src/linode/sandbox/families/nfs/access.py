"""Access policies of NFS. A change replaces the whole policy, and one change is applied at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linode.api.linodes.linode import Linode
from linode.api.nfs.access import NFSFilesystemAccessPolicy, NFSSpaceAccessPolicy
from linode.api.nfs.filesystems import NFSFilesystem
from linode.api.nfs.spaces import NFSSpace
from linode.api.vpcs.subnets import VPCSubnet
from linode.api.vpcs.vpcs import VPC
from linode.sandbox.core.kind import Kind, Storage
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Row, World, on

from .states import begin, conflict

__all__ = ["add_filesystem_policy", "add_space_policy"]

UPDATE = 20
"""Seconds until a change applies: a guess within the five minutes that clients wait."""
SPACE_DEFAULTS = {"enabled": False, "_vpcs": [], "mtls_ca_cert": None, "mtls_mode": "disabled"}
"""The initial policy of a space: guesses, except for the VPCs."""
FILESYSTEM_DEFAULTS = {"enabled": False, "_linodes": [], "squash_policy": "root_squash", "protocols": ["nfsv4"]}
"""The initial policy of a file system: guesses."""

on.kind(Kind(of=NFSSpaceAccessPolicy, storage=Storage(id_key="_id", single=True)))
on.kind(Kind(of=NFSFilesystemAccessPolicy, storage=Storage(id_key="_id", single=True)))


def _replace(world: World, policy: Row, **members: Any) -> Row:
    """Replace *policy* by *members*. Raises a refusal while an earlier change is being applied."""
    if policy["status"] == "updating":
        raise conflict("The access policy is being updated")  # refused for certain, in words of the sandbox's own
    policy |= {**members, "updated": world.stamp()}
    begin(world, policy, "updating", UPDATE)
    return policy


# -- spaces ----------------------------------------------------------------------------------------------------------


def add_space_policy(world: World, space: Row) -> None:
    """Give a new *space* its policy."""
    members = {**SPACE_DEFAULTS, "label": space["label"], "status": "active", "updated": None}
    world.add(NFSSpaceAccessPolicy, space, space_id=space["id"], **members)


@on(NFSSpace.update_access_policy)
def update_space_policy(world: World, space: Row, vpcs: Sequence[Mapping[str, Any]] = (), **members: Any) -> Row:
    """Replace the policy."""
    rules.refuse_for(list(_unknown(world, vpcs)))
    found = {**SPACE_DEFAULTS, "label": space["label"], **members, "_vpcs": [dict(each) for each in vpcs]}
    return _replace(world, world.only(NFSSpaceAccessPolicy, space), **found)


def _unknown(world: World, vpcs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str | None]]:
    """The reasons against subnets that are not of their VPCs, in words of the sandbox's own."""
    for at, each in enumerate(vpcs):
        vpc = world.get(VPC, each["id"])
        for place, subnet in enumerate(each.get("subnets", ())):
            if world.find(VPCSubnet, subnet, vpc) is None:
                yield "subnets is not valid", f"vpcs[{at}].subnets[{place}]"


@on.show(NFSSpaceAccessPolicy, "vpc_acl")
def _show_space_policy(world: World, policy: Row) -> Row:
    """Show the VPCs of the policy that are there still: that a deleted one leaves the policy is a guess."""
    shown = []
    for each in policy["_vpcs"]:
        if (vpc := world.find(VPC, each["id"])) is not None:
            subnets = [world.find(VPCSubnet, id) for id in each.get("subnets", ())]
            shown.append({**_network(world, vpc), "subnets": [_network(world, found) for found in subnets if found]})
    return {**policy, "vpc_acl": shown}


def _network(world: World, row: Row) -> Row:
    """A VPC or a subnet in a policy. That the range is that of IPv6, by which clients mount, is a guess."""
    entity = world.events.entity(row) or {}
    ranges = row.get("ipv6") or [{"range": None}]
    return {"id": row["id"], "label": row["label"], "url": entity["url"], "range": ranges[0]["range"]}


# -- file systems ----------------------------------------------------------------------------------------------------


def add_filesystem_policy(world: World, filesystem: Row) -> None:
    """Give a new *filesystem* its policy."""
    members = {**FILESYSTEM_DEFAULTS, "label": filesystem["label"], "status": "active", "updated": None}
    world.add(NFSFilesystemAccessPolicy, filesystem, filesystem_id=filesystem["id"], **members)


@on(NFSFilesystem.update_access_policy)
def update_filesystem_policy(world: World, filesystem: Row, linode_ids: Sequence[int] = (), **members: Any) -> Row:
    """Replace the policy."""
    found = {**FILESYSTEM_DEFAULTS, "label": filesystem["label"], **members, "_linodes": list(linode_ids)}
    return _replace(world, world.only(NFSFilesystemAccessPolicy, filesystem), **found)


@on.show(NFSFilesystemAccessPolicy, "linode_acl")
def _show_filesystem_policy(world: World, policy: Row) -> Row:
    """Show the Linodes of the policy that are there still: that a deleted one leaves the policy is a guess."""
    linodes = [linode for id in policy["_linodes"] if (linode := world.find(Linode, id)) is not None]
    return {**policy, "linode_acl": [_linode(world, each) for each in linodes]}


def _linode(world: World, linode: Row) -> Row:
    """A Linode in a policy, with its public address: a guess, as clients mount from a VPC."""
    entity = world.events.entity(linode) or {}
    ipv6 = (linode["ipv6"] or "").partition("/")[0] or None
    return {"id": linode["id"], "label": linode["label"], "url": entity["url"], "ipv6": ipv6}
