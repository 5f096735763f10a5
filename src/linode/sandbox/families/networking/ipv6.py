"""IPv6 ranges and pools."""

from __future__ import annotations

from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.api.networking.ipv6 import IPv6Mixin, IPv6Pool, IPv6Range
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.engine.registry import Refused, Row, World, on
from linode.sandbox.engine.user_grants import check_named, visible

from .shares import cidr, new_range, remove_range

__all__: list[str] = []

on.kind(
    Kind(of=IPv6Range, access=Access(scopes={IPv6Mixin.create_ipv6_range: ("ips:read_write", "linodes:read_write")}))
)
on.kind(Kind(of=IPv6Pool))  # an account has none unless Linode's support has made one


@on.show(IPv6Range, "is_bgp", "linodes")
def _show(_world: World, shown: Row) -> Row:
    """A range as lists show it."""
    return {name: value for name, value in shown.items() if name not in ("is_bgp", "linodes")}


@on.get(IPv6Range)
def get(world: World, range_: Row) -> Row:
    """A range by itself: the Linodes that it is routed to, and not by which address."""
    linodes = visible(world, [row for each in range_["linodes"] if (row := world.find(Linode, each)) is not None])
    return {
        **{name: range_[name] for name in ("range", "prefix", "region", "is_bgp")},
        "linodes": [each["id"] for each in linodes],
    }


@on.create(IPv6Range)
def create(world: World, prefix_length: int, linode_id: int | None = None, route_target: str | None = None) -> Row:
    """Create a range for a Linode, or for the one with that SLAAC address; shows the prefix length in ``range``."""
    if linode_id is not None and route_target is not None:
        raise Refused("Only one of linode_id and route_target can be given")  # own words; refused for certain
    if linode_id is None and route_target is None:
        raise Refused("Either linode_id or route_target is required")  # own words
    linode = _target(world, route_target) if linode_id is None else world.get(Linode, linode_id)
    row = new_range(world, linode, prefix_length)
    return {"range": cidr(row), "route_target": row["route_target"]}


def _target(world: World, route_target: str | None) -> Row:
    address = world.find(IPAddress, route_target)
    if address is None or address["type"] != "ipv6":
        raise Refused("route_target is not valid", field="route_target")  # a guess
    check_named(world, [(Linode, address["linode_id"])], ())
    return world.get(Linode, address["linode_id"])


@on.delete(IPv6Range)
def delete(world: World, range_: Row) -> None:
    """Give a range back, unless several Linodes share it."""
    if len(range_["linodes"]) > 1:
        raise Refused("A range that Linodes share cannot be deleted")  # own words; refused for certain
    remove_range(world, range_)
