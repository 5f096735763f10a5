"""Volumes: storage that is attached to a Linode and outlives it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, Self, TypeAlias, Unpack

from linode._model import (
    BaseClient,
    Call,
    Entry,
    Field,
    Many,
    Meta,
    Nested,
    Options,
    ReadOnly,
    Ref,
    RefField,
    Resource,
    action,
    given,
)

from .types import Price, RegionPrice

if TYPE_CHECKING:
    from .linodes.configs import Config
    from .linodes.linode import Linode
    from .regions import Region

__all__ = ["AttachOptions", "Volume", "VolumeOptions", "VolumeType", "VolumesMixin"]

VolumeLabel: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=r"^[a-zA-Z]((?!--|__)[a-zA-Z0-9-_])+$")
]
VolumeSize: TypeAlias = Annotated[int, Meta(le=10240)]
Lock: TypeAlias = Literal["cannot_delete", "cannot_delete_with_subresources"]


class VolumeOptions(Options, total=False):
    """Options of `create_volume` besides the label; either ``region`` or ``linode_id`` is required."""

    size: int
    """Size in GB; 20 unless said otherwise."""
    region: Region | str | None
    """Where it is kept."""
    linode_id: Linode | int
    """The Linode to attach it to, in whose region it is made."""
    config_id: Config | int
    """The configuration of that Linode to put it into; needed when there are several."""
    encryption: Literal["enabled", "disabled"]
    """Whether what is on it is encrypted; not unless said otherwise."""
    tags: Sequence[str]
    """Tags."""


class AttachOptions(Options, total=False):
    """Options of `Volume.attach` besides the Linode."""

    config_id: Config | int
    """The configuration of the Linode to put it into; the only or last booted one otherwise."""
    persist_across_boots: bool
    """Write it into the configuration, so that it is attached after a reboot too; the API does so unless told not."""


class Volume(Resource):
    """Storage that is attached to one Linode at a time and stays when the Linode goes."""

    path = "/volumes/{id}"
    unique = "label"
    scope = "volumes"
    filterable = ("label", "tags")

    id: ReadOnly[int]
    """Numeric ID."""
    label: Field[VolumeLabel]
    """Its name, unique in the account: 1 to 32 letters, digits, ``-`` and ``_``, a letter first."""
    size: ReadOnly[int]
    """Size in GB; `resize` makes it larger."""
    status: ReadOnly[Literal["creating", "active", "resizing", "key_rotating", "migrating", "offline"]]
    """Status; ``active`` is ready for use."""
    region: RefField[Region]
    """Where it is kept."""
    linode: Ref[Linode | None] = Ref("linode_id")
    """The Linode it is attached to."""
    linode_label: ReadOnly[str | None]
    """The label of the Linode it is attached to."""
    filesystem_path: ReadOnly[str]
    """The path at which a Linode finds it once it is attached."""
    hardware_type: ReadOnly[Literal["hdd", "nvme"]]
    """Hardware of its storage."""
    encryption: ReadOnly[Literal["enabled", "disabled"]]
    """Whether what is on it is encrypted."""
    io_ready: ReadOnly[bool]
    """Whether it can be read and written."""
    locks: ReadOnly[list[Lock]]
    """Locks that prevent its deletion."""
    tags: Field[list[str]]
    """Tags."""
    created: ReadOnly[datetime]
    """Creation time (UTC)."""
    updated: ReadOnly[datetime]
    """Time of the last change (UTC)."""

    @action
    def attach(self, linode_id: Linode | int, **options: Unpack[AttachOptions]) -> Call[Self]:
        """Attach this volume to the Linode *linode_id* of the same region; returns the volume.

        Raises `InvalidRequestError` when it is attached already or the Linode has no slot left.
        """
        return self.updated_by("POST", "attach", given(linode_id=linode_id, **options))

    @action
    def detach(self) -> Call[None]:
        """Detach this volume from its Linode, where it should not be mounted any more."""
        return self.post("detach", outdated=("linode_id", "linode_label"))

    @action
    def resize(self, size: VolumeSize) -> Call[Self]:
        """Grow this volume to *size* GB; it cannot shrink. Returns the volume.

        Raises `InvalidRequestError` when *size* is smaller than now.
        """
        return self.updated_by("POST", "resize", given(size=size))

    @action
    def clone(self, label: VolumeLabel) -> Call[Volume]:
        """Copy this volume to a new one named *label*; returns the new one.

        Raises `InvalidRequestError` when there is one of that name already.
        """
        return self.made(Volume, "POST", "clone", given(label=label))


class VolumeType(Entry):
    """A kind of volume, with its price. The API gives them as a list only."""

    public = True
    filterable = ("label", "price.hourly", "price.monthly", "transfer")

    id: ReadOnly[str]
    """Its name for programs."""
    label: ReadOnly[str]
    """Its name for people."""
    price: Nested[Price]
    """The usual price of a GB."""
    region_prices: ReadOnly[list[RegionPrice]]
    """The prices of regions that differ."""
    transfer: ReadOnly[Annotated[int, Meta(ge=0)]]
    """Outgoing traffic that the price of a month includes, in GB."""


class VolumesMixin(BaseClient):
    """Volumes, from a client."""

    get_volumes: Many[Volume] = Many("/volumes")
    """The volumes of the account."""
    get_volume_types: Many[VolumeType] = Many("/volumes/types")
    """The kinds of volumes that are on sale."""

    @action
    def create_volume(self, label: VolumeLabel, **options: Unpack[VolumeOptions]) -> Call[Volume]:
        """Make a volume, in a region or for a Linode.

        Raises `InvalidRequestError` when neither is given or there is one of that name already.
        """
        return self.made(Volume, "POST", "/volumes", given(label=label, **options))
