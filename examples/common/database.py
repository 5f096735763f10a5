"""The database: SQLite in a file, or PostgreSQL; its tables are made and changed by Alembic when a process starts."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from alembic import command
from alembic.config import Config
from fastapi import Depends, Request
from sqlalchemy import DateTime, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

Sessions: TypeAlias = sessionmaker[Session]
MIGRATING = 20160401  # the number of the lock that keeps two processes from migrating at once
ATTEMPTS = 100
"""A tenth of a second apart: how often a file is tried that another process changes."""


class Utc(TypeDecorator[datetime]):
    """Times that are aware and in UTC, also in SQLite, which has no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base class of the tables of an application."""

    type_annotation_map = {datetime: Utc}  # noqa: RUF012  it is what SQLAlchemy reads


def open_database(url: str, migrations: Path) -> Sessions:
    """Sessions of the database at *url*, whose tables are brought up to date first; ends a process that has none."""
    engine = create_engine(url, pool_pre_ping=True)
    try:
        if engine.dialect.name == "sqlite":
            _write_ahead(engine.url.database or "")
            event.listen(engine, "connect", _settle_sqlite)
        _upgrade(engine, migrations)
    except (OperationalError, sqlite3.Error) as error:
        raise SystemExit(f"cannot start; DATABASE_URL: {getattr(error, 'orig', error)}") from None
    return sessionmaker(engine, expire_on_commit=False)


def _write_ahead(file: str) -> None:
    """Let readers of the SQLite database in *file*, which is made if need be, not wait for who writes.

    Of processes that ask for it at the same moment SQLite refuses all but one, and has none of them wait.
    """
    with closing(sqlite3.connect(file)) as connection:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or attempt == ATTEMPTS:
                    raise
                time.sleep(0.1)
            else:
                return


def _settle_sqlite(connection: Any, _record: Any) -> None:
    """Writers wait for each other, and what is committed is on the disk."""
    for pragma in ("busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _upgrade(engine: Engine, migrations: Path) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATING})"))
        config = Config()
        config.set_main_option("script_location", str(migrations).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _session(request: Request) -> Iterator[Session]:
    with request.app.state.sessions() as session:
        yield session


Db: TypeAlias = Annotated[Session, Depends(_session)]
