"""Jobs: what the API does after it has accepted an operation, followed by its events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from linode._model import Call, Resource, Steps, flow

from ..api.account.events import Event
from .event_log import OPEN, EventLog, failure
from .polling import PollTimer, polled
from .reports import Progress, reporter
from .times import taken

__all__ = ["Job"]


class Job:
    """The job that an operation on *obj* has begun: ``linode.reboot().wait()``.

    ``action`` is the action of its event, such as ``linode_reboot``. Jobs and waits that are under way at the same
    time share their polls, which cost one request for the events.
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

    def _execute(self, steps: Any) -> Any:
        return self.obj._execute(steps)

    @flow
    def wait(
        self, *, timeout: float = 600, poll_interval: float | None = None, progress: Progress | bool = False
    ) -> Steps[Event | None]:
        """Wait until the job is done, *timeout* seconds at most; returns its event.

        What the job changes on the object is loaded again when it is next read. *poll_interval* is the seconds between
        polls (unless given: 1, growing to 5); *progress* is called as ``progress(obj, percent, status)`` with the
        event's status, True draws a bar. With a token that may not see events the wait ends when the object's status
        is no longer one of a job, and returns None.

        Raises `EventFailedError` with the event's message when the job failed, `WaitTimeoutError` after *timeout*
        seconds.
        """
        timer = PollTimer(self.obj._client._now, timeout, poll_interval)
        report, close = reporter(progress)
        done: list[Event | None] = []

        def is_over(events: EventLog) -> bool:
            done.extend(self._looked_at(events, report))
            return bool(done)

        try:
            yield from polled(
                self.obj._client,
                timer,
                self._awaited,
                is_over,
                lambda: f"{self!r} is not done after {timeout:g} s",
            )
        finally:
            close()
        return done[0]

    def _awaited(self, events: EventLog) -> tuple[tuple[Resource, ...], Callable[[], bool]]:
        """What a poll has to bring: the events, or the object where the token may not see them."""
        events.want(self._since)
        return (() if events.allowed else (self.obj,)), lambda: True

    def _looked_at(self, events: EventLog, report: Progress) -> list[Event | None]:
        """The event with which the job has ended, None for a status that says so; nothing while it is under way."""
        if not events.allowed:
            obj: Any = self.obj
            over = obj.status in self._settled
            report(obj, 100 if over else 0, obj.status)
            return [None] if over else []
        event = events.first(self.obj, self.action, self._since)
        if event is None:
            return []
        report(self.obj, event.percent_complete or 0, event.status)
        return [] if event.status in OPEN else [self._done(event)]

    def _done(self, event: Event) -> Event:
        """The job is over, as *event* tells: what it changed is outdated, and its failure is raised."""
        self.obj._expire(self._outdated)
        self.obj._expire_lists()
        if event.status in ("failed", "canceled"):
            raise failure(self.obj, event)
        return event


def started(
    obj: Resource, action: str, tail: str, body: Any, outdated: tuple[str, ...], settled: tuple[str, ...]
) -> Call[Job]:
    """The call of an operation on *obj* (POST, *tail*) that begins a job of *action*.

    The job changes the fields *outdated*, and is over at the latest when the object's status is one of *settled*.
    """

    def read(date: str | None) -> Job:
        obj._expire(outdated)
        return Job(obj, action, taken(date), outdated, settled)

    return Call("POST", f"{obj.url}/{tail}", body, shape=None, dated=True, read=read)
