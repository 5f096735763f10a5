"""The user who asks, and what belongs to that user alone."""

from __future__ import annotations

from typing import Any

from linode.sandbox.engine.registry import NotFound, Row, World, on

__all__ = ["asker", "mine", "private"]


def asker(world: World) -> Row:
    """The row of the user who asks."""
    if world.user is None:
        raise LookupError("nobody asks")
    return world.user


def mine(world: World, row: Row) -> Row:
    """*row*, when it belongs to the user who asks. Raises `NotFound` otherwise."""
    if row["_user"] != asker(world)["username"]:
        raise NotFound
    return row


def private(cls: Any) -> None:
    """Let every user see only the own rows of *cls*, which tell in ``_user`` whose they are."""
    on.list(cls)(lambda world: world.rows(cls, _user=asker(world)["username"]))
    on.get(cls)(mine)
