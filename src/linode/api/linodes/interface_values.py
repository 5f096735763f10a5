"""Nested objects and options of the network interfaces of a Linode."""

from __future__ import annotations

from linode._model import Field, Nested, ReadOnly, Struct

__all__ = [
    "DefaultRoute",
    "InterfaceAddress",
    "InterfaceRange",
    "InterfaceSLAAC",
    "InterfaceShared",
    "PublicIPv4",
    "PublicIPv6",
    "PublicInterface",
    "RDMAVPCIPv4",
    "RDMAVPCInterface",
    "VLANInterface",
    "VPCInterface",
    "VPCInterfaceAddress",
    "VPCInterfaceIPv4",
    "VPCInterfaceIPv6",
    "VPCInterfaceRange",
    "VPCInterfaceSLAAC",
]


class DefaultRoute(Struct):
    """Whether the default routes go through an interface."""

    ipv4: Field[bool]
    """That of IPv4; an interface to a VLAN cannot have it."""
    ipv6: Field[bool]
    """That of IPv6."""


class InterfaceAddress(Struct):
    """An IPv4 address of an interface."""

    address: Field[str]
    """The address; ``auto`` asks for a new one."""
    primary: Field[bool]
    """Whether what is sent bears this address."""


class InterfaceShared(Struct):
    """An IPv4 address that another Linode shares with this one."""

    address: ReadOnly[str]
    """The address."""
    linode_id: ReadOnly[int]
    """The Linode that it belongs to."""


class InterfaceRange(Struct):
    """A range of IPv6 that leads to an interface."""

    range: Field[str]
    """The range with its prefix; ``/64`` alone asks for a new one."""
    route_target: ReadOnly[str | None]
    """The address to which it is routed."""


class InterfaceSLAAC(Struct):
    """The IPv6 address that an interface configures for itself."""

    address: ReadOnly[str]
    """The address."""
    prefix: ReadOnly[int]
    """The length of the network's prefix, in bits."""


class PublicIPv4(Struct):
    """IPv4 of an interface to the internet."""

    addresses: Field[list[InterfaceAddress]]
    """Addresses."""
    shared: ReadOnly[list[InterfaceShared]]
    """Those of other Linodes that it may take over."""


class PublicIPv6(Struct):
    """IPv6 of an interface to the internet."""

    slaac: ReadOnly[list[InterfaceSLAAC]]
    """The addresses that it configures for itself."""
    ranges: Field[list[InterfaceRange]]
    """The ranges that are its own."""
    shared: ReadOnly[list[InterfaceRange]]
    """The ranges that it shares with other Linodes."""


class PublicInterface(Struct):
    """Settings of a public interface."""

    ipv4: Nested[PublicIPv4]
    """IPv4 address."""
    ipv6: Nested[PublicIPv6]
    """Its IPv6."""


class VPCInterfaceAddress(Struct):
    """An IPv4 address of an interface to a VPC."""

    address: Field[str]
    """The address within the VPC; ``auto`` asks for the first that is free."""
    primary: Field[bool]
    """Whether what is sent bears this address."""
    nat_1_1_address: Field[str | None]
    """The public address that is translated to it; ``auto`` lets Linode choose."""


class VPCInterfaceRange(Struct):
    """A range of addresses within a subnet that is routed to an interface."""

    range: Field[str]
    """The range with its prefix."""


class VPCInterfaceSLAAC(Struct):
    """A range of IPv6 from which an interface configures its own address."""

    range: Field[str]
    """The range with its prefix."""
    address: ReadOnly[str]
    """The address that came of it."""


class VPCInterfaceIPv4(Struct):
    """IPv4 of an interface to a VPC."""

    addresses: Field[list[VPCInterfaceAddress]]
    """Addresses."""
    ranges: Field[list[VPCInterfaceRange]]
    """The ranges routed to it."""


class VPCInterfaceIPv6(Struct):
    """IPv6 of an interface to a VPC."""

    is_public: Field[bool]
    """Whether its addresses can be reached from the internet."""
    slaac: Field[list[VPCInterfaceSLAAC]]
    """The ranges from which it configures its own address."""
    ranges: Field[list[VPCInterfaceRange]]
    """The ranges routed to it."""


class VPCInterface(Struct):
    """Settings of a VPC interface."""

    vpc_id: ReadOnly[int]
    """The VPC."""
    subnet_id: Field[int]
    """The subnet of the VPC."""
    ipv4: Nested[VPCInterfaceIPv4]
    """IPv4 address."""
    ipv6: Nested[VPCInterfaceIPv6]
    """Its IPv6."""


class VLANInterface(Struct):
    """Settings of a VLAN interface; the API refuses to change them."""

    vlan_label: Field[str]
    """The name of the VLAN."""
    ipam_address: Field[str | None]
    """The Linode's address in the VLAN, with its prefix."""


class RDMAVPCIPv4(Struct):
    """IPv4 of an interface for RDMA."""

    addresses: Field[list[InterfaceAddress]]
    """Addresses."""


class RDMAVPCInterface(Struct):
    """Settings of an RDMA interface: direct access to memory between machines of a VPC."""

    vpc_id: ReadOnly[int]
    """The VPC."""
    subnet_id: Field[int]
    """The subnet of the VPC."""
    ipv4: Nested[RDMAVPCIPv4]
    """IPv4 address."""
