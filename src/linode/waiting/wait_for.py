"""Waits for the status of objects, with progress and failures from the events."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from linode._model import BaseClient, Resource, Steps, flow
from linode._model.convert import literal_values
from linode._model.wording import article

from .event_log import EventLog, event_failed
from .polling import PollTimer, poll_until
from .reports import Progress, reporter
from .waitable import Waitable

if TYPE_CHECKING:
    from .job import Job

__all__ = ["WaitingMixin"]


class WaitingMixin(BaseClient):
    """Waits for the status of many objects with shared polls."""

    @flow
    def wait_for(
        self,
        objects: Resource | Job | Iterable[Resource] | Iterable[Job],
        status: str | Collection[str] | None = None,
        *,
        timeout: float | None = None,
        poll_interval: float | None = None,
        progress: Progress | bool = False,
    ) -> Steps[None]:
        """Wait until *objects* (one, or several of any classes) have the status *status*, or one of several statuses.

        By default each object is waited for until it is ready: *status* is the ``wait_status`` of its class
        (``Linode.wait_status`` is ``running``), and *timeout* the longest ``wait_timeout`` of these classes. Jobs,
        which verbs such as `Linode.resize` return, may stand in the place of objects: the wait is over when all of them
        are done, *status* does not matter, and *timeout* is 600 by default.

        A poll costs one request for each class and one for the events, for any number of objects; concurrent waits of
        one client share their polls. The objects hold the values that the polls loaded. *timeout* is the limit in
        seconds, *poll_interval* the number of seconds between polls (default: 1, growing to 5); *progress* is called as
        ``progress(obj, percent, status)``, True draws a progress bar. Polls that fail with 429, 5xx or a lost
        connection are repeated. A poll that is running at the timeout is cancelled, but not in its first second.

        Raises `EventFailedError` if the job of an object failed or the object was deleted, `WaitTimeoutError` after
        *timeout* seconds, ValueError for a status that is nearly one that the class has. Any other unknown status is
        waited for: the API may have added it.
        """
        from .job import Job, wait_for_jobs

        waiting: list[Any] = [objects] if isinstance(objects, (Resource, Job)) else _listed(objects)
        if jobs := [each for each in waiting if isinstance(each, Job)]:
            if len(jobs) < len(waiting):
                raise TypeError("wait_for() takes objects or jobs, not both at once")
            seconds = 600 if timeout is None else timeout
            return wait_for_jobs(self, jobs, timeout=seconds, poll_interval=poll_interval, progress=progress)
        return wait_for(self, waiting, status, timeout=timeout, poll_interval=poll_interval, progress=progress)


def _listed(objects: Any) -> list[Any]:
    """The *objects* as a list. Raises TypeError for what is neither an object nor a job."""
    given = [objects] if isinstance(objects, str) or not isinstance(objects, Iterable) else list(objects)
    for each in given:
        if not hasattr(type(each), "_execute"):
            kind = article(type(each).__name__)
            raise TypeError(f"wait_for() takes objects, such as Linodes, or their jobs, not {kind}")
    return given


def wait_for(
    client: Any,
    objects: Resource | Iterable[Resource],
    status: str | Collection[str] | None = None,
    *,
    timeout: float | None = None,
    poll_interval: float | None = None,
    progress: Progress | bool = False,
) -> Steps[None]:
    """The flow of `WaitingMixin.wait_for`."""
    waiting: list[Any] = [objects] if isinstance(objects, Resource) else list(objects)
    classes = list(dict.fromkeys(type(each) for each in waiting))
    wanted = {cls: _wanted(cls, status) for cls in classes}
    longest: float = max((getattr(cls, "wait_timeout", Waitable.wait_timeout) for cls in classes), default=0)
    limit = longest if timeout is None else timeout
    timer = PollTimer(client._now, limit, poll_interval)
    report, close = reporter(progress)

    def is_over(events: EventLog) -> bool:
        waiting[:] = [each for each in waiting if not _settled(each, wanted, events, report)]
        return not waiting

    needs_events = partial(_needs_events, waiting, wanted, bool(progress))
    try:
        if waiting:
            overdue = partial(_overdue, waiting, wanted, limit)
            yield from poll_until(client, timer, lambda _events: (waiting, needs_events), is_over, overdue)
    finally:
        close()


Wanted: TypeAlias = dict[type, tuple[str, ...]]
"""The statuses that end the wait for an object, by its class."""


def _wanted(cls: Any, status: str | Collection[str] | None) -> tuple[str, ...]:
    """The statuses that end the wait for an object of *cls*.

    Raises ValueError for an unknown status that is nearly one of *cls*, TypeError if *cls* has no status, or none that
    an object is ready with where no *status* is given.
    """
    if "status" not in cls._fields:
        cure = "; use its wait()" if hasattr(cls, "wait") else ""
        raise TypeError(f"{article(cls.__name__)} has no status to wait for{cure}")
    known = literal_values(cls._fields["status"].argument())
    if status is None:
        if not hasattr(cls, "wait_status"):
            cure = "use its wait()" if hasattr(cls, "wait") else f"give one of {', '.join(known)}"
            raise TypeError(f"no status of {article(cls.__name__)} is known as that of a ready one; {cure}")
        return (cls.wait_status,)
    wanted = (status,) if isinstance(status, str) else tuple(status)
    for word in wanted:
        if word not in known and (near := get_close_matches(word, known, n=1, cutoff=0.75)):
            raise ValueError(f"{article(cls.__name__)} has no status {word!r}; did you mean {near[0]!r}?")
    return wanted


def _needs_events(waiting: list[Any], wanted: Wanted, progress: bool) -> bool:
    """Whether the statuses alone do not end the wait for *waiting*."""
    # After a poll, an object is incomplete only if the API does not have it, and reading its status would load it.
    return progress or any(each._complete and each.status not in wanted[type(each)] for each in waiting)


def _settled(each: Any, wanted: Wanted, events: EventLog, report: Progress) -> bool:
    """Whether *each* has a wanted status; reports its progress. Raises `EventFailedError` when its job has failed."""
    if each.status in wanted[type(each)]:
        report(each, 100, each.status)
        return True
    event = events.newest(each)
    if event is not None and event.status == "failed":
        raise event_failed(each, event)
    report(each, (event and event.percent_complete) or 0, each.status)
    return False


def _overdue(waiting: list[Any], wanted: Wanted, timeout: float) -> str:
    shown = ", ".join(map(repr, waiting[:5])) + (", ..." if len(waiting) > 5 else "")
    statuses = sorted({status for each in waiting for status in wanted[type(each)]})
    return (
        f"{len(waiting)} not {' or '.join(statuses)} after {timeout:g} s: {shown}{_unknown(type(waiting[0]), wanted)}"
    )


def _unknown(cls: Any, wanted: Wanted) -> str:
    """The statuses of *cls*, for who waited for another one."""
    known = literal_values(cls._fields["status"].argument())
    others = [status for status in wanted[cls] if status not in known]
    return f" ({others[0]!r} is not known; the statuses are {', '.join(sorted(known))})" if others and known else ""
