"""Locks: they prevent the deletion of an object, of its subresources, and equivalent operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..core.kind import record
from ..core.refusals import Refused
from ..core.schema import Row

if TYPE_CHECKING:
    from .routes import Route

__all__ = ["check", "refuse_locked"]

WHOLE = "cannot_delete_with_subresources"
"""The lock that also protects the subresources of an object."""


def check(route: Route, rows: Sequence[Row]) -> None:
    """Raise a refusal if a lock forbids *route*; *rows* are those of its path, nearest first.

    Operations that delete other objects than those in the path call `refuse_locked`. The API is known to refuse with a
    reason that contains the lock's name; its other words and the status are not known.
    """
    if route.cls is None or not (route.operation == "delete" or _as_deletion(route)):
        return
    name = route.cls.__name__
    done = f"delete this {name}" if route.operation == "delete" else f"do this with the {name}"
    for at, row in enumerate(rows):
        refuse_locked(row, done, below=at > 0)


def refuse_locked(row: Row, done: str, *, below: bool = False) -> None:
    """Raise a refusal if *row* has a lock that forbids *done*; *below*: for a subresource of *row*."""
    locks = (
        [each for each in row.get("locks") or () if each == WHOLE or not below]
        if record(row["_kind"]).lock.type
        else []
    )
    if locks:
        raise Refused(f"The {locks[0]} lock needs to be removed to {done}")  # own words


def _as_deletion(route: Route) -> bool:
    return route.cls is not None and any(key in record(route.cls).lock.forbids for key in route.keys)
