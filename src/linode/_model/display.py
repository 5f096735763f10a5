"""The appearance of objects and lists in notebooks (HTML) and in rich.

Nothing here loads an object: what has not come is not shown, and secrets are shown as ``***``. A list of the sync
client fetches its first page for a notebook, which any use of it needs; a table costs no other request.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from linode._secrets import redacted
from linode.errors import UnexpectedResponseError

from .convert import argument, nested_in
from .fields import Described, Nested
from .relations import Related
from .rows import flatten_row

if TYPE_CHECKING:
    from .lists import ResourceList

__all__ = ["card", "columns", "rich_object", "table"]

MAX_ROWS = 20
"""Rows of a table; its caption tells the number of all objects."""
MAX_COLUMNS = 6
MAX_CELL_CHARACTERS = 60
"""Characters of a cell, before it is cut."""
PREFERRED_COLUMNS = ("label", "name", "username", "title", "status", "type", "region")
"""Members that people look for first, in classes that do not say what they show."""
LAST = ("created_by", "updated_by")
"""Members that a table shows where there is room."""
UNREADABLE = "an answer that cannot be read"
SECRET_IDS = frozenset({"token"})
"""Members that are the ID of their objects, and let everybody who has them act."""


@functools.cache
def columns(cls: Any) -> tuple[str, ...]:
    """The keys of the members of *cls* that a table shows: the class's ``shown``, else a choice.

    The choice: the ID, the unique member, those that people look for first, then others as they are declared, and last
    who changed the object; without nested objects, lists of objects, times and secrets.
    """
    if cls.shown:
        return tuple(cls.shown)
    plain = [field.key for field in cls._fields.values() if isinstance(field, Described) and _fits_a_cell(field)]
    wanted = [key for key in (cls.id_key, cls.unique, *PREFERRED_COLUMNS) if key in plain]
    plain.sort(key=LAST.__contains__)
    return tuple(key for key in dict.fromkeys([*wanted, *plain]) if redacted({key: 1}) == {key: 1})[:MAX_COLUMNS]


def _fits_a_cell(field: Described[Any]) -> bool:
    if isinstance(field, Nested):
        return False
    if isinstance(field, Related):
        return True
    hint = argument(field)
    return nested_in(hint)[0] is None and "datetime" not in str(hint) and "dict[" not in str(hint)


def _members(obj: Any) -> dict[str, Any] | None:
    """The members of *obj* as a flat row without its secrets; None when its JSON cannot be read."""
    try:
        return redacted(flatten_row(type(obj), obj.to_dict()))  # type: ignore[no-any-return]
    except UnexpectedResponseError:
        return None


def rich_object(obj: Any, keys: Iterable[str]) -> Iterator[Any]:
    """The pairs that rich shows of *obj*: its ID, and the loaded members among *keys*."""
    members = _members(obj)
    if members is None:
        yield UNREADABLE
        return
    if (identity := _identity(obj)) is not None:
        yield identity
    yield from ((key, members[key]) for key in keys if key in members and key != getattr(obj, "id_key", None))


def _identity(obj: Any) -> Any:
    """The ID of *obj*; None where it has none, where it is a secret, or where it cannot be read."""
    key = getattr(obj, "id_key", None)
    try:
        return None if key is None or key in SECRET_IDS else obj._identity()
    except UnexpectedResponseError:
        return None


def card(obj: Any) -> str:
    """The HTML of *obj*: a table of the members that have come."""
    members = _members(obj)
    title = type(obj).__name__
    if members is None:
        return _html(f"{title}: {UNREADABLE}", [])
    if (identity := _identity(obj)) is not None:
        title = f"{title} {identity}"
    if getattr(obj, "_complete", True) is False:
        title += " (some fields are not loaded)" if members else " (not loaded)"
    rows = [[f"<th>{escape(key)}</th>", f"<td>{_cell(value)}</td>"] for key, value in members.items()]
    return _html(title, rows)


def table(listed: ResourceList[Any]) -> str:
    """The HTML of a list: its first objects, each in a row."""
    if listed._total is None:
        if listed._client.awaited:
            return _html(f"{listed!r}; await it", [])
        listed._client.execute(listed._begun())
    objects = listed._pages[1][:MAX_ROWS]
    cls: Any = listed._cls
    keys = columns(cls)
    rows = [[f"<th>{escape(key)}</th>" for key in keys]] if objects else []
    for each in objects:
        members = _members(each)
        values = [UNREADABLE] if members is None else [_found(members, key) for key in keys]
        rows.append([f"<td>{_cell(value)}</td>" for value in values])
    return _html(f"{len(objects)} of {listed._total} {cls.__name__} objects{listed._shown_filter()}", rows)


def _found(members: dict[str, Any], key: str) -> Any:
    """The member *key*; of a related object that came whole, its label or ID."""
    return next((members[each] for each in (key, f"{key}.label", f"{key}.id") if each in members), None)


def _cell(value: Any) -> str:
    return escape(_cut(_text(value)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if not isinstance(value, list):
        return str(value)
    if any(isinstance(each, (dict, list)) for each in value):
        return f"{len(value)} items"
    return ", ".join(map(_text, value))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_CELL_CHARACTERS else f"{text[: MAX_CELL_CHARACTERS - 1]}…"


def _html(caption: str, rows: list[list[str]]) -> str:
    """A table in the notebook's own style: without scripts, styles or links."""
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return f"<table><caption>{escape(caption)}</caption>{body}</table>"
