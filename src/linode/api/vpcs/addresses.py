"""Addresses and ranges in VPCs, as lists show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linode._model import Entry, ReadOnly, Ref, Struct

if TYPE_CHECKING:
    from ..linodes.linode import Linode
    from ..regions import Region
    from .vpcs import VPC


class VPCIPv6Address(Struct):
    """An IPv6 address in a VPC."""

    slaac_address: ReadOnly[str]
    """SLAAC address in the range."""


class VPCIPAddress(Entry):
    """An IPv4 address, IPv4 range or IPv6 range in a VPC. The API returns them in lists only."""

    scope = "ips"
    filterable = ("active", "config_id", "linode_id", "region", "vpc_id")

    address: ReadOnly[str | None]
    """IPv4 address; None for a range."""
    address_range: ReadOnly[str | None]
    """IPv4 range; None for a single address."""
    vpc: Ref[VPC] = Ref("vpc_id")
    subnet_id: ReadOnly[int]
    """ID of the VPC's subnet."""
    region: Ref[Region]
    """Region of the VPC."""
    linode: Ref[Linode | None] = Ref("linode_id")
    """Linode with the address."""
    config_id: ReadOnly[int | None]
    """ID of the configuration with the address; None for interfaces of the Linode itself."""
    interface_id: ReadOnly[int | None]
    """ID of the interface with the address; None for interfaces of configurations."""
    nodebalancer_id: ReadOnly[int | None]
    """ID of the NodeBalancer with the address."""
    database_id: ReadOnly[int | None]
    """ID of the database with the address."""
    active: ReadOnly[bool]
    """Whether the address is in use."""
    nat_1_1: ReadOnly[str | None]
    """Public address translated to the VPC address (1:1 NAT); None without one."""
    gateway: ReadOnly[str | None]
    """Gateway of the subnet."""
    prefix: ReadOnly[int | None]
    """Prefix length of the subnet, in bits."""
    subnet_mask: ReadOnly[str]
    ipv6_range: ReadOnly[str | None]
    """IPv6 range; sent in lists of IPv6 ranges only."""
    ipv6_is_public: ReadOnly[bool | None]
    """Whether the IPv6 range can be reached from the internet."""
    ipv6_addresses: ReadOnly[list[VPCIPv6Address]]
    """IPv6 addresses in use."""
