"""Block storage volumes, which attach to a Linode and outlive it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Entry, Field, Many, Options, ReadOnly, Ref, RefField, action, body
from linode.waiting.waitable import Waitable

from .types import _PricedFields

if TYPE_CHECKING:
    from .linodes.configs import Config
    from .linodes.linode import Linode
    from .regions import Region

VolumeLabel: TypeAlias = Annotated[
    str, Bounds(min_length=2, max_length=32, pattern=r"^[a-zA-Z]((?!--|__)[a-zA-Z0-9-_])+$")
]
Lock: TypeAlias = Literal["cannot_delete", "cannot_delete_with_subresources"] | str


class VolumeOptions(Options, total=False):
    """Options of `create_volume` besides the label; either ``region`` or ``linode_id`` is required."""

    size: int
    """Size in GB: 10 to 16,384; 20 by default."""
    region: Region | str | None
    linode_id: Linode | int
    """Linode to attach the volume to; its region is the volume's."""
    config_id: Config | int
    """Configuration of that Linode to add the volume to; required when there are several."""
    encryption: Literal["enabled", "disabled"] | str
    """Whether to encrypt the volume; disabled by default."""
    tags: Sequence[str]


class AttachOptions(Options, total=False):
    """Options of `Volume.attach` besides the Linode."""

    config_id: Config | int
    """Configuration of the Linode to add the volume to; by default the only or last booted one."""
    persist_across_boots: bool
    """Whether to add the volume to the configuration, to attach it again after a reboot; True by default."""


class Volume(Waitable):
    """A block storage volume, attached to at most one Linode at a time."""

    path = "/volumes/{id}"
    unique = "label"
    scope = "volumes"
    filterable = ("label", "tags")
    shown = ("id", "label", "status", "region", "size", "linode_id", "tags")

    id: ReadOnly[int]
    label: Field[VolumeLabel]
    """Label, unique in the account: 2 to 32 letters, digits, ``-`` and ``_``, starting with a letter."""
    size: ReadOnly[int]
    """Size in GB; `resize` increases it."""
    status: ReadOnly[Literal["creating", "active", "resizing", "key_rotating", "migrating", "offline"] | str]
    """Status; ``active`` is ready for use."""
    region: RefField[Region]
    linode: Ref[Linode | None] = Ref("linode_id")
    """Linode that the volume is attached to; None when detached."""
    linode_label: ReadOnly[str | None]
    """Label of the Linode that the volume is attached to; None when detached."""
    filesystem_path: ReadOnly[str]
    """Device path on the Linode once attached."""
    hardware_type: ReadOnly[Literal["hdd", "nvme"] | str]
    """Hardware type of the storage."""
    encryption: ReadOnly[Literal["enabled", "disabled"] | str]
    """Whether the volume is encrypted."""
    io_ready: ReadOnly[bool]
    """Whether the volume can be read and written."""
    locks: ReadOnly[list[Lock]]
    """Locks that prevent its deletion."""
    tags: Field[list[str]]
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]

    @action
    def attach(self, linode_id: Linode | int, **options: Unpack[AttachOptions]) -> Call[Volume]:
        """Attach this volume to the Linode *linode_id* of the same region; returns the volume.

        Raises `InvalidRequestError` when it is attached already, the Linode has no slot left, or it has several
        configurations and none was booted or given.
        """
        return self._updates("attach", body(linode_id=linode_id, **options))

    @action
    def detach(self) -> Call[None]:
        """Detach this volume from its Linode, which takes some seconds; unmount it there first.

        Raises `InvalidRequestError` when it is not attached, or being detached already.
        """
        return self._posts("detach", outdated=("linode", "linode_label"))

    @action
    def resize(self, size: int) -> Call[Volume]:
        """Resize this volume to *size* GB, 16,384 at most; returns the volume, which is ``resizing`` for a while.

        Raises `InvalidRequestError` when *size* is not larger than now, or the volume is not ``active``.
        """
        return self._updates("resize", body(size=size))

    @action
    def clone(self, label: VolumeLabel) -> Call[Volume]:
        """Clone this volume to a new volume labeled *label*; returns the new volume.

        Raises `InvalidRequestError` when the label is taken.
        """
        return self._creates(Volume, "clone", body(label=label))


class VolumeType(_PricedFields, Entry):
    """A kind of volume, with its price per GB. The API returns kinds in a list only."""

    public = True
    filterable = ("label", "price.hourly", "price.monthly", "transfer")


class VolumesMixin(BaseClient):
    """Methods of a client for volumes."""

    get_volumes: Many[Volume] = Many("/volumes")
    """Volumes of the account."""
    get_volume_types: Many[VolumeType] = Many("/volumes/types")
    """Kinds of volumes on sale."""

    @action
    def create_volume(self, label: VolumeLabel, **options: Unpack[VolumeOptions]) -> Call[Volume]:
        """Create a volume in a region or for a Linode; returns the volume.

        Raises `InvalidRequestError` when neither is given or the label is taken.
        """
        return self._creates(Volume, "/volumes", body(label=label, **options))
