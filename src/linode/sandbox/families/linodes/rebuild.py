"""Making Linodes anew from an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.linodes.configs import Config
from linode.api.linodes.disks import Disk
from linode.api.linodes.linode import Linode
from linode.api.types import Type
from linode.sandbox.engine.registry import Refused, Row, World, on

from .create import finish_create, install, refuse_unavailable, specs_of
from .deploy import deploy, end_run, has_user_data
from .load import set_status
from .power import start_boot, stop

__all__: list[str] = []

REBUILD = 20.0
"""Seconds until the disks are there."""


@on(Linode.rebuild, unchecked=("image", "root_pass"))
def rebuild(
    world: World,
    linode: Row,
    image: str | None = None,
    *,
    type: str | None = None,
    booted: bool = True,
    metadata: Mapping[str, Any] | None = None,
    disk_encryption: str | None = None,
    maintenance_policy: str | None = None,
    **access: Any,
) -> Row:
    """Delete its disks and configurations and make those of the image; a new type holds at once."""
    if not image:
        raise Refused("You must specify an image", field="image")
    deployed = deploy(world, image, **access)
    if deployed is None:
        raise LookupError("an image that is named is found, or refused")
    world.refuse_busy(linode)
    if type is not None:
        refuse_unavailable(world, type, linode["region"])
        linode |= {"type": type, "specs": specs_of(world.get(Type, type))}
    if disk_encryption is not None:
        linode["disk_encryption"] = disk_encryption
    if maintenance_policy is not None:
        linode["maintenance_policy"] = maintenance_policy
    if metadata is not None:
        linode["has_user_data"] = has_user_data(metadata)
    stop(world, linode)
    for kind in (Config, Disk):
        for each in world.rows(kind, linode):
            world.remove(each)
    config = install(world, linode, deployed)
    linode |= {"image": image, "_config": None, "updated": world.stamp()}
    set_status(world, linode, "rebuilding")
    end_run(world, linode)
    linode["_stackscript"] = access.get("stackscript_id")
    args = (linode["id"], booted)
    event = world.schedule("linode_rebuild", linode, seconds=REBUILD, then=finish_create, args=args)
    if booted:
        start_boot(world, linode, config, after=event)
    return linode
