"""Connection pools of PostgreSQL databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from linode._model import Bounds, Field, Options, Parent, ReadOnly, Resource

if TYPE_CHECKING:
    from .engines import PostgreSQLDatabase

PoolLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=63)]
PoolSize: TypeAlias = Annotated[int, Bounds(ge=1)]
PoolMode: TypeAlias = Literal["transaction", "session", "statement"] | str


class DatabaseConnectionPoolOptions(Options, total=False):
    """Options of `PostgreSQLDatabase.create_connection_pool` besides what it requires."""

    database: str
    """Name of the database inside PostgreSQL to connect to."""


class DatabaseConnectionPool(Resource):
    """A pool of connections to a PostgreSQL database; clients connect to its port, `connection_pool_port`."""

    path = "/databases/postgresql/instances/{instance}/connection-pools/{label}"
    unique = "label"
    scope = "databases"

    instance: Parent[PostgreSQLDatabase]
    """Database that the pool belongs to."""
    label: ReadOnly[PoolLabel]
    """Label, which is the ID of the pool in the database: 1 to 63 characters."""
    database: Field[str]
    """Name of the database inside PostgreSQL."""
    mode: Field[PoolMode]
    """Time that a client keeps a connection for: a transaction, a session or a statement."""
    size: Field[PoolSize]
    """Number of connections, 1 at least."""
    username: Field[str | None]
    """User of the connections; None for the user who connects."""
