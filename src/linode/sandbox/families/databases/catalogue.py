"""Engines, types and parameters: what there is stands in the catalogue."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from linode.api.databases.catalogue import DatabaseCatalogueMixin, DatabaseEngine, DatabaseType

from ...core.kind import Access, Kind, Source, Storage
from ...engine.registry import Refused, Row, World, on

__all__ = ["default_config", "merged_config"]

PARAMETERS = {name: f"_DatabaseParameter/{name}" for name in ("mysql", "postgresql", "valkey")}
"""The tables of the parameters, by engine."""
DEFAULTS: dict[str, Row] = {
    "mysql": {
        "mysql": {
            # Records show that there is a text; this text is a guess.
            "sql_mode": "ANSI,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,STRICT_ALL_TABLES",
            "sql_require_primary_key": True,
        }
    },
    "postgresql": {
        "pg": {"password_encryption": "md5"},
        "pg_stat_monitor_enable": False,
        "pglookout": {"max_failover_replication_time_lag": 60},
    },
    "valkey": {
        "frequent_snapshots": True,
        "valkey_active_expire_effort": 1,
        "valkey_activedefrag": False,
        "valkey_lfu_decay_time": 1,
        "valkey_lfu_log_factor": 10,
        "valkey_maxmemory_policy": "noeviction",
        "valkey_timeout": 300,
    },
}
"""Parameters that a new database shows."""
HIDDEN = ("section", "name", "inferred", "_kind", "_key")
"""Members of a parameter's row that its object does not have."""
TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
}

on.kind(
    Kind(
        of=DatabaseEngine,
        storage=Storage(slashed=("mysql", "postgresql", "valkey")),
        source=Source("/databases/engines"),
    )
)
on.kind(
    Kind(
        of=DatabaseType,
        source=Source("/databases/types"),
        access=Access(
            scopes={
                DatabaseCatalogueMixin.get_mysql_config: (),
                DatabaseCatalogueMixin.get_postgresql_config: (),
                DatabaseCatalogueMixin.get_valkey_config: (),  # a guess: recorded of the others
            }
        ),
    )
)
for engine, table in PARAMETERS.items():
    on.kind(Kind(of=table, source=Source(f"/databases/{engine}/config", keys=("section", "name"))))


# -- parameters ------------------------------------------------------------------------------------------------------


@on(DatabaseCatalogueMixin.get_mysql_config)
def mysql_config(world: World) -> Row:
    """The parameters of MySQL."""
    return _config(world, "mysql")


@on(DatabaseCatalogueMixin.get_postgresql_config)
def postgresql_config(world: World) -> Row:
    """The parameters of PostgreSQL."""
    return _config(world, "postgresql")


@on(DatabaseCatalogueMixin.get_valkey_config)
def valkey_config(world: World) -> Row:
    """The parameters of Valkey."""
    return _config(world, "valkey")


def _config(world: World, engine: str) -> Row:
    found: Row = {}
    for row in world.read(PARAMETERS[engine]):
        shown = {key: value for key, value in row.items() if key not in HIDDEN}
        place = found.setdefault(row["section"], {}) if row["section"] else found
        # The recording leaves the descriptions out; these words are the sandbox's own.
        place[row["name"]] = {"description": f"The parameter {row['name']} of {engine}.", **shown}
    return found


def default_config(engine: str) -> Row:
    """The ``engine_config`` of a new database."""
    return copy.deepcopy(DEFAULTS[engine])


def merged_config(world: World, engine: str, config: Row, changes: Mapping[str, Any]) -> Row:
    """The ``engine_config`` *config* with *changes*; null resets a parameter.

    Raises the API's refusal of a bad value: status 500 without a word about the value.
    """
    merged = copy.deepcopy(config)
    for name, value in changes.items():
        if isinstance(value, dict):
            section = merged.setdefault(name, {})
            for inner, each in value.items():
                _set(world, engine, section, name, inner, each)
        else:
            _set(world, engine, merged, "", name, value)
    return {name: each for name, each in merged.items() if each != {}}


def _set(world: World, engine: str, place: Row, section: str, name: str, value: Any) -> None:
    parameter = world.find(PARAMETERS[engine], f"{section}/{name}")
    if value is None:
        defaults = DEFAULTS[engine].get(section, {}) if section else DEFAULTS[engine]
        place.pop(name, None)
        if name in defaults:
            place[name] = defaults[name]
    elif parameter is None or not _fits(parameter, value):  # that an unknown parameter is refused alike is a guess
        raise Refused("An error occurred", status=500)
    else:
        place[name] = value


def _fits(parameter: Row, value: Any) -> bool:
    """Whether *value* is of the type and within the bounds of *parameter*."""
    names = parameter["type"] if isinstance(parameter["type"], list) else [parameter["type"]]
    if not any(_is(value, name) for name in names):
        return False
    if isinstance(value, str) and not _text_fits(parameter, value):
        return False
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return bool(parameter.get("minimum", value) <= value <= parameter.get("maximum", value))
    return "enum" not in parameter or value in parameter["enum"]


def _is(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _text_fits(parameter: Row, value: str) -> bool:
    least, most = parameter.get("minLength", 0), parameter.get("maxLength", len(value))
    return least <= len(value) <= most and re.search(parameter.get("pattern", ""), value) is not None
