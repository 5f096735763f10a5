"""Jobs: operations that the API continues after its response, followed by their events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from linode._model import Call, Resource, Steps, flow
from linode._model.names import PublicNames

from ..api.account.events import Event
from .event_log import UNFINISHED, EventLog, event_failed
from .polling import PollTimer, poll_until
from .reports import Progress, reporter
from .times import before_response

__all__ = ["Job", "wait_for_jobs"]


class Job(PublicNames):
    """The job that an operation on *obj* has started: ``linode.reboot().wait()``.

    ``action`` is the action of its event, such as ``linode_reboot``. Concurrent waits of one client share their polls,
    which cost one request for the events.
    """

    def __init__(
        self, obj: Resource, action: str, since: datetime, outdated: tuple[str, ...] = (), settled: tuple[str, ...] = ()
    ) -> None:
        self.obj = obj
        self.action = action
        self._since = since
        self._outdated = outdated
        self._settled = settled

    def __repr__(self) -> str:
        return f"<{self.action} of {self.obj!r}>"

    @property
    def _execute(self) -> Callable[[Any], Any]:
        return self.obj._execute

    @flow
    def wait(
        self, *, timeout: float = 600, poll_interval: float | None = None, progress: Progress | bool = False
    ) -> Steps[Event | None]:
        """Wait until the job is done, *timeout* seconds at most; returns its event.

        Fields that the job changes are loaded again when they are next read. *poll_interval* is the number of seconds
        between polls (default: 1, growing to 5); *progress* is called as ``progress(obj, percent, status)`` with the
        event's status, True draws a progress bar. If the token may not list events, the wait ends when the object's
        status is no longer one of a running job, and returns None. In a dry run it ends at once and returns None.

        Raises `EventFailedError` with the event's message if the job failed, `WaitTimeoutError` after *timeout*
        seconds.
        """
        timer = PollTimer(self.obj._client._now, timeout, poll_interval)
        report, close = reporter(progress)
        done: list[Event | None] = []

        def is_over(events: EventLog) -> bool:
            done.extend(self._looked_at(events, report))
            return bool(done)

        try:
            yield from poll_until(
                self.obj._client,
                timer,
                self._awaited,
                is_over,
                lambda: f"{self!r} is not done after {timeout:g} s",
            )
        finally:
            close()
        return done[0] if done else None

    def _awaited(self, events: EventLog) -> tuple[tuple[Resource, ...], Callable[[], bool]]:
        """The objects to refresh (the job's, if the token may not list events), and whether to read events."""
        events.want(self._since)
        return (() if events.allowed else (self.obj,)), lambda: True

    def _looked_at(self, events: EventLog, report: Progress) -> list[Event | None]:
        """The event that ended the job, or None if the object's status shows the end; empty while the job runs."""
        if not events.allowed:
            obj: Any = self.obj
            over = obj.status in self._settled
            report(obj, 100 if over else 0, obj.status)
            return [None] if over else []
        event = events.first(self.obj, self.action, self._since)
        if event is None:
            return []
        report(self.obj, event.percent_complete or 0, event.status)
        return [] if event.status in UNFINISHED else [self._done(event)]

    def _done(self, event: Event) -> Event:
        """End the job with *event*: expires the fields that it changed. Raises `EventFailedError` if it failed."""
        self.obj._expire(self._outdated)
        self.obj._expire_lists()
        if event.status in ("failed", "canceled"):
            raise event_failed(self.obj, event)
        return event


def wait_for_jobs(
    client: Any,
    jobs: Iterable[Job],
    *,
    timeout: float = 600,
    poll_interval: float | None = None,
    progress: Progress | bool = False,
) -> Steps[None]:
    """Wait until all *jobs* are done: they share the polls, and the first that failed ends the wait."""
    timer = PollTimer(client._now, timeout, poll_interval)
    report, close = reporter(progress)
    running = list(jobs)

    def awaited(events: EventLog) -> tuple[list[Resource], Callable[[], bool]]:
        return [obj for job in running for obj in job._awaited(events)[0]], lambda: True

    def is_over(events: EventLog) -> bool:
        running[:] = [job for job in running if not job._looked_at(events, report)]
        return not running

    def overdue() -> str:
        return f"{len(running)} of the jobs are not done after {timeout:g} s: {running[0]!r}"

    try:
        if running:
            yield from poll_until(client, timer, awaited, is_over, overdue)
    finally:
        close()


def start_job(
    obj: Resource, action: str, tail: str, body: Any, outdated: tuple[str, ...], settled: tuple[str, ...]
) -> Call[Job]:
    """The call of an operation on *obj* (POST, *tail*) that starts a job with the event *action*.

    *tail* follows the object's path; with a slash in front it is a whole path, of an operation on another object.
    The job changes the fields *outdated*, and has ended at the latest when the object's status is one of *settled*.
    """

    def read(date: str | None) -> Job:
        obj._expire(outdated)
        return Job(obj, action, before_response(date), outdated, settled)

    path = tail if tail.startswith("/") else f"{obj.url}/{tail}"
    return Call("POST", path, body, shape=None, dated=True, read=read)


def start_job_and_update(
    obj: Resource, action: str, tail: str, body: Any, outdated: tuple[str, ...], settled: tuple[str, ...]
) -> Call[Job]:
    """Like `start_job`, for an operation whose response is *obj* as it is now."""

    def read(data: Any, date: str | None) -> Job:
        obj._merge(data)
        obj._expire_lists()
        return Job(obj, action, before_response(date), outdated, settled)

    return Call("POST", f"{obj.url}/{tail}", body, dated=True, read=read)
