"""Plans (types) and kernels. Both can be read without a token."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from linode._model import BaseClient, Many, Nested, ReadOnly, Ref, Resource, Struct

__all__ = ["Addons", "BackupsAddon", "Kernel", "Price", "RegionPrice", "Service", "Type", "TypesMixin"]

TypeClass: TypeAlias = Literal[
    "nanode", "standard", "dedicated", "premium", "gpu", "accelerated", "highmem", "metal", "prodedicated"
]


class Price(Struct):
    """Price, in US dollars."""

    hourly: ReadOnly[float]
    """Dollars for an hour."""
    monthly: ReadOnly[float]
    """The most that a month costs, in dollars."""


class RegionPrice(Struct):
    """Price in a region that differs from the usual one."""

    id: ReadOnly[str]
    """The id of the region."""
    hourly: ReadOnly[float]
    """Dollars for an hour there."""
    monthly: ReadOnly[float]
    """The most that a month costs there, in dollars."""


class BackupsAddon(Struct):
    """Price of the backup service for a type."""

    price: Nested[Price]
    """The usual price."""
    region_prices: ReadOnly[list[RegionPrice]]
    """The prices of regions that differ."""


class Addons(Struct):
    """Add-ons of a type."""

    backups: Nested[BackupsAddon]
    """The backup service."""


class Type(Resource):
    """A plan: how much of everything a Linode gets, and its price."""

    path = "/linode/types/{id}"
    read_only = True
    public = True
    filterable = (
        "accelerated_devices",
        "class",
        "disk",
        "gpus",
        "label",
        "memory",
        "network_out",
        "transfer",
        "vcpus",
    )

    id: ReadOnly[str]
    """The name that other calls know it by, such as ``g6-nanode-1``."""
    label: ReadOnly[str]
    """Its name for people, such as ``Nanode 1GB``."""
    class_: ReadOnly[TypeClass] = ReadOnly("class")
    """The family of plans; the API's word is ``class``, which Python keeps for itself."""
    memory: ReadOnly[int]
    """Memory in MB."""
    ram: ReadOnly[int] = ReadOnly("memory")
    """The same as `memory`, by its name of 2016."""
    disk: ReadOnly[int]
    """Storage in MB."""
    vcpus: ReadOnly[int]
    """Number of virtual CPUs."""
    gpus: ReadOnly[int]
    """Number of graphics processors."""
    accelerated_devices: ReadOnly[int]
    """Number of accelerators (NETINT VPUs)."""
    transfer: ReadOnly[int]
    """Outgoing traffic that the price of a month includes, in GB."""
    network_out: ReadOnly[int]
    """The fastest it can send, in Mbit/s."""
    mbits_out: ReadOnly[int] = ReadOnly("network_out")
    """The same as `network_out`, by its name of 2016."""
    price: Nested[Price]
    """The usual price."""
    region_prices: ReadOnly[list[RegionPrice]]
    """The prices of regions that differ from `price`."""
    addons: Nested[Addons]
    """Add-ons, with their prices."""
    successor: Ref[Type | None]
    """The type to which `Linode.mutate` upgrades for nothing; None where there is no newer one."""


class Kernel(Resource):
    """Kernel that a configuration boots: a Linux of Linode's own, or a boot loader such as GRUB 2."""

    path = "/linode/kernels/{id}"
    read_only = True
    public = True
    filterable = ("architecture", "deprecated", "kvm", "label", "pvops", "version")

    id: ReadOnly[str]
    """The name that other calls know it by, such as ``linode/grub2``."""
    label: ReadOnly[str]
    """Its name for people."""
    version: ReadOnly[str]
    """The version of Linux, such as ``6.2.9``."""
    architecture: ReadOnly[Literal["x86_64", "i386"]]
    """Hypervisor."""
    built: ReadOnly[datetime | None]
    """When it was compiled."""
    deprecated: ReadOnly[bool]
    """Whether it should no longer be chosen."""
    kvm: ReadOnly[bool]
    """Whether it runs under KVM, as all of today's Linodes do."""
    pvops: ReadOnly[bool]
    """Whether it is built with paravirtualised operations."""


class TypesMixin(BaseClient):
    """Types and kernels, from a client."""

    get_types: Many[Type] = Many("/linode/types")
    """The types of Linodes that are on sale."""
    get_services = get_types
    get_kernels: Many[Kernel] = Many("/linode/kernels")
    """The kernels that a configuration can boot."""


Service = Type
