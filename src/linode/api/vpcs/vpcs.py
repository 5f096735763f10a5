"""VPCs: private networks of a region, divided into subnets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Many, Options, ReadOnly, Ref, Resource, Struct, action, body

from .addresses import VPCIPAddress
from .subnets import NewVPCSubnet, VPCIPv6Range, VPCLabel, VPCSubnet, VPCSubnetOptions, VPCType

if TYPE_CHECKING:
    from ..regions import Region

VPCDescription: TypeAlias = Annotated[str, Bounds(max_length=255)]


class NewVPCRange(TypedDict, total=False):
    """An IPv4 range of a new VPC."""

    range: str


class NewVPCIPv6(TypedDict, total=False):
    """An IPv6 range to request for a new VPC."""

    range: str
    """Prefix length, ``/52``, or ``auto``."""
    allocation_range: str
    """Pool to take the range from."""
    allocation_class: str
    """Class of the pool to take the range from."""


class VPCOptions(Options, total=False):
    """Options of `create_vpc` besides the label and the region."""

    description: VPCDescription
    ipv4: Sequence[NewVPCRange]
    """IPv4 ranges, in regions with the capability ``Custom VPC IPv4 Ranges``; all private ranges by default."""
    ipv6: Sequence[NewVPCIPv6]
    """IPv6 range, in regions with the capability ``VPC IPv6 Stack``; at most one, and at creation only."""
    subnets: Sequence[NewVPCSubnet]
    """Subnets to create with the VPC."""
    vpc_type: VPCType


class VPCRange(Struct):
    """An IPv4 range of a VPC."""

    range: Field[str]
    """Range, with its prefix length."""


class VPCDefaultRanges(Struct):
    """The default IPv4 ranges of VPCs, and the ranges that no VPC can have."""

    default_ipv4_ranges: ReadOnly[list[str]]
    """Ranges of a VPC by default."""
    forbidden_ipv4_ranges: ReadOnly[list[str]]
    """Ranges that no VPC can have."""


class VPC(Resource):
    """A private network of a region.

    It cannot be deleted while an address in one of its subnets is in use. Deleting it deletes its subnets.
    """

    path = "/vpcs/{id}"
    unique = "label"
    scope = "vpc"
    filterable = (
        "created",
        "id",
        "label",
        "region",
        "subnets.created",
        "subnets.id",
        "subnets.label",
        "subnets.updated",
        "subnets.vpc_type",
        "updated",
        "vpc_type",
    )

    id: ReadOnly[int]
    label: Field[VPCLabel]
    """Label, unique in the account: 1 to 64 letters, digits and single ``-``."""
    description: Field[VPCDescription]
    """Description, for display."""
    region: Ref[Region]
    ipv4: Field[list[VPCRange]]
    """IPv4 ranges; a new list replaces all of them, in regions with the capability ``Custom VPC IPv4 Ranges``."""
    ipv6: ReadOnly[list[VPCIPv6Range] | None]
    """IPv6 ranges; None without IPv6."""
    vpc_type: ReadOnly[VPCType]
    """Type: ``regular``, or ``rdma`` for direct memory access between machines."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime | None]
    subnets: Many[VPCSubnet]
    subnet_list: ReadOnly[list[VPCSubnet]] = ReadOnly("subnets")
    """Subnets as they were when the VPC was loaded."""
    ips: Many[VPCIPAddress]
    """IPv4 addresses and ranges in use."""
    ipv6s: Many[VPCIPAddress]
    """IPv6 ranges in use."""

    @action
    def create_subnet(self, label: VPCLabel, **options: Unpack[VPCSubnetOptions]) -> Call[VPCSubnet]:
        """Create a subnet and return it.

        Raises `InvalidRequestError` when the label is taken in the VPC, or the range is not free or not the VPC's.
        """
        return self._creates(VPCSubnet, "subnets", body(label=label, **options))


class VPCsMixin(BaseClient):
    """Methods of a client for VPCs."""

    get_vpcs: Many[VPC] = Many("/vpcs")
    """VPCs of the account."""
    get_vpc_ips: Many[VPCIPAddress] = Many("/vpcs/ips")
    """IPv4 addresses and ranges in use in all VPCs."""
    get_vpc_ipv6s: Many[VPCIPAddress] = Many("/vpcs/ipv6s")
    """IPv6 ranges in use in all VPCs."""

    @action
    def create_vpc(self, label: VPCLabel, region: Region | str, **options: Unpack[VPCOptions]) -> Call[VPC]:
        """Create a VPC in a region, with the subnets given; returns the VPC.

        Raises `InvalidRequestError` when the label is taken, the region has no VPCs or a range is refused.
        """
        return self._creates(VPC, "/vpcs", body(label=label, region=region, **options))

    @action
    def get_vpc_default_ranges(self) -> Call[VPCDefaultRanges]:
        """Return the default IPv4 ranges of VPCs, and the ranges that no VPC can have."""
        return self._gets("/vpcs/default-ranges", VPCDefaultRanges)
