"""Jobs: what the API does after it has accepted an operation, followed by its events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from linode._model import Call, Resource, Steps, flow
from linode.errors import WaitTimeoutError

from ..api.account.events import Event
from .event_log import OPEN, failure
from .polling import PollTimer, poller_of
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
        with self._polls() as poller:
            report, close = reporter(progress)
            try:
                while True:
                    trouble = yield from poller.poll(self, timer)
                    if not poller.events.allowed:
                        yield from self._without_events(timer, report, timeout)
                        return None
                    event = None if trouble else poller.events.first(self.obj, self.action, self._since)
                    if event is not None:
                        report(self.obj, event.percent_complete or 0, event.status)
                        if event.status not in OPEN:
                            return self._done(event)
                    if not (yield from timer.wait()):
                        raise WaitTimeoutError(f"{self!r} is not done after {timeout:g} s") from trouble
            finally:
                close()

    @contextmanager
    def _polls(self) -> Iterator[Any]:
        """The client's poller, in which this job is registered."""
        poller = poller_of(self.obj._client)
        poller.events.want(self._since)
        poller.register(self, (), lambda: True)
        try:
            yield poller
        finally:
            poller.leave(self)

    def _without_events(self, timer: PollTimer, report: Progress, timeout: float) -> Steps[None]:
        """Wait for a status in which no job leaves the object."""
        obj: Any = self.obj
        while True:
            yield from obj._loading()
            if obj.status in self._settled:
                report(obj, 100, obj.status)
                return
            report(obj, 0, obj.status)
            if not (yield from timer.wait()):
                raise WaitTimeoutError(f"{self!r} is not done after {timeout:g} s")

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
