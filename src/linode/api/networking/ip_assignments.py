"""Moving IP addresses and ranges between Linodes, and sharing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Required, TypeAlias, TypedDict

from linode._model import BaseClient, Call, action, body

from .ips import IPAddress, LinodeIP
from .ipv6 import IPv6Range
from .reserved_ips import ReservedIPAddress

if TYPE_CHECKING:
    from ..linodes.linode import Linode
    from ..regions import Region

AnyAddress: TypeAlias = IPAddress | LinodeIP | ReservedIPAddress | IPv6Range | str


class IPAssignment(TypedDict, total=False):
    """The assignment of an address or an IPv6 range to a Linode."""

    address: Required[AnyAddress]
    """IPv4 address, or IPv6 range with its prefix length: ``2001:db8::/64``."""
    linode_id: Required[Linode | int]
    """Linode that gets it."""


class IPAssignmentsMixin(BaseClient):
    """Methods of a client that move and share IP addresses."""

    @action
    def assign_ips(self, region: Region | str, assignments: Sequence[IPAssignment]) -> Call[None]:
        """Assign addresses and IPv6 ranges of a region to Linodes, all of them or none.

        Addresses can be swapped: only the outcome of all *assignments* counts. Raises `InvalidRequestError` when an
        address or a Linode is unknown or in another region, when a Linode would be left without a public IPv4 address,
        or when a Linode would have several private addresses or several ranges.
        """
        return self._posts("/networking/ips/assign", _assignments(region, assignments))

    @action
    def assign_ipv4s(self, region: Region | str, assignments: Sequence[IPAssignment]) -> Call[None]:
        """Assign addresses to Linodes by the API's older path; `assign_ips` does the same."""
        return self._posts("/networking/ipv4/assign", _assignments(region, assignments))

    @action
    def share_ips(self, linode_id: Linode | int, ips: Sequence[AnyAddress]) -> Call[None]:
        """Share addresses and IPv6 ranges of other Linodes with the Linode *linode_id* (IP failover).

        *ips* replaces all that is shared with the Linode; an empty list ends the sharing. A range is given without its
        prefix length, and is shared with the Linode that it is routed to first. Raises `InvalidRequestError` when an
        address is unknown or in another region.
        """
        return self._posts("/networking/ips/share", body(linode_id=linode_id, ips=list(ips)))

    @action
    def share_ipv4s(self, linode_id: Linode | int, ips: Sequence[AnyAddress]) -> Call[None]:
        """Share addresses by the API's older path; `share_ips` does the same."""
        return self._posts("/networking/ipv4/share", body(linode_id=linode_id, ips=list(ips)))


def _assignments(region: Region | str, assignments: Sequence[IPAssignment]) -> dict[str, Any]:
    return body(region=region, assignments=[_with_length(each) for each in assignments])


def _with_length(assignment: Any) -> Any:
    """*assignment* with a range as text that includes its prefix length: its ID does not."""
    address = assignment.get("address") if isinstance(assignment, dict) else None
    return {**assignment, "address": address.cidr} if isinstance(address, IPv6Range) else assignment
