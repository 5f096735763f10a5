"""Documents: a world, or a part of one, as JSON that a person can read and another sandbox can load."""

from __future__ import annotations

import base64
import difflib
import functools
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ..._contents import VERSION as LIBRARY
from ..._model import Nested
from ..core import schema
from ..core.kind import KINDS, record
from ..core.queue import LATEST
from ..core.refusals import SandboxError
from ..core.schema import Row
from ..core.world import LAST_ID, World
from ..engine import checks, hints

__all__ = [
    "VERSION",
    "Document",
    "checked",
    "empty",
    "random_state",
    "random_text",
    "tables",
    "with_keys",
    "without_keys",
]

FORMAT = "linode-sandbox"
VERSION = 1
OF_LOGIN = ("Login", "LoginCode", "LoginSession", "RefreshToken", "NeighbourGroup", "NeighbourToken")
"""Tables without a class or a record, besides those whose names begin with an underscore."""
OF_TYPE = "Must be of type"


class Document(msgspec.Struct, forbid_unknown_fields=True):
    """A world as JSON. Rows are by table, in their order, with the members that the API shows and hidden ones."""

    format: str
    version: int
    library: str
    """The version of the library that wrote it, for a reader."""
    time: str
    """The time in the world, for a reader."""
    now: float
    """The time in the world, in seconds since 1970."""
    part: bool
    """Whether it is to be added to the objects of a sandbox, instead of replacing them."""
    secrets: bool
    first_id: int
    durations: dict[str, float]
    random: str | None
    """The state of the random numbers, from which secrets can be computed: in a document with secrets."""
    rows: dict[str, list[dict[str, Any]]]
    accounts: dict[str, dict[str, list[dict[str, Any]]]]
    """The rows of accounts besides the sandbox's own."""
    removed: dict[str, list[str]]
    """The keys of rows of the catalogue that the world has no longer."""
    seals: dict[str, dict[str, str]]
    """Digests of the rows, by which a load knows what was edited: see `seals`."""


def checked(found: Any, source: str) -> Document:
    """The document *found*, which came from *source*. Raises `SandboxError` if it is none that this library reads."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise SandboxError(f"{source} is not an exported world: it has no member format with the value {FORMAT!r}")
    if found.get("version") != VERSION:
        raise SandboxError(
            f"{source} has version {found.get('version')!r} of the format, written by version "
            f"{found.get('library')} of the library; this one reads version {VERSION}: export the world with this one"
        )
    try:
        document = msgspec.convert(found, Document)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise SandboxError(f"{source} is broken: {error}") from None
    if not 0 <= document.now <= LATEST:
        raise SandboxError(f"{source} is broken: now must be 0 to {LATEST:.0f} seconds since 1970, not {document.now}")
    if not 1 <= document.first_id <= LAST_ID:
        raise SandboxError(f"{source} is broken: first_id must be 1 to {LAST_ID}, not {document.first_id}")
    for place, table, rows in _lists(document):
        _check_table(f"{source}: {place}", table, rows)
    for table in document.removed:
        _check_table(f"{source}: removed.{table}", table, ())
    return document


def _lists(document: Document) -> Iterator[tuple[str, str, list[Row]]]:
    for table, rows in document.rows.items():
        yield f"rows.{table}", table, rows
    for account, found in document.accounts.items():
        for table, rows in found.items():
            yield f"accounts.{account}.{table}", table, rows


def tables() -> set[str]:
    """The names of the tables of classes."""
    return {schema.table_of(each) for each in schema.resources()} | {*KINDS, *OF_LOGIN}


def _check_table(place: str, table: str, rows: Iterable[Row]) -> None:
    if table not in tables() and not table.startswith("_"):
        near = difflib.get_close_matches(table, tables(), 1)
        raise SandboxError(f"{place}: no objects are called {table}" + (f"; did you mean {near[0]}?" if near else ""))
    declared, keys = _declared(table), set()
    member = schema.id_key(table)
    label = record(table).events.label if record(table).events.label in declared else member
    for at, row in enumerate(rows):
        for name in (member, label):
            if name not in row and (name in declared or "_key" not in row):
                raise SandboxError(f"{place}[{at}] has no member {name}")
        key = _key(table, row)
        if key in keys:
            raise SandboxError(f"{place}[{at}]: {member} {key} is there twice")
        keys.add(key)
        for reason, field in checks.check(None, row, declared):
            if reason.startswith(OF_TYPE):  # words may be those of a later version, and objects may be gone
                raise SandboxError(f"{place}[{at}].{field}: {reason}")


@functools.cache
def _declared(table: str) -> hints.Types:
    """The declared types of members of the rows of *table*, besides those of nested objects."""
    found = schema.classes_of(table)
    if not found or found[0].__name__ != table:
        return {}
    return {each.key: each.argument() for each in found[0]._fields.values() if not isinstance(each, Nested)}


def _key(table: str, row: Row) -> str:
    return str(row["_key"] if "_key" in row else row[schema.id_key(table)])


def without_keys(row: Row) -> Row:
    """*row* without what its table and its ID tell."""
    table = row["_kind"]
    member = schema.id_key(table)
    told = {"_kind"} | ({"_key"} if member in row and str(row[member]) == row["_key"] else set())
    return {name: value for name, value in row.items() if name not in told}


def with_keys(rows: Mapping[str, list[Row]]) -> Iterator[Row]:
    """The rows of a document's *rows*, with the members that `without_keys` leaves out, at the end as in a world."""
    for table, found in rows.items():
        for row in found:
            key = _key(table, row)
            yield {**{name: each for name, each in row.items() if name != "_key"}, "_kind": table, "_key": key}


def random_text(state: tuple[Any, ...]) -> str:
    """The *state* of random numbers as text."""
    version, numbers, gauss = state
    packed = base64.b64encode(struct.pack(f">{len(numbers)}I", *numbers)).decode()
    return f"{version}:{'' if gauss is None else gauss.hex()}:{packed}"


def random_state(text: str) -> tuple[Any, ...]:
    """The state in a text of `random_text`. Raises ValueError."""
    version, gauss, packed = text.split(":")
    numbers = base64.b64decode(packed, validate=True)
    if len(numbers) != 625 * 4:
        raise ValueError("it has another length")
    return int(version), struct.unpack(">625I", numbers), float.fromhex(gauss) if gauss else None


def empty(*, part: bool, secrets: bool, world: World) -> Document:
    """A document about *world* without rows."""
    return Document(
        format=FORMAT,
        version=VERSION,
        library=LIBRARY,
        time=world.stamp(),
        now=world.now,
        part=part,
        secrets=secrets,
        first_id=world.first_id,
        durations=world.durations.wanted,
        random=random_text(world.random.getstate()) if secrets and not part else None,
        rows={},
        accounts={},
        removed={},
        seals={},
    )
