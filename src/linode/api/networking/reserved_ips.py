"""Reserved IP addresses, which stay in the account when nothing uses them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Unpack

from linode._model import BaseClient, Call, Entry, Field, Many, Options, ReadOnly, Ref, Resource, action, body

from ..types import _UsagePriceFields
from .ips import _AddressFields

if TYPE_CHECKING:
    from ..linodes.linode import Linode
    from ..regions import Region


class ReservedIPOptions(Options, total=False):
    """Options of `create_reserved_ip` besides the region."""

    tags: Sequence[str]


class ReservedIPAddress(_AddressFields, Resource):
    """A reserved IPv4 address.

    Deleting it releases an unassigned address. An assigned address stays with its Linode or NodeBalancer until that is
    deleted, and loses its tags.
    """

    path = "/networking/reserved/ips/{address}"
    scope = "ips"
    filterable: ClassVar[tuple[str, ...]] = ("address", "rdns", "region", "reserved", "tags")

    rdns: ReadOnly[str | None]
    """Reverse DNS name, which `IPAddress` changes; None when unassigned."""
    reserved: ReadOnly[bool]
    """Whether the address stays in the account when unassigned: True."""
    tags: Field[list[str]]
    linode: Ref[Linode | None] = Ref("linode_id")
    """Linode with the address; None when unassigned or assigned to a NodeBalancer."""


class ReservedIPType(_UsagePriceFields, Entry):
    """A kind of reserved address, with its price. The API returns kinds in a list only."""

    public = True


class ReservedIPsMixin(BaseClient):
    """Methods of a client for reserved IP addresses."""

    get_reserved_ips: Many[ReservedIPAddress] = Many("/networking/reserved/ips")
    """Reserved IP addresses of the account, assigned and unassigned."""
    get_reserved_ip_types: Many[ReservedIPType] = Many("/networking/reserved/ips/types")
    """Kinds of reserved addresses, with their prices."""

    @action
    def create_reserved_ip(self, region: Region | str, **options: Unpack[ReservedIPOptions]) -> Call[ReservedIPAddress]:
        """Reserve a public IPv4 address in a region; returns the address, which is unassigned.

        `create_linode` and `create_nodebalancer` take the address as ``ipv4``, `Linode.create_ip` as ``address``, and
        `assign_ips` assigns it to a Linode. Raises `InvalidRequestError` when the account has as many reserved
        addresses as Linode's support has allowed.
        """
        return self._creates(ReservedIPAddress, "/networking/reserved/ips", body(region=region, **options))
