"""States that pass by themselves: ``creating`` and ``updating`` end as ``active``, ``deleting`` ends the row."""

from __future__ import annotations

from linode.sandbox.engine.registry import Refused, Row, World, job

__all__ = ["CONFLICT", "begin", "conflict", "refuse_unless"]

CONFLICT = 409


def begin(world: World, row: Row, status: str, seconds: float) -> None:
    """Set the *status* of *row* for *seconds*; an earlier temporary status ends."""
    world.cancel(row.get("_job"))
    row["status"] = status
    row["_job"] = world.takes(seconds, end, row)


@job("nfs.end_of_status")
def end(world: World, row: Row) -> None:
    """End the temporary status: the row is active, or is deleted."""
    if row["status"] == "deleting":
        world.remove(row)
    else:
        row |= {"status": "active", "_job": None}


def conflict(reason: str, field: str | None = None) -> Refused:
    """A refusal with the API's status for a conflict; its words are not on record."""
    return Refused(reason, field, status=CONFLICT)


def refuse_unless(row: Row, *statuses: str) -> None:
    """Raise a refusal when *row* has none of *statuses*."""
    if row["status"] not in statuses:
        # A guess that the API refuses; the message is the sandbox's own.
        raise conflict(f"{row['label']} is {row['status']}")
