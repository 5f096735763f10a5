"""What locks keep from happening: the deletion of an object, and of what belongs to it, and what comes to the same."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.kind import record
from ..core.kinds import Row
from ..core.refusals import Refused
from .routes import Route

__all__ = ["check"]

WHOLE = "cannot_delete_with_subresources"
"""The lock that keeps what belongs to an object too."""


def check(route: Route, rows: Sequence[Row]) -> None:
    """Raise a refusal when a lock forbids *route*; *rows* are those of its path, nearest first.

    That a lock refuses is known, and that the reason has the word; the reason's other words, and the status, are not.
    """
    if route.cls is None or not (route.operation == "delete" or _as_deletion(route)):
        return
    for at, row in enumerate(rows):
        kept = record(row["_kind"])
        locks = [each for each in row.get("locks") or () if at == 0 or each == WHOLE] if kept.lock else []
        if locks:
            name = route.cls.__name__
            done = f"delete this {name}" if route.operation == "delete" else f"do this with the {name}"
            raise Refused(f"The {locks[0]} lock needs to be removed to {done}")  # own words


def _as_deletion(route: Route) -> bool:
    return route.cls is not None and any(key in record(route.cls).locked for key in route.keys)
