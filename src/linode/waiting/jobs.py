"""Jobs: what the API does after it has taken an order, followed by its events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from linode._model import BaseClient, Call, Filter, Page, Resource, ResourceList, Steps, and_, flow
from linode._secrets import redact_tracebacks
from linode.errors import EventFailedError, NotLoadedError, WaitTimeoutError

from ..api.account.events import Event
from .wait_for import Progress, _PollTimer, number, reporter

__all__ = ["EventStream", "Job", "JobsMixin"]

OVER = ("finished", "failed", "notification", "canceled")


class Job:
    """What the API is doing to *obj* since it took an order: ``linode.reboot().wait()``.

    ``action`` is the name that its event has, such as ``linode_reboot``. Waiting costs two requests at least: one
    that finds the event, however early it ended, and one a poll while it is under way.
    """

    def __init__(self, obj: Resource, action: str, since: datetime) -> None:
        self.obj = obj
        self.action = action
        self._since = since

    def __repr__(self) -> str:
        return f"<{self.action} of {self.obj!r}>"

    def _execute(self, steps: Any) -> Any:
        return self.obj._execute(steps)

    @flow
    def wait(
        self, *, timeout: float = 600, poll_interval: float | None = None, progress: Progress | bool = False
    ) -> Steps[Event]:
        """Wait until it is done, *timeout* at most; returns its event.

        *poll_interval* is the seconds between polls (unless given: one, growing to five); *progress* is called as
        ``progress(obj, percent, status)`` with the event's status, True draws a bar.

        Raises `EventFailedError` with the event's message when it failed, `WaitTimeoutError` when the time is over.
        """
        report, close = reporter(progress)
        patience = _PollTimer(self.obj._client._now, timeout, poll_interval)
        event: Event | None = None
        try:
            while True:
                if event is None:
                    event = yield from self._event()
                else:
                    yield from event._loading()
                if event is not None:
                    report(self.obj, event.percent_complete or 0, event.status)
                    if event.status in OVER:
                        return _done(event, self.obj)
                if not (yield from patience.wait()):
                    raise WaitTimeoutError(f"{self!r} is not done after {timeout:g} s")
        finally:
            close()

    def _event(self) -> Steps[Event | None]:
        """The event of this job: the first of its kind since the order was taken; None while there is none."""
        kind = type(self.obj).__name__.lower()
        wanted = and_(
            Event.action == self.action,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            Filter({"entity.type": kind}),
            Filter({"entity.id": self.obj._identity()}),
            Event.created >= self._since,
            Event.id.asc(),
        )
        return (yield from _first(ResourceList(self.obj._client, Event, "/account/events", (wanted,))))


def _first(events: ResourceList[Event]) -> Steps[Event | None]:
    """The first of *events*, typed: a type variable of the list does not come through its class."""
    found: Any = yield from ResourceList.first(events)
    return found  # type: ignore[no-any-return]


def _all(events: ResourceList[Event]) -> Steps[list[Event]]:
    found: Any = yield from ResourceList.all(events)
    return found  # type: ignore[no-any-return]


def _done(event: Event, obj: Resource) -> Event:
    if event.status in ("failed", "canceled"):
        raise EventFailedError(f"{obj!r}: {event.action} {event.status}: {event.message or 'no reason given'}", event)
    return event


def started(obj: Resource, action: str, tail: str, body: Any, outdated: tuple[str, ...]) -> Call[Job]:
    """The call of an order to *obj* (POST, *tail*) that a job of *action* carries out."""

    def read(date: str | None) -> Job:
        obj._expire(outdated)
        return Job(obj, action, taken(date))

    return Call("POST", f"{obj.url}/{tail}", body, shape=None, dated=True, read=read)


def taken(date: str | None) -> datetime:
    """When an order was taken, by the API's clock; by ours where it does not tell."""
    from email.utils import parsedate_to_datetime

    try:
        return cut(datetime.now(UTC) if date is None else parsedate_to_datetime(date))
    except (ValueError, TypeError, IndexError, OverflowError):
        return cut(datetime.now(UTC))


def cut(moment: datetime) -> datetime:
    """A second before *moment*, since the stamps of events are cut to seconds."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC) - timedelta(seconds=1)


class EventStream:
    """Events as they come: ``for event in client.events(): ...``. An event comes again when its status changes."""

    def __init__(
        self,
        client: Any,
        filters: tuple[Filter, ...],
        since: Event | int | None,
        timeout: float | None,
        poll_interval: float,
    ) -> None:
        self._client = client
        self._filters = filters
        self._since = since._identity() if isinstance(since, Event) else since
        self._patience = _PollTimer(client._now, float("inf") if timeout is None else timeout, poll_interval)
        self._seen: dict[int, str] = {}
        self._began = client._mark()

    def __iter__(self) -> Iterator[Event]:
        if self._client.awaited:
            raise NotLoadedError("events are awaited here; write: async for event in client.events()")
        while (events := self._client.execute(self._next())) is not None:
            yield from events

    if not TYPE_CHECKING:  # aio.pyi shows it

        async def __aiter__(self):  # noqa: ANN204
            while (events := await self._client.execute(self._next())) is not None:
                for event in events:
                    yield event

    def _next(self) -> Steps[list[Event] | None]:
        """The next events, waited for; None when the time is over."""
        while True:
            fresh = yield from self._look()
            if fresh:
                return fresh
            if not (yield from self._patience.wait()):
                return None

    def _look(self) -> Steps[list[Event]]:
        if self._since is None:
            return (yield from self._look_back())
        open_ids = [each for each, status in self._seen.items() if status not in OVER]
        oldest = min([*open_ids, self._since + 1])
        self._seen = {each: status for each, status in self._seen.items() if each >= oldest}
        return self._fresh((yield from _all(self._list(Event.id >= oldest, Event.id.asc()))))

    def _look_back(self) -> Steps[list[Event]]:
        """The first look: at what has happened since the stream was asked for, by the API's clock."""
        query = {"page": 1, "page_size": 25}
        page: Page = yield from Call(
            "GET", "/account/events", query=query, filter=Event.id.desc().as_json(), shape=Page
        )
        newest = [Event._of(self._client, each) for each in page.data[:1]]
        self._since = number(newest[0]) if newest else 0
        began = self._began.moment(page.date)
        began = cut(began) if began else taken(page.date) - timedelta(seconds=self._began.ago())
        return self._fresh((yield from _all(self._list(Event.created >= began, Event.id.asc()))))

    def _fresh(self, found: list[Event]) -> list[Event]:
        """Those of *found* that are new, or whose status is."""
        fresh = [each for each in found if self._seen.get(number(each)) != each.status]
        self._seen.update((number(each), each.status) for each in fresh)
        self._since = max([self._since or 0, *self._seen])
        return fresh

    def _list(self, *filters: Filter) -> ResourceList[Event]:
        return ResourceList(self._client, Event, "/account/events", (*self._filters, *filters))


class JobsMixin(BaseClient):
    """Following what happens on the account."""

    @redact_tracebacks
    def events(
        self,
        *filters: Filter,
        since: Event | int | None = None,
        timeout: float | None = None,
        poll_interval: float = 2.0,
    ) -> EventStream:
        """Events that meet all *filters*, as they come, oldest first; an event comes again when its status changes.

        They begin after the event *since* (or its id), unless given with the first one that happens from now on; they
        end *timeout* seconds after this call (None: never). *poll_interval* is the seconds between polls; a poll costs
        one request.
        """
        return EventStream(self, filters, since, timeout, poll_interval)
