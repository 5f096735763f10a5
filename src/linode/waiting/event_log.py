"""The events of an account, as far as waits need them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from linode._model import Call, Page, Steps
from linode.errors import (
    AuthenticationError,
    AuthorizationError,
    EventFailedError,
    UnexpectedResponseError,
    UnsupportedError,
)

from ..api.account.events import Event

__all__ = ()

NEVER = datetime(1, 1, 1, tzinfo=UTC)
UNFINISHED = ("scheduled", "started")
"""The statuses of an event whose job is not over."""


def event_id(event: Event) -> int:
    """The ID of *event*, by which events are ordered. Raises `UnexpectedResponseError` if it is not an int."""
    if not isinstance(found := event._identity(), int):
        raise UnexpectedResponseError(f"the API sent an event whose id is {found!r}, not an int")
    return found


def is_newest_first(events: list[Event]) -> bool:
    """Whether *events* are newest first, as requested; an API that ignores ``X-Filter`` has another order."""
    ids = [event_id(each) for each in events]
    return all(one > other for one, other in itertools.pairwise(ids))


def event_failed(obj: Any, event: Event) -> EventFailedError:
    """The error for waits for *obj*, whose job has ended with *event*."""
    reason = event.message or "no reason given"
    return EventFailedError(f"{obj!r}: {event.action} {event.status}: {reason}", event)


class EventLog:
    """Events by object, read from the newest on."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.allowed = True
        """False once the API has refused to list events: the token lacks the scope, or it is the API of 2016."""
        self._since = 0
        self._known_from: datetime | None = None
        """Creation time of the oldest event that was read; None before the first read."""
        self._events: dict[int, Event] = {}
        self._about: dict[str, set[int]] = {}
        """The IDs of the events with an object as their entity or secondary entity, by the object's path."""
        self._wanted_from: datetime | None = None

    def want(self, since: datetime) -> None:
        """Make the next read go back to *since* at least."""
        if self._known_from is None or since < self._known_from:
            self._since = 0
            self._wanted_from = since if self._wanted_from is None else min(since, self._wanted_from)

    def read(self, count: int) -> Steps[None]:
        """Read new events. The first read goes back far enough for the jobs of *count* objects, or to `want`.

        Later reads begin at the oldest event that is still open. Without permission to list events, nothing is read.
        """
        if not self.allowed:
            return
        filter: dict[str, Any] = {"+order_by": "id", "+order": "desc"}
        if self._since:
            filter["id"] = {"+gte": self._since}
        enough = 1 + 3 * count // self._client.page_size
        first = yield from self._page(1, filter)
        if first is None:
            self.allowed = False
            return
        page, found = first
        numbers = range(2, page.pages + 1)
        if not is_newest_first(found):  # the API ignores the filter, and its newest events are on its last pages
            numbers, enough = numbers[::-1], enough + 1
        seen = [event_id(each) for each in found]
        for read, at in enumerate(numbers, start=1):
            if read >= enough and self._reaches(found):
                break
            _, found = (yield from self._page(at, filter)) or (page, [])
            if not found or seen == (
                seen := [event_id(each) for each in found]
            ):  # an API that repeats a page never ends
                break
        self._wanted_from = None
        open_ids = [id for id, each in self._events.items() if each.status in UNFINISHED]
        self._since = min(open_ids, default=max(self._events, default=self._since))

    def _reaches(self, found: list[Event]) -> bool:
        """Whether *found*, the events of a page, go back to the time in `want`."""
        oldest = _oldest(found)
        return self._wanted_from is None or (oldest is not None and oldest < self._wanted_from)

    def _page(self, at: int, filter: dict[str, Any]) -> Steps[tuple[Page, list[Event]] | None]:
        """Page *at* of the events that match *filter*, and its events; None if the token may not list events."""
        query = {"page": at, "page_size": self._client.page_size}
        try:
            page: Page = yield from Call("GET", "/account/events", query=query, filter=filter, shape=Page)
        except (AuthenticationError, AuthorizationError, UnsupportedError):
            return None
        found = [Event._of(self._client, raw) for raw in page.data]
        self._keep(found)
        return page, found

    def _keep(self, found: list[Event]) -> None:
        """Store *found*."""
        for each in found:
            self._events[id := event_id(each)] = each
            for path in _paths(each):
                self._about.setdefault(path, set()).add(id)
        oldest = _oldest(found)
        if oldest is not None and (self._known_from is None or oldest < self._known_from):
            self._known_from = oldest

    def newest(self, obj: Any) -> Event | None:
        """The event of the running job of *obj*, else its newest one; notifications do not count."""
        known: Event | None = None
        for event in self._events_of(obj):
            waits_for_it = known is not None and known.status == "started" and event.status == "scheduled"
            if event.status != "notification" and not waits_for_it:
                known = event
        return known

    def first(self, obj: Any, action: str, since: datetime) -> Event | None:
        """The first event of *action* for *obj* since that time."""
        return next((each for each in self._events_of(obj) if each.action == action and is_since(each, since)), None)

    def _events_of(self, obj: Any) -> list[Event]:
        """The events with *obj* as their entity or secondary entity, oldest first."""
        return [self._events[id] for id in sorted(self._about.get(unquote(obj.url), ()))]


def _oldest(events: list[Event]) -> datetime | None:
    """The creation time of the oldest of *events*."""
    return min((each.created for each in events if is_since(each, NEVER)), default=None)


def is_since(event: Event, moment: datetime) -> bool:
    """Whether *event* was created at *moment* or later; False for an event without a time."""
    created: datetime | None = event.created
    return created is not None and created >= moment


def _paths(event: Event) -> list[str]:
    """The paths, without the API's version, of the entities of *event*."""
    urls = [each.url for each in (event.entity, event.secondary_entity) if each is not None]
    return [f"/{unquote(str(url)).lstrip('/').partition('/')[2]}" for url in urls if url]
