"""IP addresses from Linode's ranges, for programs that check for a public address; nothing is ever sent to them."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .world import World

__all__ = ["Addresses"]


class Addresses:
    """Allocates addresses: a public /24 and an IPv6 /64 belong to one region, as on Linode."""

    def __init__(self, world: World) -> None:
        self._world = world

    def ipv4(self, region: str) -> str:
        """Allocate a public address in *region*, from 172.104.0.0/15."""
        block = self._world.one("_Block", id=region, number=None, host=255)
        if block["host"] > 254:
            blocks = self._world.one("_Blocks", next=0)
            block["number"], block["host"] = blocks["next"], 2
            blocks["next"] += 1
            if blocks["next"] > 512:
                raise RuntimeError("all 129,000 public addresses of the sandbox are allocated")
        block["host"] += 1
        return f"172.{104 + block['number'] // 256}.{block['number'] % 256}.{block['host'] - 1}"

    def private_ipv4(self) -> str:
        """Allocate a private address, from 192.168.128.0/17."""
        counter = self._world.one("_Private", next=2)
        counter["next"] += 1
        number = counter["next"] - 1
        return f"192.168.{128 + number // 254 % 128}.{number % 254 + 1}"

    def slaac(self, region: str) -> str:
        """Allocate an IPv6 address in *region*, from 2600:3c00::/24, in the form of a SLAAC address."""
        return f"{self.ipv6_network(region)}f03c:{self._card()}"

    def ipv6_network(self, region: str) -> str:
        """The first groups of the IPv6 addresses in *region*, a /32, with the colons after them."""
        regions = self._world.one("_Networks")
        number = regions.setdefault(region, len(regions))
        return f"2600:{0x3C00 + number:x}::"

    def ipv6_range(self, region: str, prefix: int) -> str:
        """Allocate an unused range in *region*, a /56 or a /64; returns its first address."""
        counter = self._world.one("_Ranges", next=1, id=f"{region}/{prefix}")
        counter["next"] += 1
        first = {64: 0xE000, 56: 0xE800}[prefix] << 80
        network = int(ipaddress.IPv6Address(self.ipv6_network(region)))
        return str(ipaddress.IPv6Address(network | first + ((counter["next"] - 1) << 128 - prefix)))

    def _card(self) -> str:
        bits = self._world.random.getrandbits(24)
        return f"95ff:fe{bits >> 16:02x}:{bits & 0xFFFF:x}"
