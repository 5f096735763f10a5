"""Firewalls: created, changed, and what they protect. Each entity has a `FirewallDevice` that is below the firewall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.linodes.interfaces import LinodeInterface
from linode.api.linodes.linode import Linode
from linode.api.networking.firewall_rules import FirewallSettings
from linode.api.networking.firewalls import Firewall, FirewallDevice
from linode.api.nodebalancers.nodebalancers import NodeBalancer
from linode.sandbox.core.kind import Access, Events, Grant, Kind, Operations, Refusals
from linode.sandbox.engine import rules as generic
from linode.sandbox.engine.registry import Refused, Row, World, on
from linode.sandbox.engine.user_grants import visible

from .firewall_rules import keep_version, new_rules

__all__ = [
    "attach",
    "detach",
    "detach_all",
    "firewalls_by_ids",
    "firewalls_of",
    "protect_by",
    "protect_by_and_show",
    "requested_firewall",
]

NONE = -1
"""The ID that stands for no firewall."""
ENTITIES = {
    "linode": Linode,
    "linode_interface": LinodeInterface,
    "interface": LinodeInterface,
    "nodebalancer": NodeBalancer,
}
SETTABLE = ("enabled", "disabled")

on.kind(
    Kind(
        of=Firewall,
        events=Events("firewall", notify=("create", "delete")),
        operations=Operations(whole=("rules",)),
        refusals=Refusals(unique="Cloud Firewalls"),
        grant=Grant("firewall"),
    )
)
on.kind(Kind(of=FirewallDevice))
on.kind(
    Kind(
        of=FirewallSettings,
        access=Access(scopes={"update": ("account:read_write",)}, general={"update": "account_access"}),
    )
)


@on.create(Firewall)
def create(
    world: World,
    label: str,
    rules: Mapping[str, Any] | None = None,
    devices: Mapping[str, Sequence[int]] | None = None,
    entities: Sequence[Mapping[str, Any]] = (),
    tags: Sequence[str] = (),
) -> Row:
    """Create a firewall that protects the entities given."""
    firewall = generic.create(
        world, Firewall, label=label, status="enabled", tags=list(tags), rules=new_rules(world, rules or {})
    )
    keep_version(world, firewall)
    kinds = {"linodes": "linode", "linode_interfaces": "linode_interface", "interfaces": "interface"}
    wanted = [(kinds.get(name, "nodebalancer"), id) for name, ids in (devices or {}).items() for id in ids]
    for kind, id in [*wanted, *((each["type"], each["id"]) for each in entities)]:
        attach(world, firewall, _protectable(world, kind, id))
    return firewall


@on.update(Firewall)
def update(world: World, firewall: Row, **changes: Any) -> Row:
    """Update a firewall, with one event for a changed status and another for a changed label or tags."""
    status = changes.get("status", firewall["status"])
    if status not in SETTABLE:
        raise Refused(f"Must be one of {', '.join(SETTABLE)}", field="status")
    if status == "disabled":
        _refuse_default(world, firewall, "disabled")
    before = firewall["status"]
    generic.update_one(world, Firewall, firewall, **changes)
    if firewall["status"] != before:
        world.events.notify("firewall_enable" if firewall["status"] == "enabled" else "firewall_disable", firewall)
    if changes.keys() - {"status"}:
        world.events.notify("firewall_update", firewall)
    return firewall


@on.delete(Firewall)
def delete(world: World, firewall: Row) -> None:
    """Delete a firewall; its entities are no longer protected."""
    _refuse_default(world, firewall, "deleted")
    world.remove(firewall)


def _refuse_default(world: World, firewall: Row, done: str) -> None:
    if firewall["id"] in _defaults(world).values():
        raise Refused(f"A default firewall cannot be {done}")  # refused for certain, in words of the sandbox's own


# -- default firewalls -----------------------------------------------------------------------------------------------


@on.get(FirewallSettings)
def settings(world: World) -> Row:
    """The default firewalls of the account; none at first."""
    return world.one(FirewallSettings, default_firewall_ids=dict.fromkeys(DEFAULTS))


DEFAULTS = ("linode", "nodebalancer", "public_interface", "vpc_interface")


@on.update(FirewallSettings)
def update_settings(world: World, default_firewall_ids: Mapping[str, int | None] | None = None) -> Row:
    """Set the defaults that were sent; null clears one."""
    row = settings(world)
    for kind, id in (default_firewall_ids or {}).items():
        if id is not None:
            field = f"default_firewall_ids.{kind}"
            generic.referenced_row(world, Firewall, id, field=field, reason=f"{kind} is not valid")
        row["default_firewall_ids"][kind] = id
    return row


def _defaults(world: World) -> dict[str, int | None]:
    found: dict[str, int | None] = settings(world)["default_firewall_ids"]
    return found


def requested_firewall(world: World, firewall_id: int | None, default: str, field: str = "firewall_id") -> Row | None:
    """The firewall of a request: the account's default of the kind *default* for null, None for -1.

    Raises `Refused` when there is none of that ID.
    """
    wanted = _defaults(world)[default] if firewall_id is None else firewall_id
    if wanted is None or wanted == NONE:
        return None
    return generic.referenced_row(world, Firewall, wanted, field=field, reason="firewall_id is not valid")


# -- what they protect -----------------------------------------------------------------------------------------------


@on.create(FirewallDevice)
def create_device(world: World, firewall: Row, id: int, type: str | None = None) -> Row:
    """Protect an entity that no other firewall protects."""
    if type is None:
        raise Refused("type is required", field="type")
    return attach(world, firewall, _protectable(world, type, id))


@on.delete(FirewallDevice)
def delete_device(world: World, device: Row) -> None:
    """Protect the entity no longer."""
    firewall = world.parent(device)
    entity = world.find(*device["_entity"])
    world.remove(device)
    world.events.notify("firewall_device_remove", firewall, entity)


def _protectable(world: World, kind: str, id: int) -> Row:
    if kind not in ENTITIES:
        raise Refused("Must be one of linode, linode_interface, nodebalancer", field="type")
    entity = generic.referenced_row(world, ENTITIES[kind], id, field="id")
    if kind == "linode" and entity["interface_generation"] == "linode":
        # Refused for certain, in words of the sandbox's own.
        raise Refused("The interfaces of this Linode have firewalls of their own", field="id")
    if firewalls_of(world, entity):
        raise Refused("Another firewall protects this entity already")  # refused for certain, in words of our own
    return entity


def firewalls_of(world: World, entity: Row) -> list[Row]:
    """The firewalls that protect *entity*, the row of a Linode, of one of its interfaces or of a NodeBalancer."""
    return [world.parent(each) for each in _devices_of(world, entity)]


def _devices_of(world: World, entity: Row) -> list[Row]:
    return world.rows(FirewallDevice, _entity=_key(world, entity))


def _key(world: World, entity: Row) -> list[object]:
    return [entity["_kind"], world.id_of(entity)]


def attach(world: World, firewall: Row, entity: Row) -> Row:
    """Let *firewall* protect *entity*; returns the device, which may be there already."""
    found = world.rows(FirewallDevice, firewall, _entity=_key(world, entity))
    if found:
        return found[0]
    device = world.add(FirewallDevice, firewall, _entity=_key(world, entity))
    world.events.notify("firewall_device_add", firewall, entity)
    return device


def detach(world: World, firewall: Row, entity: Row) -> None:
    """Let *firewall* protect *entity* no longer."""
    for device in world.rows(FirewallDevice, firewall, _entity=_key(world, entity)):
        world.remove(device)
        world.events.notify("firewall_device_remove", firewall, entity)


def protect_by(world: World, entity: Row, firewalls: list[Row]) -> None:
    """Let exactly *firewalls* protect *entity*."""
    for each in firewalls_of(world, entity):
        if each not in firewalls:
            detach(world, each, entity)
    for each in firewalls:
        attach(world, each, entity)


def firewalls_by_ids(world: World, firewall_ids: Sequence[int] | None) -> list[Row]:
    """The firewalls of the ids in a request. Raises `Refused` when the list is missing, or one is unknown."""
    if firewall_ids is None:
        raise Refused("firewall_ids is required", field="firewall_ids")
    return generic.referenced_rows(world, Firewall, dict.fromkeys(firewall_ids), field="firewall_ids")


def protect_by_and_show(world: World, entity: Row, firewalls: list[Row]) -> Row:
    """Let exactly *firewalls* protect *entity*; returns them as a page of a list."""
    protect_by(world, entity, firewalls)
    return generic.page(world, firewalls_of(world, entity), generic.Listing({}), Firewall)


def detach_all(world: World, entity: Row) -> None:
    """Let no firewall protect *entity*, which is about to be deleted."""
    protect_by(world, entity, [])


@on.show(Firewall, "entities")
def _show(world: World, firewall: Row) -> Row:
    devices = visible(world, [dict(each) for each in world.read(FirewallDevice, firewall)])
    return {**firewall, "entities": [show_device(world, each)["entity"] for each in devices]}


@on.show(FirewallDevice, "entity")
def show_device(world: World, device: Row) -> Row:
    """The device with its entity as it is now."""
    row = world.get(*device["_entity"])
    known = world.events.entity(row) or {}
    parent = world.events.entity(world.parent(row)) if row["_kind"] == "LinodeInterface" else None
    above = parent and {**parent, "parent_entity": None}
    kind = "linode_interface" if above else known["type"]
    return {**device, "entity": {**known, "type": kind, "parent_entity": above}}
