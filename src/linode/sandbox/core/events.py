"""Events: what the API tells about what happens, and jobs that take their time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    patient = False
    """Whether no order of the request under way is refused because a Linode is busy: it waits its turn instead."""

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
        begin: Callable[..., None] | None = None,
        then: Callable[..., None] | None = None,
        args: Sequence[Any] = (),
        after: Iterable[Row] = (),
        ahead: bool = False,
        pause: float = 0,
        also: Row | None = None,
    ) -> Row:
        """An event of a job that waits its turn, which comes when the events *after* have ended, or after a *pause*.

        At its turn the job *begin* is called with *args*, and *seconds* later the job *then*. A `Refused` that either
        raises makes the event ``failed``; where *begin* is called at once, it is the caller's. Until the end *entity*,
        and *also*, are busy. *ahead*: what waits already for *entity* waits for this event as well.
        """
        event = self._event(action, entity, secondary, status="scheduled", percent_complete=0)
        before = [each for each in after if each["status"] in ("scheduled", "started")]
        event |= {"_seconds": seconds, "_args": list(args), "_waits": [each["id"] for each in before]}
        event |= {"_begin": begin and name_of(begin), "_then": then and name_of(then)}
        event["_entity"] = [entity["_kind"], self._self.id_of(entity)]
        event["_also"] = None if also is None else [also["_kind"], self._self.id_of(also)]
        for each in [each for each in self.jobs(entity) if each.get("_waits")] if ahead else ():
            _wait(each, event)
        for row in (entity, also):
            if row is not None:
                row["_busy"] = [*row.get("_busy", []), event["id"]]
        for each in before:
            each["_next"] = [*each.get("_next", []), event["id"]]
        if pause:
            self._self.later(pause, _take_turn, event["id"])
        elif not before:
            if begin is not None:
                begin(self._self, *args)
            self._self.later(min(START_AFTER, seconds), _start, event["id"])
        return event

    def jobs(self, row: Row) -> list[Row]:
        """The events of the jobs that *row* is busy with, those that wait their turn among them, oldest first."""
        return [self._self.get("Event", each) for each in row.get("_busy", [])]

    def busy(self, row: Row) -> bool:
        """Whether a job of *row* is under way, or waits."""
        return bool(row.get("_busy"))

    def refuse_busy(self, row: Row) -> None:
        """Raise the API's refusal when a job of *row* is under way, unless all orders of this request are to wait."""
        if self.busy(row) and not self.patient:
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
    event |= {"status": "finished", "percent_complete": 100, "duration": float(round(world.now - event["_began"]))}
    _free(world, event)
    _try(world, event, "_then")
    _let_go(world, event)


def _wait(event: Row, other: Row) -> None:
    """Let *event*, which waits already, wait for the *other* one too."""
    event["_waits"] = [*event["_waits"], other["id"]]
    other["_next"] = [*other.get("_next", []), event["id"]]


def _try(world: World, event: Row, name: str) -> None:
    """Call the job that *event* has under *name*; its refusal is the event's failure."""
    if event.get(name) is not None:
        try:
            job_called(event[name])(world, *event["_args"])
        except Refused as no:
            event |= {"status": "failed", "message": no.reasons[0][0]}


def _free(world: World, event: Row) -> None:
    """What *event* kept busy is busy with it no more."""
    for kind, id in filter(None, (event["_entity"], event.get("_also"))):
        if (row := world.find(kind, id)) is not None:
            row["_busy"] = [each for each in row["_busy"] if each != event["id"]]


def _let_go(world: World, event: Row) -> None:
    """Let those jobs begin that waited for *event* alone."""
    for each in event.pop("_next", []):
        waiting = world.get("Event", each)
        waiting["_waits"] = [other for other in waiting["_waits"] if other != event["id"]]
        if not waiting["_waits"]:
            _take_turn(world, each)


@job("events.take_turn")
def _take_turn(world: World, event_id: int) -> None:
    """Let a job begin; one that fails right away lets those behind it begin."""
    event = world.get("Event", event_id)
    _try(world, event, "_begin")
    if event["status"] == "failed":
        _free(world, event)
        _let_go(world, event)
    else:
        world.later(START_AFTER, _start, event_id)
