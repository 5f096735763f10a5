"""Rebuilding Linodes from an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.linodes.configs import Config
from linode.api.linodes.disks import Disk
from linode.api.linodes.linode import Linode
from linode.api.types import Type
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .create import SWAP, finish_create, install, refuse_unavailable, specs_of
from .deploy import deploy, end_run, image_of, refuse_small, user_data_of
from .load import set_status
from .metadata import root_keys
from .power import config_of, power_off, start_boot

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
    """Delete the disks and configurations and create those of the image; a new type applies at once.

    The job waits for those that the Linode has; that it is not refused then is a guess.
    """
    if not image:
        raise Refused("You must specify an image", field="image")
    deployed = deploy(world, image, **access)
    if deployed is None:
        raise LookupError("the image must have been checked before")
    if type is not None:
        refuse_unavailable(world, type, linode["region"])
    refuse_small(deployed, world.get(Type, type or linode["type"])["disk"] - SWAP, "image")
    members: Row = {"disk_encryption": disk_encryption, "maintenance_policy": maintenance_policy}
    members = {name: value for name, value in members.items() if value is not None}
    if metadata is not None:
        members |= user_data_of(metadata)
    members |= {"type": type or linode["type"], "image": image, "_stackscript": access.get("stackscript_id")}
    members |= root_keys(world, **access)
    args, waits = (linode, members), world.events.busy(linode)
    world.events.schedule(
        "linode_rebuild", linode, seconds=REBUILD, begin=begin_rebuild, then=finish_rebuild, args=args, queued=True
    )
    if booted:
        start_boot(world, linode, None if waits else config_of(world, linode))
    return linode


@job("linodes.begin_rebuild", Linode)
def begin_rebuild(world: World, linode: Row, members: Mapping[str, Any]) -> None:
    """Replace the Linode's disks and configurations. Raises `Refused` if the image was deleted."""
    image = image_of(world, members["image"])
    if image is None:
        return
    power_off(world, linode)
    for kind in (Config, Disk):
        for each in world.rows(kind, linode):
            world.remove(each)
    end_run(world, linode)
    linode |= {**members, "specs": specs_of(world.get(Type, members["type"])), "_config": None}
    linode["updated"] = world.stamp()
    install(world, linode, image)
    set_status(world, linode, "rebuilding")


@job("linodes.finish_rebuild", Linode)
def finish_rebuild(world: World, linode: Row, _members: Mapping[str, Any]) -> None:
    finish_create(world, linode, None)
