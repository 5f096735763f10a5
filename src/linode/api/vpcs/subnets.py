"""Subnets of VPCs: a range of addresses each, and what has addresses there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, Required, TypeAlias, TypedDict

from linode._model import Bounds, Field, Options, Parent, ReadOnly, Resource, Struct

if TYPE_CHECKING:
    from .vpcs import VPC

VPCLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=64)]
VPCType: TypeAlias = Literal["regular", "rdma"] | str


class NewVPCSubnetIPv6(TypedDict, total=False):
    """An IPv6 range to request for a subnet."""

    range: str
    """A prefix length from ``/52`` to ``/62``, a range with its prefix length, or ``auto``."""
    allocation_range: str
    """Pool to take the range from."""


class NewVPCSubnet(TypedDict, total=False):
    """A subnet of a new VPC."""

    label: Required[VPCLabel]
    ipv4: str
    """IPv4 range, with its prefix length, such as ``10.0.0.0/24``."""
    ipv6: Sequence[NewVPCSubnetIPv6]
    """IPv6 range, where the VPC has IPv6; at most one."""


class VPCSubnetOptions(Options, total=False):
    """Options of `VPC.create_subnet` besides the label."""

    ipv4: str
    """IPv4 range, with its prefix length, such as ``10.0.0.0/24``: within the ranges of the VPC, and free there."""
    ipv6: Sequence[NewVPCSubnetIPv6]
    """IPv6 range, where the VPC has IPv6; at most one."""


class VPCIPv6Range(Struct):
    """An IPv6 range of a VPC or of a subnet."""

    range: ReadOnly[str]
    """Range, with its prefix length."""
    allocation_range: ReadOnly[str]
    """Pool that the range was taken from."""


class VPCSubnetInterface(Struct):
    """A network interface in a subnet."""

    id: ReadOnly[int]
    """ID of the interface."""
    active: ReadOnly[bool]
    """Whether the Linode runs with the interface."""
    config_id: ReadOnly[int | None]
    """ID of the configuration of the interface; None for interfaces of the Linode itself."""


class VPCSubnetLinode(Struct):
    """A Linode with interfaces in a subnet."""

    id: ReadOnly[int]
    """ID of the Linode."""
    interfaces: ReadOnly[list[VPCSubnetInterface]]
    """Interfaces in the subnet, also those of configurations that do not run."""


class VPCSubnetRange(Struct):
    """An IPv6 range of a NodeBalancer or a database in a subnet."""

    range: ReadOnly[str]
    """Range, with its prefix length."""


class VPCSubnetDatabase(Struct):
    """A database with addresses in a subnet."""

    id: ReadOnly[int]
    """ID of the database."""
    ipv4_range: ReadOnly[str]
    ipv6_ranges: ReadOnly[list[VPCSubnetRange]]


class VPCSubnetNodeBalancer(Struct):
    """A NodeBalancer with addresses in a subnet."""

    id: ReadOnly[int]
    """ID of the NodeBalancer."""
    ipv4_range: ReadOnly[str]
    ipv6_ranges: ReadOnly[list[VPCSubnetRange]]


class VPCSubnet(Resource):
    """A subnet of a VPC: ``VPCSubnet(client, 7, 123)`` is subnet 7 of VPC 123.

    It cannot be deleted while an address in it is in use.
    """

    path = "/vpcs/{vpc}/subnets/{id}"
    scope = "vpc"
    filterable = ("created", "id", "label", "updated", "vpc_type")

    vpc: Parent[VPC]
    id: ReadOnly[int]
    label: Field[VPCLabel]
    """Label, unique in the VPC: 1 to 64 letters, digits and single ``-``."""
    ipv4: ReadOnly[str]
    """IPv4 range, with its prefix length. The gateway is its first address."""
    ipv6: ReadOnly[list[VPCIPv6Range] | None]
    """IPv6 ranges; None without IPv6."""
    linodes: ReadOnly[list[VPCSubnetLinode]]
    """Linodes with interfaces in the subnet."""
    databases: ReadOnly[list[VPCSubnetDatabase]]
    """Databases with addresses in the subnet."""
    nodebalancers: ReadOnly[list[VPCSubnetNodeBalancer]]
    """NodeBalancers with addresses in the subnet."""
    vpc_type: ReadOnly[VPCType]
    """Type of the VPC."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime | None]
