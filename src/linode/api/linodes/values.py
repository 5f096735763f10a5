"""Nested objects and enumerations of Linodes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from linode._model import Field, Meta, Nested, ReadOnly, Struct

__all__ = ["BackupSchedule", "LinodeAlerts", "LinodeBackups", "LinodePlacementGroup", "LinodeSpecs"]

LinodeLabel: TypeAlias = Annotated[
    str, Meta(min_length=3, max_length=64, pattern=r"^[a-zA-Z]((?!--|__|\.\.)[a-zA-Z0-9-_.])+$")
]
LinodeStatus: TypeAlias = Literal[
    "running",
    "offline",
    "booting",
    "busy",
    "rebooting",
    "shutting_down",
    "provisioning",
    "deleting",
    "migrating",
    "rebuilding",
    "resizing",
    "cloning",
    "restoring",
    "stopped",
    "billing_suspension",
]
LinodeCapability: TypeAlias = Literal[
    "Block Storage Encryption", "Block Storage Performance B1", "Maintenance Policy", "SMTP Enabled"
]
MaintenancePolicy: TypeAlias = Literal["linode/migrate", "linode/power_off_on"]
Lock: TypeAlias = Literal["cannot_delete", "cannot_delete_with_subresources"]
BackupDay: TypeAlias = Literal[
    "Scheduling", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
]
BackupWindow: TypeAlias = Literal[
    "Scheduling", "W0", "W2", "W4", "W6", "W8", "W10", "W12", "W14", "W16", "W18", "W20", "W22"
]


class LinodeAlerts(Struct):
    """Thresholds above which mail is sent; 0 turns an alert off."""

    cpu: Field[int]
    """Load of the CPUs over two hours, in percent of one: 100 for each CPU is all of them."""
    io: Field[int]
    """Work of the disks over two hours, in operations a second."""
    network_in: Field[int]
    """Incoming traffic over two hours, in Mbit/s."""
    network_out: Field[int]
    """Outgoing traffic over two hours, in Mbit/s."""
    transfer_quota: Field[int]
    """Part of the month's free traffic that has been used, in percent."""
    system_alerts: ReadOnly[list[int]]
    """The numbers of Linode's own alert definitions that watch it."""
    user_alerts: ReadOnly[list[int]]
    """The numbers of the account's alert definitions that watch it."""


class BackupSchedule(Struct):
    """When backups are made."""

    day: Field[BackupDay | None]
    """The day whose backup is kept for the week; ``Scheduling`` lets Linode choose."""
    window: Field[BackupWindow | None]
    """The two hours of the day in which they are made: ``W4`` begins at 4:00 UTC; ``Scheduling`` lets Linode choose."""


class LinodeBackups(Struct):
    """The backup service of a Linode."""

    enabled: ReadOnly[bool]
    """Whether backups are made; see `Linode.enable_backups`."""
    available: ReadOnly[bool]
    """Whether there is one that can be restored."""
    last_successful: ReadOnly[datetime | None]
    """When the last one was made (UTC)."""
    schedule: Nested[BackupSchedule]
    """When they are made."""


class LinodePlacementGroup(Struct):
    """The placement group that a Linode belongs to."""

    id: ReadOnly[int]
    """Numeric ID."""
    label: ReadOnly[str]
    """Name."""
    placement_group_type: ReadOnly[Literal["anti_affinity:local"]]
    """How its Linodes are placed: apart from each other."""
    placement_group_policy: ReadOnly[Literal["strict", "flexible"]]
    """Whether a Linode that cannot be placed so is refused."""
    migrating_to: ReadOnly[int | None]
    """The placement group that the Linode is moving to."""


class LinodeSpecs(Struct):
    """How much of everything a Linode has."""

    memory: ReadOnly[int]
    """Memory in MB."""
    disk: ReadOnly[int]
    """Storage in MB, for all its disks together."""
    vcpus: ReadOnly[int]
    """Number of virtual CPUs."""
    gpus: ReadOnly[int]
    """Number of graphics processors."""
    accelerated_devices: ReadOnly[int]
    """Number of accelerators (NETINT VPUs)."""
    transfer: ReadOnly[int]
    """Transfer that it adds to the account's monthly quota, in GB."""
