"""Where rows are kept: dictionaries in memory, and an SQLite file when the world is to outlive the process.

A transaction begins with the first row that is taken. At its end the rows that were taken are compared with what they
were; so rows are changed in place, and what changed is written in one piece, or forgotten in one piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from . import catalogue
from .kinds import Row
from .refusals import SandboxError

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Store"]

FORMAT = "1"
_encode = msgspec.json.Encoder().encode
_decode: Any = msgspec.json.Decoder().decode


class Store:
    """Tables of rows by key. ``path`` is an SQLite file; None keeps everything in memory."""

    def __init__(self, path: str | None = None) -> None:
        self._kept: dict[str, dict[str, bytes | None]] = {}
        self._tables: dict[str, dict[str, Row]] = {}
        self._taken: dict[tuple[str, str], None] = {}
        self._file = _File(path) if path is not None else None
        if self._file is not None:
            for table, key, data in self._file.rows():
                self._kept.setdefault(table, {})[key] = data

    def read(self, table: str) -> Mapping[str, Row]:
        """All rows of *table* by key, to be read and not to be changed."""
        found = self._tables.get(table)
        if found is None:
            found = catalogue.rows(table)
            for key, data in self._kept.get(table, {}).items():
                if data is None:
                    found.pop(key, None)
                else:
                    found[key] = _decode(data)
            self._tables[table] = found
        return found

    def for_update(self, table: str, key: str) -> Row | None:
        """The row, to be changed at will; None when there is none."""
        row = self.read(table).get(key)
        if row is not None:
            self._taken[table, key] = None
        return row

    def put(self, table: str, key: str, row: Row) -> None:
        """Add *row*, or replace the one that is there."""
        self.read(table)
        self._tables[table][key] = row
        self._taken[table, key] = None

    def drop(self, table: str, key: str) -> None:
        """Delete the row."""
        self.read(table)
        self._tables[table].pop(key, None)
        self._taken[table, key] = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep the changes made inside when it ends well; undo them when it raises or they cannot be kept."""
        try:
            yield
            self._keep()
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        for table in {table for table, _ in self._taken}:
            del self._tables[table]
        self._taken.clear()

    def _keep(self) -> None:
        changes: list[tuple[str, str, bytes | None]] = []
        for table, key in self._taken:
            row = self._tables[table].get(key)
            data = None if row is None else _encode(row)
            kept = self._kept.get(table, {})
            before = kept[key] if key in kept else catalogue.base(table).get(key)
            if data != before:
                changes.append((table, key, data))
        if self._file is not None and changes:
            self._file.write(changes)
        for table, key, data in changes:
            self._kept.setdefault(table, {})[key] = data
        self._taken.clear()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


class _File:
    """An SQLite file with one table of rows. It belongs to one process at a time."""

    def __init__(self, path: str) -> None:
        import sqlite3  # noqa: PLC0415 - only a sandbox with a data file needs it

        self.path = path
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
        # Rows live in this process's memory, so that a second process on the file would overwrite its work.
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
            raise SandboxError(f"{self.path} was made by another version of the sandbox; take another file")

    def rows(self) -> list[tuple[str, str, bytes | None]]:
        return self._db.execute("SELECT kind, key, data FROM rows ORDER BY rowid").fetchall()

    def write(self, changes: list[tuple[str, str, bytes | None]]) -> None:
        """All of *changes* in one transaction; an update leaves a row its place in the order."""
        self._db.execute("BEGIN")
        try:
            self._db.executemany(
                "INSERT INTO rows VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET data = excluded.data",
                changes,
            )
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()
