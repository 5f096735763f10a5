"""Databases of each engine, and the client's methods for them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack

from linode._model import BaseClient, Call, Many, ReadOnly, action, body, flow

from .databases import Database, DatabaseInstance, fork_of
from .pools import DatabaseConnectionPool, DatabaseConnectionPoolOptions, PoolLabel, PoolMode, PoolSize
from .values import DatabaseForkOptions, DatabaseLabel, DatabaseOptions

if TYPE_CHECKING:
    from ..regions import Region
    from .catalogue import DatabaseEngine, DatabaseType


class MySQLDatabase(DatabaseInstance):
    """A MySQL database."""

    path = "/databases/mysql/instances/{id}"

    @flow
    def create_fork(
        self, restore_time: datetime | None = None, **options: Unpack[DatabaseForkOptions]
    ) -> Call[MySQLDatabase]:
        """Create a database with the data that this one had at *restore_time* (now by default); returns the new one.

        Raises `InvalidRequestError` when this one is not ``active``, ``degraded`` or ``failed``, or has no backup of
        that time.
        """
        return fork_of(self, MySQLDatabase, restore_time, options)


class PostgreSQLDatabase(DatabaseInstance):
    """A PostgreSQL database."""

    path = "/databases/postgresql/instances/{id}"

    connection_pool_port: ReadOnly[int]
    """Port of the connection pools."""
    connection_pools: Many[DatabaseConnectionPool] = Many("connection-pools")

    @flow
    def create_fork(
        self, restore_time: datetime | None = None, **options: Unpack[DatabaseForkOptions]
    ) -> Call[PostgreSQLDatabase]:
        """Create a database with the data that this one had at *restore_time* (now by default); returns the new one.

        Raises `InvalidRequestError` when this one is not ``active``, ``degraded`` or ``failed``, or has no backup of
        that time.
        """
        return fork_of(self, PostgreSQLDatabase, restore_time, options)

    @action
    def create_connection_pool(
        self,
        label: PoolLabel,
        mode: PoolMode,
        size: PoolSize,
        username: str | None,
        **options: Unpack[DatabaseConnectionPoolOptions],
    ) -> Call[DatabaseConnectionPool]:
        """Create a pool of *size* connections that clients share, and return it.

        *username* is the user of the connections; None for the user who connects. Raises `InvalidRequestError` when
        the label is taken or the database is not ``active``.
        """
        sent = body(label=label, mode=mode, size=size, username=username, **options)
        return self._creates(DatabaseConnectionPool, "connection-pools", sent)


class ValkeyDatabase(DatabaseInstance):
    """A Valkey database. The API offers Valkey to few accounts so far."""

    path = "/databases/valkey/instances/{id}"

    available_restore_times: ReadOnly[list[str]]
    """Times to which the data can be restored."""

    @flow
    def create_fork(
        self, restore_time: datetime | None = None, **options: Unpack[DatabaseForkOptions]
    ) -> Call[ValkeyDatabase]:
        """Create a database with the data that this one had at *restore_time* (now by default); returns the new one.

        Raises `InvalidRequestError` when this one is not ``active``, ``degraded`` or ``failed``, or has no backup of
        that time.
        """
        return fork_of(self, ValkeyDatabase, restore_time, options)


INSTANCES: dict[str, Any] = {
    "mysql": MySQLDatabase,
    "postgresql": PostgreSQLDatabase,
    "valkey": ValkeyDatabase,
}
"""Classes by the engine."""


class DatabasesMixin(BaseClient):
    """Methods of a client for databases."""

    get_databases: Many[Database] = Many("/databases/instances")
    """Databases of all engines; `Database.instance` is the object of the engine's class."""
    get_mysql_databases: Many[MySQLDatabase] = Many("/databases/mysql/instances")
    """MySQL databases of the account."""
    get_postgresql_databases: Many[PostgreSQLDatabase] = Many("/databases/postgresql/instances")
    """PostgreSQL databases of the account."""
    get_valkey_databases: Many[ValkeyDatabase] = Many("/databases/valkey/instances")
    """Valkey databases of the account."""

    @action
    def create_mysql_database(
        self,
        label: DatabaseLabel,
        region: Region | str,
        type: DatabaseType | str,
        engine: DatabaseEngine | str,
        **options: Unpack[DatabaseOptions],
    ) -> Call[MySQLDatabase]:
        """Create a MySQL database and return it; it takes 10 to 30 minutes to become ``active``.

        *engine* has the major version: ``mysql/8``. Raises `InvalidRequestError` when a MySQL database has the label,
        or the type does not come in that number of nodes.
        """
        sent = body(label=label, region=region, type=type, engine=engine, **options)
        return self._creates(MySQLDatabase, "/databases/mysql/instances", sent)

    @action
    def create_postgresql_database(
        self,
        label: DatabaseLabel,
        region: Region | str,
        type: DatabaseType | str,
        engine: DatabaseEngine | str,
        **options: Unpack[DatabaseOptions],
    ) -> Call[PostgreSQLDatabase]:
        """Create a PostgreSQL database and return it; it takes 10 to 30 minutes to become ``active``.

        *engine* has the major version: ``postgresql/17``. Raises `InvalidRequestError` when a PostgreSQL database has
        the label, or the type does not come in that number of nodes.
        """
        sent = body(label=label, region=region, type=type, engine=engine, **options)
        return self._creates(PostgreSQLDatabase, "/databases/postgresql/instances", sent)

    @action
    def create_valkey_database(
        self,
        label: DatabaseLabel,
        region: Region | str,
        type: DatabaseType | str,
        engine: DatabaseEngine | str,
        **options: Unpack[DatabaseOptions],
    ) -> Call[ValkeyDatabase]:
        """Create a Valkey database and return it; it takes 10 to 30 minutes to become ``active``.

        *engine* has the major version. Raises `InvalidRequestError` when a Valkey database has the label, or the type
        does not come in that number of nodes.
        """
        sent = body(label=label, region=region, type=type, engine=engine, **options)
        return self._creates(ValkeyDatabase, "/databases/valkey/instances", sent)
