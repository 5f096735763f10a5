"""Network interfaces of a Linode itself (`interface_generation` ``linode``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Required, TypeAlias, TypedDict

from linode._model import Entry, Field, Fields, IDField, Many, Nested, Options, Parent, ReadOnly, Resource, Struct

from .interface_values import (
    DefaultRoute,
    NewInterfaceRange,
    NewVPCInterfaceIPv6,
    PublicInterface,
    RDMAVPCInterface,
    VLANInterface,
    VLANLabel,
    VPCInterface,
)

if TYPE_CHECKING:
    from ..networking.firewalls import Firewall
    from ..vpcs.subnets import VPCSubnet
    from .configs import Config
    from .linode import Linode


class _InterfaceFields(Fields):
    """Fields of a network interface."""

    id: ReadOnly[int]
    mac_address: ReadOnly[str]
    default_route: Field[DefaultRoute | None]
    public: Nested[PublicInterface | None]
    """Settings of a public interface; exactly one of ``public``, ``vpc``, ``vlan`` and ``rdma_vpc`` is not None."""
    vpc: Nested[VPCInterface | None]
    vlan: Nested[VLANInterface | None]
    rdma_vpc: Nested[RDMAVPCInterface | None]
    version: ReadOnly[int]
    """Version, incremented by every change."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]


class InterfaceState(_InterfaceFields, Struct):
    """A past, present or proposed state of a network interface."""


class LinodeInterface(_InterfaceFields, Resource):
    """A network interface of a Linode, which must be off to add, change or delete one."""

    path = "/linode/instances/{linode}/interfaces/{id}"
    listed_as = "interfaces"
    scope = "linodes"

    linode: Parent[Linode]
    firewalls: Many[Firewall]
    """Firewalls that protect the interface."""


class InterfaceDefaultRoutes(Struct):
    """The interfaces with the default routes of a Linode."""

    ipv4_interface_id: IDField[LinodeInterface | None]
    """ID of the interface with the IPv4 default route."""
    ipv4_eligible_interface_ids: ReadOnly[list[int]]
    """IDs of the interfaces eligible for the IPv4 default route."""
    ipv6_interface_id: IDField[LinodeInterface | None]
    """ID of the interface with the IPv6 default route."""
    ipv6_eligible_interface_ids: ReadOnly[list[int]]
    """IDs of the interfaces eligible for the IPv6 default route."""


class InterfaceSettings(Resource):
    """Settings of all network interfaces of a Linode."""

    path = "/linode/instances/{linode}/interfaces/settings"
    scope = "linodes"
    deletable = False

    linode: Parent[Linode]
    network_helper: Field[bool]
    """Whether the network is configured at every boot (Network Helper)."""
    default_route: Nested[InterfaceDefaultRoutes]


class InterfaceHistory(Entry):
    """A version of a network interface. The API returns versions in a list only."""

    scope = "linodes"
    filterable = ("created", "interface_history_id", "interface_id", "linode_id", "version")

    interface_history_id: ReadOnly[int]
    interface_id: ReadOnly[int]
    linode_id: ReadOnly[int]
    interface_data: Nested[InterfaceState]
    version: ReadOnly[int]
    """Version number."""
    created: ReadOnly[datetime]


class InterfaceUpgrade(Struct):
    """Result of `Linode.upgrade_interfaces`, or of its dry run."""

    config_id: ReadOnly[int]
    dry_run: ReadOnly[bool]
    """Whether the API only reported the result without changing anything."""
    interfaces: ReadOnly[list[InterfaceState]]


class NewDefaultRoute(TypedDict, total=False):
    """Default routes to request; by default those that no other interface has."""

    ipv4: bool | None
    ipv6: bool | None


class NewInterfaceAddress(TypedDict, total=False):
    """An IPv4 address to request."""

    address: str
    primary: bool


class NewVPCInterfaceAddress(TypedDict, total=False):
    """An IPv4 address to request in a VPC."""

    address: str
    primary: bool | None
    nat_1_1_address: str | None


class NewInterfaceAddresses(TypedDict, total=False):
    """IPv4 addresses to request; one new address by default."""

    addresses: Sequence[NewInterfaceAddress]


class NewPublicIPv6(TypedDict, total=False):
    """IPv6 ranges to request besides the SLAAC address."""

    ranges: Sequence[NewInterfaceRange]


class NewPublicInterface(TypedDict, total=False):
    """Options of a public interface; ``{}`` requests a new address."""

    ipv4: NewInterfaceAddresses
    ipv6: NewPublicIPv6


class NewVPCInterfaceIPv4(TypedDict, total=False):
    """IPv4 addresses and ranges to request in a VPC; the first free address by default."""

    addresses: Sequence[NewVPCInterfaceAddress]
    ranges: Sequence[NewInterfaceRange]


class NewVPCInterface(TypedDict, total=False):
    """Options of a VPC interface."""

    subnet_id: Required[VPCSubnet | int]
    ipv4: NewVPCInterfaceIPv4
    ipv6: NewVPCInterfaceIPv6


class NewVLANInterface(TypedDict, total=False):
    """Options of a VLAN interface."""

    vlan_label: VLANLabel
    ipam_address: str


class NewRDMAVPCInterface(TypedDict, total=False):
    """Options of an RDMA interface."""

    subnet_id: Required[VPCSubnet | int]
    ipv4: NewInterfaceAddresses


class _NewInterface(TypedDict, total=False):
    """Options of a new interface."""

    default_route: NewDefaultRoute
    firewall_id: Firewall | int | None
    """Firewall that protects the interface; -1 for none, None for the account's default."""
    public: NewPublicInterface | None
    vpc: NewVPCInterface | None
    vlan: NewVLANInterface | None


class NewInterface(_NewInterface, total=False):
    """A network interface of a new Linode; ``public``, ``vpc`` or ``vlan`` selects the kind.

    Linodes whose configurations hold the interfaces take ``purpose`` and what goes with it (`NewConfigInterface`).
    """

    rdma_vpc: NewRDMAVPCInterface


class InterfaceOptions(_NewInterface, Options, total=False):
    """Options of `Linode.create_interface`; ``public``, ``vpc`` or ``vlan`` selects the kind."""


class UpgradeInterfacesOptions(Options, total=False):
    """Options of `Linode.upgrade_interfaces`."""

    config_id: Config | int | None
    """Configuration to convert; required when there are several."""
    dry_run: bool
    """Whether to only report the result; True by default."""


InterfaceGeneration: TypeAlias = Literal["legacy_config", "linode"] | str
