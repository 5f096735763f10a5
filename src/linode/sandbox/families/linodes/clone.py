"""Copying Linodes, to new ones or onto others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.linodes.disks import Disk
from linode.api.linodes.linode import Linode
from linode.sandbox.core.refusals import missing_members
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from ..placement import group_for, join
from . import copies
from .create import add_linode
from .interface_rows import add_interface
from .ip_rows import add_ipv4, add_slaac
from .load import begin_temporary_status, end_temporary_status

__all__: list[str] = []

CLONE = 30.0
"""Seconds until the copy is there."""
AT_ONCE = 5


@on(Linode.clone)
def clone(
    world: World,
    linode: Row,
    linode_id: int | None = None,
    region: str | None = None,
    type: str | None = None,
    *,
    disks: Sequence[int] | None = None,
    configs: Sequence[int] | None = None,
    **members: Any,
) -> Row:
    """Copy disks and configurations; the copies are usable, and the new Linode off, when the job ends.

    It waits for the jobs of both Linodes, but not for other copies of the same one. Whether the API would refuse it
    while either is busy is not on record.
    """
    contents = copies.contents_of(world, linode, disks, configs)
    _refuse_too_many(world, linode)
    target = _new(world, linode, region, type, **members) if linode_id is None else world.get(Linode, linode_id)
    if target["id"] == linode["id"]:
        raise Refused("A Linode cannot be cloned onto itself", field="linode_id")  # own words
    copies.restore_contents(world, target, contents, status="not ready", field="linode_id" if linode_id else "type")
    return _schedule(world, linode, target, new=linode_id is None)


def _copies(world: World, linode: Row) -> list[Row]:
    """The jobs that make copies of *linode*."""
    return [each for each in world.events.jobs(linode) if each["action"] == "linode_clone"]


def _refuse_too_many(world: World, linode: Row) -> None:
    """Raise a refusal when as many copies of *linode* are being made as can be at once."""
    if len(_copies(world, linode)) >= AT_ONCE:
        raise Refused(f"At most {AT_ONCE} clones of a Linode can be made at once")  # own words


def _new(
    world: World,
    linode: Row,
    region: str | None,
    type: str | None,
    *,
    private_ip: bool = False,
    placement_group: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    **members: Any,
) -> Row:
    """The Linode to copy to, made like any other."""
    if region is None or type is None:
        raise Refused.all(missing_members({"region": region, "type": type}, ("region", "type")))
    if linode["has_user_data"] and metadata is None:
        raise Refused("user_data is required, as the source has some", field="metadata.user_data")  # own words
    group = group_for(world, placement_group, region)
    made = add_linode(world, type, region, generation=linode["interface_generation"], metadata=metadata, **members)
    made["image"] = linode["image"]
    if group is not None:
        join(world, made, group)
    add_ipv4(world, made)
    if private_ip:
        add_ipv4(world, made, public=False)
    add_slaac(world, made)
    if made["interface_generation"] == "linode":
        add_interface(world, made, public={})
    return made


def _schedule(world: World, linode: Row, target: Row, *, new: bool) -> Row:
    """Let the job begin, when its turn comes, that *linode* and *target* are busy with."""
    args = (linode, target)
    after = [each for each in world.events.jobs(linode) if each["action"] != "linode_clone"] + world.events.jobs(target)
    if new:
        world.events.schedule("linode_create", target, seconds=CLONE, after=after)
    world.events.schedule(
        "linode_clone",
        linode,
        target,
        seconds=CLONE,
        begin=begin_clone,
        then=end_clone,
        args=args,
        after=after,
        also=target,
        copied=sum(disk["size"] for disk in world.read(Disk, linode)),
    )
    return target


@job("linodes.begin_clone", Linode, Linode)
def begin_clone(world: World, linode: Row | None, target: Row | None) -> None:
    """Both are ``cloning``, a new Linode is still ``provisioning``."""
    for each in (linode, target):
        if each is not None and each["status"] != "provisioning":
            begin_temporary_status(world, each, "cloning")


@job("linodes.end_clone", Linode, Linode)
def end_clone(world: World, linode: Row | None, target: Row | None) -> None:
    """Both do what they did before: *linode* when no other copy of it is being made."""
    if target is not None:
        end_temporary_status(world, target)
        for disk in world.rows(Disk, target):
            disk["status"] = "ready"
    if linode is not None and not any(each["status"] == "started" for each in _copies(world, linode)):
        end_temporary_status(world, linode)
