"""Databases of every engine: created, forked and deleted, and what the list of all shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from linode.api.databases.catalogue import DatabaseEngine, DatabaseType
from linode.api.databases.databases import Database
from linode.api.databases.engines import INSTANCES
from linode.api.regions import Region

from ...core.kind import Events, Exports, Grant, Kind, Refusals
from ...core.meters import Charge
from ...core.refusals import missing_members
from ...engine import rules
from ...engine.registry import Refused, Row, World, job, on
from .catalogue import default_config, merged_config
from .rows import (
    FULL_VERSIONS,
    activate,
    allowed_ranges,
    backups,
    disk_size,
    engine_version,
    finish_event,
    move_to_subnet,
    password,
    shown,
    size_reasons,
)

__all__: list[str] = []

CREATE = 600
"""Seconds until a new database is active: 9 to 29 minutes were recorded."""
CAPABILITY = "Managed Databases"
FORKABLE = ("active", "degraded", "failed")
DELETABLE = ("active", "failed", "degraded", "provisioning")
"""Statuses in which a database can be deleted; of new ones it is recorded, though the reference excludes them."""
REQUIRED = ("label", "region", "type", "engine")

for _name, _cls in INSTANCES.items():
    on.kind(
        Kind(
            of=_cls,
            exports=Exports(("_password",)),
            events=Events("database"),
            refusals=Refusals(
                unique="databases",  # a guess: the refusal is on record for other classes only
                gone={"replication_type": "Configuring replication_type is no longer supported"},
            ),
            grant=Grant("database"),
        )
    )


# -- lists -----------------------------------------------------------------------------------------------------------


@on.list(Database)
def list_all(world: World) -> list[Row]:
    """The databases of all engines, in the order in which they were created, each with the path of its own."""
    rows = [row for cls in INSTANCES.values() for row in world.read(cls)]
    return [_listed(world, row) for row in sorted(rows, key=lambda row: int(row["id"]))]


def _listed(world: World, row: Row) -> Row:
    uri = f"/v4/databases/{row['engine']}/instances/{row['id']}"
    listed = {**row, "instance_uri": uri, "available_restore_times": backups(world, row)}
    listed.pop("connection_pool_port", None)
    return listed


# -- creating --------------------------------------------------------------------------------------------------------


def create(
    name: str,
    world: World,
    fork: Mapping[str, Any] | None = None,
    engine_config: Mapping[str, Any] | None = None,
    private_network: Mapping[str, Any] | None = None,
    **members: Any,
) -> Row:
    """Create a database of the engine *name*, with the data of another one for a fork."""
    asked: Row = {"cluster_size": 1, "allow_list": [], "ssl_connection": True}
    config, origin = default_config(name), None
    if fork is not None:
        source = _source(world, name, fork)
        origin = {"source": source["id"], "restore_time": fork.get("restore_time") or world.stamp()}
        asked, config = _inherited(world, source), source["engine_config"]
    asked |= members
    kind, version = _checked(world, name, asked)
    config = merged_config(world, name, config, engine_config or {})
    row = _made(world, name, asked, kind, version)
    row |= {"engine_config": config, "fork": origin}
    move_to_subnet(world, row, private_network)
    event = world.events.notify("database_create", row)
    world.takes(CREATE, finish_create, row, event, action="database_create")
    left_out = {"oldest_restore_time"} if name == "postgresql" else set()
    return {key: value for key, value in shown(world, row).items() if key not in left_out}


def _source(world: World, name: str, fork: Mapping[str, Any]) -> Row:
    """The database that is to be forked."""
    source = rules.referenced_row(world, INSTANCES[name], fork["source"], field="fork.source")
    if source["status"] not in FORKABLE:
        # Refused for certain, in words of the sandbox's own.
        raise Refused(f"The database to fork must be active, degraded or failed; it is {source['status']}")
    asked = fork.get("restore_time")
    if asked is not None and not source["created"] <= asked[:19] <= world.stamp():
        raise Refused("restore_time is not valid", field="fork.restore_time")
    return source


def _inherited(world: World, source: Row) -> Row:
    """The default members of a fork of *source*. The label is a guess."""
    engine = f"{source['engine']}/{engine_version(world, source)}"
    kept = {name: source[name] for name in ("region", "type", "cluster_size", "allow_list", "ssl_connection")}
    return {**kept, "label": f"{source['label'][:26]}-fork", "engine": engine}


def _checked(world: World, name: str, asked: Row) -> tuple[Row, str]:
    """The type and the major version of the database that is *asked* for. Raises all refusals at once."""
    rules.refuse_for(missing_members(asked, REQUIRED))
    reasons: list[tuple[str, str | None]] = []
    region, kind = world.find(Region, asked["region"]), world.find(DatabaseType, asked["type"])
    version = _major(world, name, asked["engine"])
    if region is None:
        reasons.append(("region is not valid", "region"))
    elif CAPABILITY not in region["capabilities"]:
        reasons.append(("Managed Databases are not available in this region", "region"))  # the sandbox's own words
    if version is None:
        reasons.append(("invalid engine", "engine"))
    if kind is None:
        reasons.append(("type is not valid", "type"))
    else:
        reasons += size_reasons(kind, name, asked["cluster_size"])
    asked["allow_list"] = allowed_ranges(asked["allow_list"])
    if reasons or kind is None or version is None:
        raise Refused.all(reasons)
    return kind, version


def _major(world: World, name: str, engine: str) -> str | None:
    row = world.find(DatabaseEngine, engine)
    return row["version"] if row is not None and row["engine"] == name else None


def _made(world: World, name: str, asked: Row, kind: Row, version: str) -> Row:
    ports = [world.random.randrange(10_000, 30_000) for _ in range(2)]
    members = {
        **{key: asked[key] for key in ("label", "region", "type", "cluster_size", "allow_list", "ssl_connection")},
        "id": world.next_id("_DatabaseNumber"),  # the engines share their numbers
        "engine": name,
        "version": version,
        "status": "provisioning",
        "platform": "rdbms-default",
        "encrypted": True,
        "port": ports[0],
        "total_disk_size_gb": disk_size(kind, name),
        "used_disk_size_gb": None,
        # The window of 4 hours is on record; the day and the hour are guesses.
        "updates": {"day_of_week": 1, "duration": 4, "frequency": "weekly", "hour_of_day": 0, "pending": []},
        "_password": password(world),
    }
    if name == "postgresql":
        members["connection_pool_port"] = ports[1]
    return rules.create(world, INSTANCES[name], **members)


@job("databases.finish_create", None, "Event")
def finish_create(world: World, row: Row, event: Row) -> None:
    """The database is ready for use."""
    row |= {"version": FULL_VERSIONS.get(row["version"], row["version"]), "used_disk_size_gb": 0, "_since": world.now}
    finish_event(event, world.duration(CREATE, "database_create"))
    activate(world, row)


# -- prices ----------------------------------------------------------------------------------------------------------


def charges(world: World, row: Row) -> Iterator[Charge]:
    """The price of all nodes, unless the database is suspended. No price of Valkey is on record."""
    (kind,) = world.read(DatabaseType, id=row["type"])
    for priced in kind["engines"].get(row["engine"], ()):
        if priced["quantity"] == row["cluster_size"] and "_expiry" not in row:
            name = f"{kind['label']} - {row['label']} ({row['id']})"  # a guess, as for other services
            price = priced["price"]
            yield Charge("database", name, row["region"], price["hourly"], price["monthly"])


# -- deleting -------------------------------------------------------------------------------------------------------


def delete(world: World, row: Row) -> None:
    """Delete the database, unless one of its jobs is running."""
    if row["status"] not in DELETABLE:
        # Refused for certain, in words of the sandbox's own.
        raise Refused(f"A database can be deleted when it is active, failed or degraded; it is {row['status']}")
    world.events.notify("database_delete", row)
    world.remove(row)


for _name, _cls in INSTANCES.items():
    on.create(_cls, unchecked=REQUIRED)(partial(create, _name))
    on.delete(_cls)(delete)
    on.show(_cls, "oldest_restore_time", "available_restore_times", "fork")(shown)
    on.charges(_cls)(charges)
