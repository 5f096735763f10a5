"""Backups of a Linode: those made every day, and the snapshots made by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, Unpack

from linode._model import Call, Meta, Nested, Options, Parent, ReadOnly, Ref, Resource, Struct, action, given

if TYPE_CHECKING:
    from ..regions import Region
    from .disks import Filesystem
    from .linode import Linode

__all__ = ["AvailableBackups", "Backup", "BackupDisk", "RestoreOptions", "Snapshots"]

SnapshotLabel: TypeAlias = Annotated[str, Meta(min_length=1, max_length=255)]


class BackupDisk(Struct):
    """A disk as it is in a backup."""

    label: ReadOnly[str]
    """Its name when the backup was made."""
    size: ReadOnly[int]
    """Its size in MB then."""
    filesystem: ReadOnly[Filesystem]
    """File system."""


class RestoreOptions(Options, total=False):
    """Options of `Backup.restore` besides the Linode."""

    overwrite: bool
    """Delete all disks and configurations of the target first; otherwise they are kept and must leave room."""


class Backup(Resource):
    """The disks and configurations of a Linode as they were at one time."""

    path = "/linode/instances/{linode}/backups/{id}"
    scope = "linodes"
    read_only = True

    linode: Parent[Linode]
    """The Linode it was made of."""
    id: ReadOnly[int]
    """Numeric ID."""
    label: ReadOnly[str | None]
    """The name given to a snapshot; None for those made every day."""
    type: ReadOnly[Literal["auto", "snapshot"]]
    """Whether the schedule made it, or a person."""
    status: ReadOnly[
        Literal["paused", "pending", "running", "needsPostProcessing", "successful", "failed", "userAborted"]
    ]
    """How far it is; ``successful`` ones can be restored."""
    available: ReadOnly[bool]
    """Whether it can be restored now."""
    region: Ref[Region]
    """Where it is kept; it can be restored only there."""
    configs: ReadOnly[list[str]]
    """The labels of the configurations in it."""
    disks: ReadOnly[list[BackupDisk]]
    """The disks in it."""
    created: ReadOnly[datetime]
    """When it was begun (UTC)."""
    updated: ReadOnly[datetime]
    """When its state last changed (UTC)."""
    finished: ReadOnly[datetime | None]
    """When it was complete (UTC); None while it is being made."""

    @action
    def restore(self, linode_id: Linode | int, **options: Unpack[RestoreOptions]) -> Call[None]:
        """Put this backup onto the Linode *linode_id*, which must be in the same region and have room for it.

        Raises `InvalidRequestError` when it has no room, or a job is running there.
        """
        return self.post("restore", given(linode_id=linode_id, **options))


class Snapshots(Struct):
    """The snapshots of a Linode, of which there is one at a time."""

    current: ReadOnly[Backup | None]
    """The one that is kept."""
    in_progress: ReadOnly[Backup | None]
    """The one that is being made and will take its place."""


class AvailableBackups(Struct):
    """The backups of a Linode that there are."""

    automatic: ReadOnly[list[Backup]]
    """Those made by the schedule."""
    snapshot: Nested[Snapshots]
    """Those made by hand."""
