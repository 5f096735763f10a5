"""The database: SQLite in a file, or PostgreSQL; its tables are made and changed by Alembic when a process starts."""

from __future__ import annotations

from collections.abc import Iterator
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


class Utc(TypeDecorator[datetime]):
    """Times that are aware and in UTC, also in SQLite, which has no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        return value if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What the tables of an application derive from."""

    type_annotation_map = {datetime: Utc}  # noqa: RUF012  it is what SQLAlchemy reads


def open_database(url: str, migrations: Path) -> Sessions:
    """Sessions of the database at *url*, whose tables are brought up to date first; ends a process that has none."""
    engine = create_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _settle_sqlite)
    try:
        _upgrade(engine, migrations)
    except OperationalError as error:
        raise SystemExit(f"cannot start; DATABASE_URL: {error.orig}") from None
    return sessionmaker(engine, expire_on_commit=False)


def _settle_sqlite(connection: Any, _record: Any) -> None:
    """Readers do not wait for the writer, writers wait for each other, and what is committed is on the disk."""
    for pragma in ("journal_mode=WAL", "busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
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
