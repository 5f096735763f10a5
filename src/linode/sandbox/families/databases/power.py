"""Suspending, resuming and patching a database: verbs of every engine."""

from __future__ import annotations

from linode.api.databases.databases import DatabaseInstance

from ...engine.registry import Refused, Row, World, job, on
from .rows import DAY, activate, check_active, finish_event

__all__: list[str] = []

PATCH, AWAKE, RESUME = 120, 60, 480
"""Seconds: of a patch, until a resumed database is ``resuming``, and from then on until it is active. Guesses: it took
minutes, and more than ten minutes, when it was recorded; the vendor's tests wait ten minutes for a resumed one."""
SUSPENDED = 180 * DAY
"""Seconds after which a suspended database is deleted."""


@on(DatabaseInstance.patch)
def patch(world: World, row: Row) -> None:
    """Apply the pending updates now."""
    check_active(row)
    row["status"] = "updating"
    row["updates"]["pending"] = []
    world.events.notify("database_upgrade", row)
    world.takes(PATCH, activate, row, action="database_upgrade")


@on(DatabaseInstance.suspend)
def suspend(world: World, row: Row) -> None:
    """Suspend it; it is deleted when nobody resumes it."""
    check_active(row)
    row |= {"status": "suspended", "updated": world.stamp()}
    finish_event(world.events.notify("database_update", row))
    row["_expiry"] = world.later(SUSPENDED, expire, row)


@job("databases.expire")
def expire(world: World, row: Row) -> None:
    """Nobody has resumed the database in time."""
    world.events.notify("database_delete", row)
    world.remove(row)


@on(DatabaseInstance.resume)
def resume(world: World, row: Row) -> None:
    """Resume it: its nodes go, the primary first, and come back in the end."""
    if row["status"] != "suspended" or row.get("_expiry") is None:
        raise Refused("The database must be suspended")  # refused for certain, in words of the sandbox's own
    world.cancel(row.pop("_expiry"))
    row["members"] = {address: role for address, role in row["members"].items() if role != "primary"}
    world.events.notify("database_resume", row)
    world.takes(AWAKE, wake, row)


@job("databases.wake")
def wake(world: World, row: Row) -> None:
    """The database has left its sleep, and is not ready yet."""
    row |= {"status": "resuming", "members": {}, "updated": world.stamp()}
    world.takes(RESUME, activate, row, action="database_resume")
