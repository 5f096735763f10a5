"""What firewalls stand in front of: a hidden ``_entities`` of their rows, which is shown with today's labels."""

from __future__ import annotations

from typing import Any

from linode.api.networking.firewalls import Firewall
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Kind, Refused, Row, World, on

__all__ = ["attach", "choose", "detach", "detach_all", "firewalls_of", "put"]

NONE = -1
"""The number that stands for no firewall."""


on.kind(Kind(of=Firewall, event="firewall", grant="firewall", plural="Cloud Firewalls", notify=("delete",)))


@on.update(Firewall)
def update(world: World, firewall: Row, **changes: Any) -> None:
    """Change it. An event tells that it was switched on or off, another that its label or tags were changed."""
    before = firewall["status"]
    rules.update_one(world, Firewall, firewall, **changes)
    if firewall["status"] != before:
        world.notify("firewall_enable" if firewall["status"] == "enabled" else "firewall_disable", firewall)
    if changes.keys() - {"status"}:
        world.notify("firewall_update", firewall)


@on.delete(Firewall)
def delete(world: World, firewall: Row) -> None:
    """Delete it; what it stood in front of is open."""
    world.remove(firewall)


def choose(world: World, firewall_id: int | None, field: str = "firewall_id") -> Row | None:
    """The firewall of a request; None for -1 and for null, as the account has no default. Raises `Refused`."""
    if firewall_id is None or firewall_id == NONE:
        return None
    found = world.find(Firewall, firewall_id)
    if found is None:
        raise Refused("firewall_id is not valid", field=field)
    return found


def firewalls_of(world: World, entity: Row) -> list[Row]:
    """The firewalls in front of *entity*, the row of a Linode, of one of its interfaces or of a NodeBalancer."""
    return [world.get(Firewall, each["id"]) for each in world.read(Firewall) if _name(world, entity) in _names(each)]


def attach(world: World, firewall: Row, entity: Row) -> None:
    """Put *firewall* in front of *entity*; nothing happens when it stands there already."""
    if _name(world, entity) not in _names(firewall):
        firewall["_entities"] = [*_names(firewall), _name(world, entity)]
        world.notify("firewall_device_add", firewall, entity)


def detach(world: World, firewall: Row, entity: Row) -> None:
    """Take *firewall* away from *entity*."""
    firewall["_entities"] = [each for each in _names(firewall) if each != _name(world, entity)]
    world.notify("firewall_device_remove", firewall, entity)


def put(world: World, entity: Row, firewalls: list[Row]) -> None:
    """Put exactly *firewalls* in front of *entity*."""
    for each in firewalls_of(world, entity):
        if each not in firewalls:
            detach(world, each, entity)
    for each in firewalls:
        attach(world, each, entity)


def detach_all(world: World, entity: Row) -> None:
    """Take all firewalls away from *entity*, which is about to be deleted."""
    put(world, entity, [])


def _names(firewall: Row) -> list[list[object]]:
    names: list[list[object]] = firewall.get("_entities", [])
    return names


def _name(world: World, entity: Row) -> list[object]:
    return [entity["_kind"], world.id_of(entity)]


@on.show(Firewall)
def _show(world: World, firewall: Row) -> Row:
    rows = [row for kind, id in firewall.get("_entities", []) if (row := world.find(kind, id)) is not None]
    return {**firewall, "entities": [_entity(world, row) for row in rows]}


def _entity(world: World, row: Row) -> Row:
    known = world.entity(row) or {}
    parent = world.entity(world.parent(row)) if row["_kind"] == "LinodeInterface" else None
    above = parent and {**parent, "parent_entity": None}
    return {**known, "type": "linode_interface" if above else known["type"], "parent_entity": above}
