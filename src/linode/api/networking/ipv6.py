"""IPv6 ranges, which are routed to Linodes, and IPv6 pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, Unpack

from linode._model import BaseClient, Call, Many, Options, ReadOnly, Ref, Resource, action, body

if TYPE_CHECKING:
    from ..linodes.linode import Linode
    from ..regions import Region

RangePrefix: TypeAlias = Literal[56, 64]


class IPv6RangeOptions(Options, total=False):
    """Options of `create_ipv6_range` besides the prefix length; exactly one of them is required."""

    linode_id: Linode | int
    """Linode to route the range to, by way of its SLAAC address."""
    route_target: str
    """SLAAC address of a Linode, without its prefix length, to route the range to."""


class IPv6Range(Resource):
    """A range of IPv6 addresses, routed to a Linode, or shared by several Linodes."""

    path = "/networking/ipv6/ranges/{range}"
    scope = "ips"
    filterable = ("region",)
    savable = False

    range: ReadOnly[str]
    """First address of the range, which is also the ID."""
    prefix: ReadOnly[int]
    """Prefix length, in bits."""
    region: Ref[Region]
    route_target: ReadOnly[str | None]
    """SLAAC address that the range is routed to; None for a range shared between Linodes. Sent in lists only: a range
    read by its address alone has None, and `linodes` instead."""
    is_bgp: ReadOnly[bool]
    """Whether the range is shared between Linodes (BGP)."""
    linodes: ReadOnly[list[int]]
    """IDs of the Linodes that the range is routed to."""

    @property
    def cidr(self) -> str:
        """The range with its prefix length, ``2001:db8::/64``, as `assign_ips` and interfaces take it."""
        return f"{self.range}/{self.prefix}"

    def _merge(self, data: Any, *, complete: bool = False) -> Self:
        """Keep the route known from a list, which the response about a single range leaves out."""
        if complete and isinstance(data, dict) and "route_target" in self.raw:
            data = {"route_target": self.raw["route_target"], **data}
        return super()._merge(data, complete=complete)


class IPv6Pool(Resource):
    """A pool of IPv6 addresses that all Linodes of a region may use. Linode's support creates pools."""

    path = "/networking/ipv6/pools/{range}"
    scope = "ips"
    filterable = ("region",)
    read_only = True

    range: ReadOnly[str]
    """Range of the pool with its prefix length, which is also the ID."""
    prefix: ReadOnly[int]
    """Prefix length, in bits."""
    region: Ref[Region]
    route_target: ReadOnly[str | None]
    """Address that the pool is routed to."""


class IPv6Mixin(BaseClient):
    """Methods of a client for IPv6 ranges and pools."""

    get_ipv6_ranges: Many[IPv6Range] = Many("/networking/ipv6/ranges")
    """IPv6 ranges of the account."""
    get_ipv6_pools: Many[IPv6Pool] = Many("/networking/ipv6/pools")
    """IPv6 pools of the account."""

    @action
    def create_ipv6_range(self, prefix_length: RangePrefix, **options: Unpack[IPv6RangeOptions]) -> Call[IPv6Range]:
        """Create an IPv6 range of *prefix_length* bits, routed to a Linode; returns the range.

        Raises `InvalidRequestError` when both a Linode and a route target are given, or neither.
        """
        json = body(prefix_length=prefix_length, **options)
        return Call(
            "POST", "/networking/ipv6/ranges", json, read=lambda data: IPv6Range._of(self, _without_length(data))
        )


def _without_length(data: Any) -> Any:
    """The response about a new range, whose ``range`` includes the prefix length, as other responses show a range."""
    if not isinstance(data, dict) or not isinstance(data.get("range"), str):
        return data
    first, _, length = data["range"].partition("/")
    return {**data, "range": first, **({"prefix": int(length)} if length.isdecimal() else {})}
