"""IPv6 ranges and shared addresses: which Linodes have them.

A range has the ids of its Linodes in ``linodes``: that to whose SLAAC address it is routed, or all that share it. An
IPv4 address has the ids of the Linodes that it is shared with, besides its own, in the hidden ``_shared``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linode.api.networking.ips import IPAddress
from linode.api.networking.ipv6 import IPv6Range
from linode.sandbox.engine.registry import Refused, Row, World

from ..linodes.ip_rows import slaac_of

__all__ = [
    "cidr",
    "completed",
    "forget",
    "keep_ranges",
    "new_range",
    "ranges_of",
    "remove_range",
    "route",
    "share",
    "shared_with",
]

NEW_RANGES = {"/56": 56, "/64": 64}


def cidr(range_: Row) -> str:
    """The range with its prefix length."""
    return f"{range_['range']}/{range_['prefix']}"


def ranges_of(world: World, linode: Row) -> list[Row]:
    """The rows of the ranges that are routed to *linode*, or that it shares."""
    return world.rows(IPv6Range, linodes=linode["id"])


def new_range(world: World, linode: Row, prefix: int) -> Row:
    """A fresh range, routed to *linode*. Raises `Refused` when it has no SLAAC address."""
    if slaac_of(world, linode) is None:
        raise Refused("The Linode has no SLAAC address to route a range to")  # own words
    region = linode["region"]
    row = world.add(IPv6Range, range=world.addresses.ipv6_range(region, prefix), prefix=prefix, region=region)
    route(world, row, linode)
    world.events.notify("ipv6pool_add", None)  # that it is about nothing is a guess
    return row


def route(world: World, range_: Row, linode: Row) -> None:
    """Let *range_* be routed to *linode* alone."""
    slaac = slaac_of(world, linode)
    range_ |= {"route_target": slaac and slaac["address"], "is_bgp": False}
    _set_linodes(range_, [linode["id"]])


def _set_linodes(range_: Row, linodes: list[int]) -> None:
    """Note which Linodes have *range_*; a restricted user needs a grant to the first."""
    range_ |= {"linodes": linodes, "_entity": ["Linode", linodes[0]]}


def remove_range(world: World, range_: Row) -> None:
    """Delete *range_*."""
    world.events.notify("ipv6pool_delete", None)  # as for a new one: a guess
    world.remove(range_)


# -- sharing ---------------------------------------------------------------------------------------------------------


def shared_with(world: World, linode: Row) -> list[Row]:
    """The rows of the addresses of other Linodes that are shared with *linode*."""
    return world.rows(IPAddress, _shared=linode["id"])


def share(world: World, linode: Row, chosen: Sequence[Row]) -> None:
    """Share exactly the addresses and ranges *chosen* with *linode*."""
    keys = {(each["_kind"], each["_key"]) for each in chosen}
    for each in [*shared_with(world, linode), *(range_ for range_ in ranges_of(world, linode) if range_["is_bgp"])]:
        if (each["_kind"], each["_key"]) not in keys:
            _unshare(world, each, linode)
    for each in chosen:
        if each["_kind"] == "IPAddress":
            each["_shared"] = sorted({*each.get("_shared", []), linode["id"]})
        else:
            each |= {"is_bgp": True, "route_target": None}
            _set_linodes(each, list(dict.fromkeys([*each["linodes"], linode["id"]])))


def _unshare(world: World, shared: Row, linode: Row) -> None:
    """End the sharing with *linode*. A guess: a range that it was the last to share is routed to it again."""
    if shared["_kind"] == "IPAddress":
        shared["_shared"] = [each for each in shared["_shared"] if each != linode["id"]]
    elif shared["linodes"] == [linode["id"]]:
        route(world, shared, linode)
    else:
        _set_linodes(shared, [each for each in shared["linodes"] if each != linode["id"]])


def forget(world: World, linode: Row) -> None:
    """Take all ranges and shared addresses off *linode*; a range that no other Linode shares is given back."""
    for each in shared_with(world, linode):
        _unshare(world, each, linode)
    for each in ranges_of(world, linode):
        if each["linodes"] == [linode["id"]]:
            remove_range(world, each)
        else:
            _unshare(world, each, linode)


# -- the interfaces of a Linode itself -------------------------------------------------------------------------------


def keep_ranges(world: World, linode: Row, wanted: Iterable[Mapping[str, Any]], prefix: str) -> None:
    """Let *linode* have exactly the ranges *wanted* in a request, besides those that it shares.

    ``/64`` is a fresh one. Raises `Refused` when a range is not one of the Linode's.
    """
    mine = {cidr(each): each for each in ranges_of(world, linode) if not each["is_bgp"]}
    for at, each in enumerate(wanted):
        text = each.get("range", "")
        if text in NEW_RANGES:
            new_range(world, linode, NEW_RANGES[text])
        elif mine.pop(text, None) is None:
            raise Refused("range is not valid", field=f"{prefix}[{at}].range")
    for each in mine.values():
        remove_range(world, each)


def completed(world: World, linode: Row, public: Row) -> Row:
    """The ``public`` member of an interface of *linode* with its ranges, and with what others share with it."""
    ranges = ranges_of(world, linode)
    routed, shared = ([_of_interface(each) for each in ranges if each["is_bgp"] is bgp] for bgp in (False, True))
    addresses = [{"address": each["address"], "linode_id": each["linode_id"]} for each in shared_with(world, linode)]
    return {
        "ipv4": {**public["ipv4"], "shared": addresses},
        "ipv6": {**public["ipv6"], "ranges": routed, "shared": shared},
    }


def _of_interface(range_: Row) -> Row:
    return {"range": cidr(range_), "route_target": range_["route_target"]}
