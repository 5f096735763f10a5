"""The store of rows: dictionaries in memory, and an optional SQLite file that outlives the process.

A transaction begins with the first row that is taken. Rows are changed in place; at the end of the transaction the
rows that were taken are compared with their bytes, and all changes are written and indexed, or all are undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from . import catalogue
from .refusals import NotSaved, SandboxError
from .tables import Saved, Table

if TYPE_CHECKING:
    import sqlite3

    from .schema import Row

__all__ = ["SavedStore", "Store"]

FORMAT = "1"


class Store:
    """Tables of rows by key. ``path`` is an SQLite file; None keeps everything in memory."""

    def __init__(self, path: str | None = None) -> None:
        self._tables: dict[str, Table] = {}
        self._touched: dict[str, Table] = {}
        """The tables whose rows the transaction has taken: a read has taken a few, and changed none."""
        self._filed: dict[str, dict[str, bytes | None]] = {}
        self._file = _File(path) if path is not None else None
        if self._file is not None:
            for table, key, data in self._file.rows():
                self._filed.setdefault(table, {})[key] = data

    def table(self, name: str, account: str = "") -> Table:
        """The table *name* of an *account* (``""``: the sandbox's own), including rows of the catalogue."""
        place = _place(name, account)
        found = self._tables.get(place)
        if found is None:
            kept = {**catalogue.encoded_rows(name), **self._filed.pop(place, {})}
            found = self._new(place, {key: data for key, data in kept.items() if data is not None})
        return found

    def _new(self, place: str, kept: dict[str, bytes]) -> Table:
        def begun() -> None:
            self._touched[place] = table

        table = self._tables[place] = Table(place.rpartition("/")[2], kept, begun)
        return table

    def taken(self, name: str, account: str = "") -> dict[str, Row | None]:
        """The rows of the table *name* that the transaction has taken, by key; None for deleted rows."""
        found = self._tables.get(_place(name, account))
        return {} if found is None else found.taken()

    @contextmanager
    def transaction(self, last: Callable[[], None]) -> Iterator[None]:
        """Keep the changes made in the block; undo them if it raises or they cannot be written.

        If there are changes, *last* is called before they are kept. Raises `NotSaved` if the file cannot be written.
        """
        try:
            yield
            self._keep(last)
        except BaseException:
            for table in self._touched.values():
                table.undo()
            self._touched.clear()
            raise

    def saved(self) -> SavedStore:
        """All rows as the last transaction has left them."""
        return SavedStore({place: table.saved() for place, table in self._tables.items()}, dict(self._filed))

    def restore(self, saved: SavedStore) -> None:
        """Replace all rows by those of *saved*, in the file as well. Raises `NotSaved` if it cannot be written."""
        if self._file is not None:
            self._file.replace(saved.rows())
        self._filed = dict(saved.filed)
        for place in self._tables.keys() - saved.tables.keys():
            del self._tables[place]
        for place, each in saved.tables.items():
            if place not in self._tables:
                self._new(place, {})
            self._tables[place].restore(each)
        self._touched.clear()

    @property
    def filed(self) -> bool:
        """Whether the rows are kept in an open file."""
        return self._file is not None and self._file.open

    def _keep(self, last: Callable[[], None]) -> None:
        changes: dict[str, dict[str, bytes | None]] = {}
        if any(table.changes() for table in self._touched.values()):
            last()
            changes = {name: table.changes() for name, table in self._touched.items()}
            if self._file is not None:
                self._file.write([(name, key, data) for name, found in changes.items() for key, data in found.items()])
        for name, table in self._touched.items():
            table.keep(changes.get(name, {}))
        self._touched.clear()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


class SavedStore(NamedTuple):
    """The rows of a `Store`, which are not changed: tables, and rows of the file that no table has read yet."""

    tables: dict[str, Saved]
    filed: dict[str, dict[str, bytes | None]]

    def rows(self) -> Iterator[tuple[str, str, bytes | None]]:
        """All rows besides unchanged ones of the catalogue, by place and key; None: the catalogue's row was deleted."""
        for place, rows in self.filed.items():
            yield from ((place, key, data) for key, data in rows.items())
        for place, table in self.tables.items():
            base = catalogue.encoded_rows(place.rpartition("/")[2])
            keys = map(table.keys.__getitem__, table.places)
            yield from ((place, key, table.kept[key]) for key in keys if table.kept[key] != base.get(key))
            yield from ((place, key, None) for key in base if key not in table.kept)


def _place(name: str, account: str) -> str:
    """The key of the table *name* of an *account*."""
    return f"{account}/{name}" if account else name


class _File:
    """An SQLite file with one table of rows. Only one process can open it at a time."""

    def __init__(self, path: str) -> None:
        import sqlite3  # noqa: PLC0415 - only a sandbox with a data file needs it

        self.path = path
        self.open = True
        self._error = sqlite3.Error
        try:
            self._db = sqlite3.connect(path, timeout=1, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise SandboxError(f"cannot use {path} as the sandbox's data file: {error}") from error
        try:
            self._open(self._db)
        except sqlite3.Error as error:
            self._db.close()
            cure = "; another sandbox has it open" if "locked" in str(error) else ""
            raise SandboxError(f"cannot use {path} as the sandbox's data file: {error}{cure}") from error

    def _open(self, db: sqlite3.Connection) -> None:
        # Rows are in the memory of this process, so a second process with the file would overwrite its changes.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("BEGIN EXCLUSIVE")
        db.execute("CREATE TABLE IF NOT EXISTS format (version TEXT NOT NULL)")
        db.execute("CREATE TABLE IF NOT EXISTS rows (kind TEXT, key TEXT, data BLOB, PRIMARY KEY (kind, key))")
        version = db.execute("SELECT version FROM format").fetchone()
        if version is None:
            db.execute("INSERT INTO format VALUES (?)", (FORMAT,))
        db.execute("COMMIT")
        if version is not None and version[0] != FORMAT:
            db.close()
            raise SandboxError(f"{self.path} was written by another version of the sandbox; use another file")

    def rows(self) -> list[tuple[str, str, bytes | None]]:
        return self._db.execute("SELECT kind, key, data FROM rows ORDER BY rowid").fetchall()

    def write(self, changes: list[tuple[str, str, bytes | None]]) -> None:
        """Write all *changes* in one transaction; an updated row keeps its position in the order."""
        self._write("", changes)

    def _write(self, first: str, changes: Iterable[tuple[str, str, bytes | None]]) -> None:
        """Execute *first*, and write *changes*, in one transaction."""
        try:
            self._db.execute("BEGIN")
            self._db.execute(first)
            self._db.executemany(
                "INSERT INTO rows VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET data = excluded.data",
                changes,
            )
            self._db.execute("COMMIT")
        except BaseException as error:
            if self.open and self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, self._error):
                cure = "; make room on its disk, and try again" if "full" in str(error) else ""
                raise NotSaved(f"cannot write to {self.path}: {error}{cure}") from error
            raise

    def replace(self, rows: Iterator[tuple[str, str, bytes | None]]) -> None:
        """Replace all rows of the file by *rows*."""
        self._write("DELETE FROM rows", rows)

    def close(self) -> None:
        self.open = False
        self._db.close()
