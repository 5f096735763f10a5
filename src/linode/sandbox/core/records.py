"""The rows of an account: read, found, added and removed, with the times in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from . import schema
from .refusals import NotFound
from .rows import Rows
from .schema import Row, Table
from .store import Store
from .tables import Table as Kept

__all__ = ["Records"]


class Records:
    """The rows of an account in a store, at a time."""

    account: str
    first_id: int
    now: float
    _store: Store

    def _table(self, kind: Table) -> Kept:
        name = schema.table_of(kind)
        return self._store.table(name, "" if schema.is_common(name) else self.account)

    def stamp(self, seconds: float = 0) -> str:
        """The time in *seconds* from now, in the API's format."""
        return datetime.fromtimestamp(self.now + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")

    def seconds_until(self, stamp: str) -> float:
        """Seconds from now to the time *stamp*; negative if it is past."""
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp() - self.now

    def next_id(self, table: str) -> int:
        """The next ID of *table*."""
        counter = self.one("_Counter", next=self.first_id, id=table)
        counter["next"] += 1
        return int(counter["next"]) - 1

    def read(self, kind: Table, *parents: Row, **members: Any) -> Rows:
        """The same rows as `rows`, which must not be changed."""
        found = self._table(kind).all()
        if parents:
            members = {schema.link(kind, parents[0]["_kind"]): self.id_of(parents[0]), **members}
        return found.where(members) if members else found

    def rows(self, kind: Table, *parents: Row, **members: Any) -> list[Row]:
        """The rows of *kind*, below the nearest of *parents* if given, with the values *members*."""
        table = self._table(kind)
        return [row for each in self.read(kind, *parents, **members) if (row := table.take(each["_key"])) is not None]

    def find(self, kind: Table, id: Any, *parents: Row) -> Row | None:
        """The row with the ID *id* (an int or a str), below the nearest of *parents* if given, or None."""
        above = [self.id_of(each) for each in parents]
        if parents and not isinstance(kind, str):
            above += [parents[-1][f"_{name}"] for name in kind._parent_names[len(parents) :]]
        row = self._table(kind).take(schema.key_of(kind, id, above))
        if row is not None and parents and row.get(schema.link(kind, parents[0]["_kind"])) != above[0]:
            return None
        return row

    def peek(self, kind: Table, id: Any) -> Row | None:
        """The row of *kind*, whose IDs are unique without a parent, with the ID *id*; it must not be changed."""
        return self._table(kind).get(str(id))

    def has(self, kind: Table, id: Any) -> bool:
        """Whether a row of *kind*, whose IDs are unique without a parent, has the ID *id*."""
        return str(id) in self._table(kind)

    def get(self, kind: Table, id: Any, *parents: Row) -> Row:
        """The row of `find`. Raises `NotFound` if there is none."""
        row = self.find(kind, id, *parents)
        if row is None:
            raise NotFound
        return row

    def at(self, table: str, key: str) -> Row | None:
        """The row with the *key* in *table*, or None."""
        return self._table(table).take(key)

    def only(self, kind: Table, parent: Row) -> Row:
        """The only row of *kind* below *parent*. Raises `NotFound` if there is none."""
        found = self.rows(kind, parent)
        if not found:
            raise NotFound
        return found[0]

    def one(self, kind: Table, **defaults: Any) -> Row:
        """The only row of *kind* (or that with the ``id`` in *defaults*), created with *defaults* if it is missing."""
        table = schema.table_of(kind)
        key = str(defaults.get("id", ""))
        row = self._table(table).take(key)
        if row is None:
            row = {
                **({} if isinstance(kind, str) else schema.empty_members(kind)),
                **defaults,
                "_kind": table,
                "_key": key,
            }
            self._table(table).put(key, row)
        return row

    def add(self, kind: Table, *parents: Row, **members: Any) -> Row:
        """Add a row of *kind* below *parents* (nearest first); members that are not given are empty."""
        table, id_key = schema.table_of(kind), schema.id_key(kind)
        row: Row = {} if isinstance(kind, str) else schema.empty_members(kind)
        for stamp in ("created", "updated"):
            if stamp in row:
                row[stamp] = self.stamp()
        above = schema.parent_members(kind, parents)
        row |= {**members, **above, "_kind": table}
        if id_key not in members:
            row[id_key] = self.next_id(table)
        row["_key"] = schema.key_of(kind, row[id_key], list(above.values()))
        self._table(table).put(row["_key"], row)
        return row

    def remove(self, row: Row) -> None:
        """Delete *row* and all rows that belong to it."""
        for each in self.belonging(row):
            self.remove(each)
        self._table(row["_kind"]).drop(row["_key"])

    def hand_over(self, row: Row, other: Records) -> None:
        """Move *row* and all rows that belong to it to the *other* account, with the same IDs."""
        for each in self.belonging(row):
            self.hand_over(each, other)
        self._table(row["_kind"]).drop(row["_key"])
        other.put(row)

    def put(self, row: Row) -> None:
        """Add *row* as it is, with its table and its key."""
        self._table(row["_kind"]).put(row["_key"], row)

    def belonging(self, row: Row) -> list[Row]:
        """The children of *row*, and the rows that name it as their holder."""
        children = [each for cls in schema.children_of(row["_kind"]) for each in self.rows(cls, row)]
        return [
            *children,
            *(each for name in schema.tables_with_holder() for each in self.rows(name, _holder=self.holder(row))),
        ]

    def holder(self, row: Row) -> str:
        """The value of ``_holder`` for rows that belong to *row*, in a table with `Storage.held`."""
        return f"{row['_kind']}/{row['_key']}"

    def id_of(self, row: Row) -> Any:
        """The ID of *row*."""
        return schema.id_of(row)

    def parent(self, row: Row) -> Row:
        """The nearest parent of *row*. Raises LookupError if it has none."""
        name, target, key = schema.parent_of(row)
        found = self._table(target).take(key)
        if found is None:
            raise LookupError(f"the {name} of {row['_key']} was deleted")
        return found
