"""Following events as they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from linode._model import BaseClient, Call, Filter, Page, ResourceList, Steps
from linode._secrets import redact_tracebacks
from linode.errors import NotLoadedError

from ..api.account.events import Event
from .event_log import OPEN, number
from .polling import PollTimer
from .times import cut, taken

__all__ = ["EventStream", "EventStreamMixin"]


def _all(events: ResourceList[Event]) -> Steps[list[Event]]:
    found: Any = yield from ResourceList.all(events)
    return found  # type: ignore[no-any-return]


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
        self._patience = PollTimer(client._now, float("inf") if timeout is None else timeout, poll_interval)
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
        open_ids = [each for each, status in self._seen.items() if status in OPEN]
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


class EventStreamMixin(BaseClient):
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
