"""Services, the entities that they have, and tokens for the metrics of entities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from linode.api.monitor.services import MonitorService
from linode.api.object_storage.buckets import ObjectStorageBucket
from linode.sandbox.core.kind import Access, Exports, Kind, Operations, Source
from linode.sandbox.engine.registry import Page, Refused, Row, World, job, on
from linode.sandbox.engine.scopes import NO_SCOPE, covers
from linode.sandbox.engine.user_grants import visible

from .dashboards import READS

__all__ = ["TOKEN", "unknown_entities", "visible_entity"]

TOKEN = "_MonitorToken"  # noqa: S105  the name of a table
LASTS = 6 * 3600
"""Seconds that a token is valid."""
WITHOUT_ENTITIES = "objectstorage"
"""The service whose tokens need no entities."""


class MonitoredEntities(NamedTuple):
    """The entities of a service: the scope to read them, and their tables."""

    scope: str
    tables: tuple[str, ...]


MONITORED = {
    "blockstorage": MonitoredEntities("volumes", ("Volume",)),
    "dbaas": MonitoredEntities("databases", ("MySQLDatabase", "PostgreSQLDatabase")),
    "firewall": MonitoredEntities("firewall", ("Firewall",)),
    "linode": MonitoredEntities("linodes", ("Linode",)),
    "logs": MonitoredEntities("monitor", ("LogStream",)),
    "nodebalancer": MonitoredEntities("nodebalancers", ("NodeBalancer",)),
    "objectstorage": MonitoredEntities("object_storage", ()),
}

on.kind(Kind(of=TOKEN, exports=Exports(("id",))))
on.kind(
    Kind(
        of=MonitorService,
        source=Source("/monitor/services", keys=("service_type",)),
        operations=Operations(limits={"list": READS, "get": READS}),
        access=Access(scopes={MonitorService.create_token: ("monitor:read_only",), MonitorService.read_metrics: ()}),
    )
)


@on.get(MonitorService)
def get(world: World, service: Row) -> Page:  # noqa: ARG001  every behaviour takes the world
    """A page with the service alone: that is how the API answers."""
    return Page([service])


# -- entities --------------------------------------------------------------------------------------------------------


def visible_entity(world: World, service_type: str, id: object) -> Row | None:
    """The entity of that ID, which the user who asks may see; a bucket's is its host name (a guess)."""
    if service_type == "objectstorage":
        found = world.rows(ObjectStorageBucket, hostname=str(id))
    else:
        tables = MONITORED[service_type].tables
        found = [row for table in tables if (row := world.find(table, id)) is not None]
    return next(iter(visible(world, found)), None)


def unknown_entities(world: World, service: Row, ids: Sequence[object]) -> list[object]:
    """The *ids* that do not belong to entities of *service* in the account."""
    return [each for each in ids if visible_entity(world, service["service_type"], each) is None]


# -- tokens ----------------------------------------------------------------------------------------------------------


@on(MonitorService.create_token, unchecked=("entity_ids",))
def create_token(world: World, service: Row, entity_ids: Sequence[int] = ()) -> Row:
    """A token for the metrics of these entities, which the current user's own token must be able to read."""
    if not entity_ids and service["service_type"] != WITHOUT_ENTITIES:
        raise Refused("entity_ids is required", field="entity_ids")
    scope = f"{MONITORED[service['service_type']].scope}:read_only"
    if world.token is not None and not covers(world.token["scopes"], [scope]):
        raise Refused(NO_SCOPE, status=401)
    if wrong := unknown_entities(world, service, entity_ids):
        shown = ", ".join(map(str, wrong))
        raise Refused(f"The following entity_ids are not valid - [{shown}]", field="entity_ids", status=403)  # recorded
    secret = f"eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0..{world.hex(32)}.{world.hex(256)}.{world.hex(32)}"
    token = world.add(
        TOKEN, id=secret, service_type=service["service_type"], entities=[str(each) for each in entity_ids]
    )
    world.later(LASTS, expire, token)
    return {"token": secret}


@job("monitor.expire_token", TOKEN)
def expire(world: World, token: Row) -> None:
    """The token reads nothing any more."""
    world.remove(token)
