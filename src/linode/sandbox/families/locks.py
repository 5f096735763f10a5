"""Locks. What they keep from happening is in the records of the classes, and the engine sees to it."""

from __future__ import annotations

from linode.api.locks import ResourceLock

from ..core.kind import KINDS, Access, Events, Kind, Storage
from ..core.refusals import missing_members
from ..engine import rules
from ..engine.registry import Refused, Row, World, on

__all__: list[str] = []

on.kind(
    Kind(
        of=ResourceLock,
        storage=Storage(held=True),
        events=Events("lock"),
        access=Access(general={"*": "unrestricted"}),
    )
)


@on.create(ResourceLock, unchecked=("entity_id",))
def create(
    world: World, entity_id: int | None = None, lock_type: str | None = None, entity_type: str | None = None
) -> Row:
    """Lock an object, which has one lock at most. That a second one of the same type is refused as well is a guess."""
    given = {"entity_id": entity_id, "entity_type": entity_type, "lock_type": lock_type}
    rules.refuse_for(missing_members(given, given))
    kind = next((each for each in KINDS.values() if each.lock.type == entity_type), None)
    entity = None if kind is None else world.find(kind.of, entity_id)
    if kind is None or entity is None:
        raise Refused("entity_id is not valid", field="entity_id")
    if lock_type not in kind.lock.types:
        raise Refused(f"Must be one of {', '.join(kind.lock.types)}", field="lock_type")
    for other in world.rows(ResourceLock, _holder=world.holder(entity)):
        raise Refused(
            # The words are on record.
            f"The {other['lock_type']} lock (Lock ID: {other['id']}) needs to be removed to add {lock_type} lock. "
            f"Can only have one of: {', '.join(kind.lock.types)} locks",
            field="lock_type",
        )
    lock = world.add(
        ResourceLock, lock_type=lock_type, _holder=world.holder(entity), _locked=[entity["_kind"], entity_id]
    )
    entity["locks"] = [lock_type]
    world.events.notify("lock_create", entity)  # that it is about the object is a guess
    return lock


@on.delete(ResourceLock)
def delete(world: World, lock: Row) -> None:
    """Unlock the object."""
    entity = world.get(*lock["_locked"])
    entity["locks"] = [each for each in entity["locks"] if each != lock["lock_type"]]
    world.events.notify("lock_delete", entity)  # as for a new one: a guess
    world.remove(lock)


@on.show(ResourceLock, "entity")
def _show(world: World, lock: Row) -> Row:
    """Show the object as it is called now."""
    row = world.get(*lock["_locked"])
    entity = world.events.entity(row) or {}
    lock["entity"] = {**entity, "type": KINDS[row["_kind"]].lock.type}
    return lock
