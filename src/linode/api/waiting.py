"""Waiting until objects have a status: one poll for all of them, with progress and failures from the events."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeAlias, TypedDict

from linode._model import Call, Page, Pause, Performer, Resource, Steps, flow
from linode.errors import AuthorizationError, EventFailedError, UnsupportedError, WaitTimeoutError

__all__ = ["Progress", "WaitingMixin"]

Progress: TypeAlias = Callable[[Any, int, str], None]
"""Called with the object, how many percent of its job are done, and its status."""
BY_ID = 40
"""Up to so many objects are asked for by their ids; more by the range of ids, which fits into a header."""


class WaitingMixin(Performer):
    """Waiting for many objects at the price of one."""

    @flow
    def wait_for(
        self,
        objects: Iterable[Resource],
        status: str | Collection[str] = "running",
        *,
        seconds: float = 600,
        every: float | None = None,
        progress: Progress | bool = False,
    ) -> Steps[None]:
        """Wait until all *objects*, which may be of several classes, have *status* (or one of several).

        Every poll costs one request for a class and one for the events, however many objects there are; they hold
        what it brought. *seconds* is the limit, *every* the seconds between polls (unless given: one, growing to
        five); *progress* is called as ``progress(obj, percent, status)``, True draws a bar.

        Raises `EventFailedError` when an object's job failed or the object is gone, `WaitTimeoutError` when the time
        is over.
        """
        return wait_for(self, objects, status, seconds=seconds, every=every, progress=progress)


def wait_for(
    client: Any,
    objects: Iterable[Resource],
    status: str | Collection[str],
    *,
    seconds: float = 600,
    every: float | None = None,
    progress: Progress | bool = False,
) -> Steps[None]:
    """The flow of `WaitingMixin.wait_for`."""
    wanted = (status,) if isinstance(status, str) else tuple(status)
    waiting: list[Any] = list(objects)
    report, close = reporter(progress)
    jobs = _Jobs(client, len(waiting))
    patience = _Patience(seconds, every)
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
                raise WaitTimeoutError(_overdue(waiting, wanted, seconds))
    finally:
        close()


class _Patience:
    """The pauses of somebody who looks every *every* seconds (None: after one, growing to five), *seconds* in all."""

    def __init__(self, seconds: float, every: float | None) -> None:
        self._left = seconds
        self._every = every
        self._delay = every or 1.0

    def wait(self) -> Steps[bool]:
        """Let some time go by; False, and none goes by, when it is over."""
        if self._left <= 0:
            return False
        yield Pause(min(self._delay, self._left))
        self._left -= self._delay
        self._delay = self._every or min(self._delay * 1.5, 5.0)
        return True


def _settled(each: Any, wanted: tuple[str, ...], jobs: _Jobs, report: Progress) -> bool:
    """Whether *each* is where it should be; says how far it is. Raises when its job has failed."""
    if each.status in wanted:
        report(each, 100, each.status)
        return True
    event = jobs.newest(each)
    if event is not None and event.get("status") == "failed":
        said = event.get("message") or "no reason given"
        raise EventFailedError(f"{each!r}: {event.get('action')} failed: {said}", event)
    report(each, (event or {}).get("percent_complete") or 0, each.status)
    return False


def _overdue(waiting: list[Any], wanted: tuple[str, ...], seconds: float) -> str:
    shown = ", ".join(map(repr, waiting[:5])) + (", ..." if len(waiting) > 5 else "")
    return f"{len(waiting)} not {' or '.join(sorted(wanted))} after {seconds:g} s: {shown}"


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
            yield from group[0]._loading()
        else:
            yield from _refresh_list(client, cls, path, group)


def _refresh_list(client: Any, cls: Any, path: str, group: list[Any]) -> Steps[None]:
    missing = {str(each._identity()): each for each in group}
    those = _those(cls, group)
    for number in itertools.count(1):
        query = {"page": number, "page_size": client.page_size}
        page: Page = yield from Call("GET", path, query=query, filter=those, shape=Page, beta=cls.beta)
        for raw in page.data:
            now = cls._of(client, raw)
            if (found := missing.pop(str(now._identity()), None)) is not None:
                found._absorb(now.raw, complete=True)
        if number >= page.pages or not missing:
            break
    if missing:
        raise EventFailedError(f"gone while waited for: {', '.join(map(repr, missing.values()))}")


def _those(cls: Any, group: list[Any]) -> dict[str, Any] | None:
    """The filter that finds *group*, and little else; None where the API cannot filter by id."""
    if cls.id_key not in cls.filterable:
        return None
    ids = sorted(each._identity() for each in group)
    if len(ids) > BY_ID:
        return {cls.id_key: {"+gte": ids[0], "+lte": ids[-1]}}
    return {"+or": [{cls.id_key: each} for each in ids]}


class _Events(TypedDict):
    data: list[dict[str, Any]]
    pages: int


class _Jobs:
    """What the newest events say of objects."""

    def __init__(self, client: Any, count: int) -> None:
        self._client = client
        self._pages = 1 + 3 * count // client.page_size
        self._allowed = True
        self._since = 0
        self._events: dict[tuple[str, str], dict[str, Any]] = {}

    def look(self) -> Steps[None]:
        """Ask for the newest events: at first back to where the jobs may have begun, then from the oldest still open.

        A token that may not see events, and the API of 2016, which has none, give no progress and no reasons.
        """
        if not self._allowed:
            return
        filter: dict[str, Any] = {"+order_by": "id", "+order": "desc"}
        if self._since:
            filter["id"] = {"+gte": self._since}
        found: list[dict[str, Any]] = []
        for number in range(1, self._pages + 1):
            query = {"page": number, "page_size": self._client.page_size}
            page: _Events
            try:
                page = yield from Call("GET", "/account/events", query=query, filter=filter, shape=_Events)
            except (AuthorizationError, UnsupportedError):
                self._allowed = False
                return
            found += page["data"]
            if number >= page["pages"]:
                break
        self._take(found)

    def _take(self, found: list[dict[str, Any]]) -> None:
        for event in sorted(found, key=lambda each: each["id"]):
            entity = event.get("entity") or {}
            key = str(entity.get("type")), str(entity.get("id"))
            under_way = self._events.get(key, {}).get("status") == "started"
            waits_for_it = under_way and event.get("status") == "scheduled"
            if event.get("status") != "notification" and not waits_for_it:
                self._events[key] = event
        open_ids = [each["id"] for each in found if each.get("status") in ("scheduled", "started")]
        self._since = min(open_ids, default=max((each["id"] for each in found), default=self._since))

    def newest(self, obj: Any) -> dict[str, Any] | None:
        """The newest event about *obj*."""
        return self._events.get((type(obj).__name__.lower(), str(obj._identity())))
