"""Parts of a world: objects of some classes with all that belongs to them, or another account."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

from ..._model import Ref, RefField
from ..core import catalogue, schema
from ..core.kind import record
from ..core.refusals import SandboxError
from ..core.schema import Row
from ..core.world import World
from ..families.account.account import owner_of
from .renumbering import ALLOCATIONS

__all__ = ["account_named", "account_rows", "add", "refuse_dangling", "rows_of"]

MOVED = {"_Job": ("due",), "_Meter": ("began", "ended")}
"""The members that are times from which the world's clock counts."""
UNIQUE = ("User", "IPAddress", "OAuthClient")
"""Tables whose IDs are no numbers, and are unique among all accounts."""
SHOWN = 5


# -- choosing ----------------------------------------------------------------------------------------------------------


def rows_of(world: World, tables: Sequence[str]) -> list[Row]:
    """The rows of *tables* in *world*, all that belongs or refers to them, their jobs, and the addresses in use.

    Raises `SandboxError` if one has a running job.
    """
    found: dict[tuple[str, str], Row] = {}
    for table in tables:
        for row in _own(world, table):
            _collect(world, row, found)
    for row in found.values():
        if row.get("_busy"):
            event = world.events.jobs(row)[0]
            raise SandboxError(
                f"the {row['_kind']} {row['_key']} has a running job ({event['action']}), and a part has no events: "
                "advance the clock until it has ended, or export the whole world"
            )
    return [*found.values(), *_jobs(world, found), *_given_out(world)]


def _own(world: World, table: str) -> Iterator[Row]:
    """The rows of *table* besides those of the catalogue."""
    base = catalogue.encoded_rows(table)
    return (row for row in world.read(table) if row["_key"] not in base)


def _collect(world: World, row: Row, found: dict[tuple[str, str], Row]) -> None:
    place = row["_kind"], row["_key"]
    if place in found:
        return
    found[place] = row
    for each in (*world.belonging(row), *_referring(world, row)):
        _collect(world, each, found)


def _referring(world: World, row: Row) -> Iterator[Row]:
    """The rows with a member that refers to *row*."""
    for table, key in _referring_members().get(row["_kind"], ()):
        yield from world.read(table, **{key: world.id_of(row)})


@functools.cache
def _referring_members() -> dict[str, set[tuple[str, str]]]:
    """The tables and members that refer to rows of a table, by its name."""
    found: dict[str, set[tuple[str, str]]] = {}
    for cls in schema.resources():
        if schema.table_of(cls) != cls.__name__:
            continue
        for field in cls._fields.values():
            if isinstance(field, (Ref, RefField)):
                for target in schema.classes(field.argument()):
                    found.setdefault(schema.table_of(target), set()).add((cls.__name__, field.key))
    return found


def _jobs(world: World, found: dict[tuple[str, str], Row]) -> Iterator[Row]:
    """The jobs of the account that are about rows in *found*."""
    for row in world.read("_Job"):
        if row["account"] == world.account and any(place in found for place in _about(row)):
            yield row


def _about(row: Row) -> list[tuple[str, str]]:
    """The table and the key of the object that the job in *row* is about, which is its first row."""
    named = [each["_row"] for each in row["args"] if isinstance(each, dict) and each.keys() == {"_row"}]
    return [(table, key) for table, key in named[:1]]


def _given_out(world: World) -> Iterator[Row]:
    """The rows that tell which addresses are in use."""
    return (row for table in ALLOCATIONS for row in world.read(table))


def account_named(world: World, name: str) -> World:
    """The world of the account with the ID or the company *name*. Raises `SandboxError`."""
    others = [each for each in world.accounts() if each.account]
    for each in others:
        if name in (each.account, owner_of(each)["company"]):
            if world.get("_AccountOf", each.account)["child"]:
                raise SandboxError(f"{name!r} is a child account, which needs its parent: export the whole world")
            return each
    known = (
        ", ".join(repr(owner_of(each)["company"]) for each in others) or "none; the whole world has the sandbox's own"
    )
    raise SandboxError(f"no other account is called {name!r}; the other accounts are: {known}")


def account_rows(world: World) -> list[Row]:
    """The rows of other tables than those of the account of *world*: its entry, tokens and jobs, and the addresses."""
    entry = world.get("_AccountOf", world.account)
    tables = ("_Secret", "_Job", "_Report")
    return [entry, *(row for each in tables for row in world.read(each, account=world.account)), *_given_out(world)]


# -- adding ------------------------------------------------------------------------------------------------------------


def add(world: World, account: str, rows: Iterable[Row], *, shift: float, source: str) -> None:
    """Add *rows* to an *account* of *world*, in a transaction. Times of jobs and meters move by *shift* seconds.

    Raises `SandboxError` if an object with the ID is there, or one that a row refers to is not.
    """
    there = world.in_account(account)
    new = list(rows)
    _refuse_taken(world, there, new, source)
    _refuse_labels(there, new, source)
    for row in new:
        moved = {name: row[name] + shift for name in MOVED.get(row["_kind"], ()) if row[name] is not None}
        there.put({**row, **moved})
        _raise_counter(world, row)


def refuse_dangling(world: World, account: str, row: Row, source: str) -> None:
    """Raise `SandboxError` if an object that *row* refers to does not exist."""
    there = world.in_account(account)
    for target, members in _referring_members().items():
        for table, key in members:
            if table == row["_kind"] and isinstance(id := row.get(key), int) and not there.has(target, id):
                raise SandboxError(
                    f"{source}: the {table} {row['_key']} refers to the {target} {id} ({key}), which neither the "
                    f"document nor the sandbox has; export {target} too"
                )


def _refuse_taken(world: World, there: World, rows: Sequence[Row], source: str) -> None:
    taken = [row for row in rows if any(each.has(row["_kind"], row["_key"]) for each in _owners(world, there, row))]
    if taken:
        taken.sort(key=lambda row: row["_kind"].startswith("_"))
        names = ", ".join(f"{row['_kind']} {row['_key']}" for row in taken[:SHOWN])
        raise SandboxError(
            f"{source} has objects with IDs that the sandbox has already given: {names}"
            f"{' …' if len(taken) > SHOWN else ''}; load it into a new sandbox, or one with another first_id"
        )


def _owners(world: World, there: World, row: Row) -> list[World]:
    """The accounts in which the ID of *row* must not exist: numbers and some names are unique among all accounts."""
    unique = isinstance(row.get(schema.id_key(row["_kind"])), int) or row["_kind"] in UNIQUE
    return world.accounts() if unique else [there]


def _refuse_labels(there: World, rows: Sequence[Row], source: str) -> None:
    for row in rows:
        kind = record(row["_kind"])
        member = kind.events.label
        if kind.refusals.unique and (label := row.get(member)) and there.read(row["_kind"], **{member: label}):
            raise SandboxError(f"{source}: the sandbox has a {row['_kind']} with the label {label!r} already")


def _raise_counter(world: World, row: Row) -> None:
    """Let the next ID of the table of *row* be higher than the row's."""
    id = row.get(schema.id_key(row["_kind"]))
    if isinstance(id, int):
        counter = world.one("_Counter", next=world.first_id, id=row["_kind"])
        counter["next"] = max(counter["next"], id + 1)
