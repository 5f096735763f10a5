"""Snapshots of an NFS file system."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, Unpack

from linode._model import Bounds, Call, Field, Options, Parent, ReadOnly, action, body
from linode.waiting.waitable import Waitable

if TYPE_CHECKING:
    from ..regions import Region
    from .filesystems import NFSFilesystem
    from .spaces import NFSSpace

NFSLabel: TypeAlias = Annotated[str, Bounds(max_length=63)]
NFSStatus: TypeAlias = Literal["creating", "active", "updating", "deleting", "error"] | str


class NFSSnapshotOptions(Options, total=False):
    """Options of `NFSFilesystem.create_snapshot` besides the label."""

    expiration: datetime | None
    locked: bool
    tags: Sequence[str]


class NFSCloneOptions(Options, total=False):
    """Options of `NFSSnapshot.clone` besides the label and the region."""

    space_id: NFSSpace | int | None
    """Space of the new file system; the snapshot's by default."""
    size_gib: int | None
    """Capacity in GiB; that of the snapshot's file system by default."""
    tags: Sequence[str]


class NFSSnapshot(Waitable):
    """A copy of a file system as it was at one time."""

    path = "/nfs/spaces/{space}/filesystems/{filesystem}/snapshots/{id}"
    scope = "nfs"
    beta = True

    space: Parent[NFSSpace]
    filesystem: Parent[NFSFilesystem]
    id: ReadOnly[int]
    filesystem_id: ReadOnly[int]
    space_id: ReadOnly[int]
    label: ReadOnly[NFSLabel]
    """Label, unique in the file system: up to 63 characters."""
    status: ReadOnly[NFSStatus]
    """Status; an ``active`` snapshot can be cloned."""
    created: ReadOnly[datetime]
    expiration: Field[datetime | None]
    """Time at which the snapshot is deleted (UTC); None for never."""
    locked: Field[bool]
    """Whether the snapshot is protected from deletion."""
    source: ReadOnly[Literal["manual", "policy"] | str]
    """Origin: a request, or the policy of the file system."""
    policy_id: ReadOnly[int | None]
    """ID of the policy; None for a snapshot taken by request."""
    size_bytes: ReadOnly[int]
    """Size in bytes."""
    aggregated_size_bytes: ReadOnly[int]
    """Size in bytes, with the earlier snapshots that it refers to."""
    tags: Field[list[str]]

    @action
    def clone(self, label: NFSLabel, region: Region | str, **options: Unpack[NFSCloneOptions]) -> Call[NFSFilesystem]:
        """Create a file system labeled *label* with the content of this snapshot; returns the file system."""
        from .filesystems import NFSFilesystem

        return Call(
            "POST",
            f"{self.url}/clone",
            body(label=label, region=region, **options),
            beta=True,
            read=lambda data: NFSFilesystem._of(self._client, data),
        )
