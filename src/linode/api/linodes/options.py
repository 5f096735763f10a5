"""Options of the methods of a Linode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypedDict

from linode._model import Meta, Options

from .interfaces import InterfaceGeneration
from .values import LinodeLabel, MaintenancePolicy

if TYPE_CHECKING:
    from ..networking.firewalls import Firewall
    from ..regions import Region
    from ..stackscripts import StackScript
    from ..types import Kernel, Type
    from .backups import Backup
    from .configs import Config, NewConfigInterface
    from .disks import Disk
    from .interfaces import NewInterface
    from .linode import Linode

__all__ = [
    "CloneOptions",
    "LinodeOptions",
    "Metadata",
    "MigrateOptions",
    "MutateOptions",
    "PlacementGroupChoice",
    "RebuildOptions",
    "ResizeOptions",
]


class Metadata(TypedDict, total=False):
    """Metadata that a Linode reads from its metadata service."""

    user_data: str
    """Configuration for cloud-init, in base64: 65,535 bytes at most once decoded."""


class PlacementGroupChoice(TypedDict, total=False):
    """The placement group to join."""

    id: int
    """Numeric ID."""


class LinodeOptions(Options, total=False):
    """Options of `create_linode` besides type, region, image and password."""

    label: LinodeLabel
    """Its name, unique in the account; ``linode`` and its number otherwise."""
    tags: Sequence[str]
    """Tags."""
    group: str
    """A word to group it by; tags are what is used today."""
    booted: bool
    """Whether it is booted once it is made; it is when it has disks."""
    boot_size: int
    """Size of the first disk in MB; all that is left otherwise."""
    swap_size: int
    """Size of the swap disk in MB; 512 unless said otherwise, 0 for none."""
    kernel: Kernel | str
    """Kernel to boot."""
    authorized_keys: Sequence[str]
    """Public SSH keys that may log in as root."""
    authorized_users: Sequence[str]
    """Names of users of the account whose SSH keys may log in as root."""
    backup_id: Backup | int
    """The backup to make it from, in place of an image."""
    backups_enabled: bool
    """Order the backup service too; the account's setting decides otherwise."""
    stackscript_id: StackScript | int
    """The StackScript to run at the first boot; needs an image that it can deal with."""
    stackscript_data: dict[str, Any]
    """Answers to the StackScript's questions, by their names: 65,535 characters at most."""
    metadata: Metadata
    """Metadata that it can read."""
    disk_encryption: Literal["enabled", "disabled"]
    """Whether its disks are encrypted; they are where the region can."""
    firewall_id: Firewall | int | None
    """The firewall in front of it; -1 for none."""
    interface_generation: InterfaceGeneration | None
    """Whether its interfaces belong to its configurations or to itself; the account's setting decides otherwise."""
    interfaces: Sequence[NewInterface | NewConfigInterface]
    """Its network interfaces; one to the internet when they are left out."""
    ipv4: Sequence[str]
    """A reserved address of the account, to be its public one."""
    private_ip: bool
    """Give it a private IPv4 address too."""
    network_helper: bool | None
    """Set up the network in the system at every boot; the account's setting decides otherwise."""
    maintenance_policy: MaintenancePolicy
    """Policy for maintenance of the host: migrate, or power off and on."""
    placement_group: PlacementGroupChoice
    """The placement group to make it in."""


class RebuildOptions(Options, total=False):
    """Options of `Linode.rebuild` besides image and password."""

    type: Type | str
    """Change the type at the same time."""
    booted: bool
    """Whether it is booted once it is made anew; it is unless said otherwise."""
    authorized_keys: Sequence[str]
    """Public SSH keys that may log in as root."""
    authorized_users: Sequence[str]
    """Names of users of the account whose SSH keys may log in as root."""
    stackscript_id: StackScript | int
    """The StackScript to run at the first boot; needs an image that it can deal with."""
    stackscript_data: dict[str, Any]
    """Answers to the StackScript's questions, by their names: 65,535 characters at most."""
    metadata: Metadata
    """Metadata that it can read."""
    disk_encryption: Literal["enabled", "disabled"]
    """Whether its disks are encrypted; as before unless said otherwise."""
    maintenance_policy: MaintenancePolicy
    """Policy for maintenance of the host: migrate, or power off and on."""


class CloneOptions(Options, total=False):
    """Options of `Linode.clone`; either ``linode_id``, or ``region`` and ``type``, is required."""

    linode_id: Linode | int
    """The Linode to copy onto; a new one is made otherwise."""
    region: Region | str
    """Where to make the new one."""
    type: Type | str
    """The type of the new one."""
    label: Annotated[str, Meta(min_length=3, max_length=64)]
    """The name of the new one."""
    group: str
    """A word to group the new one by; tags are what is used today."""
    disks: Sequence[Disk | int]
    """The disks to copy; those of the configurations otherwise."""
    configs: Sequence[Config | int]
    """The configurations to copy, with their disks; all of them otherwise."""
    backups_enabled: bool
    """Order the backup service for the new one too."""
    private_ip: bool
    """Give the new one a private IPv4 address too."""
    metadata: Metadata
    """Metadata of the new Linode; required when this one has user data."""
    placement_group: PlacementGroupChoice
    """The placement group to make the new one in."""
    maintenance_policy: MaintenancePolicy
    """Policy for maintenance of the new Linode's host: migrate, or power off and on."""


class ResizeOptions(Options, total=False):
    """Options of `Linode.resize` besides the type."""

    allow_auto_disk_resize: bool
    """Fit the disk to the new type where there is one besides swap; the API does so unless told not."""
    migration_type: Literal["warm", "cold"]
    """Whether it stays up while it is copied (``warm``) or is off meanwhile; ``cold`` unless said otherwise."""


class MigrateOptions(Options, total=False):
    """Options of `Linode.migrate`."""

    region: Region | str
    """Where to move it; it waits for a move within its region otherwise."""
    type: Literal["warm", "cold"]
    """Whether it stays up while it is copied (``warm``) or is off meanwhile; ``cold`` unless said otherwise."""
    upgrade: bool
    """Move it to newer hardware, where a move is pending anyway."""
    placement_group: PlacementGroupChoice
    """The placement group to join there."""


class MutateOptions(Options, total=False):
    """Options of `Linode.mutate`."""

    allow_auto_disk_resize: bool
    """Fit the disk to the new type where there is one besides swap; the API does so unless told not."""
