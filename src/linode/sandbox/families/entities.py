"""Entities: everything of the account that grants can be about."""

from __future__ import annotations

from collections.abc import Iterator

from linode.api.entities import Entity

from ..core.kind import KINDS, Kind
from ..engine.registry import Row, World, on
from ..engine.user_grants import visible

__all__: list[str] = []

CLUSTER = "LKECluster"
"""The only class of entities for which there are no grants."""


@on.list(Entity)
def entities(world: World) -> list[Row]:
    """All entities, by type and id; restricted users see those that they have a grant to (a guess)."""
    found = [{"id": id, "type": word, "label": row[kind.events.label]} for word, kind, id, row in _rows(world)]
    return sorted(found, key=lambda each: (each["type"], each["id"]))


def _rows(world: World) -> Iterator[tuple[str, Kind, int, Row]]:
    for kind in KINDS.values():
        word = "lkecluster" if kind.name == CLUSTER else kind.grant.type
        if word:
            for row in visible(world, world.read(kind.of)):
                if kind.grant.owns(row):
                    yield word, kind, _number(world.id_of(row)), row


def _number(id: int | str) -> int:
    """The number in the id of an entity; that of a private image is ``private/15``, and this one 15 (a guess)."""
    return int(str(id).rpartition("/")[2])
