"""Policies by which snapshots of an NFS file system are taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from linode._model import Options, Parent, ReadOnly, Resource, Struct

if TYPE_CHECKING:
    from .filesystems import NFSFilesystem
    from .spaces import NFSSpace

NFSFrequency: TypeAlias = Literal["hourly", "daily", "weekly", "monthly"] | str
NFSDayOfWeek: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | str


class NewNFSSnapshotSchedule(TypedDict, total=False):
    """Times at which snapshots are taken."""

    frequency: NFSFrequency
    minute: int
    """Minute of the hour."""
    hour: int
    """Hour of the day (UTC)."""
    day_of_week: NFSDayOfWeek
    """Day of the week."""
    day_of_month: int
    """Day of the month."""
    retain: int


class NFSSnapshotPolicyOptions(Options, total=False):
    """Options of `NFSFilesystem.update_snapshot_policy` besides the prefix of names."""

    enabled: bool
    schedules: Sequence[NewNFSSnapshotSchedule]


class NFSSnapshotSchedule(Struct):
    """Times at which snapshots are taken."""

    frequency: ReadOnly[NFSFrequency]
    minute: ReadOnly[int | None]
    """Minute of the hour; None for every one."""
    hour: ReadOnly[int | None]
    """Hour of the day (UTC); None for every one."""
    day_of_week: ReadOnly[NFSDayOfWeek | None]
    """Day of the week; None for every one."""
    day_of_month: ReadOnly[int | None]
    """Day of the month; None for every one."""
    retain: ReadOnly[int]
    """Number of snapshots to keep."""


class NFSSnapshotPolicy(Resource):
    """Snapshot policy of a file system; `NFSFilesystem.update_snapshot_policy` sets it.

    Deleting it ends the policy; its snapshots stay.
    """

    path = "/nfs/spaces/{space}/filesystems/{filesystem}/snapshot-policy"
    scope = "nfs"
    beta = True
    savable = False

    space: Parent[NFSSpace]
    filesystem: Parent[NFSFilesystem]
    filesystem_id: ReadOnly[int]
    enabled: ReadOnly[bool]
    """Whether snapshots are taken."""
    name_prefix: ReadOnly[str]
    """Beginning of the labels of the snapshots."""
    schedules: ReadOnly[list[NFSSnapshotSchedule]]
    """Times at which snapshots are taken."""
