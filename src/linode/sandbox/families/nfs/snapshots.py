"""Snapshots of NFS file systems: taken, locked, deleted, expired and cloned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linode.api.nfs.filesystems import NFSFilesystem
from linode.api.nfs.snapshots import NFSSnapshot
from linode.api.nfs.spaces import NFSSpace
from linode.sandbox.core.kind import Kind
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .filesystems import add_filesystem, check_capacity
from .states import begin, conflict, refuse_unless

__all__ = ["add_snapshot"]

CREATE, DELETE = 20, 10
"""Seconds that the states last: a guess within the five minutes that clients wait."""
GIB = 2**30

on.kind(Kind(of=NFSSnapshot))


@on.create(NFSSnapshot)
def create(
    world: World,
    filesystem: Row,
    label: str,
    expiration: str | None = None,
    *,
    locked: bool = False,
    tags: Sequence[str] = (),
) -> Row:
    """Take a snapshot."""
    refuse_unless(filesystem, "active")
    if world.read(NFSSnapshot, filesystem, label=label):
        raise conflict("The file system has a snapshot of that label", "label")  # 409 for certain, the words our own
    _check_expiration(world, expiration)
    snapshot = add_snapshot(world, filesystem, label, locked=locked, tags=list(tags), source="manual")
    _expire_at(world, snapshot, expiration)
    return snapshot


def add_snapshot(world: World, filesystem: Row, label: str, **members: Any) -> Row:
    """Add a snapshot of *filesystem*, where nobody writes: its size is 0."""
    ids = {"filesystem_id": filesystem["id"], "space_id": filesystem["space_id"]}
    snapshot = world.add(NFSSnapshot, filesystem, **ids, label=label, **members)
    begin(world, snapshot, "creating", CREATE)
    return snapshot


@on.update(NFSSnapshot)
def update(world: World, snapshot: Row, **changes: Any) -> Row:
    """Change when it expires, whether it is locked, and the tags."""
    refuse_unless(snapshot, "creating", "active")
    if "expiration" in changes:
        expiration = changes.pop("expiration")
        _check_expiration(world, expiration)
        _expire_at(world, snapshot, expiration)
    return rules.update(world, snapshot, **changes)


@on.delete(NFSSnapshot)
def delete(world: World, snapshot: Row) -> None:
    """Delete it, which takes a while, unless it is locked (a guess)."""
    if snapshot["locked"]:
        raise conflict("The snapshot is locked")  # in words of the sandbox's own
    begin(world, snapshot, "deleting", DELETE)


@on(NFSSnapshot.clone)
def clone(
    world: World,
    snapshot: Row,
    label: str,
    region: str,
    space_id: int | None = None,
    size_gib: int | None = None,
    tags: Sequence[str] = (),
) -> Row:
    """Make a file system of it, in its space or another one."""
    refuse_unless(snapshot, "active")
    source = world.get(NFSFilesystem, snapshot["filesystem_id"])
    if size_gib is not None:
        check_capacity(size_gib, "size_gib")
    return add_filesystem(
        world,
        world.get(NFSSpace, snapshot["space_id"] if space_id is None else space_id),
        label=label,
        region=region,
        max_capacity_bytes=source["max_capacity_bytes"] if size_gib is None else size_gib * GIB,
        protocol_versions=source["protocol_versions"],
        source_snapshot_id=snapshot["id"],
        tags=list(tags),
    )


# -- expiration ------------------------------------------------------------------------------------------------------


def _check_expiration(world: World, expiration: str | None) -> None:
    if expiration is not None and world.seconds_until(expiration) <= 0:
        raise Refused("Must be in the future", "expiration")  # a guess, its words too


def _expire_at(world: World, snapshot: Row, expiration: str | None) -> None:
    """Let *snapshot* end at *expiration*; None for never."""
    world.cancel(snapshot.get("_expiry"))
    snapshot |= {"expiration": expiration, "_expiry": None}
    if expiration is not None:
        snapshot["_expiry"] = world.later(world.seconds_until(expiration), expire, snapshot)


@job("nfs.expire_snapshot", NFSSnapshot)
def expire(world: World, snapshot: Row) -> None:
    """The time of the snapshot is over; a locked one stays (a guess)."""
    if not snapshot["locked"]:
        begin(world, snapshot, "deleting", DELETE)
