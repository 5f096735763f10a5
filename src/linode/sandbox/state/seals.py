"""Seals of documents: digests by which a load knows what was edited.

The engine declares what the API's objects show, and nothing about what the sandbox keeps besides: jobs, meters, hidden
members, and the members that refer to other objects and must agree with them. An edit of the first is checked against
the declarations; an edit of the second is refused by its place.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_origin

import msgspec

from ..._model import Nested, Ref, RefField
from ..core import schema
from ..core.refusals import SandboxError
from ..core.schema import Row
from ..engine import checks, hints

if TYPE_CHECKING:
    from .documents import Document

__all__ = ["refuse_edited", "seals"]

PLAIN = (str, int, float, bool, datetime, type(None))
SIZE = 6
"""Bytes of a digest."""
CURE = "restore it, or export the world again; a loaded world is changed by requests"


def seals(document: Document) -> dict[str, dict[str, str]]:
    """The seals of *document*: by the place of a table and the key of a row, and of the document itself."""
    found = {
        place: {key: f"{_digest(_fixed(table, row))} {_digest(row)}" for key, row in rows}
        for place, table, rows in _tables(document)
    }
    return {**found, "": {"": _digest([document.part, document.secrets, document.random, document.removed])}}


def refuse_edited(document: Document, source: str) -> None:
    """Raise `SandboxError` if *document* has edits of other members than `editable` ones, or of their types."""
    sealed = dict(document.seals)
    whole = {"": _digest([document.part, document.secrets, document.random, document.removed])}
    if sealed.pop("", None) != whole:
        raise SandboxError(f"{source}: part, secrets, random or removed was edited: {CURE}")
    for place, table, rows in _tables(document):
        known = dict(sealed.pop(place, {}))
        for at, (key, row) in enumerate(rows):
            seal = known.pop(key, None)
            if seal is None:
                raise SandboxError(
                    f"{source}: {place}[{at}]: the document was exported without a row {key!r} in {place}: "
                    "take it out, and create the object with a request, or with a seed file"
                )
            _refuse_row(f"{source}: {place}[{at}]", table, row, seal)
        if known:
            raise SandboxError(f"{source}: {place} lacks the row {next(iter(known))!r}, which was exported: {CURE}")
    if sealed:
        raise SandboxError(f"{source} lacks {next(iter(sealed))}, which was exported: {CURE}")


def _refuse_row(place: str, table: str, row: Row, seal: str) -> None:
    fixed, _, whole = seal.partition(" ")
    if _digest(row) == whole:
        return
    for reason, field in checks.check(None, row, editable(table)):
        raise SandboxError(f"{place}.{field}: {reason}")
    if _digest(_fixed(table, row)) != fixed:
        can = ", ".join(name for name in editable(table) if name in row)
        raise SandboxError(f"{place}: {f'no members but {can}' if can else 'no members'} can be edited: {CURE}")


def _tables(document: Document) -> Iterator[tuple[str, str, list[tuple[str, Row]]]]:
    """The place, the name, and the rows with their keys, of each table."""
    for owner, found in (("", document.rows), *document.accounts.items()):
        for table, rows in found.items():
            place = f"accounts.{owner}.{table}" if owner else f"rows.{table}"
            yield place, table, [(str(row.get("_key", row.get(schema.id_key(table)))), row) for row in rows]


def _fixed(table: str, row: Row) -> list[Any]:
    """The parts of *row* that cannot be edited: other members, and the names of all."""
    free = editable(table)
    return [{name: None if name in free else value for name, value in row.items()}]


def _digest(value: Any) -> str:
    try:
        data = msgspec.json.encode(value, order="deterministic")
    except (OverflowError, UnicodeEncodeError):
        return ""  # nothing that was exported has such numbers or texts
    return hashlib.blake2s(data, digest_size=SIZE).hexdigest()


@functools.cache
def editable(table: str) -> hints.Types:
    """The types of the members of rows of *table* that can be edited: texts, numbers, dates and lists of them.

    Members that refer to other objects, and objects within the object, must agree with more than their types.
    """
    found = schema.classes_of(table)
    if not found or found[0].__name__ != table:
        return {}
    fields = [each for each in found[0]._fields.values() if not isinstance(each, (Nested, Ref, RefField))]
    named = {each.key: each.argument() for each in fields if each.key != schema.id_key(table) and _is_free(each)}
    return {name: hint for name, hint in named.items() if not name.endswith("_id") and _is_plain(hint)}


def _is_free(field: Any) -> bool:
    """Whether *field* is one value, or a list that clients set; other lists, such as addresses, name other rows."""
    return field.settable or all(hints.item_type(arm) is None for arm in hints.arms(field.argument()))


def _is_plain(hint: Any) -> bool:
    arms = [arm for each in hints.arms(hint) for arm in hints.arms(hints.item_type(each) or each)]
    return all(get_origin(arm) is Literal or arm in PLAIN for arm in arms)
