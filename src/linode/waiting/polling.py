"""Polls that the waits of one client share, and the pauses between them.

A waiter registers its objects (or its job) with the client's `Poller`. When its pause ends, it uses the results of a
poll that another waiter has made meanwhile, or else makes the next poll for all registered waiters. Only one poll runs
at a time. Without a waiter nothing runs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from linode._model import Flow, Gather, Resource, Sleep, Steps
from linode.errors import (
    CertificateError,
    RateLimitedError,
    ServerError,
    TransportError,
    WaitTimeoutError,
)

from .event_log import EventLog
from .groups import refresh

__all__ = ()

T = TypeVar("T")

POLL_CHECK_SECONDS = 0.05
"""Seconds between two checks whether the poll of another waiter has ended."""
JOIN_SECONDS = 0.25
"""Seconds for which a new waiter waits for others to join its first poll."""
MIN_POLL_SECONDS = 1.0
"""Minimum time limit of a poll in seconds, also at the end of the timeout."""
TEMPORARY_ERRORS = (RateLimitedError, ServerError, TransportError)
"""Temporary errors of a poll, which a later poll may not have."""


class PollTimer:
    """The pauses between polls: *poll_interval* seconds (None: 1, growing to 5), *timeout* seconds in all.

    *now* is the clock that the pauses advance. Raises ValueError for times that are negative or NaN, and TypeError for
    those that are no numbers.
    """

    def __init__(self, now: Callable[[], float], timeout: float, poll_interval: float | None) -> None:
        for name, value in (("timeout", timeout), ("poll_interval", 0 if poll_interval is None else poll_interval)):
            if not isinstance(value, int | float):
                raise TypeError(f"{name} must be a number of seconds, not {type(value).__name__}")
        if not timeout >= 0:
            raise ValueError(f"timeout={timeout} must be 0 or more seconds")
        if poll_interval is not None and not poll_interval > 0:
            raise ValueError(f"poll_interval={poll_interval} must be more than 0 seconds")
        self.now = now
        self._ends = now() + timeout
        self._poll_interval = poll_interval
        self.pause = 0.0
        """Length of the latest pause in seconds."""
        self._next = poll_interval or 1.0

    @property
    def left(self) -> float:
        """Seconds until the timeout; negative after it."""
        return self._ends - self.now()

    def wait(self) -> Steps[bool]:
        """Pause until the next poll is due. False, without a pause, after the timeout."""
        if (left := self.left) <= 0:
            return False
        self.pause = min(self._next, left)
        yield Sleep(self.pause)
        self._next = self._poll_interval or min(self._next * 1.5, 5.0)
        return True


class Poller:
    """The polls of one client. A poll refreshes every registered object and reads the events since the last one."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.events = EventLog(client)
        self._waiters: dict[object, tuple[tuple[Resource, ...], Callable[[], bool]]] = {}
        """The objects of each waiter, and whether it needs the events after they are refreshed."""
        self._turn = threading.Lock()
        """Held by the waiter that polls."""
        self._began: dict[object, float] = {}
        """The start of the latest poll for each waiter."""
        self._gone: dict[int, Exception] = {}
        """The errors of objects that no longer exist, by the Python `id` of the object."""

    def register(self, waiter: object, objects: Iterable[Resource], needs_events: Callable[[], bool]) -> None:
        """Refresh *objects* for *waiter* in the next polls, instead of those that it registered before."""
        before = {id(each) for each in self._waiters.get(waiter, ((), None))[0]}
        self._waiters[waiter] = (tuple(objects), needs_events)
        if any(id(each) not in before for each in self._waiters[waiter][0]):
            self._began.pop(waiter, None)  # no poll has refreshed the new objects

    def leave(self, waiter: object) -> None:
        """Unregister *waiter*; after the last one the client drops the poller."""
        objects, _ = self._waiters.pop(waiter, ((), None))
        for each in objects:  # another object may get the same Python `id`
            self._gone.pop(id(each), None)
        self._began.pop(waiter, None)
        if not self._waiters and self._client.__dict__.get("_poller") is self:
            del self._client.__dict__["_poller"]

    def poll(self, waiter: object, timer: PollTimer) -> Steps[Exception | None]:
        """Refresh the objects of *waiter*: by a poll for all waiters, or by one that another waiter has just made.

        Returns a temporary error of the poll, or None. Raises `EventFailedError` if an object of *waiter* no longer
        exists, `NotFoundError` if it never did, and all other errors of its own poll.
        """
        since = self._client._now() - timer.pause
        if not timer.pause and len(self._waiters) > 1:  # others start to wait as well: one poll for all of them
            yield Sleep(max(min(JOIN_SECONDS, timer.left), 0.0))
        while self._began.get(waiter, float("-inf")) < since:
            if self._turn.acquire(blocking=False):
                try:
                    yield from with_deadline(self._lead(), timer)
                except CertificateError:  # the certificate will be refused the next time as well
                    raise
                except TEMPORARY_ERRORS as error:
                    return error
                finally:
                    self._turn.release()
            elif timer.left <= 0:
                return None
            else:
                yield Sleep(min(POLL_CHECK_SECONDS, timer.left))
        for each in self._waiters[waiter][0]:
            if (gone := self._gone.pop(id(each), None)) is not None:
                raise gone
        return None

    def _lead(self) -> Steps[None]:
        """Poll once for all waiters that are registered now."""
        waiters, began = dict(self._waiters), self._client._now()
        objects = list({id(each): each for mine, _ in waiters.values() for each in mine}.values())
        gone = yield from refresh(self._client, objects)
        awaited = {id(each) for mine, _ in list(self._waiters.values()) for each in mine}
        self._gone.update((id(each), error) for each, error in gone if id(each) in awaited)
        if any(needs_events() for _, needs_events in waiters.values()):
            yield from self.events.read(len(objects))
        for waiter in waiters.keys() & self._waiters.keys():
            self._began[waiter] = began


def with_deadline(flow: Flow[T], timer: PollTimer) -> Steps[T]:
    """Run *flow*; its calls end at the timeout of *timer* even if the API does not respond."""
    (result,) = yield from Gather([flow], until=timer.now() + max(timer.left, MIN_POLL_SECONDS))
    return result


def poll_until(
    client: Any,
    timer: PollTimer,
    awaited: Callable[[EventLog], tuple[Iterable[Resource], Callable[[], bool]]],
    is_over: Callable[[EventLog], bool],
    overdue: Callable[[], str],
) -> Steps[None]:
    """Poll, together with all other waiters of *client*, until *is_over* returns True; it is called after each poll.

    *awaited* is called before each poll and returns the objects to refresh, and whether the events are needed as well;
    *overdue* returns the message of the `WaitTimeoutError` that is raised at the timeout of *timer*.
    """
    if client._in_dry_run:  # nothing has happened that could be waited for
        return
    poller: Poller = client.__dict__.setdefault("_poller", Poller(client))
    waiter = object()
    try:
        while True:
            objects, needs_events = awaited(poller.events)
            poller.register(waiter, objects, needs_events)
            trouble = yield from poller.poll(waiter, timer)
            if awaited(poller.events)[0] != objects:  # the token may not list events: refresh the objects instead
                continue
            if trouble is None and is_over(poller.events):
                return
            if not (yield from timer.wait()):
                raise WaitTimeoutError(overdue()) from trouble
    finally:
        poller.leave(waiter)
