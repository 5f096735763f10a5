"""Other addresses for the objects of a part, where the sandbox that loads it has given addresses already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..core.schema import Row
from ..core.world import World
from .texts import each_text

__all__ = ["ALLOCATIONS", "renumber"]

PUBLIC = re.compile(r"\b172([.-])(104|105)\1(\d{1,3})\1(\d{1,3})\b")
IN_IPV6 = re.compile(r"::ac(68|69):([0-9a-f]{1,4})\b")
"""The end of an IPv6 address that has a public IPv4 address in it, as those of NodeBalancers have."""
PRIVATE = re.compile(r"\b192\.168\.(1[3-9]\d|12[89]|2\d\d)\.(\d{1,3})\b")
ALLOCATIONS = ("_Block", "_Blocks", "_Private", "_Ranges")
"""The tables that tell which addresses have been given."""


def renumber(world: World, rows: Iterable[Row]) -> list[Row]:
    """*rows* besides those of `ALLOCATIONS`, with addresses that *world* has not given, and will not give again.

    Public addresses move by the blocks, and private ones by the addresses, that the world has given: in a world that
    has given none they stay as they are. Called in a transaction.
    """
    rows = list(rows)
    given = {name: [row for row in rows if row["_kind"] == name] for name in ALLOCATIONS}
    blocks, private = world.one("_Blocks", next=0), world.one("_Private", next=2)
    by, private_by = blocks["next"], private["next"] - 2
    blocks["next"] += sum(row["next"] for row in given["_Blocks"])
    private["next"] += sum(row["next"] - 2 for row in given["_Private"])
    if blocks["next"] > 512:
        raise ValueError("the sandbox has no blocks of addresses left for it")
    for row in given["_Ranges"]:
        known = world.one("_Ranges", next=1, id=row["id"])
        known["next"] = max(known["next"], row["next"])
    kept = [row for row in rows if row["_kind"] not in ALLOCATIONS]
    return [_renumbered(row, by, private_by) for row in kept] if by or private_by else kept


def _renumbered(row: Row, by: int, private_by: int) -> Row:
    def public(met: re.Match[str]) -> str:
        number = (int(met[2]) - 104) * 256 + int(met[3]) + by
        return met[1].join(("172", str(104 + number // 256), str(number % 256), met[4]))

    def in_ipv6(met: re.Match[str]) -> str:
        number = (int(met[1], 16) - 0x68) * 256 + (int(met[2], 16) >> 8) + by
        return f"::ac{0x68 + number // 256:02x}:{(number % 256 << 8) + (int(met[2], 16) & 255):x}"

    def private(met: re.Match[str]) -> str:
        number = (int(met[1]) - 128) * 254 + int(met[2]) - 1 + private_by
        return f"192.168.{128 + number // 254 % 128}.{number % 254 + 1}"

    def change(text: str) -> str:
        return PRIVATE.sub(private, IN_IPV6.sub(in_ipv6, PUBLIC.sub(public, text)))

    changed: dict[str, Any] = each_text(row, change)
    return changed
