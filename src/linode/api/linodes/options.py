"""Options of the methods of a Linode."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Required, TypeAlias, TypedDict

from linode._model import Bounds, Options

from .deploy import DeployOptions
from .interfaces import InterfaceGeneration
from .values import DiskEncryption, LinodeLabel, MaintenancePolicySlug

if TYPE_CHECKING:
    from ..networking.firewalls import Firewall
    from ..networking.ips import IPAddress
    from ..networking.reserved_ips import ReservedIPAddress
    from ..placement import PlacementGroup
    from ..regions import Region
    from ..types import Kernel, Type
    from .backups import Backup
    from .configs import Config, NewConfigInterface
    from .disks import Disk
    from .interfaces import NewInterface
    from .linode import Linode


MigrationType: TypeAlias = Literal["warm", "cold"]
"""Migration type: ``warm`` keeps the Linode running during the copy, ``cold`` (the default) powers it off."""


class Metadata(TypedDict, total=False):
    """Metadata that a Linode reads from its metadata service."""

    user_data: str | bytes
    """Configuration for cloud-init, 65,535 bytes at most: as it is, or in base64. The library encodes bytes, and text
    that is not base64."""


class NewLinodePlacementGroup(TypedDict, total=False):
    """Placement group to join."""

    id: Required[PlacementGroup | int]
    compliant_only: bool
    """Whether to refuse the Linode when the group would no longer be compliant; False by default."""


class _NewLinodeOptions(Options, total=False):
    """Options of a new `Linode`, created or cloned."""

    group: str
    backups_enabled: bool
    """Whether to enable backups; for a Linode that is not a clone the account's setting by default."""
    private_ip: bool
    """Whether to add a private IPv4 address."""
    metadata: Metadata
    placement_group: NewLinodePlacementGroup
    maintenance_policy: MaintenancePolicySlug


class LinodeOptions(_NewLinodeOptions, DeployOptions, total=False):
    """Options of `create_linode` besides type, region, image and password."""

    label: LinodeLabel
    """Label, unique in the account; ``linode`` and the ID by default."""
    tags: Sequence[str]
    booted: bool
    """Whether to boot the Linode once it is created; True by default when it has disks."""
    boot_size: int
    """Size of the first disk in MB; all remaining storage by default."""
    swap_size: int
    """Size of the swap disk in MB; 512 by default, 0 for none."""
    kernel: Kernel | str
    backup_id: Backup | int
    """Backup to create the Linode from, instead of an image."""
    disk_encryption: DiskEncryption
    """Whether to encrypt the disks; enabled by default where the region supports it."""
    firewall_id: Firewall | int | None
    """Firewall that protects the Linode; -1 for none."""
    interface_generation: InterfaceGeneration | None
    """Generation of the network interfaces; the account's setting by default."""
    interfaces: Sequence[NewInterface | NewConfigInterface]
    """Network interfaces; one public interface by default."""
    ipv4: Sequence[ReservedIPAddress | IPAddress | str]
    """Reserved public address of the account to assign."""
    network_helper: bool | None
    """Whether to configure the network at every boot; the account's setting by default."""


class RebuildOptions(DeployOptions, total=False):
    """Options of `Linode.rebuild` besides image and password."""

    type: Type | str
    """New type, to resize at the same time."""
    booted: bool
    """Whether to boot the Linode once it is rebuilt; True by default."""
    metadata: Metadata
    disk_encryption: DiskEncryption
    """Whether to encrypt the disks; unchanged by default."""
    maintenance_policy: MaintenancePolicySlug


class CloneOptions(_NewLinodeOptions, total=False):
    """Options of `Linode.clone`; either ``linode_id``, or ``region`` and ``type``, is required.

    ``metadata`` is required when this Linode has user data.
    """

    linode_id: Linode | int
    """Linode to copy to; a new one by default."""
    region: Region | str
    type: Type | str
    label: Annotated[str, Bounds(min_length=3, max_length=64)]
    disks: Sequence[Disk | int]
    """Disks to copy; those of the configurations by default."""
    configs: Sequence[Config | int]
    """Configurations to copy, with their disks; all by default."""


class MutateOptions(Options, total=False):
    """Options of `Linode.mutate`."""

    allow_auto_disk_resize: bool
    """Whether to resize the disk with the type when there is only one besides swap; True by default."""


class ResizeOptions(MutateOptions, total=False):
    """Options of `Linode.resize` besides the type."""

    migration_type: MigrationType


class MigrateOptions(Options, total=False):
    """Options of `Linode.migrate`."""

    region: Region | str
    """Region to migrate to; by default the pending migration within the region is started."""
    type: MigrationType
    upgrade: bool
    """Whether to migrate to newer hardware, when a migration is pending."""
    placement_group: NewLinodePlacementGroup


def encode_user_data(options: dict[str, Any]) -> dict[str, Any]:
    """Return *options* with ``metadata["user_data"]`` in base64; text that is base64 already stays as it is."""
    metadata = options.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(data := metadata.get("user_data"), (str, bytes)):
        return options
    return {**options, "metadata": {**metadata, "user_data": _base64(data)}}


def _base64(data: str | bytes) -> str:
    if isinstance(data, str):
        with contextlib.suppress(ValueError):  # scripts and cloud-config are never base64: they begin with #
            base64.b64decode(data, validate=True)
            return data
        data = data.encode()
    return base64.b64encode(data).decode("ascii")
