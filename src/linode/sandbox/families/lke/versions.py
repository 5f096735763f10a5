"""Versions of Kubernetes and the prices of control planes, as they were recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable

from linode.api.lke.versions import LKETier, LKETierVersion, LKEType, LKEVersion
from linode.sandbox.core.kind import Kind, Source
from linode.sandbox.engine.registry import NotFound, Row, World, on

__all__ = ["STANDARD", "is_known", "numbers"]

STANDARD, TIERS = "standard", ("standard", "enterprise")

on.kind(Kind(of=LKEVersion, source=Source("/lke/versions")))
on.kind(Kind(of=LKETierVersion, source=Source("/lke/tiers/{id}/versions", keys=("tier", "id"))))
on.kind(Kind(of=LKEType, source=Source("/lke/types")))


def numbers(version: str) -> tuple[int, ...]:
    """The numbers in *version*, which compare as versions do: (1, 33, 6, 7) for ``v1.33.6+lke7``."""
    return tuple(map(int, re.findall(r"\d+", version)))


def is_known(world: World, version: str, tier: str) -> bool:
    """Whether clusters of *tier* can have *version*.

    Both lists tell the versions of standard clusters; they were recorded at different times.
    """
    if world.read(LKETierVersion, tier=tier, id=version):
        return True
    return tier == STANDARD and world.has(LKEVersion, version)


@on.list(LKEVersion)
def versions(world: World) -> list[Row]:
    """The versions of standard clusters, the newest first."""
    return _newest_first(world.read(LKEVersion))


@on.find(LKETier)
def tier_of_path(_world: World, name: str) -> Row:
    """The tier of that name, which has no row."""
    if name not in TIERS:
        raise NotFound
    return {"id": name, "_kind": "LKETier", "_key": name}


@on(LKETier.versions)
def tier_versions(world: World, tier: Row) -> list[Row]:
    """The versions of a tier, the newest first."""
    return [_shown(each) for each in _newest_first(world.read(LKETierVersion, tier=tier["id"]))]


@on.find(LKETierVersion)
def tier_version_of_path(world: World, version: str) -> Row:
    """The version of that name, in whatever tier it is: no two tiers share one."""
    return _shown(next(iter(world.read(LKETierVersion, id=version)), None))


@on.get(LKETierVersion)
def tier_version(_world: World, version: Row, tier: Row) -> Row:
    """The version, where the *tier* of the path has it."""
    if version["tier"] != tier["id"]:
        raise NotFound
    return version


def _newest_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda each: numbers(each["id"]), reverse=True)


def _shown(row: Row | None) -> Row:
    """*row* as an object of no table: its tier is a part of the path, and has no row."""
    if row is None:
        raise NotFound
    return {name: row[name] for name in ("id", "tier")}
