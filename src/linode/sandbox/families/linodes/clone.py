"""Copying Linodes, to new ones or onto others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.linodes.disks import Disk
from linode.api.linodes.linode import Linode
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from . import copies
from .create import add_linode, refuse_placement
from .interface_rows import add_interface
from .load import set_status
from .rows import add_ipv4, add_slaac

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
    """Copy disks and configurations; the copies are usable, and the new Linode off, when the job ends."""
    contents = copies.contents_of(world, linode, disks, configs)
    _refuse_too_many(world, linode)
    if linode_id is not None:
        target = world.get(Linode, linode_id)
        world.refuse_busy(target)
    else:
        target = _new(world, linode, region, type, **members)
    if target["id"] == linode["id"]:
        raise Refused("A Linode cannot be cloned onto itself", field="linode_id")
    if linode["status"] not in ("running", "offline", "cloning"):
        raise Refused("Linode busy.")
    copies.restore_contents(world, target, contents, status="not ready", field="linode_id" if linode_id else "type")
    return _begin(world, linode, target, new=linode_id is None)


def _refuse_too_many(world: World, linode: Row) -> None:
    """Raise a refusal when as many copies of *linode* are being made as can be at once, or something else is done."""
    jobs = [world.get("Event", each) for each in linode.get("_busy", [])]
    if any(each["action"] != "linode_clone" for each in jobs):
        raise Refused("Linode busy.")
    if len(jobs) >= AT_ONCE:
        raise Refused(f"At most {AT_ONCE} clones of a Linode can be made at once")


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
        missing = [name for name, value in (("region", region), ("type", type)) if value is None]
        raise Refused.all((f"{name} is required", name) for name in missing)
    if linode["has_user_data"] and metadata is None:
        raise Refused("user_data is required, as the source has some", field="metadata.user_data")
    refuse_placement(placement_group)
    made = add_linode(world, type, region, generation=linode["interface_generation"], metadata=metadata, **members)
    made["image"] = linode["image"]
    add_ipv4(world, made)
    if private_ip:
        add_ipv4(world, made, public=False)
    add_slaac(world, made)
    if made["interface_generation"] == "linode":
        add_interface(world, made, public={})
    return made


def _begin(world: World, linode: Row, target: Row, *, new: bool) -> Row:
    """Let the job begin that *linode* and *target* are busy with; both do after it what they did before."""
    if linode["status"] != "cloning":
        linode["_before"] = linode["status"]
        set_status(world, linode, "cloning")
    event = world.schedule("linode_clone", linode, target, seconds=CLONE, then=finish_clone)
    event["_args"] = [event["id"], linode["id"], target["id"], "offline" if new else target["status"]]
    target["_busy"] = [*target.get("_busy", []), event["id"]]
    if new:
        world.schedule("linode_create", target, seconds=CLONE)
    else:
        set_status(world, target, "cloning")
    return target


@job("linodes.finish_clone")
def finish_clone(world: World, event_id: int, linode_id: int, target_id: int, status: str) -> None:
    target = world.find(Linode, target_id)
    if target is not None:
        target["_busy"] = [each for each in target["_busy"] if each != event_id]
        set_status(world, target, status)
        for disk in world.rows(Disk, target):
            disk["status"] = "ready"
    linode = world.find(Linode, linode_id)
    if linode is not None and not world.busy(linode):
        set_status(world, linode, linode.pop("_before"))
