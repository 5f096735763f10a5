"""Nested objects and options of the network interfaces of a Linode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Required, TypeAlias, TypedDict

from linode._model import Bounds, Field, IDField, Nested, ReadOnly, Struct

if TYPE_CHECKING:
    from ..vpcs.subnets import VPCSubnet

VLANLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=64, pattern="[a-zA-Z0-9-]+")]
"""Label of a VLAN."""


class DefaultRoute(Struct):
    """The default routes of an interface."""

    ipv4: Field[bool]
    """Whether the interface carries the IPv4 default route; a VLAN interface cannot."""
    ipv6: Field[bool]
    """Whether the interface carries the IPv6 default route."""


class InterfaceAddress(Struct):
    """An IPv4 address of an interface."""

    address: Field[str]
    """Address that the Linode has; ``auto`` requests a new one, in a VPC the first free one."""
    primary: Field[bool]
    """Whether the address is the source address of outgoing traffic."""


class InterfaceShared(Struct):
    """An IPv4 address that another Linode shares with this one."""

    address: ReadOnly[str]
    """IPv4 address."""
    linode_id: ReadOnly[int]
    """ID of the Linode that owns the address."""


class InterfaceRange(Struct):
    """An IPv6 range routed to an interface."""

    range: Field[str]
    """Range, with its prefix length; ``/64`` alone requests a new range."""
    route_target: ReadOnly[str | None]
    """Address that the range is routed to."""


class InterfaceSLAAC(Struct):
    """The SLAAC IPv6 address of an interface."""

    address: ReadOnly[str]
    """IPv6 address."""
    prefix: ReadOnly[int]
    """Prefix length of the network, in bits."""


class PublicIPv4(Struct):
    """IPv4 of a public interface."""

    addresses: Field[list[InterfaceAddress]]
    shared: ReadOnly[list[InterfaceShared]]
    """Addresses of other Linodes shared with this one (IP failover)."""


class PublicIPv6(Struct):
    """IPv6 of a public interface."""

    slaac: ReadOnly[list[InterfaceSLAAC]]
    ranges: Field[list[InterfaceRange]]
    shared: ReadOnly[list[InterfaceRange]]
    """Ranges shared with other Linodes."""


class PublicInterface(Struct):
    """Settings of a public interface."""

    ipv4: Nested[PublicIPv4]
    ipv6: Nested[PublicIPv6]


class VPCInterfaceAddress(InterfaceAddress):
    """An IPv4 address of a VPC interface."""

    nat_1_1_address: Field[str | None]
    """Public address translated to the VPC address (1:1 NAT); ``auto`` lets Linode choose."""


class VPCInterfaceRange(Struct):
    """A range of a subnet routed to an interface."""

    range: Field[str]
    """Range, with its prefix length."""


class VPCInterfaceSLAAC(VPCInterfaceRange):
    """An IPv6 range for address autoconfiguration (SLAAC) of an interface."""

    address: ReadOnly[str]
    """Resulting address."""


class VPCInterfaceIPv4(Struct):
    """IPv4 of a VPC interface."""

    addresses: Field[list[VPCInterfaceAddress]]
    ranges: Field[list[VPCInterfaceRange]]


class VPCInterfaceIPv6(Struct):
    """IPv6 of a VPC interface."""

    is_public: Field[bool]
    """Whether the addresses can be reached from the internet."""
    slaac: Field[list[VPCInterfaceSLAAC]]
    ranges: Field[list[VPCInterfaceRange]]


class VPCInterface(Struct):
    """Settings of a VPC interface."""

    vpc_id: ReadOnly[int]
    subnet_id: IDField[VPCSubnet]
    ipv4: Nested[VPCInterfaceIPv4]
    ipv6: Nested[VPCInterfaceIPv6]


class VLANInterface(Struct):
    """Settings of a VLAN interface; the API refuses to change them."""

    vlan_label: Field[VLANLabel]
    ipam_address: Field[str | None]
    """Address of the Linode in the VLAN, with its prefix length."""


class RDMAVPCIPv4(Struct):
    """IPv4 of an RDMA interface."""

    addresses: Field[list[InterfaceAddress]]


class RDMAVPCInterface(Struct):
    """Settings of an RDMA interface, for direct memory access between machines of a VPC."""

    vpc_id: ReadOnly[int]
    subnet_id: IDField[VPCSubnet]
    ipv4: Nested[RDMAVPCIPv4]


class NewInterfaceRange(TypedDict, total=False):
    """A range to request."""

    range: Required[str | None]
    """Range, with its prefix length, only a prefix length such as ``/64`` for a new one, or ``auto``."""


class NewVPCInterfaceIPv6(TypedDict, total=False):
    """IPv6 ranges to request, as `VPCInterfaceIPv6`."""

    is_public: bool
    slaac: Sequence[NewInterfaceRange]
    ranges: Sequence[NewInterfaceRange]
