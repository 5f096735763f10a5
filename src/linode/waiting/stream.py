"""Streams of events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from linode._model import BaseClient, Call, Filter, Page, ResourceList, Steps, and_, matches
from linode._model.filter_check import FilterIgnoredError
from linode._model.names import PublicNames
from linode._secrets import redact_tracebacks
from linode.errors import NotLoadedError

from ..api.account.events import Event
from .event_log import UNFINISHED, event_id, is_newest_first, is_since
from .polling import PollTimer, with_deadline
from .times import before_response, second_before

__all__ = ["EventStream", "EventStreamMixin"]

EVENTS = "/account/events"


def _all(events: ResourceList[Event]) -> Steps[list[Event]]:
    found: Any = yield from ResourceList.all(events)
    return found  # type: ignore[no-any-return]


class EventStream(PublicNames):
    """A stream of events: ``for event in client.events(): ...``. An event is repeated when its status changes."""

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
        self._timer = PollTimer(client._now, float("inf") if timeout is None else timeout, poll_interval)
        self._seen: dict[int, str] = {}
        self._began = client._mark()

    def __iter__(self) -> Iterator[Event]:
        if self._client.awaited:
            raise NotLoadedError("the client is async; write: async for event in client.events()")
        events = self._client.execute(self._next(at_once=True))
        while events is not None:
            yield from events
            events = self._client.execute(self._next())

    if not TYPE_CHECKING:  # linode.aio declares it

        async def __aiter__(self) -> AsyncIterator[Event]:
            events = await self._client.execute(self._next(at_once=True))
            while events is not None:
                for event in events:
                    yield event
                events = await self._client.execute(self._next())

    def _next(self, *, at_once: bool = False) -> Steps[list[Event] | None]:
        """Wait for the next events, with a pause before each poll; None after the timeout."""
        while at_once or (yield from self._timer.wait()):
            at_once = False
            if fresh := (yield from with_deadline(self._look(), self._timer)):
                return fresh
        return None

    def _look(self) -> Steps[list[Event]]:
        if self._since is None:
            return (yield from self._look_back())
        open_ids = [each for each, status in self._seen.items() if status in UNFINISHED]
        oldest = min([*open_ids, self._since + 1])
        self._seen = {each: status for each, status in self._seen.items() if each >= oldest}
        return self._fresh((yield from self._events(Event.id >= oldest)))

    def _look_back(self) -> Steps[list[Event]]:
        """The first poll: the events since the stream was created, by the API's clock."""
        query = {"page": 1, "page_size": 25}
        page: Page = yield from Call("GET", EVENTS, query=query, filter=Event.id.desc().as_json(), shape=Page)
        shown = [Event._of(self._client, each) for each in page.data]
        if not is_newest_first(shown):
            shown = yield from self._everything()
        self._since = max(map(event_id, shown), default=0)
        began = self._began.moment(page.date)
        began = second_before(began) if began else before_response(page.date) - timedelta(seconds=self._began.ago())
        found = yield from self._events(Event.created >= began)
        return self._fresh([each for each in found if is_since(each, began)])

    def _events(self, which: Filter) -> Steps[list[Event]]:
        """The events that match *which* and all filters, oldest first; filtered here if the API does not filter."""
        wanted = ResourceList(self._client, Event, EVENTS, (*self._filters, which, Event.id.asc()))
        try:
            return (yield from _all(wanted))
        except FilterIgnoredError:
            query = and_(*self._filters, which).as_json()
            return [each for each in (yield from self._everything()) if matches(each.raw, query)]

    def _everything(self) -> Steps[list[Event]]:
        """All events, oldest first, for an API that neither filters nor sorts."""
        return sorted((yield from _all(ResourceList(self._client, Event, EVENTS))), key=event_id)

    def _fresh(self, found: list[Event]) -> list[Event]:
        """The events in *found* that are new or have a new status."""
        fresh = [each for each in found if self._seen.get(event_id(each)) != each.status]
        self._seen.update((event_id(each), each.status) for each in fresh)
        self._since = max([self._since or 0, *self._seen])
        return fresh


class EventStreamMixin(BaseClient):
    """Streams of the account's events."""

    @redact_tracebacks
    def events(
        self,
        *filters: Filter,
        since: Event | int | None = None,
        timeout: float | None = None,
        poll_interval: float = 2.0,
    ) -> EventStream:
        """Stream the events that match all *filters*, oldest first; an event is repeated when its status changes.

        The stream begins after the event *since* (or its ID), by default with the first event from now on; it ends
        *timeout* seconds after this call (None: never). *poll_interval* is the number of seconds between polls; a poll
        costs one request.
        """
        return EventStream(self, filters, since, timeout, poll_interval)
