"""Tables, IDs, and the relations of rows, from the declarations and the records of the classes."""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, is_typeddict

import msgspec

from linode._model import Nested, Ref, RefField, Resource, Struct

from .kind import KINDS, record

__all__ = ["Row", "Struct", "Table", "entity_type", "link", "table_of"]

Row: TypeAlias = dict[str, Any]
"""The JSON of an object as the API shows it, and hidden members, whose names begin with ``_``."""

_decode: Any = msgspec.json.Decoder().decode

Table: TypeAlias = "type[Resource] | str"
"""A declared class, or the name of a table without a class."""


def table_of(kind: Table) -> str:
    """The table of the rows of *kind*."""
    return kind if isinstance(kind, str) else _table_of_class(kind)


@functools.cache
def _table_of_class(cls: type[Any]) -> str:
    return record(cls).storage.table or cls.__name__


@functools.cache
def resources() -> tuple[type[Resource], ...]:
    """Every declared class with a path that was imported at the last `refresh`."""
    found: list[type[Resource]] = []
    waiting: list[type[Resource]] = [Resource]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.path and each not in found:
                found.append(each)
    return tuple(found)


_SHARED = frozenset(
    {"_AccountOf", "_Block", "_Blocks", "_Clock", "_Counter", "_Job", "_Networks", "_Private", "_Report", "_Secret"}
)
"""The tables without a record that all accounts share: IDs, addresses and tokens are unique among accounts."""


@functools.cache
def is_common(table: str) -> bool:
    """Whether all accounts have the same rows of *table*: it is shared, or is of the catalogue."""
    kind = record(table)
    return table in _SHARED or kind.storage.shared or (kind.source.path is not None and not kind.grant.type)


@functools.cache
def classes_of(table: str) -> tuple[type[Resource], ...]:
    """The classes whose rows are in *table*; the class with the table's name comes first."""
    found = [cls for cls in resources() if table_of(cls) == table]
    return tuple(sorted(found, key=lambda cls: cls.__name__ != table))


@functools.cache
def children_of(table: str) -> tuple[type[Resource], ...]:
    """The classes whose rows are children of those of *table*, and are deleted with them."""
    found = []
    for cls in resources():
        parent = next(iter(parents_of(cls).values()), None)
        if parent is not None and table_of(parent) == table and table_of(cls) == cls.__name__:
            found.append(cls)
    return tuple(found)


@functools.cache
def tables_with_holder() -> tuple[str, ...]:
    """The tables whose rows belong to the row in their ``_holder``."""
    return tuple(dict.fromkeys(table_of(each.of) for each in KINDS.values() if each.storage.held))


def refresh() -> None:
    """Clear the caches, after classes or records were added."""
    for known in (_table_of_class, resources, classes_of, children_of, tables_with_holder, is_common):
        known.cache_clear()


def id_key(kind: Table) -> str:
    """The member with the ID of a row of *kind*."""
    if not isinstance(kind, str):
        return kind.id_key or record(kind).storage.id_key
    return next((cls.id_key for cls in classes_of(kind) if cls.id_key), None) or record(kind).storage.id_key


def id_of(row: Row) -> Any:
    """The ID of *row*."""
    return row[id_key(row["_kind"])]


@functools.cache
def has_numeric_ids(cls: type[Resource]) -> bool:
    """Whether the IDs of *cls* are numbers."""
    field = next((each for each in cls._fields.values() if each.key == cls.id_key), None)
    return field is not None and field.argument() is int


def key_of(kind: Table, id: Any, parents: Sequence[Any] = ()) -> str:
    """The key of a row in its table: its ID, after those of its parents if IDs are unique only among siblings."""
    if isinstance(kind, str) or not kind._parent_names or has_numeric_ids(kind) or table_of(kind) != kind.__name__:
        return str(id)
    return "/".join(map(str, (*reversed(parents), id)))


def parent_members(kind: Table, parents: Sequence[Row]) -> Row:
    """The members of a row of *kind* with the IDs of all its *parents*, nearest first; those not given are theirs."""
    if isinstance(kind, str):
        return {link(kind, each["_kind"]): id_of(each) for each in parents}
    names = kind._parent_names if parents else ()
    found = {}
    for at, name in enumerate(names):
        found[f"_{name}"] = id_of(parents[at]) if at < len(parents) else parents[-1][f"_{name}"]
    if table_of(kind) != kind.__name__:
        return {f"{name[1:]}_id": value for name, value in found.items()}
    return found


def parent_of(row: Row) -> tuple[str, Table, str]:
    """The name of the nearest parent of *row*, its class and its key. Raises LookupError if it has none."""
    cls = next((each for each in classes_of(row["_kind"]) if each._parent_names), None)
    if cls is None:
        raise LookupError(f"a {row['_kind']} has no parent")
    name, target = next(iter(parents_of(cls).items()))
    ids = [row[f"_{each}"] for each in cls._parent_names]
    return name, target, key_of(target, ids[0], ids[1:])


def snake(name: str) -> str:
    """``DomainRecord`` as ``domain_record``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def entity_type(table: str) -> str:
    """The type of the rows of *table* in events."""
    return record(table).events.type or snake(table)


@functools.cache
def parents_of(cls: type[Resource]) -> dict[str, Any]:
    """The classes of the parents of *cls* by their names, nearest first."""
    return dict(zip(cls._parent_names, cls._parent_classes(), strict=True))


@functools.cache
def link(kind: Table, owner: str) -> str:
    """The member of a row of *kind* that refers to its row in the table *owner*.

    Raises LookupError if the declarations have none.
    """
    if isinstance(kind, str):
        return f"_{snake(owner)}"
    for name, target in parents_of(kind).items():
        if table_of(target) == owner:
            return f"_{name}" if table_of(kind) == kind.__name__ else f"{name}_id"
    for field in kind._fields.values():
        if isinstance(field, (Ref, RefField)) and any(table_of(each) == owner for each in classes(field.argument())):
            return field.key
    raise LookupError(f"{kind.__name__} has no member that refers to a {owner}; register @on(...) for its list")


def classes(hint: Any) -> list[type[Resource]]:
    """The resource classes in *hint*."""
    if isinstance(hint, type) and issubclass(hint, Resource):
        return [hint]
    return [found for each in get_args(hint) for found in classes(each)]


@functools.cache
def _empty_members(cls: Any) -> bytes:
    """The JSON of the empty members, which is decoded for each row: four times as fast as a copy of the objects."""
    found = {}
    for field in cls._fields.values():
        if isinstance(field, Nested):
            hint = field.argument()
            found[field.key] = None if type(None) in get_args(hint) else empty(field.struct())
        else:
            found[field.key] = empty(field.argument())
    return msgspec.json.encode(found)


def empty_members(cls: Any) -> Row:
    """Every declared member of *cls* with its empty value, in a new dict."""
    made: Row = _decode(_empty_members(cls))
    return made


def empty(hint: Any) -> Any:  # noqa: PLR0911  a case a line
    """The empty value of a member of the type *hint*."""
    origin = get_origin(hint)
    if origin is Annotated:
        return empty(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return None if type(None) in get_args(hint) else empty(get_args(hint)[0])
    if origin is Literal:
        return get_args(hint)[0]
    if origin is list or hint is list:
        return []
    if hint in (int, str, bool, float):
        return hint()
    if is_typeddict(hint) or origin in (dict, Mapping) or hint is dict:
        return {}
    if isinstance(hint, type) and not issubclass(hint, (Resource, datetime)) and hasattr(hint, "_fields"):
        return empty_members(hint)
    return None
