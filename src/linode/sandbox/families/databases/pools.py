"""Connection pools of PostgreSQL databases."""

from __future__ import annotations

from typing import Any

from linode.api.databases.pools import DatabaseConnectionPool

from ...core.kind import Kind, Refusals
from ...engine import rules
from ...engine.registry import Refused, Row, World, on
from .rows import check_active

__all__: list[str] = []

DATABASE = "defaultdb"
"""The database that a pool is for which names none: a guess."""

on.kind(Kind(of=DatabaseConnectionPool, refusals=Refusals(unique="connection pools")))  # a guess at the words


@on.create(DatabaseConnectionPool, unchecked=("username",))
def create(
    world: World, instance: Row, label: str, mode: str, size: int, username: Any = ..., database: str = DATABASE
) -> Row:
    """Create a pool. A user name that is null is that of the user who connects."""
    if username is ...:
        raise Refused("username is required", field="username")
    check_active(instance)
    return rules.create(
        world, DatabaseConnectionPool, instance, label=label, mode=mode, size=size, username=username, database=database
    )


@on.update(DatabaseConnectionPool)
def update(world: World, pool: Row, **changes: Any) -> Row:
    """Change anything but the label."""
    check_active(world.parent(pool))
    return rules.update_one(world, DatabaseConnectionPool, pool, **changes)


@on.delete(DatabaseConnectionPool)
def delete(world: World, pool: Row) -> None:
    """Delete it; its clients lose their connections."""
    check_active(world.parent(pool))
    world.remove(pool)
