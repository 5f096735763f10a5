"""Waiting until objects have a status: one poll for all of them, with progress and failures from the events."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeAlias

from linode._model import BaseClient, Call, Gather, Page, Resource, Sleep, Steps, flow
from linode.errors import (
    AuthenticationError,
    AuthorizationError,
    EventFailedError,
    NotFoundError,
    UnexpectedResponseError,
    UnsupportedError,
    WaitTimeoutError,
)

from ..api.account.events import Event

__all__ = ["Progress", "WaitingMixin"]

Progress: TypeAlias = Callable[[Any, int, str], None]
"""Called with the object, how many percent of its job are done, and its status."""
BY_ID, IN_A_HEADER = 40, 200
"""Up to so many objects are asked for by their ids at first, and by the range of their ids when there are more; those
that are not on the first page of that range, because they lie far apart, by their ids again, so many at a time."""


class WaitingMixin(BaseClient):
    """Waiting for many objects at the price of one."""

    @flow
    def wait_for(
        self,
        objects: Iterable[Resource],
        status: str | Collection[str] = "running",
        *,
        timeout: float = 600,
        poll_interval: float | None = None,
        progress: Progress | bool = False,
    ) -> Steps[None]:
        """Wait until all *objects*, which may be of several classes, have *status* (or one of several).

        Every poll costs one request for a class and one for the events, however many objects there are; they hold
        what it brought. *timeout* is the limit in seconds, *poll_interval* the seconds between polls (unless given: 1,
        growing to 5); *progress* is called as ``progress(obj, percent, status)``, True draws a bar.

        Raises `EventFailedError` when an object's job failed or the object is gone, `WaitTimeoutError` when the time
        is over.
        """
        return wait_for(self, objects, status, timeout=timeout, poll_interval=poll_interval, progress=progress)


def wait_for(
    client: Any,
    objects: Iterable[Resource],
    status: str | Collection[str],
    *,
    timeout: float = 600,
    poll_interval: float | None = None,
    progress: Progress | bool = False,
) -> Steps[None]:
    """The flow of `WaitingMixin.wait_for`."""
    wanted = (status,) if isinstance(status, str) else tuple(status)
    waiting: list[Any] = list(objects)
    report, close = reporter(progress)
    jobs = _Jobs(client, len(waiting))
    patience = _PollTimer(client._now, timeout, poll_interval)
    try:
        while True:
            yield from _refresh(client, waiting)
            if all(each.status in wanted for each in waiting) and not progress:
                return
            yield from jobs.look()
            waiting = [each for each in waiting if not _settled(each, wanted, jobs, report)]
            if not waiting:
                return
            if not (yield from patience.wait()):
                raise WaitTimeoutError(_overdue(waiting, wanted, timeout))
    finally:
        close()


class _PollTimer:
    """The pauses between polls: *poll_interval* seconds (None: one, growing to five), *timeout* seconds in all.

    *now* is the clock that the pauses move. Raises ValueError for what is no time.
    """

    def __init__(self, now: Callable[[], float], timeout: float, poll_interval: float | None) -> None:
        if not timeout >= 0 or not (poll_interval is None or poll_interval > 0):
            raise ValueError(f"timeout={timeout} and poll_interval={poll_interval} are no times to wait")
        self._now = now
        self._ends = now() + timeout
        self._poll_interval = poll_interval
        self._delay = poll_interval or 1.0

    def wait(self) -> Steps[bool]:
        """Let some time go by; False, and none goes by, when it is over."""
        left = self._ends - self._now()
        if left <= 0:
            return False
        yield Sleep(min(self._delay, left))
        self._delay = self._poll_interval or min(self._delay * 1.5, 5.0)
        return True


def _settled(each: Any, wanted: tuple[str, ...], jobs: _Jobs, report: Progress) -> bool:
    """Whether *each* is where it should be; says how far it is. Raises when its job has failed."""
    if each.status in wanted:
        report(each, 100, each.status)
        return True
    event = jobs.newest(each)
    if event is not None and event.status == "failed":
        said = event.message or "no reason given"
        raise EventFailedError(f"{each!r}: {event.action} failed: {said}", event)
    report(each, (event and event.percent_complete) or 0, each.status)
    return False


def _overdue(waiting: list[Any], wanted: tuple[str, ...], timeout: float) -> str:
    shown = ", ".join(map(repr, waiting[:5])) + (", ..." if len(waiting) > 5 else "")
    return f"{len(waiting)} not {' or '.join(sorted(wanted))} after {timeout:g} s: {shown}"


def reporter(progress: Progress | bool) -> tuple[Progress, Callable[[], None]]:
    if progress is True:
        from linode.progress import ProgressBar

        bar = ProgressBar()
        return bar, bar.close
    return (progress or (lambda _obj, _percent, _status: None)), (lambda: None)


def _refresh(client: Any, objects: list[Any]) -> Steps[None]:
    """Bring *objects* up to date: one request for all of a list."""
    by_list: dict[tuple[Any, str], list[Any]] = {}
    for each in objects:
        by_list.setdefault((type(each), each.url.rpartition("/")[0]), []).append(each)
    for (cls, path), group in by_list.items():
        if len(group) == 1:
            yield from _refresh_one(group[0])
        else:
            yield from _Group(client, cls, path, group).refresh()


def _refresh_one(each: Any) -> Steps[None]:
    try:
        yield from each._loading()
    except NotFoundError as error:
        raise _gone([each]) from error


def _gone(objects: list[Any]) -> EventFailedError:
    return EventFailedError(f"gone while waited for: {', '.join(map(repr, objects))}")


class _Group:
    """Objects of one list, to be brought up to date together."""

    def __init__(self, client: Any, cls: Any, path: str, objects: list[Any]) -> None:
        self._client = client
        self._cls = cls
        self._path = path
        self._missing: dict[str, list[Any]] = {}
        for each in objects:
            self._missing.setdefault(str(each._identity()), []).append(each)

    def refresh(self) -> Steps[None]:
        """Ask for all; what a list of several pages did not show is asked for by itself before it counts as gone."""
        if self._cls.id_key in self._cls.filterable:
            pages = yield from self._page(self._those())
            if pages > 1:
                ids, size = list(self._missing), min(IN_A_HEADER, self._client.page_size)
                groups = [ids[at : at + size] for at in range(0, len(ids), size)]
                yield from Gather(self._page(self._any_of(group)) for group in groups)
        else:
            yield from self._all_pages()
        gone = [each for objects in self._missing.values() for each in objects]
        if gone:
            raise _gone(gone)

    def _all_pages(self) -> Steps[None]:
        pages = yield from self._page(None)
        for number in range(2, pages + 1):
            if self._missing:
                yield from self._page(None, number)
        if pages > 1:
            for objects in self._missing.values():
                for each in objects:
                    yield from _refresh_one(each)
            self._missing.clear()

    def _page(self, filter: dict[str, Any] | None, number: int = 1) -> Steps[int]:
        """Take over what one page says; the count of pages."""
        query = {"page": number, "page_size": self._client.page_size}
        page: Page = yield from Call("GET", self._path, query=query, filter=filter, shape=Page, beta=self._cls.beta)
        for raw in page.data:
            now = self._cls._of(self._client, raw)
            for each in self._missing.pop(str(now._identity()), ()):
                each._absorb(now.raw, complete=True)
        return page.pages

    def _those(self) -> dict[str, Any]:
        """The filter that finds those that are missing, and little else."""
        ids = [_number(each) for each in self._missing]
        if len(ids) > BY_ID and all(isinstance(each, int) for each in ids):
            return {self._cls.id_key: {"+gte": min(ids), "+lte": max(ids)}}
        return self._any_of(list(self._missing))

    def _any_of(self, ids: list[str]) -> dict[str, Any]:
        return {"+or": [{self._cls.id_key: _number(each)} for each in ids]}


def _number(identity: str) -> Any:
    return int(identity) if identity.isdecimal() else identity


def number(event: Event) -> int:
    """The id of *event*, by which events are in order. Raises `UnexpectedResponseError` for anything else."""
    if not isinstance(found := event._identity(), int):
        raise UnexpectedResponseError(f"the API sent {found!r} for the id of an event")
    return found


class _Jobs:
    """What the newest events say of objects."""

    def __init__(self, client: Any, count: int) -> None:
        self._client = client
        self._pages = 1 + 3 * count // client.page_size
        self._allowed = True
        self._since = 0
        self._events: dict[tuple[str, str], Event] = {}

    def look(self) -> Steps[None]:
        """Ask for the newest events: at first back to where the jobs may have begun, then from the oldest still open.

        A token that may not see events, and the API of 2016, which has none, give no progress and no reasons.
        """
        if not self._allowed:
            return
        filter: dict[str, Any] = {"+order_by": "id", "+order": "desc"}
        if self._since:
            filter["id"] = {"+gte": self._since}
        found: list[Event] = []
        for number in range(1, self._pages + 1):
            query = {"page": number, "page_size": self._client.page_size}
            try:
                page: Page = yield from Call("GET", "/account/events", query=query, filter=filter, shape=Page)
            except (AuthenticationError, AuthorizationError, UnsupportedError):
                self._allowed = False
                return
            found += [Event._of(self._client, raw) for raw in page.data]
            if number >= page.pages:
                break
        self._take(found)

    def _take(self, found: list[Event]) -> None:
        for event in sorted(found, key=number):
            if (entity := event.entity) is None:
                continue
            key = str(entity.type), str(entity.id)
            known = self._events.get(key)
            waits_for_it = known is not None and known.status == "started" and event.status == "scheduled"
            if event.status != "notification" and not waits_for_it:
                self._events[key] = event
        open_ids = [number(each) for each in found if each.status in ("scheduled", "started")]
        self._since = min(open_ids, default=max(map(number, found), default=self._since))

    def newest(self, obj: Any) -> Event | None:
        """The newest event about *obj*."""
        return self._events.get((type(obj).__name__.lower(), str(obj._identity())))
