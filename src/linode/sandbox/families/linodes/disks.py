"""Disks: made, copied, changed and deleted by jobs of their Linode, behind those that it has.

Only making and deleting one is refused while the Linode is busy, as far as is on record.
"""

from __future__ import annotations

from typing import Any

from linode.api.linodes.configs import Config
from linode.api.linodes.disks import Disk
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .deploy import deploy, refuse_small, refuse_weak
from .power import will_run
from .rows import add_disk, booted_config, refuse_no_room

__all__ = ["refuse_in_use"]

CREATE, CLONE, RESIZE, DELETE, PASSWORD = 15, 15, 15, 8, 5
"""Seconds that the jobs take."""
MAX_DISKS = 50
MAX_LABEL_LENGTH = 48


@on.create(Disk)
def create(
    world: World,
    linode: Row,
    size: int,
    image: str | None = None,
    label: str | None = None,
    filesystem: str | None = None,
    **options: Any,
) -> Row:
    """Make an empty disk, or one from an image, which wants a way to log in."""
    world.events.refuse_busy(linode)
    source = deploy(world, image, **options)
    if source is not None:
        refuse_small(source, size)
    _refuse_too_many(world, linode)
    refuse_no_room(world, linode, size)
    kind: str = filesystem or (source or {}).get("_filesystem") or "ext4"
    label = label or _label(source, kind, size)
    disk = add_disk(world, linode, label, size, filesystem=kind, status="not ready", image=source)
    world.events.schedule("disk_create", linode, disk, seconds=CREATE, then=finish_disk, args=(disk,), queued=True)
    if source is not None and not source["is_public"] and source["size"] < size:
        # The image is stretched to the size that was asked for, by a job of its own that nobody ordered.
        args = (disk, size)
        world.events.schedule("disk_resize", linode, disk, seconds=RESIZE, then=finish_disk, args=args, queued=True)
    return disk


def _label(image: Row | None, filesystem: str, size: int) -> str:
    if image is not None:
        return f"{image['label']} Disk"[:MAX_LABEL_LENGTH]
    return f"{size} MB {'Swap Image' if filesystem == 'swap' else 'Disk'}"


def _refuse_too_many(world: World, linode: Row) -> None:
    if len(world.read(Disk, linode)) >= MAX_DISKS:
        raise Refused(f"A Linode has at most {MAX_DISKS} disks")  # own words


@on.update(Disk)
def update(world: World, disk: Row, **changes: Any) -> None:
    """Give it another name."""
    rules.update(world, disk, **changes)
    world.events.notify("disk_update", world.parent(disk), disk)


@on(Disk.clone)
def clone(world: World, disk: Row, *, linode: Row) -> Row:
    """Copy a disk within its Linode; the copy has the status ``ready`` at once."""
    _refuse_too_many(world, linode)
    refuse_no_room(world, linode, disk["size"], None)
    kept = {name: disk.get(name) for name in ("_image", "_least")}
    label = f"Copy of {disk['label']}"[:MAX_LABEL_LENGTH]
    copy = add_disk(world, linode, label, disk["size"], filesystem=disk["filesystem"])
    copy |= kept
    world.events.schedule("disk_duplicate", linode, copy, seconds=CLONE, queued=True)
    return copy


@on(Disk.resize)
def resize(world: World, disk: Row, size: int, *, linode: Row) -> None:
    """Change its size when the job ends; the room is asked for now."""
    refuse_in_use(world, disk)
    if size < (disk.get("_least") or 0):
        raise Refused(f"Must be at least {disk['_least']}", field="size")
    refuse_no_room(world, linode, size - disk["size"])
    disk["status"] = "not ready"
    args = (disk, size)
    world.events.schedule("disk_resize", linode, disk, seconds=RESIZE, then=finish_disk, args=args, queued=True)


@on(Disk.reset_password)
def reset_password(world: World, disk: Row, password: str, *, linode: Row) -> None:
    """Set root's password there; nobody keeps it, as nobody logs in here."""
    if not 7 <= len(password) <= 128:
        raise Refused("Length must be 7-128 characters", field="password")
    refuse_weak(password, "password")
    refuse_in_use(world, disk)
    world.events.schedule("password_reset", linode, seconds=PASSWORD, queued=True)


@on.delete(Disk)
def delete(world: World, disk: Row) -> None:
    """Delete it; configurations have an empty slot in its place."""
    linode = world.parent(disk)
    world.events.refuse_busy(linode)
    refuse_in_use(world, disk)
    disk["status"] = "deleting"
    world.events.schedule("disk_delete", linode, disk, seconds=DELETE, then=finish_delete, args=(disk,), queued=True)


def refuse_in_use(world: World, disk: Row) -> None:
    """Raise a refusal when the Linode of *disk* runs with it once its jobs are done."""
    linode = world.parent(disk)
    config = booted_config(world, linode) if will_run(world, linode) else None
    devices = config["devices"].values() if config is not None else ()
    if any(device and device["disk_id"] == disk["id"] for device in devices):
        raise Refused("Disk is in use by the running Linode; power it off first")  # own words


@job("disks.finish_disk", Disk, fails=True)
def finish_disk(world: World, disk: Row, size: int | None = None) -> None:
    """The disk can be used, with its new *size* where it has one."""
    disk |= {"status": "ready", "size": size or disk["size"], "updated": world.stamp()}


@job("disks.finish_delete", Disk, fails=True)
def finish_delete(world: World, disk: Row) -> None:
    """The disk is gone, from the configurations too."""
    for config in world.rows(Config, world.parent(disk)):
        for slot, device in config["devices"].items():
            if device and device["disk_id"] == disk["id"]:
                config["devices"][slot] = None
    world.remove(disk)
