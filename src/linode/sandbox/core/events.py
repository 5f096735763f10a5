"""Events: what the API tells about what happens, and jobs that take their time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from . import kinds
from .jobs import job, job_called, name_of
from .kind import record
from .refusals import Refused

if TYPE_CHECKING:
    from .kinds import Row
    from .world import World

__all__ = ["Events", "progress"]

START_AFTER = 1.0
"""Seconds that a job is scheduled before it starts."""


class Events:
    """The part of the world that keeps its log."""

    user: Row | None

    def notify(self, action: str, entity: Row | None, secondary: Row | None = None, *, message: str = "") -> Row:
        """An event that something has happened to the row *entity*."""
        return self._event(action, entity, secondary, status="notification", percent_complete=None, message=message)

    def schedule(
        self,
        action: str,
        entity: Row,
        secondary: Row | None = None,
        *,
        seconds: float,
        then: Callable[..., None] | None = None,
        args: Sequence[Any] = (),
        after: Row | None = None,
    ) -> Row:
        """An event that ends in *seconds*, when the job *then* is called with *args*; until then *entity* is busy."""
        name = None if then is None else name_of(then)
        event = self._event(action, entity, secondary, status="scheduled", percent_complete=0)
        event |= {"_seconds": seconds, "_then": name, "_args": list(args)}
        event["_entity"] = [entity["_kind"], self._self.id_of(entity)]
        entity["_busy"] = [*entity.get("_busy", []), event["id"]]
        if after is not None and after["status"] in ("scheduled", "started"):
            after["_next"] = [*after.get("_next", []), event["id"]]
        else:
            self._self.later(min(START_AFTER, seconds), _start, event["id"])
        return event

    def busy(self, row: Row) -> bool:
        """Whether a job of *row* is under way."""
        return bool(row.get("_busy"))

    def refuse_busy(self, row: Row) -> None:
        """Raise the API's refusal when a job of *row* is under way."""
        if self.busy(row):
            raise Refused("Linode busy.")

    def entity(self, row: Row | None) -> Row | None:
        """How events show *row*."""
        if row is None:
            return None
        kind = row["_kind"]
        return {
            "label": row.get(record(kind).label),
            "id": self._self.id_of(row),
            "type": kinds.entity_type(kind),
            "url": f"/v4{self._url(row)}",
        }

    @property
    def _self(self) -> World:
        return cast("World", self)

    def _url(self, row: Row) -> str:
        cls = next(iter(kinds.classes_of(row["_kind"])), None)
        if cls is None:
            return ""
        names = {name: row.get(f"_{name}") for name in cls._parent_names}
        return cls.path.format_map({**names, cls.id_key or "": self._self.id_of(row)})

    def _event(self, action: str, entity: Row | None, secondary: Row | None, **members: Any) -> Row:
        world = self._self
        defaults = {
            "created": world.stamp(),
            "seen": False,
            "read": False,
            "time_remaining": None,
            "rate": None,
            "duration": None,
            "action": action,
            "username": self.user and self.user["username"],
            "entity": self.entity(entity),
            "secondary_entity": self.entity(secondary),
            "message": "",
            "details": {},
        }
        return world.add("Event", **{**defaults, **members})


def progress(world: World, event: Row) -> Row:
    """The event as it looks now: a job under way has come as far as the clock says."""
    if event["status"] == "started":
        gone = world.now - event["_began"]
        whole = max(event["_seconds"] - START_AFTER, 0.001)
        event["percent_complete"] = min(int(100 * gone / whole), 99)
        event["duration"] = round(gone, 6)
    return event


@job("events.start")
def _start(world: World, event_id: int) -> None:
    event = world.get("Event", event_id)
    event |= {"status": "started", "_began": world.now}
    world.later(event["_seconds"] - START_AFTER, _finish, event_id)


@job("events.finish")
def _finish(world: World, event_id: int) -> None:
    event = world.get("Event", event_id)
    entity = world.find(*event["_entity"])
    if entity is not None:
        entity["_busy"] = [each for each in entity["_busy"] if each != event_id]
    event |= {"status": "finished", "percent_complete": 100, "duration": float(round(world.now - event["_began"]))}
    if event["_then"] is not None:
        try:
            job_called(event["_then"])(world, *event["_args"])
        except Refused as no:
            event |= {"status": "failed", "message": no.reasons[0][0]}
    for next_id in event.pop("_next", []):
        world.later(START_AFTER, _start, next_id)
