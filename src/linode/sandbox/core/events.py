"""Events, and the jobs whose progress they report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from . import jobs, schema
from .jobs import job
from .kind import record
from .refusals import Refused

if TYPE_CHECKING:
    from .schema import Row
    from .world import World

__all__ = ["Events"]

START_AFTER = 1.0
"""Seconds for which a job is scheduled before it starts."""
UNDER_WAY = ("scheduled", "started")


class Events:
    """The events of the account *world*, and the jobs that they report."""

    queues_jobs = False
    """Whether jobs of the current request wait for a busy Linode, instead of being refused."""

    def __init__(self, world: World) -> None:
        self._world = world

    def notify(self, action: str, entity: Row | None, secondary: Row | None = None, *, message: str = "") -> Row:
        """Add an event of a completed *action* on the row *entity*."""
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
        queued: bool = False,
        ahead: bool = False,
        pause: float = 0,
        also: Row | None = None,
        copied: float | None = None,
    ) -> Row:
        """Add an event with a job, which begins after the events *after* have ended, or after *pause* seconds.

        *queued*: it waits for the jobs that *entity* has, too. When it begins, the function *begin* is called with
        *args*, and *seconds* later *then*. A `Refused` that either raises sets the event's status to ``failed``; if
        *begin* is called at once, it is raised to the caller. Until the job ends, *entity* and *also* are busy. *ahead*
        puts the job before the waiting jobs of *entity*. The world's ``durations`` shorten *seconds* and *pause*.
        While it runs, the event shows at which rate the megabytes *copied* are, and the time that remains.
        """
        world = self._world
        after = [*after, *(self._last_jobs(entity) if queued else ())]
        event = self._event(action, entity, secondary, status="scheduled", percent_complete=0)
        before = [world.get("Event", each["id"]) for each in after if each["status"] in UNDER_WAY]
        takes = world.duration(seconds, action)
        lead = min(START_AFTER, seconds) * takes / seconds if seconds else 0.0
        event |= {"_seconds": takes, "_lead": lead, "_queued": queued}
        event |= {"_copied": copied, "_args": _stored(args, begin, then), "_waits": [each["id"] for each in before]}
        event |= {"_begin": begin and jobs.name_of(begin), "_then": then and jobs.name_of(then)}
        event["_entity"] = [entity["_kind"], world.id_of(entity)]
        event["_also"] = None if also is None else [also["_kind"], world.id_of(also)]
        for each in self._first_waiting(entity) if ahead else ():
            _wait(world.get("Event", each["id"]), event)
        for row in (entity, also):
            if row is not None:
                row["_busy"] = [*row.get("_busy", []), event["id"]]
        for each in before:
            each["_next"] = [*each.get("_next", []), event["id"]]
        if pause:
            world.takes(pause, _take_turn, event)
        elif not before:
            if begin is not None:
                begin(world, *args)
            world.later(_lead(event), _start, event)
        return event

    def jobs(self, row: Row) -> list[Row]:
        """The events of the running and waiting jobs of *row*, oldest first; they must not be changed."""
        return list(self.newest_jobs(row))[::-1]

    def newest_jobs(self, row: Row) -> Iterator[Row]:
        """The events of the running and waiting jobs of *row*, newest first; they must not be changed."""
        found = (self._world.peek("Event", each) for each in reversed(row.get("_busy", [])))
        return (each for each in found if each is not None)

    def _last_jobs(self, row: Row) -> Iterator[Row]:
        """The jobs of *row* after whose end all of its jobs have ended.

        They are the newest that waits for all before it, and those that came after that one.
        """
        own = [row["_kind"], self._world.id_of(row)]
        for each in self.newest_jobs(row):
            yield each
            if each.get("_queued") and each["_entity"] == own:
                return

    def _first_waiting(self, row: Row) -> list[Row]:
        """The waiting jobs of *row* that wait for no other waiting one of it."""
        waiting = {each["id"]: each for each in self.jobs(row) if each.get("_waits")}
        return [each for each in waiting.values() if waiting.keys().isdisjoint(each["_waits"])]

    def busy(self, row: Row) -> bool:
        """Whether *row* has a running or waiting job."""
        return bool(row.get("_busy"))

    def refuse_busy(self, row: Row) -> None:
        """Raise the API's refusal if *row* is busy, unless the jobs of the current request are queued."""
        if self.busy(row) and not self.queues_jobs:
            raise Refused("Linode busy.")

    def entity(self, row: Row | None) -> Row | None:
        """The entity of an event for *row*."""
        if row is None:
            return None
        kind = row["_kind"]
        return {
            "label": row.get(record(kind).events.label),
            "id": self._world.id_of(row),
            "type": schema.entity_type(kind),
            "url": f"/v4{self._url(row)}",
        }

    def progress(self, event: Row) -> Row:
        """Update the progress of a started *event* to the clock, and return it."""
        if event["status"] == "started":
            gone = self._world.now - event["_began"]
            whole = max(event["_seconds"] - _lead(event), 0.001)
            event["percent_complete"] = min(int(100 * gone / whole), 99)
            event["duration"] = round(gone, 6)
            if event.get("_copied") is not None:
                left = int(max(whole - gone, 0))
                event["rate"] = f"{event['_copied'] / whole:.2f} MB/s"
                event["time_remaining"] = f"{left // 3600}:{left // 60 % 60}:{left % 60}"
        return event

    def waiting(self) -> Iterator[tuple[str, list[Any]]]:
        """The names and the stored arguments of the jobs of all events that have not finished."""
        for event in [each for status in UNDER_WAY for each in self._world.read("Event", status=status)]:
            yield from ((event[name], event["_args"]) for name in ("_begin", "_then") if event.get(name) is not None)

    def _url(self, row: Row) -> str:
        cls = next(iter(schema.classes_of(row["_kind"])), None)
        if cls is None:
            return ""
        names = {name: row.get(f"_{name}") for name in cls._parent_names}
        return cls.path.format_map({**names, cls.id_key or "": self._world.id_of(row)})

    def _event(self, action: str, entity: Row | None, secondary: Row | None, **members: Any) -> Row:
        world = self._world
        defaults = {
            "created": world.stamp(),
            "seen": False,
            "read": False,
            "time_remaining": None,
            "rate": None,
            "duration": None,
            "action": action,
            "username": world.user and world.user["username"],
            "entity": self.entity(entity),
            "secondary_entity": self.entity(secondary),
            "message": "",
            "details": {},
        }
        return world.add("Event", **{**defaults, **members})


def _lead(event: Row) -> float:
    """The seconds for which *event* is scheduled before it starts; data files of earlier versions do not have them."""
    return float(event.get("_lead", START_AFTER))


def _stored(args: Sequence[Any], *functions: Callable[..., None] | None) -> list[Any]:
    """The arguments that the jobs *functions* share, as data files hold them."""
    found: list[Any] = []
    for each in functions:
        if each is not None:
            found = jobs.stored_arguments(each, args)
    return found


@job("events.start", "Event")
def _start(world: World, event: Row) -> None:
    event |= {"status": "started", "_began": world.now}
    world.later(event["_seconds"] - _lead(event), _finish, event)


@job("events.finish", "Event")
def _finish(world: World, event: Row) -> None:
    event |= {"status": "finished", "percent_complete": 100, "duration": float(round(world.now - event["_began"]))}
    event |= {"rate": None, "time_remaining": None}
    _free(world, event)
    _try(world, event, "_then")
    _let_go(world, event)


def _wait(event: Row, other: Row) -> None:
    """Make the waiting *event* wait for *other* as well."""
    event["_waits"] = [*event["_waits"], other["id"]]
    other["_next"] = [*other.get("_next", []), event["id"]]


def _try(world: World, event: Row, name: str) -> None:
    """Call the job in the member *name* of *event*; if it raises `Refused`, the event has failed."""
    if event.get(name) is not None:
        try:
            jobs.call(world, event[name], event["_args"])
        except Refused as no:
            event |= {"status": "failed", "message": no.reasons[0][0]}


def _free(world: World, event: Row) -> None:
    """Remove *event* from the jobs of its entities."""
    for kind, id in filter(None, (event["_entity"], event.get("_also"))):
        if (row := world.find(kind, id)) is not None:
            row["_busy"] = [each for each in row["_busy"] if each != event["id"]]


def _let_go(world: World, event: Row) -> None:
    """Begin the jobs that waited only for *event*."""
    for each in event.pop("_next", []):
        waiting = world.get("Event", each)
        waiting["_waits"] = [other for other in waiting["_waits"] if other != event["id"]]
        if not waiting["_waits"]:
            _take_turn(world, waiting)


@job("events.take_turn", "Event")
def _take_turn(world: World, event: Row) -> None:
    """Begin a job; if it fails at once, the jobs that wait for it begin."""
    _try(world, event, "_begin")
    if event["status"] == "failed":
        _free(world, event)
        _let_go(world, event)
    else:
        world.later(_lead(event), _start, event)
