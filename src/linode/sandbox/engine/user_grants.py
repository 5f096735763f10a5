"""The grants of restricted users.

They are in ``_grants`` of the user's row: ``{"global": {"add_linodes": True}, "linode": {"123": "read_only"}}``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from linode._model import Ref, RefField

from ..core import schema
from ..core.kind import KINDS, Grant, Kind, record
from ..core.refusals import Refused
from ..core.rows import Rows
from ..core.schema import Row
from ..core.world import World

__all__ = ["check", "check_access", "check_named", "grant_access", "grant_key", "grants_of_kind", "visible"]


def check_access(world: World, access: str, method: str) -> None:
    """Raise the API's refusal if the current user is restricted and lacks the general grant *access* (empty: none)."""
    user = world.user
    if user is None or not user["restricted"] or not access:
        return
    level = grants_of_kind(user, "global").get(access)
    if not level or (level == "read_only" and method != "GET"):
        raise Refused("Unauthorized", status=403)


def check(world: World, kind: Any, method: str, rows: Sequence[Row], *, makes: bool) -> None:
    """Raise the API's refusal if the current user may not do *method* with the *rows* of the path, nearest first.

    *kind* is the class of a path without rows; *makes* is whether the operation creates another object from a row.
    """
    user = world.user
    if user is None or not user["restricted"]:
        return
    top = record(rows[-1]["_kind"] if rows else kind) if rows or kind else None
    if top is not None and top.grant.type:
        makes = makes or (method == "POST" and not rows)
        if makes and not grants_of_kind(user, "global").get(top.grant.adds or f"add_{top.grant.type}s"):
            raise Refused("Unauthorized", status=403)
    for guarded, id in _guarded(world, rows[0]) if rows else ():
        # To create an object from another, read access to the other is enough.
        _refuse(user, guarded, id, read=method == "GET" or makes)


def check_named(world: World, named: Iterable[tuple[type[Any], Any]], scopes: Sequence[str]) -> None:
    """Raise the API's refusal if the current user may not use an object that a body refers to: classes and IDs.

    Read access is enough if the operation's *scopes* need no more for that class.
    """
    user = world.user
    if user is None or not user["restricted"]:
        return
    for cls, id in named:
        row = world.find(cls, id)
        for guarded, top_id in _guarded(world, row) if row is not None else ():
            # Deploying an image or a StackScript does not change it.
            _refuse(user, guarded, top_id, read=f"{cls._scope}:read_only" in scopes or guarded.grant.owned is not None)


def _refuse(user: Row, kind: Kind, id: Any, *, read: bool) -> None:
    level = grants_of_kind(user, kind.grant.type).get(grant_key(id))
    if level is None or (level == "read_only" and not read):
        raise Refused("Unauthorized", status=403)


def visible(world: World, rows: Sequence[Row]) -> Sequence[Row]:
    """The *rows* that the current user may see: those without a reference to an object that needs a grant."""
    user = world.user
    if user is None or not user["restricted"]:
        return rows
    grant = record(rows.table).grant if isinstance(rows, Rows) else Grant()
    if isinstance(rows, Rows) and grant.type and not (grant.owned or _has_parents(rows.table)):
        return rows.only(id for id, level in grants_of_kind(user, grant.type).items() if level is not None)
    return [row for row in rows if all(_sees(user, *each) for each in _guarded(world, row))]


def _sees(user: Row, kind: Kind, id: Any) -> bool:
    return grants_of_kind(user, kind.grant.type).get(grant_key(id)) is not None


def _guarded(world: World, row: Row) -> Iterator[tuple[Kind, Any]]:
    """The guarded objects, by kind and ID, that decide about *row*: itself, or its owner and objects it refers to."""
    top = row
    while "_kind" in top and _has_parents(top["_kind"]):
        top = world.parent(top)
    kind = record(top["_kind"]) if "_kind" in top else None
    if kind is not None and kind.grant.type and kind.grant.owns(top):
        yield kind, world.id_of(top)
        if top is row:
            return
    for member, other_kind in _references(row.get("_kind", "")):
        if row.get(member) is not None:
            yield other_kind, row[member]
    if (behind := row.get("_entity")) is not None and (other := world.find(*behind)) is not None:
        yield from _guarded(world, other)
    for entity in filter(None, (row.get("entity"), row.get("secondary_entity"))):
        for each in KINDS.values():
            named = each.grant.type and entity["url"] and entity["type"] == schema.entity_type(each.name)
            if named and not _is_public(world, each, entity["id"]):
                yield each, entity["id"]


def _is_public(world: World, kind: Kind, id: Any) -> bool:
    """Whether the object of *kind* is Linode's own, such as an image, which needs no grant."""
    row = world.find(kind.name, id) if kind.grant.owned is not None else None
    return row is not None and not kind.grant.owns(row)


def _has_parents(table: str) -> bool:
    return any(cls._parent_names for cls in schema.classes_of(table)[:1])


@functools.cache
def _references(table: str) -> tuple[tuple[str, Kind], ...]:
    """The members of the rows of *table* that hold IDs of guarded objects."""
    fields = [each for cls in schema.classes_of(table) or _recorded(table) for each in cls._fields.values()]
    named = [(each.key, cls) for each in fields if isinstance(each, (Ref, RefField)) for cls in _classes(each)]
    return tuple({key: record(cls) for key, cls in named if _is_own(record(cls).grant)}.items())


def _is_own(grant: Grant) -> bool:
    """Whether there are grants for all rows of a class: Linode has none of its own."""
    return bool(grant.type) and grant.owned is None


def _recorded(table: str) -> list[Any]:
    """The class without a path whose rows are in *table*."""
    kind = record(table)
    return [] if isinstance(kind.of, str) else [kind.of]


def _classes(field: Any) -> list[type[Any]]:
    return list(schema.classes(field.argument()))


def grant_access(world: World, row: Row) -> None:
    """Grant the current user, if restricted, access to *row*, which the user has created."""
    kind = record(row["_kind"])
    if kind.grant.type and world.user is not None and world.user["restricted"]:
        grants_of_kind(world.user, kind.grant.type, new=True)[grant_key(world.id_of(row))] = "read_write"


def grant_key(id: Any) -> str:
    """The key of a grant: the number in the ID, which is after the slash in ``private/123``."""
    return str(id).rpartition("/")[2]


def grants_of_kind(user: Row, kind: str, *, new: bool = False) -> Row:
    """The grants of *user* for one *kind*; with *new* a dict to which grants can be added."""
    grants: Row = user.setdefault("_grants", {}) if new else user.get("_grants", {})
    found: Row = grants.setdefault(kind, {}) if new else grants.get(kind, {})
    return found
