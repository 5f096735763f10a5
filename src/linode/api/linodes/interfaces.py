"""Network interfaces that belong to a Linode itself (its `interface_generation` is ``linode``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypedDict

from linode._model import Entry, Field, Fields, Many, Meta, Nested, Options, Parent, ReadOnly, Resource, Struct

from .interface_values import DefaultRoute, PublicInterface, RDMAVPCInterface, VLANInterface, VPCInterface

if TYPE_CHECKING:
    from ..networking.firewalls import Firewall
    from .configs import Config
    from .linode import Linode

__all__ = [
    "InterfaceDefaultRoutes",
    "InterfaceHistory",
    "InterfaceOptions",
    "InterfaceSettings",
    "InterfaceState",
    "InterfaceUpgrade",
    "LinodeInterface",
    "NewInterface",
    "UpgradeInterfacesOptions",
]

VLANLabel: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64, pattern="[a-zA-Z0-9-]+")]


class InterfaceFields(Fields):
    """Fields of a network interface."""

    id: ReadOnly[int]
    """Numeric ID."""
    mac_address: ReadOnly[str]
    """Its hardware address."""
    default_route: Field[DefaultRoute | None]
    """Whether the default routes go through it."""
    public: Nested[PublicInterface | None]
    """Its addresses, when it leads to the internet; of this and the three below exactly one is not None."""
    vpc: Nested[VPCInterface | None]
    """Its place in a VPC, when it leads to one."""
    vlan: Nested[VLANInterface | None]
    """Its place in a VLAN, when it leads to one."""
    rdma_vpc: Nested[RDMAVPCInterface | None]
    """Its place in a VPC for RDMA, when it leads to one."""
    version: ReadOnly[int]
    """Counts its changes."""
    created: ReadOnly[datetime]
    """Creation time (UTC)."""
    updated: ReadOnly[datetime]
    """Time of the last change (UTC)."""


class InterfaceState(InterfaceFields, Struct):
    """A network interface as it was at one time, or would be."""


class LinodeInterface(InterfaceFields, Resource):
    """A network interface of a Linode. The Linode must be off to have one added, changed or deleted."""

    path = "/linode/instances/{linode}/interfaces/{id}"
    scope = "linodes"

    linode: Parent[Linode]
    """The Linode it belongs to."""
    firewalls: Many[Firewall]
    """The firewalls in front of it."""


class InterfaceDefaultRoutes(Struct):
    """Through which interfaces the default routes of a Linode go."""

    ipv4_interface_id: Field[int | None]
    """The interface for IPv4."""
    ipv4_eligible_interface_ids: ReadOnly[list[int]]
    """Those that could be it."""
    ipv6_interface_id: Field[int | None]
    """The interface for IPv6."""
    ipv6_eligible_interface_ids: ReadOnly[list[int]]
    """Those that could be it."""


class InterfaceSettings(Resource):
    """Settings of all network interfaces of a Linode."""

    path = "/linode/instances/{linode}/interfaces/settings"
    scope = "linodes"
    deletable = False

    linode: Parent[Linode]
    """The Linode."""
    network_helper: Field[bool]
    """Whether the network is set up in the system at every boot."""
    default_route: Nested[InterfaceDefaultRoutes]
    """Through which interfaces the default routes go."""


class InterfaceHistory(Entry):
    """A version that a network interface of a Linode has had. The API gives them as a list only."""

    scope = "linodes"
    filterable = ("created", "interface_history_id", "interface_id", "linode_id", "version")

    interface_history_id: ReadOnly[int]
    """The number of this entry."""
    interface_id: ReadOnly[int]
    """The interface."""
    linode_id: ReadOnly[int]
    """The number of the Linode."""
    interface_data: Nested[InterfaceState]
    """The interface as it was."""
    version: ReadOnly[int]
    """The how many-th version it was."""
    created: ReadOnly[datetime]
    """When that version was made (UTC)."""


class InterfaceUpgrade(Struct):
    """Result of `Linode.upgrade_interfaces`, or of its dry run."""

    config_id: ReadOnly[int]
    """The configuration whose interfaces were turned into interfaces of the Linode."""
    dry_run: ReadOnly[bool]
    """Whether nothing was changed."""
    interfaces: ReadOnly[list[InterfaceState]]
    """The interfaces that came of it."""


class DefaultRouteChoice(TypedDict, total=False):
    """Whether the default routes shall go through an interface; left out: if no other one has them."""

    ipv4: bool | None
    """Whether that of IPv4 shall."""
    ipv6: bool | None
    """Whether that of IPv6 shall."""


class AddressChoice(TypedDict, total=False):
    """An IPv4 address asked for."""

    address: str
    """One that is the Linode's already, or ``auto`` for a new one."""
    primary: bool
    """Use it as the source address."""


class VPCAddressChoice(TypedDict, total=False):
    """An IPv4 address asked for in a VPC."""

    address: str
    """One of the subnet, or ``auto`` for the first that is free."""
    primary: bool | None
    """Use it as the source address."""
    nat_1_1_address: str | None
    """The public address to translate to it, or ``auto``."""


class InterfaceRangeChoice(TypedDict, total=False):
    """A range asked for."""

    range: str | None
    """The range with its prefix, or only a prefix such as ``/64`` for a new one."""


class PublicIPv4Choice(TypedDict, total=False):
    """IPv4 asked for."""

    addresses: Sequence[AddressChoice]
    """The addresses."""


class PublicIPv6Choice(TypedDict, total=False):
    """IPv6 asked for."""

    ranges: Sequence[InterfaceRangeChoice]
    """Ranges to route to it."""


class PublicChoice(TypedDict, total=False):
    """An interface to the internet; ``{}`` is one with a new address."""

    ipv4: PublicIPv4Choice
    """Its IPv4; one new address otherwise."""
    ipv6: PublicIPv6Choice
    """Its IPv6 beside the address that it configures for itself."""


class VPCIPv4Choice(TypedDict, total=False):
    """IPv4 asked for in a VPC."""

    addresses: Sequence[VPCAddressChoice]
    """Its addresses; the first that is free otherwise."""
    ranges: Sequence[InterfaceRangeChoice]
    """Ranges to route to it."""


class VPCIPv6Choice(TypedDict, total=False):
    """IPv6 asked for in a VPC."""

    is_public: bool
    """Make it reachable from the internet."""
    slaac: Sequence[InterfaceRangeChoice]
    """Ranges from which it configures its own address."""
    ranges: Sequence[InterfaceRangeChoice]
    """Ranges to route to it."""


class VPCChoice(TypedDict, total=False):
    """An interface to a VPC; ``subnet_id`` is required."""

    subnet_id: int
    """The subnet of the VPC."""
    ipv4: VPCIPv4Choice
    """Its IPv4 there."""
    ipv6: VPCIPv6Choice
    """Its IPv6 there."""


class VLANChoice(TypedDict, total=False):
    """An interface to a VLAN."""

    vlan_label: VLANLabel
    """The name of the VLAN."""
    ipam_address: str
    """The Linode's address in the VLAN, with its prefix."""


class RDMAIPv4Choice(TypedDict, total=False):
    """IPv4 asked for, for RDMA."""

    addresses: Sequence[AddressChoice]
    """The addresses."""


class RDMAVPCChoice(TypedDict, total=False):
    """An interface for RDMA; ``subnet_id`` is required."""

    subnet_id: int
    """The subnet of the VPC."""
    ipv4: RDMAIPv4Choice
    """Its IPv4 there."""


class NewInterface(TypedDict, total=False):
    """A network interface of a Linode that is to be made; one of ``public``, ``vpc``, ``vlan`` says where it leads.

    Linodes whose configurations hold the interfaces take ``purpose`` and what goes with it (`NewConfigInterface`).
    """

    default_route: DefaultRouteChoice
    """Whether the default routes shall go through it."""
    firewall_id: Firewall | int | None
    """The firewall in front of it; -1 for none, None for the account's default."""
    public: PublicChoice | None
    """An interface to the internet."""
    vpc: VPCChoice | None
    """An interface to a VPC."""
    vlan: VLANChoice | None
    """An interface to a VLAN."""
    rdma_vpc: RDMAVPCChoice
    """An interface to a VPC for RDMA."""


class InterfaceOptions(Options, total=False):
    """Options of `Linode.create_interface`; one of ``public``, ``vpc``, ``vlan`` says where the interface leads."""

    default_route: DefaultRouteChoice
    """Whether the default routes shall go through it."""
    firewall_id: Firewall | int | None
    """The firewall in front of it; -1 for none, None for the account's default."""
    public: PublicChoice | None
    """An interface to the internet."""
    vpc: VPCChoice | None
    """An interface to a VPC."""
    vlan: VLANChoice | None
    """An interface to a VLAN."""


class UpgradeInterfacesOptions(Options, total=False):
    """Options of `Linode.upgrade_interfaces`."""

    config_id: Config | int | None
    """The configuration whose interfaces to turn; required when there are several."""
    dry_run: bool
    """Only say what would be done; the API does so unless this is False."""


InterfaceGeneration: TypeAlias = Literal["legacy_config", "linode"]
