"""IP addresses of the account and of Linodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Fields, Nested, ReadOnly, Steps, Struct, action, flow
from linode._model.options import Options, body
from linode._model.relations import Many, Parent, Ref
from linode._model.resources import Resource
from linode.errors import InvalidRequestError, WaitTimeoutError
from linode.waiting.polling import PollTimer

from .ipv6 import IPv6Range

if TYPE_CHECKING:
    from ..linodes.linode import Linode
    from ..regions import Region
    from ..vpcs.addresses import VPCIPAddress
    from .reserved_ips import ReservedIPAddress

ATTEMPTS = 15.0
"""Seconds between two attempts to set a reverse DNS name: a new record is served after some minutes."""
IPv4Text: TypeAlias = Annotated[str, Bounds(pattern=r"^\d{1,3}(\.\d{1,3}){3}$")]


class AssignedEntity(Struct):
    """Entity that uses an address."""

    id: ReadOnly[int]
    label: ReadOnly[str]
    type: ReadOnly[Literal["linode", "nodebalancer"] | str]
    url: ReadOnly[str]


class VPCNat(Struct):
    """The VPC address that a public address is translated to (1:1 NAT)."""

    address: ReadOnly[str]
    """Address in the VPC."""
    subnet_id: ReadOnly[int]
    vpc_id: ReadOnly[int]


class _AddressFields(Fields):
    """Fields of an IP address."""

    filterable: ClassVar[tuple[str, ...]] = ("address", "prefix", "rdns", "region", "reserved", "tags", "type")

    address: ReadOnly[str]
    """Address, which is also the ID."""
    type: ReadOnly[Literal["ipv4", "ipv6", "ipv6/pool", "ipv6/range"] | str]
    """Type of the address."""
    public: ReadOnly[bool]
    """Whether the address can be reached from the internet."""
    gateway: ReadOnly[str | None]
    """Gateway; None for private addresses."""
    subnet_mask: ReadOnly[str]
    prefix: ReadOnly[int]
    """Prefix length of the network, in bits."""
    region: Ref[Region]
    linode_id: ReadOnly[int | None]
    """ID of the Linode with the address; None when unassigned."""
    interface_id: ReadOnly[int | None]
    """ID of the Linode's interface with the address; None for interfaces of configurations."""
    vpc_nat_1_1: Nested[VPCNat | None]
    """VPC address that the address is translated to (1:1 NAT)."""
    assigned_entity: Nested[AssignedEntity | None]
    """Entity that uses the address."""


class _NamedAddressFields(_AddressFields):
    """Fields of an IP address whose reverse DNS name can be set."""

    rdns: Field[str | None]
    """Reverse DNS name; None restores Linode's default. A new name must resolve to the address.

    A record made just before is unknown to the name servers for some minutes; until then the name is refused, and
    `IPAddress.set_rdns` waits for that.
    """

    @flow
    def set_rdns(self, rdns: str | None, *, timeout: float = 3600, poll_interval: float | None = None) -> Steps[None]:
        """Set the reverse DNS name to *rdns*, and wait until the API accepts it; None restores Linode's default.

        The API refuses a name that does not resolve to the address yet; the name is sent again until it does.
        *timeout* is the limit in seconds (0: one attempt), *poll_interval* the number of seconds between attempts
        (default: 15).

        Raises `WaitTimeoutError` if the name does not resolve to the address after *timeout* seconds, and
        `InvalidRequestError` at once for other refusals, such as those of private addresses.
        """
        return set_rdns(self, rdns, timeout, poll_interval or ATTEMPTS)


def set_rdns(address: Any, rdns: str | None, timeout: float, poll_interval: float) -> Steps[None]:
    """The flow of `IPAddress.set_rdns`."""
    timer = PollTimer(address._client._now, timeout, poll_interval)
    while True:
        try:
            yield from Call("PUT", address.url, {"rdns": rdns}, read=address._merge)
        except InvalidRequestError as error:
            if not _unresolved(error):
                raise
            if not (yield from timer.wait()):
                reasons = "; ".join(each.reason for each in error.reasons)
                raise WaitTimeoutError(f"{address!r} cannot have the name {rdns!r} yet: {reasons}") from error
        else:
            return


def _unresolved(error: InvalidRequestError) -> bool:
    """Whether the API refused a name because it does not resolve to the address (yet), in one of two known wordings."""
    words = ("perform a lookup", "No match was found")
    return all(any(each in reason.reason for each in words) for reason in error.reasons)


class IPAddress(_NamedAddressFields, Resource):
    """An IP address of the account: ``IPAddress(client, "192.0.2.1")``."""

    path = "/networking/ips/{address}"
    scope = "ips"
    deletable = False
    shown = ("address", "type", "public", "rdns", "region", "linode_id")

    reserved: Field[bool]
    """Whether the address stays in the account when unassigned. Setting False releases an unassigned address at
    once."""
    tags: ReadOnly[list[str]]
    """Tags; on reserved addresses only, where `ReservedIPAddress` changes them."""
    linode: Ref[Linode | None] = Ref("linode_id")
    """Linode with the address; None when unassigned."""


class LinodeIP(_NamedAddressFields, Resource):
    """An IP address of a Linode: ``LinodeIP(client, "192.0.2.1", 123)``.

    Deleting it removes the address from the Linode; the last public IPv4 address cannot be removed.
    """

    path = "/linode/instances/{linode}/ips/{address}"
    scope = "linodes"
    shown = ("address", "type", "public", "rdns", "region", "linode_id")

    linode: Parent[Linode]
    """Linode with the address."""
    reserved: ReadOnly[bool]
    """Whether the address stays in the account when unassigned."""
    tags: ReadOnly[list[str]]
    """Tags; on reserved addresses only."""


class LinodeIPv4(Struct):
    """The IPv4 addresses of a Linode."""

    public: ReadOnly[list[LinodeIP]]
    """Public addresses, reserved ones among them."""
    private: ReadOnly[list[LinodeIP]]
    """Private addresses, reachable within the region."""
    shared: ReadOnly[list[LinodeIP]]
    """Addresses of other Linodes shared with this one (IP failover)."""
    reserved: ReadOnly[list[LinodeIP]]
    """Empty where it was seen: reserved addresses are among the public ones, with `LinodeIP.reserved` set."""
    vpc: ReadOnly[list[VPCIPAddress]]
    """VPC addresses."""


class LinodeIPv6(Struct):
    """The IPv6 addresses of a Linode."""

    slaac: ReadOnly[LinodeIP]
    """SLAAC address."""
    link_local: ReadOnly[LinodeIP]
    """Link-local address."""
    global_: ReadOnly[list[IPv6Range]] = ReadOnly("global")
    """Ranges routed to the Linode; ``global`` in the API, a keyword in Python."""
    vpc: ReadOnly[list[VPCIPAddress]]
    """VPC addresses."""


class LinodeIPs(Struct):
    """All IP addresses of a Linode."""

    ipv4: Nested[LinodeIPv4]
    """IPv4 addresses."""
    ipv6: Nested[LinodeIPv6]
    """IPv6 addresses."""


class IPOptions(Options, total=False):
    """Options of `Linode.create_ip` besides the type of the address."""

    address: ReservedIPAddress | IPAddress | IPv4Text
    """Reserved address of the account to assign to the Linode."""


class NewIPOptions(Options, total=False):
    """Options of `create_ip` of a client besides the type of the address; a Linode or a region is required."""

    linode_id: Linode | int
    """Linode that gets the address; required unless the address is reserved."""
    region: Region | str
    """Region of a reserved address; that of the Linode by default."""
    reserved: bool
    """Whether the address stays in the account when unassigned; False by default."""


class NetworkingMixin(BaseClient):
    """Methods of a client for IP addresses."""

    get_ips: Many[IPAddress] = Many("/networking/ips")
    """IP addresses of the account, private IPv4 addresses excepted."""

    @action
    def create_ip(
        self, public: bool = True, *, type: Literal["ipv4"] = "ipv4", **options: Unpack[NewIPOptions]
    ) -> Call[IPAddress]:
        """Allocate an IPv4 address, *public* or private, for a Linode or as a reserved address; returns the address.

        Raises `InvalidRequestError` when neither a Linode nor a region is given, when a private address is to be
        reserved, when the region is not that of the Linode, or when Linode's support has not allowed more addresses.
        """
        json = body(type=type, public=public, **options)
        return self._creates(IPAddress, "/networking/ips", json)
