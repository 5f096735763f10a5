"""IP addresses, those of a Linode first of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from linode._model import (
    BaseClient,
    Field,
    Fields,
    Many,
    Meta,
    Nested,
    Options,
    Parent,
    ReadOnly,
    Ref,
    Resource,
    Struct,
)

if TYPE_CHECKING:
    from ..linodes.linode import Linode
    from ..regions import Region

__all__ = [
    "AssignedEntity",
    "IPAddress",
    "IPOptions",
    "IPv6Range",
    "LinodeIP",
    "LinodeIPs",
    "LinodeIPv4",
    "LinodeIPv6",
    "NetworkingMixin",
    "VPCIPAddress",
    "VPCIPv6Address",
    "VPCNat",
]

IPv4Text: TypeAlias = Annotated[str, Meta(pattern=r"^\d{1,3}(\.\d{1,3}){3}$")]


class AssignedEntity(Struct):
    """Entity that uses an address."""

    id: ReadOnly[int]
    """Numeric ID."""
    label: ReadOnly[str]
    """Name."""
    type: ReadOnly[Literal["linode", "nodebalancer"]]
    """Type."""
    url: ReadOnly[str]
    """Path in the API."""


class VPCNat(Struct):
    """The address of a VPC to which a public address is translated."""

    address: ReadOnly[str]
    """The address in the VPC."""
    subnet_id: ReadOnly[int]
    """The subnet."""
    vpc_id: ReadOnly[int]
    """The VPC."""


class AddressFields(Fields):
    """Fields of an IP address."""

    filterable = ("address", "prefix", "rdns", "region", "reserved", "tags", "type")

    address: ReadOnly[str]
    """The address itself, which is its id."""
    type: ReadOnly[Literal["ipv4", "ipv6", "ipv6/pool", "ipv6/range"]]
    """Type of the address."""
    public: ReadOnly[bool]
    """Whether it can be reached from the internet."""
    rdns: Field[str | None]
    """The name that a reverse look-up gives; None brings back Linode's own. Must lead to the address when set."""
    gateway: ReadOnly[str | None]
    """The gateway of its network; private addresses have none."""
    subnet_mask: ReadOnly[str]
    """The mask of its network."""
    prefix: ReadOnly[int]
    """The length of its network's prefix, in bits."""
    region: Ref[Region]
    """Where it can be used."""
    linode_id: ReadOnly[int | None]
    """The number of the Linode that has it; None when it is free."""
    interface_id: ReadOnly[int | None]
    """The Linode's interface that has it, where Linodes have interfaces of their own."""
    vpc_nat_1_1: Nested[VPCNat | None]
    """The address of a VPC that it is translated to."""
    assigned_entity: Nested[AssignedEntity | None]
    """Entity that uses it."""
    tags: ReadOnly[list[str]]
    """Tags; only reserved addresses have them."""


class IPAddress(AddressFields, Resource):
    """An IP address of the account: ``IPAddress(client, "192.0.2.1")``."""

    path = "/networking/ips/{address}"
    scope = "ips"
    deletable = False

    reserved: Field[bool]
    """Whether it stays yours when nothing uses it. False for an unused one gives it back at once."""
    linode: Ref[Linode | None] = Ref("linode_id")
    """The Linode that has it; None when it is free."""


class LinodeIP(AddressFields, Resource):
    """An IP address as a part of a Linode: ``LinodeIP(client, "192.0.2.1", 123)``.

    Deleting it takes it from the Linode, whose last public IPv4 address cannot be taken.
    """

    path = "/linode/instances/{linode}/ips/{address}"
    scope = "linodes"

    linode: Parent[Linode]
    """The Linode that has it."""
    reserved: ReadOnly[bool]
    """Whether it stays yours when nothing uses it."""


class IPv6Range(Resource):
    """A range of IPv6 addresses, routed to a Linode as a whole."""

    path = "/networking/ipv6/ranges/{range}"
    scope = "ips"
    savable = False

    range: ReadOnly[str]
    """Its first address, which is its id."""
    prefix: ReadOnly[int]
    """The length of its prefix, in bits."""
    region: Ref[Region]
    """Where it can be used."""
    route_target: ReadOnly[str | None]
    """The address that it is routed to; the last one when there are several. Only lists tell it: None in a range that
    was read by its address alone, which tells `linodes`."""
    is_bgp: ReadOnly[bool]
    """Whether it is shared between Linodes."""
    linodes: ReadOnly[list[int]]
    """The numeric IDs of the Linodes that it is routed to."""

    def _absorb(self, data: Any, *, complete: bool = False) -> Self:
        """Keep the route that a list told: the answer about one range leaves it out."""
        if complete and isinstance(data, dict) and "route_target" in self.raw:
            data = {"route_target": self.raw["route_target"], **data}
        return super()._absorb(data, complete=complete)


class VPCIPv6Address(Struct):
    """An IPv6 address in a VPC."""

    slaac_address: ReadOnly[str]
    """The address that was configured from the range."""


class VPCIPAddress(Struct):
    """An address, or a range of them, in a VPC."""

    address: ReadOnly[str | None]
    """The address; None for a range."""
    address_range: ReadOnly[str | None]
    """The range of IPv4; None for a single address."""
    vpc_id: ReadOnly[int]
    """The VPC."""
    subnet_id: ReadOnly[int]
    """The subnet of the VPC."""
    region: Ref[Region]
    """Where the VPC is."""
    linode_id: ReadOnly[int | None]
    """The Linode that has it."""
    config_id: ReadOnly[int | None]
    """The configuration that has it, where configurations hold the interfaces."""
    interface_id: ReadOnly[int | None]
    """The interface that has it."""
    nodebalancer_id: ReadOnly[int | None]
    """The NodeBalancer that has it."""
    database_id: ReadOnly[int | None]
    """The database that has it."""
    active: ReadOnly[bool]
    """Whether it is in use now."""
    nat_1_1: ReadOnly[str | None]
    """The public address that is translated to it."""
    gateway: ReadOnly[str | None]
    """The gateway of the subnet."""
    prefix: ReadOnly[int | None]
    """The length of the subnet's prefix, in bits."""
    subnet_mask: ReadOnly[str]
    """The mask of the subnet."""
    ipv6_range: ReadOnly[str | None]
    """The range of IPv6."""
    ipv6_is_public: ReadOnly[bool | None]
    """Whether the range of IPv6 can be reached from the internet."""
    ipv6_addresses: ReadOnly[list[VPCIPv6Address]]
    """The addresses of IPv6 in use."""


class LinodeIPv4(Struct):
    """The IPv4 addresses of a Linode."""

    public: ReadOnly[list[LinodeIP]]
    """Those that the internet reaches."""
    private: ReadOnly[list[LinodeIP]]
    """Those that only the region reaches."""
    shared: ReadOnly[list[LinodeIP]]
    """Those of other Linodes that it may take over."""
    reserved: ReadOnly[list[LinodeIP]]
    """Those that stay yours when the Linode is gone."""
    vpc: ReadOnly[list[VPCIPAddress]]
    """Those in VPCs."""


class LinodeIPv6(Struct):
    """The IPv6 addresses of a Linode."""

    slaac: ReadOnly[LinodeIP]
    """The one that it configures for itself."""
    link_local: ReadOnly[LinodeIP]
    """The one that does not leave its network."""
    global_: ReadOnly[list[IPv6Range]] = ReadOnly("global")
    """The ranges routed to it; the API's word is ``global``, which Python keeps for itself."""
    vpc: ReadOnly[list[VPCIPAddress]]
    """Those in VPCs."""


class LinodeIPs(Struct):
    """All the addresses of a Linode."""

    ipv4: Nested[LinodeIPv4]
    """Those of IPv4."""
    ipv6: Nested[LinodeIPv6]
    """Those of IPv6."""


class IPOptions(Options, total=False):
    """Options of `Linode.create_ip` besides what kind of address is asked for."""

    address: IPv4Text
    """A reserved address of the account, to be put onto the Linode."""


class NetworkingMixin(BaseClient):
    """IP addresses, from a client."""

    get_ips: Many[IPAddress] = Many("/networking/ips")
    """The IP addresses of the account."""
