"""Volumes: created, attached, detached, resized and cloned, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linode.api.linodes.configs import Config
from linode.api.linodes.linode import Linode
from linode.api.regions import Region
from linode.api.volumes import Volume, VolumeType

from ..core.kind import Access, Events, Grant, Kind, Lock, Operations, Refusals, Source
from ..engine import rules
from ..engine.registry import Refused, Row, World, job, on
from .linodes.rows import booted_config, device_room

__all__ = ["attach_now", "detach_now"]

CREATE, ATTACH, DETACH, RESIZE = 12, 8, 8, 15
"""Seconds that the jobs take."""
DEFAULT_SIZE, MIN_SIZE, MAX_SIZE = 20, 10, 16384
"""Sizes in GB."""
UP_ONLY = "Storage volumes can only be resized up"
TOO_LARGE = f"Storage volumes cannot be resized larger than {MAX_SIZE} gigabytes"
ENCRYPTION = "Block Storage Encryption"

on.kind(
    Kind(
        of=Volume,
        events=Events("volume"),
        operations=Operations(limits={"create": ((100, 60),)}),
        refusals=Refusals(unique="volumes"),  # a guess: the refusal is on record for other classes only
        access=Access(
            scopes={
                Volume.attach: ("volumes:read_write", "linodes:read_write"),
                Volume.detach: ("volumes:read_write", "linodes:read_write"),
            }
        ),
        grant=Grant("volume", makes=(Volume.clone,)),
        lock=Lock("volume"),
    )
)
on.kind(Kind(of=VolumeType, source=Source("/volumes/types")))


# -- creating and changing -------------------------------------------------------------------------------------------


@on.create(Volume)
def create(
    world: World,
    label: str,
    size: int = DEFAULT_SIZE,
    region: str | None = None,
    linode_id: int | None = None,
    config_id: int | None = None,
    encryption: str | None = None,
    tags: Sequence[str] = (),
) -> Row:
    """Create a volume, attached to a Linode when one is given."""
    linode = None if linode_id is None else world.get(Linode, linode_id)
    if linode is None and region is None:
        raise Refused("Must provide a region or a Linode ID")
    if linode is not None and region not in (None, linode["region"]):
        raise Refused("Volume and Linode must be in the same region", field="region")  # a guess, its words too
    if not MIN_SIZE <= size <= MAX_SIZE:
        raise Refused(f"Must be {MIN_SIZE}-{MAX_SIZE}", field="size")
    place = world.get(Region, linode["region"] if linode else region)
    volume = rules.create(
        world,
        Volume,
        label=label,
        size=size,
        region=place["id"],
        status="creating",
        encryption=_encryption(place, encryption),
        hardware_type="nvme",
        tags=list(tags),
        io_ready=False,
    )
    volume["filesystem_path"] = _path(label)
    world.events.schedule("volume_create", volume, seconds=CREATE, then=activate, args=(volume,))
    if linode is not None:
        _put_into_config(world, volume, linode, config_id)
        attach_now(volume, linode)
    return volume


def _encryption(region: Row, asked: str | None) -> str:
    """The encryption of a new volume: on by itself wherever the region has it."""
    offered = ENCRYPTION in region["capabilities"]
    if asked == "enabled" and not offered:
        raise Refused("Block Storage Encryption is not available in this region", field="encryption")  # a guess
    return asked or ("enabled" if offered else "disabled")


def _path(label: str) -> str:
    return f"/dev/disk/by-id/scsi-0Linode_Volume_{label}"


@job("volumes.activate", Volume)
def activate(world: World, volume: Row) -> None:
    """The volume can be used."""
    volume |= {"status": "active", "io_ready": volume["linode_id"] is not None, "updated": world.stamp()}


@on.update(Volume)
def update(world: World, volume: Row, **changes: Any) -> Row:
    """Change label and tags; the device path follows the label."""
    rules.update_one(world, Volume, volume, **changes)
    volume["filesystem_path"] = _path(volume["label"])
    world.events.notify("volume_update", volume)
    return volume


@on(Volume.resize)
def resize(world: World, volume: Row, size: int) -> Row:
    """Make it larger, attached or not."""
    if size > MAX_SIZE:
        raise Refused(TOO_LARGE)
    if size <= volume["size"]:
        raise Refused(UP_ONLY)
    _refuse_unless_active(volume, "resized")
    volume |= {"size": size, "status": "resizing"}
    world.events.notify("volume_resize", volume)
    world.takes(RESIZE, activate, volume, action="volume_resize")
    return volume


@on(Volume.clone)
def clone(world: World, volume: Row, label: str) -> Row:
    """Copy it to a new volume of the same size, region and encryption."""
    _refuse_unless_active(volume, "cloned")
    kept = {name: volume[name] for name in ("size", "region", "encryption", "hardware_type")}
    copy = rules.create(world, Volume, label=label, status="creating", io_ready=False, tags=[], **kept)
    copy["filesystem_path"] = _path(label)
    world.events.notify("volume_clone", copy)
    world.takes(CREATE, activate, copy, action="volume_clone")
    return copy


def _refuse_unless_active(volume: Row, done: str) -> None:
    if volume["status"] != "active":
        raise Refused(f"Only an active volume can be {done}")  # in words of the sandbox's own


@on.delete(Volume)
def delete(world: World, volume: Row) -> None:
    """Delete it, unless a Linode has it."""
    if volume["linode_id"] is not None:
        # In words of the sandbox's own: that the API refuses is known, and not how.
        raise Refused("The volume must be detached before it can be deleted")
    world.events.notify("volume_delete", volume)
    world.remove(volume)


# -- attaching -------------------------------------------------------------------------------------------------------


@on(Volume.attach)
def attach(
    world: World, volume: Row, linode_id: int, config_id: int | None = None, *, persist_across_boots: bool = True
) -> Row:
    """Attach it to a Linode of its region."""
    if volume["linode_id"] is not None:
        raise Refused(f"Volume {volume['id']} is already attached")  # these last words alone are on record
    linode = world.get(Linode, linode_id)
    if linode["region"] != volume["region"]:
        raise Refused("Volume and Linode must be in the same region", field="linode_id")  # a guess, its words too
    if persist_across_boots:
        _put_into_config(world, volume, linode, config_id)
    elif linode["status"] != "running":
        raise Refused("Linode must be running to attach a volume that does not persist")  # a guess at the words
    attach_now(volume, linode)
    world.events.schedule("volume_attach", volume, linode, seconds=ATTACH)
    return volume


def _put_into_config(world: World, volume: Row, linode: Row, config_id: int | None) -> None:
    """Put the volume into the next free slot of a configuration: the one asked for, the last booted or the only one."""
    configs = world.rows(Config, linode)
    config: Row | None
    if config_id is not None:
        config = rules.referenced_row(world, Config, config_id, linode, field="config_id")
    elif configs:
        config = booted_config(world, linode) or (configs[0] if len(configs) == 1 else None)
        if config is None:
            raise Refused("config_id is required", field="config_id")  # D: needed when there are several
    else:
        return
    config["devices"][device_room(linode, config)] = {"disk_id": None, "volume_id": volume["id"]}


def attach_now(volume: Row, linode: Row) -> None:
    """From now on *linode* has the volume."""
    volume |= {"linode_id": linode["id"], "linode_label": linode["label"], "io_ready": volume["status"] == "active"}


def detach_now(volume: Row) -> None:
    """From now on no Linode has the volume."""
    volume |= {"linode_id": None, "linode_label": None, "io_ready": False, "_detaching": False}


@on(Volume.detach)
def detach(world: World, volume: Row) -> None:
    """Detach it; its Linode has it until the job ends."""
    linode = None if volume["linode_id"] is None else world.find(Linode, volume["linode_id"])
    if linode is None:
        raise Refused("Volume is not attached")  # in words of the sandbox's own
    if volume.get("_detaching"):
        raise Refused("Volume is being detached")  # refused while it lasts; the words are the sandbox's own
    volume["_detaching"] = True
    world.events.schedule("volume_detach", volume, linode, seconds=DETACH, then=finish_detach, args=(volume,))


@job("volumes.finish_detach", Volume)
def finish_detach(world: World, volume: Row) -> None:
    """The Linode, and the slots of its configurations, have the volume no longer."""
    if volume["linode_id"] is None:
        return  # its Linode was deleted meanwhile
    for config in world.rows(Config, world.get(Linode, volume["linode_id"])):
        for slot, device in config["devices"].items():
            if device and device["volume_id"] == volume["id"]:
                config["devices"][slot] = None
    detach_now(volume)
