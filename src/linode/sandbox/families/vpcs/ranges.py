"""Ranges of addresses: what texts mean, and where there is room for one."""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable
from typing import TypeAlias

from linode.sandbox.engine.registry import Refused

__all__ = ["AUTO", "Network", "first_gap", "network_at", "network_of", "place_ipv6", "prefix_of", "range_of", "within"]

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
AUTO = "auto"


def place_ipv6(
    whole: str, wanted: str | None, used: Iterable[Network], usual: int, bounds: tuple[int, int], field: str | None
) -> Network:
    """A free network within *whole*: the range *wanted*, of its prefix length alone, or of the *usual* one (``auto``).

    Raises `Refused`, naming *field*, when it is none, its prefix is not within *bounds*, or it is not free.
    """
    outer: Network = ipaddress.IPv6Network(whole)
    prefix = usual if wanted in (None, AUTO) else prefix_of(wanted or "")
    found = None if prefix is not None else range_of(wanted or "", 6)
    if prefix is None and found is None:
        raise Refused("Must be an IPv6 network", field=field)  # on record
    length = found.prefixlen if found is not None else prefix or 0
    if not max(bounds[0], outer.prefixlen) <= length <= bounds[1]:
        raise Refused(f"Prefix length must be {bounds[0]}-{bounds[1]}", field=field)  # own words
    if found is None:
        start = first_gap(int(outer[0]), int(outer[-1]), 1 << (128 - length), used)
        if start is None:
            raise Refused("No free range of this size is left", field=field)  # own words
        return ipaddress.IPv6Network((start, length))
    if not within(found, outer) or any(each.overlaps(found) for each in used):
        raise Refused(f"Must be a free range within {whole}", field=field)  # own words
    return found


def prefix_of(text: str) -> int | None:
    """The number of bits that a text such as ``/64`` asks for; None for any other."""
    bits = text.removeprefix("/")
    return int(bits) if text.startswith("/") and bits.isdecimal() and len(bits) < 4 else None


def network_of(text: str, version: int) -> Network | None:
    """The network that *text* writes; None when it writes none of that *version*."""
    try:
        found = ipaddress.ip_network(text)
    except ValueError:
        return None
    return found if found.version == version else None


@functools.lru_cache(maxsize=1 << 16)
def network_at(text: str) -> Network:
    """The network that *text*, which writes one, means: the same object each time, as parsing is what costs."""
    return ipaddress.ip_network(text)


def within(inner: Network, outer: Network) -> bool:
    """Whether all of *inner* is in *outer*, of the same version."""
    return int(outer[0]) <= int(inner[0]) and int(inner[-1]) <= int(outer[-1])


def range_of(text: str, version: int) -> Network | None:
    """The network of `network_of`, when *text* has its prefix length."""
    return network_of(text, version) if "/" in text else None


def first_gap(first: int, last: int, size: int, used: Iterable[Network]) -> int | None:
    """The first free block of *size* aligned numbers from *first* to *last* outside of *used*, or None."""
    at = -(-first // size) * size
    for each in sorted((int(each.network_address), int(each.broadcast_address)) for each in used):
        if at + size <= each[0]:
            break
        at = max(at, -(-(each[1] + 1) // size) * size)
    return at if at + size - 1 <= last else None
