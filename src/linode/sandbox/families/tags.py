"""Tags. They are members of the objects that have them; only a tag that was created by itself has a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linode.api.domains import Domain
from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.api.nodebalancers.nodebalancers import NodeBalancer
from linode.api.tags import Tag
from linode.api.volumes import Volume

from ..core import schema
from ..core.kind import Events, Kind
from ..engine import rules
from ..engine.registry import NotFound, Refused, Row, World, on

__all__ = ["create", "delete", "find", "objects", "tags"]

TYPES: dict[str, Any] = {
    "linode": Linode,
    "domain": Domain,
    "nodebalancer": NodeBalancer,
    "volume": Volume,
    "reserved_ipv4_address": IPAddress,
}
"""The classes whose objects can be listed by tag, by the name of their type."""

on.kind(Kind(of=Tag, events=Events("tag", notify=("create", "delete"))))


@on.list(Tag)
def tags(world: World) -> list[Row]:
    """Every tag that was created or that something has, by label."""
    _refuse_restricted(world)
    known = {row["label"] for row in world.read(Tag)}
    return [_row(label) for label in sorted(known.union(*(world.read(kind).values("tags") for kind in _tagged())))]


@on.find(Tag)
def find(world: World, label: str) -> Row:
    """The tag of that label."""
    _refuse_restricted(world)
    if not world.has(Tag, label) and not any(world.read(kind, tags=label) for kind in _tagged()):
        raise NotFound
    return _row(label)


@on(Tag.objects)
def objects(world: World, tag: Row) -> list[Row]:
    """The objects with *tag*: none of a tag that was only created, which the vendor's tests read."""
    found = [(word, row) for word, kind in TYPES.items() for row in world.read(kind, tags=tag["label"])]
    return [{"type": word, "data": rules.show(world, row)} for word, row in found]


@on.create(Tag)
def create(
    world: World,
    label: str,
    linodes: Sequence[int] = (),
    domains: Sequence[int] = (),
    nodebalancers: Sequence[int] = (),
    volumes: Sequence[int] = (),
    reserved_ipv4_addresses: Sequence[str] = (),
) -> Row:
    """Create a tag and give it to the objects. A guess: a label that exists is not refused."""
    _refuse_restricted(world)
    named = (linodes, domains, nodebalancers, volumes, reserved_ipv4_addresses)
    rows = [world.get(kind, id) for kind, ids in zip(TYPES.values(), named, strict=True) for id in ids]
    if any(row.get("reserved") is False for row in rows):
        # In words of the sandbox's own: how the API refuses it is not on record.
        raise Refused("The address is not reserved", field="reserved_ipv4_addresses")
    for row in rows:
        row["tags"] = sorted(dict.fromkeys([*row["tags"], label]))
    return world.find(Tag, label) or world.add(Tag, label=label)


@on.delete(Tag)
def delete(world: World, tag: Row) -> None:
    """Delete a tag, and take it off everything that has it."""
    for kind in _tagged():
        for row in world.rows(kind, tags=tag["label"]):
            row["tags"] = [each for each in row["tags"] if each != tag["label"]]
    if (known := world.find(Tag, tag["label"])) is not None:
        world.remove(known)


def _row(label: str) -> Row:
    return {"label": label, "_kind": "Tag", "_key": label}


def _tagged() -> list[Any]:
    """The classes whose objects have tags; those of a table once."""
    found = [cls for cls in schema.resources() if any(each.key == "tags" for each in cls._fields.values())]
    return list({schema.table_of(cls): cls for cls in reversed(found)}.values())


def _refuse_restricted(world: World) -> None:
    if world.user is not None and world.user["restricted"]:
        raise Refused("Unauthorized", status=403)
