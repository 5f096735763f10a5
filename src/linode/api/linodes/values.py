"""Nested objects and enumerations of Linodes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from linode._model import Bounds, Field, Nested, ReadOnly, Struct

LinodeLabel: TypeAlias = Annotated[
    str, Bounds(min_length=3, max_length=64, pattern=r"^[a-zA-Z0-9]((?!--|__|\.\.)[a-zA-Z0-9-_.])*[a-zA-Z0-9]$")
]
_PowerStatus: TypeAlias = Literal["running", "offline", "booting", "rebooting", "shutting_down", "stopped"]
_JobStatus: TypeAlias = Literal[
    "busy", "provisioning", "deleting", "migrating", "rebuilding", "resizing", "cloning", "restoring"
]
LinodeStatus: TypeAlias = Literal[_PowerStatus, _JobStatus, "billing_suspension"] | str
SETTLED = ("running", "offline")
"""Statuses without a job in progress."""
LinodeCapability: TypeAlias = (
    Literal["Block Storage Encryption", "Block Storage Performance B1", "Maintenance Policy", "SMTP Enabled"] | str
)
DiskEncryption: TypeAlias = Literal["enabled", "disabled"] | str
"""Whether disks are encrypted."""
MaintenancePolicySlug: TypeAlias = Literal["linode/migrate", "linode/power_off_on"] | str
"""Policy for maintenance of the host: migrate, or power off and on."""
Lock: TypeAlias = Literal["cannot_delete", "cannot_delete_with_subresources"] | str
BackupDay: TypeAlias = (
    Literal["Scheduling", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] | str
)
BackupWindow: TypeAlias = (
    Literal["Scheduling", "W0", "W2", "W4", "W6", "W8", "W10", "W12", "W14", "W16", "W18", "W20", "W22"] | str
)


class LinodeAlerts(Struct):
    """Alert thresholds, above which the API sends email; 0 turns an alert off."""

    cpu: Field[int]
    """Average CPU usage over two hours, in percent of one CPU: 200 is all of two CPUs."""
    io: Field[int]
    """Average disk I/O over two hours, in operations per second."""
    network_in: Field[int]
    """Average inbound traffic over two hours, in Mbit/s."""
    network_out: Field[int]
    """Average outbound traffic over two hours, in Mbit/s."""
    transfer_quota: Field[int]
    """Share of the monthly transfer quota used, in percent."""
    system_alerts: ReadOnly[list[int]]
    """IDs of the system alert definitions that monitor the Linode."""
    user_alerts: ReadOnly[list[int]]
    """IDs of the account's alert definitions that monitor the Linode."""


class BackupSchedule(Struct):
    """Schedule of the backup service."""

    day: Field[BackupDay | None]
    """Day of the weekly backup; ``Scheduling`` lets Linode choose."""
    window: Field[BackupWindow | None]
    """Two-hour window of the backups: ``W4`` begins at 4:00 UTC; ``Scheduling`` lets Linode choose."""


class LinodeBackups(Struct):
    """The backup service of a Linode."""

    enabled: ReadOnly[bool]
    """Whether the backup service is enabled; see `Linode.enable_backups`."""
    available: ReadOnly[bool]
    """Whether a backup can be restored."""
    last_successful: ReadOnly[datetime | None]
    """Time of the last successful backup (UTC)."""
    schedule: Nested[BackupSchedule]


class LinodePlacementGroup(Struct):
    """Placement group of a Linode."""

    id: ReadOnly[int]
    label: ReadOnly[str]
    placement_group_type: ReadOnly[Literal["anti_affinity:local"] | str]
    """Placement type; ``anti_affinity`` keeps the Linodes on different hosts."""
    placement_group_policy: ReadOnly[Literal["strict", "flexible"] | str]
    """Policy: ``strict`` refuses a Linode that cannot be placed by the type, ``flexible`` accepts it."""
    migrating_to: ReadOnly[int | None]
    """ID of the placement group that the Linode is migrating to."""


class LinodeSpecs(Struct):
    """Resources of a Linode: memory, storage, CPUs."""

    memory: ReadOnly[int]
    """Memory in MB."""
    disk: ReadOnly[int]
    """Storage in MB, for all disks together."""
    vcpus: ReadOnly[int]
    """Number of virtual CPUs."""
    gpus: ReadOnly[int]
    """Number of GPUs."""
    accelerated_devices: ReadOnly[int]
    """Number of accelerators (NETINT VPUs)."""
    transfer: ReadOnly[int]
    """Transfer added to the account's monthly quota, in GB."""
