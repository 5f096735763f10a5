"""Linodes, the virtual machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Unpack, overload

from linode._model import Call, Field, Many, Nested, ReadOnly, Ref, Steps, action, body
from linode.waiting.job import Job, start_job, start_job_and_update
from linode.waiting.waitable import Waitable

from ..networking.firewalls import Firewall
from ..networking.ips import IPOptions, LinodeIP, LinodeIPs
from .backups import AvailableBackups, Backup, SnapshotLabel
from .configs import Config, ConfigLabel, ConfigOptions, Devices, devices_of
from .deploy import NoPassword, RootPass, root_access, with_generated_password
from .disks import Disk, DiskOptions, DiskSize
from .interfaces import (
    InterfaceGeneration,
    InterfaceHistory,
    InterfaceOptions,
    InterfaceSettings,
    InterfaceUpgrade,
    LinodeInterface,
    UpgradeInterfacesOptions,
)
from .options import CloneOptions, MigrateOptions, MutateOptions, RebuildOptions, ResizeOptions, encode_user_data
from .stats import LinodeMonthlyTransfer, LinodeStats, LinodeTransfer, Month, Year
from .values import (
    SETTLED,
    DiskEncryption,
    LinodeAlerts,
    LinodeBackups,
    LinodeCapability,
    LinodeLabel,
    LinodePlacementGroup,
    LinodeSpecs,
    LinodeStatus,
    Lock,
    MaintenancePolicySlug,
)

if TYPE_CHECKING:
    from ..images.images import Image
    from ..lke.clusters import LKECluster
    from ..nodebalancers.nodebalancers import NodeBalancer
    from ..regions import Region
    from ..types import Kernel, Type
    from ..volumes import Volume


PRIVATE = "192.168."
"""The beginning of private addresses; addresses in VPCs are not in `Linode.ipv4`."""


class Linode(Waitable):
    """A virtual machine.

    Methods return once the API accepts the request, not when the operation completes: ``linode.boot().wait()``
    waits for completion, `wait` for a status. While a job runs the API refuses most others with ``Linode busy.``
    (`LinodeBusyError`).
    """

    path = "/linode/instances/{id}"
    unique = "label"
    scope = "linodes"
    wait_status = "running"
    filterable = (
        "group",
        "id",
        "image",
        "interface_generation",
        "ipv4",
        "label",
        "placement_group.label",
        "placement_group.placement_group_type",
        "region",
        "tags",
    )
    shown = ("id", "label", "status", "type", "region", "ipv4", "tags")

    id: ReadOnly[int]
    label: Field[LinodeLabel]
    """Label, unique in the account: 3 to 64 letters, digits, ``-``, ``_`` and ``.``, starting with a letter."""
    group: Field[str]
    """Group; superseded by tags."""
    tags: Field[list[str]]
    status: ReadOnly[LinodeStatus]
    """Status: ``running``, ``offline``, or a transition such as ``booting``; `wait` and `load` refresh it."""
    state: ReadOnly[LinodeStatus] = ReadOnly("status")
    type: Ref[Type]
    """Plan."""
    region: Ref[Region]
    datacenter: Ref[Region] = Ref("region")
    image: Ref[Image | None]
    """Image it was created from; None for none, or for one that is gone."""
    distribution: Ref[Image | None] = Ref("image")
    specs: Nested[LinodeSpecs]
    ipv4: ReadOnly[list[str]]
    """IPv4 addresses, public and private; `ips` returns their details."""
    ipv6: ReadOnly[str | None]
    """SLAAC IPv6 address, with its prefix length."""
    alerts: Nested[LinodeAlerts]
    backups: Nested[LinodeBackups]
    """Backup service; `available_backups` returns the backups themselves."""
    watchdog_enabled: Field[bool]
    """Whether Lassie, the watchdog, reboots the Linode after an unexpected power-off."""
    maintenance_policy: Field[MaintenancePolicySlug | None]
    hypervisor: ReadOnly[Literal["kvm", "zen"] | str]
    host_uuid: ReadOnly[str]
    """UUID of the host; Linodes on the same host share it."""
    site_type: ReadOnly[Literal["core", "distributed"] | str]
    capabilities: ReadOnly[list[LinodeCapability]]
    disk_encryption: ReadOnly[DiskEncryption | None]
    has_user_data: ReadOnly[bool]
    """Whether the Linode was created with user data for the metadata service."""
    interface_generation: ReadOnly[InterfaceGeneration]
    """Generation of the network interfaces: ``linode``, or ``legacy_config`` for those of configurations."""
    placement_group: Nested[LinodePlacementGroup | None]
    lke_cluster: Ref[LKECluster | None] = Ref("lke_cluster_id")
    """Kubernetes cluster that the Linode is a node of; None for none."""
    locks: ReadOnly[list[Lock]]
    """Locks that prevent its deletion."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]

    @property
    def public_ipv4(self) -> list[str]:
        """Public IPv4 addresses, those of `ipv4` that are not private."""
        return [each for each in self.ipv4 if not each.startswith(PRIVATE)]

    @property
    def private_ipv4(self) -> str | None:
        """Private IPv4 address, which other Linodes and NodeBalancers of the region reach; None for none."""
        return next((each for each in self.ipv4 if each.startswith(PRIVATE)), None)

    disks: Many[Disk]
    configs: Many[Config]
    interfaces: Many[LinodeInterface]
    """Network interfaces of the Linode itself (see `interface_generation`)."""
    interface_history: Many[InterfaceHistory] = Many("interfaces/history")
    """All versions of the network interfaces."""
    firewalls: Many[Firewall]
    """Firewalls that protect the Linode."""
    nodebalancers: Many[NodeBalancer]
    """NodeBalancers that route to the Linode."""
    volumes: Many[Volume]

    @action
    def boot(self, config_id: Config | int | None = None) -> Call[Job]:
        """Boot with the configuration *config_id*; by default with the only or last booted one.

        Running jobs finish first. Raises `InvalidRequestError` when the Linode is running, or when it has
        several configurations and none has been booted.
        """
        return start_job(self, "linode_boot", "boot", body(config_id=config_id), ("status",), SETTLED)

    @action
    def reboot(self, config_id: Config | int | None = None) -> Call[Job]:
        """Reboot with the configuration *config_id*; by default with the last booted one.

        Running jobs finish first. Raises `InvalidRequestError` when there is no configuration to boot.
        """
        return start_job(self, "linode_reboot", "reboot", body(config_id=config_id), ("status",), SETTLED)

    @action
    def shutdown(self) -> Call[Job]:
        """Shut down. An offline Linode is still billed; only deleting it ends the billing.

        Running jobs finish first.
        """
        return start_job(self, "linode_shutdown", "shutdown", None, ("status",), ("offline",))

    @action
    def rescue(self, devices: Devices | None = None) -> Call[None]:
        """Boot into rescue mode, with *devices* in the slots sda to sdg; sdh is reserved for the rescue system.

        Raises `InvalidRequestError` when a disk is unknown.
        """
        return self._posts("rescue", body(devices=devices or {}), outdated=("status",))

    @overload
    def rebuild(
        self, image: Image | str, *, root_pass: RootPass | NoPassword, **options: Unpack[RebuildOptions]
    ) -> Job: ...
    @overload
    def rebuild(self, image: Image | str, **options: Unpack[RebuildOptions]) -> tuple[Job, str]: ...
    @action
    def rebuild(
        self, image: Image | str, *, root_pass: RootPass | NoPassword | None = None, **options: Unpack[RebuildOptions]
    ) -> Steps[tuple[Job, str] | Job]:
        """Delete all disks and configurations and rebuild the Linode from *image*.

        Returns the job, and with it the root password if that is generated, as `LinodeClient.create_linode` does. After
        the job the Linode boots, unless ``booted=False`` is given. Raises `InvalidRequestError` when the image is
        unknown or too large for the Linode's type, or the password is too weak.
        """
        access, generated = root_access(image, root_pass, options)
        json = body(**access, **encode_user_data({**options}))
        outdated = ("status", "image", "type", "specs")
        return with_generated_password(
            start_job_and_update(self, "linode_rebuild", "rebuild", json, outdated, SETTLED), generated
        )

    @action
    def resize(self, type: Type | str, **options: Unpack[ResizeOptions]) -> Call[Job]:
        """Resize to *type*; the Linode is off meanwhile and boots again, unless ``migration_type`` is ``warm``.

        Raises `InvalidRequestError` when it has that type already, when its disks are larger than the new type
        allows, or when a job is running.
        """
        outdated = ("status", "type", "specs")
        return start_job(self, "linode_resize", "resize", body(type=type, **options), outdated, SETTLED)

    @action
    def mutate(self, **options: Unpack[MutateOptions]) -> Call[Job]:
        """Upgrade to the successor of the type at no extra cost; the Linode is off meanwhile.

        Raises `InvalidRequestError` when there is no successor.
        """
        return start_job(self, "linode_mutate", "mutate", body(**options), ("status", "type", "specs"), SETTLED)

    @action
    def migrate(self, **options: Unpack[MigrateOptions]) -> Call[Job]:
        """Migrate to another region, or to another host of the same region when such a migration is pending.

        A cold migration shuts the Linode down, and boots it again after the job if it ran before.
        Raises `InvalidRequestError` when no move is pending or the region lacks something, `LinodeBusyError` when a
        job is running.
        """
        event = "linode_migrate_datacenter" if "region" in options else "linode_migrate"
        return start_job(self, event, "migrate", body(**options), ("status", "region", "ipv4", "ipv6"), SETTLED)

    @action
    def clone(self, **options: Unpack[CloneOptions]) -> Call[Linode]:
        """Copy disks and configurations to a new Linode, or to an existing one; returns the target.

        Raises `InvalidRequestError` when more than five copies are being made, the target has no room, or user data
        is not given again.
        """
        return self._creates(Linode, "clone", body(**encode_user_data({**options})))

    @action
    def reset_password(self, root_pass: str) -> Call[None]:
        """Reset the root password; the Linode must be off.

        Raises `InvalidRequestError` when it is not, or the password is too weak.
        """
        return self._posts("password", body(root_pass=root_pass))

    @overload
    def create_disk(
        self, size: DiskSize, *, image: Image | str, root_pass: RootPass | NoPassword, **options: Unpack[DiskOptions]
    ) -> Disk: ...
    @overload
    def create_disk(
        self, size: DiskSize, *, image: Image | str, **options: Unpack[DiskOptions]
    ) -> tuple[Disk, str]: ...
    @overload
    def create_disk(self, size: DiskSize, **options: Unpack[DiskOptions]) -> Disk: ...
    @action
    def create_disk(
        self,
        size: DiskSize,
        *,
        image: Image | str | None = None,
        root_pass: RootPass | NoPassword | None = None,
        **options: Unpack[DiskOptions],
    ) -> Steps[tuple[Disk, str] | Disk]:
        """Create a disk of *size* MB, empty or from *image*.

        Returns the disk, and with it the root password if that is generated, as `LinodeClient.create_linode` does.
        Raises `InvalidRequestError` when the storage of the Linode's type is too small, the image does not fit, or a
        job is running.
        """
        access, generated = root_access(image, root_pass, options)
        return with_generated_password(self._creates(Disk, "disks", body(size=size, **access, **options)), generated)

    @action
    def create_config(
        self,
        kernel: Kernel | str = "linode/latest-64bit",
        label: ConfigLabel = "Configuration",
        *,
        disks: Sequence[Disk | Volume | int] = (),
        devices: Devices | None = None,
        **options: Unpack[ConfigOptions],
    ) -> Call[Config]:
        """Create a configuration that boots *kernel* with *disks* (or their IDs) as sda, sdb and so on; returns it.

        *devices* names the slots instead: ``{"sda": {"disk_id": 5}}``. Raises TypeError when both are given,
        `InvalidRequestError` when a disk is unknown or there are more than the Linode's memory allows.
        """
        if disks and devices:
            raise TypeError("create_config() takes disks or devices, not both")
        placed = devices or devices_of(disks)
        return self._creates(Config, "configs", body(kernel=kernel, label=label, devices=placed, **options))

    @action
    def create_interface(self, **options: Unpack[InterfaceOptions]) -> Call[LinodeInterface]:
        """Add a network interface, such as ``create_interface(public={})``, and return it. The Linode must be off.

        Raises `InvalidRequestError` when it is not, or when its interfaces belong to its configurations.
        """
        return self._creates(LinodeInterface, "interfaces", body(**options))

    @action
    def interface_settings(self) -> Call[InterfaceSettings]:
        """Return the settings of all network interfaces, when they belong to the Linode itself."""
        return self._gets("interfaces/settings", InterfaceSettings)

    @action
    def upgrade_interfaces(self, **options: Unpack[UpgradeInterfacesOptions]) -> Call[InterfaceUpgrade]:
        """Convert the interfaces of a configuration to interfaces of the Linode; this cannot be undone.

        The API only says what it would do unless ``dry_run=False`` is given. Raises `InvalidRequestError` when it
        has been done, or when there are several configurations and none is named.
        """
        outdated = () if options.get("dry_run", True) else ("interface_generation",)
        return self._creates(InterfaceUpgrade, "upgrade-interfaces", body(**options), outdated=outdated)

    @action
    def set_firewalls(self, firewall_ids: Sequence[Firewall | int]) -> Call[list[Firewall]]:
        """Replace the firewalls of the Linode with *firewall_ids* (empty: none); returns the firewalls.

        Raises `InvalidRequestError` when one is unknown.
        """
        return self._lists(Firewall, "firewalls", body(firewall_ids=list(firewall_ids)))

    @action
    def apply_firewalls(self) -> Call[None]:
        """Re-apply the firewall rules."""
        return self._posts("firewalls/apply")

    @action
    def enable_backups(self) -> Call[None]:
        """Enable backups (billed separately)."""
        return self._posts("backups/enable", outdated=("backups",))

    @action
    def cancel_backups(self) -> Call[None]:
        """Cancel the backup service and delete all backups; backups cannot be enabled again for 24 hours."""
        return self._posts("backups/cancel", outdated=("backups",))

    @action
    def available_backups(self) -> Call[AvailableBackups]:
        """Return the available backups."""
        return self._gets("backups", AvailableBackups)

    @action
    def snapshot(self, label: SnapshotLabel) -> Call[Backup]:
        """Take a snapshot labeled *label*, which replaces the previous one; returns the snapshot in progress.

        Raises `InvalidRequestError` when the backup service is not ordered.
        """
        return self._creates(Backup, "backups", body(label=label))

    @action
    def ips(self) -> Call[LinodeIPs]:
        """Return all IP addresses of the Linode."""
        return self._gets("ips", LinodeIPs)

    @action
    def create_ip(
        self, public: bool = True, *, type: Literal["ipv4"] = "ipv4", **options: Unpack[IPOptions]
    ) -> Call[LinodeIP]:
        """Add an IPv4 address, *public* or private; returns the address.

        Raises `InvalidRequestError` when it has a private one already, or when Linode's support has not allowed
        another public one.
        """
        json = body(type=type, public=public, **options)
        return self._creates(LinodeIP, "ips", json)

    @action
    def stats(self) -> Call[LinodeStats]:
        """Return the statistics of the last 24 hours. Raises `InvalidRequestError` when there are no figures yet."""
        return self._gets("stats", LinodeStats)

    @action
    def stats_for(self, year: Year, month: Month) -> Call[LinodeStats]:
        """Return the statistics of one month, past or current.

        Raises `InvalidRequestError` when there are no figures.
        """
        return self._gets(f"stats/{year}/{month}", LinodeStats)

    @action
    def transfer(self) -> Call[LinodeTransfer]:
        """Return the network transfer of the current month."""
        return self._gets("transfer", LinodeTransfer)

    @action
    def transfer_for(self, year: Year, month: Month) -> Call[LinodeMonthlyTransfer]:
        """Return the network transfer of one month, past or current."""
        return self._gets(f"transfer/{year}/{month}", LinodeMonthlyTransfer)
