"""The values of the Metadata service."""

from __future__ import annotations

from typing import Literal

from linode._model import Nested, ReadOnly, Struct

__all__ = [
    "InstanceMetadata",
    "InstanceMetadataBackups",
    "InstanceMetadataImage",
    "InstanceMetadataSpecs",
    "NetworkMetadata",
    "NetworkMetadataIPv4",
    "NetworkMetadataIPv6",
    "NetworkMetadataInterface",
]


class InstanceMetadataSpecs(Struct):
    """Resources of the Linode."""

    vcpus: ReadOnly[int]
    """Number of virtual CPUs."""
    memory: ReadOnly[int]
    """Memory in MB."""
    disk: ReadOnly[int]
    """Storage in MB, for all disks together."""
    transfer: ReadOnly[int]
    """Transfer added to the account's monthly quota, in GB."""
    gpus: ReadOnly[int]
    """Number of GPUs."""


class InstanceMetadataBackups(Struct):
    """The backup service of the Linode."""

    enabled: ReadOnly[bool]
    """Whether the backup service is enabled."""
    status: ReadOnly[Literal["pending", "running", "complete"] | str | None]
    """Status of the current backup; None for none."""


class InstanceMetadataImage(Struct):
    """The image that the Linode was created from."""

    id: ReadOnly[str]
    """ID, such as ``linode/debian12``."""
    label: ReadOnly[str]
    """Label."""


class InstanceMetadata(Struct):
    """The Linode that the program runs on."""

    id: ReadOnly[int]
    """Numeric ID of the Linode."""
    label: ReadOnly[str]
    """Label."""
    region: ReadOnly[str]
    """ID of the region."""
    type: ReadOnly[str]
    """ID of the plan."""
    tags: ReadOnly[list[str]]
    """Tags."""
    host_uuid: ReadOnly[str]
    """UUID of the host; Linodes on the same host share it."""
    specs: Nested[InstanceMetadataSpecs]
    """Resources."""
    backups: Nested[InstanceMetadataBackups]
    """Backup service."""
    image: Nested[InstanceMetadataImage | None]
    """Image that the Linode was created from; None for none."""
    account_euuid: ReadOnly[str]
    """External UUID of the account."""


class NetworkMetadataInterface(Struct):
    """A network interface of the Linode."""

    id: ReadOnly[int]
    """Numeric ID."""
    purpose: ReadOnly[Literal["public", "vlan", "vpc"] | str]
    """Network that the interface is connected to."""
    label: ReadOnly[str | None]
    """Label of the VLAN; None for another network."""
    ipam_address: ReadOnly[str | None]
    """Address in the VLAN, with its prefix length; None for another network."""


class NetworkMetadataIPv4(Struct):
    """IPv4 addresses of the Linode, each with its prefix length: ``192.0.2.10/32``."""

    public: ReadOnly[list[str]]
    """Public addresses."""
    private: ReadOnly[list[str]]
    """Private addresses."""
    shared: ReadOnly[list[str]]
    """Addresses of other Linodes that are shared with this one."""


class NetworkMetadataIPv6(Struct):
    """IPv6 addresses of the Linode, each with its prefix length."""

    slaac: ReadOnly[str | None]
    """Address that the Linode configures for itself."""
    link_local: ReadOnly[str | None]
    """Link-local address."""
    ranges: ReadOnly[list[str]]
    """Ranges that are routed to the Linode."""
    shared_ranges: ReadOnly[list[str]]
    """Ranges that the Linode shares with others."""


class NetworkMetadata(Struct):
    """The network of the Linode that the program runs on."""

    interfaces: ReadOnly[list[NetworkMetadataInterface]]
    """Network interfaces; empty for a Linode whose configuration names none."""
    ipv4: Nested[NetworkMetadataIPv4]
    """IPv4 addresses."""
    ipv6: Nested[NetworkMetadataIPv6]
    """IPv6 addresses."""
