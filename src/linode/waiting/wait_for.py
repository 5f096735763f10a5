"""Waits for the status of objects, with progress and failures from the events."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import partial
from typing import Any

from linode._model import BaseClient, Resource, Steps, flow
from linode._model.convert import literal_values
from linode._model.wording import article

from .event_log import EventLog, event_failed
from .polling import PollTimer, poll_until
from .reports import Progress, reporter

__all__ = ["WaitingMixin"]


class WaitingMixin(BaseClient):
    """Waits for the status of many objects with shared polls."""

    @flow
    def wait_for(
        self,
        objects: Resource | Iterable[Resource],
        status: str | Collection[str] = "running",
        *,
        timeout: float = 600,
        poll_interval: float | None = None,
        progress: Progress | bool = False,
    ) -> Steps[None]:
        """Wait until *objects* (one, or several of any classes) have the status *status*, or one of several statuses.

        A poll costs one request for each class and one for the events, for any number of objects; concurrent waits of
        one client share their polls. The objects hold the values that the polls loaded. *timeout* is the limit in
        seconds, *poll_interval* the number of seconds between polls (default: 1, growing to 5); *progress* is called as
        ``progress(obj, percent, status)``, True draws a progress bar. Polls that fail with 429, 5xx or a lost
        connection are repeated. A poll that is running at the timeout is cancelled, but not in its first second.

        Raises `EventFailedError` if the job of an object failed or the object was deleted, `WaitTimeoutError` after
        *timeout* seconds, ValueError for a status that is nearly one that the class has. Any other unknown status is
        waited for: the API may have added it.
        """
        return wait_for(self, objects, status, timeout=timeout, poll_interval=poll_interval, progress=progress)


def wait_for(
    client: Any,
    objects: Resource | Iterable[Resource],
    status: str | Collection[str],
    *,
    timeout: float = 600,
    poll_interval: float | None = None,
    progress: Progress | bool = False,
) -> Steps[None]:
    """The flow of `WaitingMixin.wait_for`."""
    wanted = (status,) if isinstance(status, str) else tuple(status)
    waiting: list[Any] = [objects] if isinstance(objects, Resource) else list(objects)
    for cls in {type(each) for each in waiting}:
        _refuse_misspelt(cls, wanted)
    timer = PollTimer(client._now, timeout, poll_interval)
    report, close = reporter(progress)

    def is_over(events: EventLog) -> bool:
        waiting[:] = [each for each in waiting if not _settled(each, wanted, events, report)]
        return not waiting

    needs_events = partial(_needs_events, waiting, wanted, bool(progress))
    try:
        if waiting:
            overdue = partial(_overdue, waiting, wanted, timeout)
            yield from poll_until(client, timer, lambda _events: (waiting, needs_events), is_over, overdue)
    finally:
        close()


def _refuse_misspelt(cls: Any, wanted: tuple[str, ...]) -> None:
    """Raise ValueError for an unknown status that is nearly one of the statuses of *cls*.

    Raises TypeError if *cls* has no status.
    """
    if "status" not in cls._fields:
        cure = "; use its wait()" if hasattr(cls, "wait") else ""
        raise TypeError(f"{article(cls.__name__)} has no status to wait for{cure}")
    known = literal_values(cls._fields["status"].argument())
    for word in wanted:
        if word not in known and (near := get_close_matches(word, known, n=1, cutoff=0.75)):
            raise ValueError(f"{article(cls.__name__)} has no status {word!r}; did you mean {near[0]!r}?")


def _needs_events(waiting: list[Any], wanted: tuple[str, ...], progress: bool) -> bool:
    """Whether the statuses alone do not end the wait for *waiting*."""
    # After a poll, an object is incomplete only if the API does not have it, and reading its status would load it.
    return progress or any(each._complete and each.status not in wanted for each in waiting)


def _settled(each: Any, wanted: tuple[str, ...], events: EventLog, report: Progress) -> bool:
    """Whether *each* has a wanted status; reports its progress. Raises `EventFailedError` when its job has failed."""
    if each.status in wanted:
        report(each, 100, each.status)
        return True
    event = events.newest(each)
    if event is not None and event.status == "failed":
        raise event_failed(each, event)
    report(each, (event and event.percent_complete) or 0, each.status)
    return False


def _overdue(waiting: list[Any], wanted: tuple[str, ...], timeout: float) -> str:
    shown = ", ".join(map(repr, waiting[:5])) + (", ..." if len(waiting) > 5 else "")
    return f"{len(waiting)} not {' or '.join(sorted(wanted))} after {timeout:g} s: {shown}"
