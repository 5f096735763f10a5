"""Backups of a Linode: daily backups and manual snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, Unpack

from linode._model import Bounds, Call, Nested, Options, Parent, ReadOnly, Ref, Struct, action, body
from linode.waiting.job import Job, start_job
from linode.waiting.waitable import Waitable

from .values import SETTLED

if TYPE_CHECKING:
    from ..regions import Region
    from .disks import Filesystem
    from .linode import Linode

SnapshotLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=255)]


class BackupDisk(Struct):
    """A disk in a backup."""

    label: ReadOnly[str]
    """Label of the disk at the time of the backup."""
    size: ReadOnly[int]
    """Size at the time of the backup, in MB."""
    filesystem: ReadOnly[Filesystem]


class RestoreOptions(Options, total=False):
    """Options of `Backup.restore` besides the Linode."""

    overwrite: bool
    """Delete all disks and configurations of the target first; by default they are kept, and there must be room."""


class Backup(Waitable):
    """A backup of a Linode's disks and configurations."""

    path = "/linode/instances/{linode}/backups/{id}"
    scope = "linodes"
    read_only = True
    wait_status = "successful"
    wait_timeout = 3600

    linode: Parent[Linode]
    id: ReadOnly[int]
    label: ReadOnly[str | None]
    """Label of a snapshot; None for automatic backups."""
    type: ReadOnly[Literal["auto", "snapshot"] | str]
    """Type: ``auto`` for daily backups, ``snapshot`` for manual ones."""
    status: ReadOnly[
        Literal["paused", "pending", "running", "needsPostProcessing", "successful", "failed", "userAborted"] | str
    ]
    """Status; only ``successful`` backups can be restored."""
    available: ReadOnly[bool]
    """Whether the backup can be restored now."""
    region: Ref[Region]
    """Region; backups can be restored in their own region only."""
    configs: ReadOnly[list[str]]
    """Labels of the configurations in the backup."""
    disks: ReadOnly[list[BackupDisk]]
    created: ReadOnly[datetime]
    """Start time of the backup (UTC)."""
    updated: ReadOnly[datetime]
    finished: ReadOnly[datetime | None]
    """Completion time (UTC); None while the backup is in progress."""

    @action
    def restore(self, linode_id: Linode | int, **options: Unpack[RestoreOptions]) -> Call[Job]:
        """Restore this backup to the Linode *linode_id*, which must be in the same region and have room for the disks.

        Returns the job, that of the target. Raises `InvalidRequestError` when the target has no room.
        """
        target = Backup.linode.target(self._client, linode_id) if isinstance(linode_id, int) else linode_id
        sent = body(linode_id=linode_id, **options)
        return start_job(target, "backups_restore", f"{self.url}/restore", sent, ("status",), SETTLED)


class Snapshots(Struct):
    """Manual snapshots of a Linode: the current one, and its replacement in progress."""

    current: ReadOnly[Backup | None]
    """Current snapshot; None without one."""
    in_progress: ReadOnly[Backup | None]
    """Snapshot in progress, which will replace the current one; None without one."""


class AvailableBackups(Struct):
    """The available backups of a Linode."""

    automatic: ReadOnly[list[Backup]]
    """Automatic backups."""
    snapshot: Nested[Snapshots]
