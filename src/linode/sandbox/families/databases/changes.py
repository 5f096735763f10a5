"""Changes of a database: its settings, its type and size, its version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.databases.catalogue import DatabaseEngine, DatabaseType
from linode.api.databases.engines import INSTANCES

from ...engine import rules
from ...engine.registry import Refused, Row, World, on
from .catalogue import merged_config
from .rows import (
    FULL_VERSIONS,
    activate,
    allowed_ranges,
    check_active,
    disk_size,
    engine_version,
    finish_event,
    move_to_subnet,
    shown,
    size_reasons,
)

__all__: list[str] = []

RESIZE, UPGRADE = 600, 120
"""Seconds that the jobs take: guesses."""


def update(world: World, row: Row, **changes: Any) -> Row:
    """Change an active database; a new type, size or version takes a while."""
    check_active(row)
    changes = {name: value for name, value in changes.items() if row[name] != value}
    if "allow_list" in changes and changes.keys() & {"type", "cluster_size"}:
        # Refused for certain, in words of the sandbox's own.
        raise Refused("allow_list cannot be changed together with type or cluster_size", field="allow_list")
    before, name = row["label"], row["engine"]
    if "allow_list" in changes:
        changes["allow_list"] = allowed_ranges(changes["allow_list"])
    if "engine_config" in changes:
        changes["engine_config"] = merged_config(world, name, row["engine_config"], changes["engine_config"])
    _check_window(changes.get("updates", {}))
    resized: Row = {key: changes.pop(key) for key in ("type", "cluster_size") if key in changes}
    version = changes.pop("version", None)
    if version is not None:
        changes["version"] = _later(world, row, version)
    if resized:
        _check_resize(world, row, resized)
    if "private_network" in changes:
        network = changes.pop("private_network")
        move_to_subnet(world, row, network and {**(row["private_network"] or {}), **network})
    config = changes.pop("engine_config", row["engine_config"])
    rules.update_one(world, INSTANCES[name], row, **changes)
    row["engine_config"] = config
    finish_event(world.events.notify("database_update", row))
    if resized:
        _resize(world, row, resized)
    elif version is not None:
        _upgrade(world, row)
    # The answer for PostgreSQL has the old label still.
    return {**shown(world, row), "label": before} if name == "postgresql" else shown(world, row)


def _check_window(updates: Mapping[str, Any]) -> None:
    if updates.get("frequency", "weekly") != "weekly":
        raise Refused("Must be one of weekly", field="updates.frequency")


def _check_resize(world: World, row: Row, wanted: Row) -> None:
    """Raise a refusal of a type or a number of nodes that the database cannot get."""
    after = {**row, **wanted}
    kind = world.get(DatabaseType, after["type"])
    before = world.get(DatabaseType, row["type"])
    if kind["disk"] < before["disk"]:
        # Refused for certain, in words of the sandbox's own.
        raise Refused("The disk of the new type must not be smaller", field="type")
    if (kind["class"] == "premium") != (before["class"] == "premium"):
        # The web client offers no such type; the words are the sandbox's own.
        raise Refused("A database cannot change between premium and other types", field="type")
    rules.refuse_for(size_reasons(kind, row["engine"], after["cluster_size"]))


def _resize(world: World, row: Row, wanted: Row) -> None:
    """Change type or size. That only a changed size has a ``database_scale`` event is a guess."""
    row |= {**wanted, "status": "resizing"}
    row["total_disk_size_gb"] = disk_size(world.get(DatabaseType, row["type"]), row["engine"])
    world.events.notify("database_resize_create", row)
    action = "database_resize" if "type" in wanted else "database_scale"
    world.events.schedule(action, row, seconds=RESIZE, then=activate, args=(row,))


def _later(world: World, row: Row, version: str) -> str:
    """The full version of the major *version*, which is later than the present one. Raises `Refused`."""
    known = world.find(DatabaseEngine, f"{row['engine']}/{version}")
    if known is None or _numbers(known["version"]) <= _numbers(engine_version(world, row)):
        # A guess, its words too.
        raise Refused("version must be a later major version of the engine", field="version")
    return FULL_VERSIONS.get(version, version)


def _numbers(version: str) -> list[int]:
    return [int(each) for each in version.split(".")]


def _upgrade(world: World, row: Row) -> None:
    row["status"] = "updating"
    world.events.notify("database_upgrade", row)  # a guess: the event is on record for pending updates alone
    world.takes(UPGRADE, activate, row, action="database_upgrade")


for _cls in INSTANCES.values():
    on.update(_cls)(update)
