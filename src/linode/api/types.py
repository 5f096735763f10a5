"""Types (plans) and kernels, readable without a token."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeAlias, TypeVar

from linode._model import BaseClient, Bounds, Fields, Many, Nested, ReadOnly, Ref, Resource, Struct
from linode._model.convert import to_api
from linode._secrets import redact_tracebacks

if TYPE_CHECKING:
    from .regions import Region

TypeClass: TypeAlias = (
    Literal["nanode", "standard", "dedicated", "premium", "gpu", "accelerated", "highmem", "metal", "prodedicated"]
    | str
)


P = TypeVar("P")
REGION_ID = r"[a-z]{2}(-[a-z0-9]+)+"
"""The form of the IDs of all regions on record: ``us-east``, ``us-iad-2``, ``us-den-edge-1``."""


class Price(Struct):
    """A price, in US dollars."""

    hourly: ReadOnly[float]
    """Price per hour, in US dollars."""
    monthly: ReadOnly[float]
    """Maximum price per month, in US dollars."""


class RegionPrice(Price):
    """A price in one region, where it differs from the standard price."""

    id: ReadOnly[str]
    """ID of the region."""


class _Priced(Generic[P]):
    """A product with a standard price, and other prices in some regions."""

    __slots__ = ()

    @redact_tracebacks
    def price_in(self, region: Region | str) -> P:
        """Return the price in *region* (or its ID): the one that `region_prices` has for it, else `price`.

        The API lists only regions whose price differs, and nothing is sent: the ID of a region that does not exist has
        the standard price. A region that the API returned (`Linode.region`, one of `LinodeClient.get_regions`) exists.
        Raises ValueError for a string that can be no ID of a region, such as a label, and TypeError if *region* is
        neither a region nor a string.
        """
        wanted = to_api(region)
        if not isinstance(wanted, str):
            raise TypeError(f"region must be a Region or its ID, such as 'us-east', not {type(region).__name__}")
        sold: Any = self
        own: P | None = next((each for each in sold.region_prices if each.id == wanted), None)
        if own is not None:
            return own
        if isinstance(region, str) and not re.fullmatch(REGION_ID, region):
            raise ValueError(f"{region!r} is no ID of a region, such as 'us-east'; get_regions() lists them")
        standard: P = sold.price
        return standard


class _PricedFields(_Priced[Price], Fields):
    """Fields of a product with a price."""

    id: ReadOnly[str]
    label: ReadOnly[str]
    price: Nested[Price]
    """Standard price."""
    region_prices: ReadOnly[list[RegionPrice]]
    """Prices of the regions that differ."""
    transfer: ReadOnly[Annotated[int, Bounds(ge=0)]]
    """Outbound transfer included per month, in GB."""


class UsagePrice(Struct):
    """A price of something that is used or kept, in US dollars; None where it has no price of that kind."""

    hourly: ReadOnly[float | None]
    """Price per hour, of network transfer per GB, in US dollars."""
    monthly: ReadOnly[float | None]
    """Maximum price per month, in US dollars."""


class RegionUsagePrice(UsagePrice):
    """A price in one region, where it differs from the standard price."""

    id: ReadOnly[str]
    """ID of the region."""


class _UsagePriceFields(_Priced[UsagePrice], Fields):
    """Fields of something with a price that may be None."""

    id: ReadOnly[str]
    label: ReadOnly[str]
    price: Nested[UsagePrice]
    """Standard price."""
    region_prices: ReadOnly[list[RegionUsagePrice]]
    """Prices of the regions that differ."""
    transfer: ReadOnly[Annotated[int, Bounds(ge=0)]]
    """Outbound transfer included per month, in GB."""


class BackupsAddon(_Priced[Price], Struct):
    """Price of the backup service for a type."""

    price: Nested[Price]
    """Standard price."""
    region_prices: ReadOnly[list[RegionPrice]]
    """Prices of the regions that differ."""


class Addons(Struct):
    """Add-ons of a type."""

    backups: Nested[BackupsAddon]
    """Backup service."""


class Type(_Priced[Price], Resource):
    """A plan: the resources of a Linode, and their price."""

    path = "/linode/types/{id}"
    read_only = True
    public = True
    filterable = ("accelerated_devices", "class", "disk", "gpus", "label", "memory", "network_out", "transfer", "vcpus")
    shown = ("id", "label", "vcpus", "memory", "disk", "price.monthly", "price.hourly")

    id: ReadOnly[str]
    """ID, such as ``g6-nanode-1``."""
    label: ReadOnly[str]
    """Label, such as ``Nanode 1GB``."""
    class_: ReadOnly[TypeClass] = ReadOnly("class")
    """Class of the plan; ``class`` in the API, a keyword in Python."""
    memory: ReadOnly[int]
    """Memory in MB."""
    ram: ReadOnly[int] = ReadOnly("memory")
    disk: ReadOnly[int]
    """Storage in MB."""
    vcpus: ReadOnly[int]
    """Number of virtual CPUs."""
    gpus: ReadOnly[int]
    """Number of GPUs."""
    accelerated_devices: ReadOnly[int]
    """Number of accelerators (NETINT VPUs)."""
    transfer: ReadOnly[int]
    """Outbound transfer included per month, in GB."""
    network_out: ReadOnly[int]
    """Outbound bandwidth, in Mbit/s."""
    mbits_out: ReadOnly[int] = ReadOnly("network_out")
    price: Nested[Price]
    """Standard price."""
    region_prices: ReadOnly[list[RegionPrice]]
    """The prices of regions that differ from `price`."""
    addons: Nested[Addons]
    """Add-ons, with their prices."""
    successor: Ref[Type | None]
    """Type that `Linode.mutate` upgrades to at no extra cost; None when there is no newer one."""


class Kernel(Resource):
    """A kernel for configurations: one of Linode's Linux kernels, or a boot loader such as GRUB 2."""

    path = "/linode/kernels/{id}"
    read_only = True
    public = True
    filterable = ("architecture", "deprecated", "kvm", "label", "pvops", "version")

    id: ReadOnly[str]
    """ID, such as ``linode/grub2``."""
    label: ReadOnly[str]
    version: ReadOnly[str]
    """Linux version, such as ``6.2.9``."""
    architecture: ReadOnly[Literal["x86_64", "i386"] | str]
    built: ReadOnly[datetime | None]
    """Build time (UTC)."""
    deprecated: ReadOnly[bool]
    """Whether the kernel is deprecated."""
    kvm: ReadOnly[bool]
    """Whether the kernel supports KVM, the hypervisor of all current Linodes."""
    pvops: ReadOnly[bool]
    """Whether the kernel supports paravirtualized operations."""


class TypesMixin(BaseClient):
    """Methods of a client for types and kernels."""

    get_types: Many[Type] = Many("/linode/types")
    """Types of Linodes on sale."""
    get_services = get_types
    get_kernels: Many[Kernel] = Many("/linode/kernels")
    """Kernels for configurations."""


Service = Type
