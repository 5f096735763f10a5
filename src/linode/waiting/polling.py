"""Polls: the pauses between them, and who makes them.

Waiters of one client share their polls. A waiter registers its objects (or its job) with the client's `Poller`; when
its pause is over it takes the results of a poll that another waiter has made meanwhile, or else makes the next poll
for all that are registered. While one poll is under way nobody begins another. Nothing runs when nobody waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from linode._model import Flow, Gather, Resource, Sleep, Steps
from linode.errors import (
    CertificateError,
    EventFailedError,
    RateLimitedError,
    ServerError,
    TransportError,
    WaitTimeoutError,
)

from .event_log import EventLog
from .groups import refresh

__all__ = ()

T = TypeVar("T")

GLANCE = 0.05
"""Seconds between two looks at whether the poll of another waiter is over."""
JOINING = 0.25
"""Seconds in which those who begin to wait beside others gather for their first poll."""
LAST = 1.0
"""Seconds that a poll may take that begins when the timeout is nearly over, or over."""
PASSING = (RateLimitedError, ServerError, TransportError)
"""Errors of a poll that a later poll may not meet."""


class PollTimer:
    """The pauses between polls: *poll_interval* seconds (None: 1, growing to 5), *timeout* seconds in all.

    *now* is the clock that the pauses move. Raises ValueError for times that are negative or no numbers.
    """

    def __init__(self, now: Callable[[], float], timeout: float, poll_interval: float | None) -> None:
        if not timeout >= 0 or not (poll_interval is None or poll_interval > 0):
            raise ValueError(f"timeout={timeout} and poll_interval={poll_interval} are no times to wait")
        self.now = now
        self._ends = now() + timeout
        self._poll_interval = poll_interval
        self.pause = 0.0
        """Seconds of the latest pause."""
        self._next = poll_interval or 1.0

    @property
    def left(self) -> float:
        """Seconds until the timeout; negative when it is over."""
        return self._ends - self.now()

    def wait(self) -> Steps[bool]:
        """Pause until the next poll is due. False, without a pause, when the timeout is over."""
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
        """The objects of each waiter, and whether it needs the events once they are refreshed."""
        self._turn = threading.Lock()
        """Held by the waiter that polls."""
        self._began: dict[object, float] = {}
        """When the latest poll began that each waiter was part of."""
        self._gone: dict[int, EventFailedError] = {}
        """The errors of objects that are gone, by the object's `id`."""

    def register(self, waiter: object, objects: Iterable[Resource], needs_events: Callable[[], bool]) -> None:
        """Let the next polls refresh *objects* for *waiter*, in place of those that it registered before."""
        before = {id(each) for each in self._waiters.get(waiter, ((), None))[0]}
        self._waiters[waiter] = (tuple(objects), needs_events)
        if any(id(each) not in before for each in self._waiters[waiter][0]):
            self._began.pop(waiter, None)  # no poll has brought what is new

    def leave(self, waiter: object) -> None:
        """End what `register` began; the last waiter takes the poller with it."""
        objects, _ = self._waiters.pop(waiter, ((), None))
        for each in objects:  # nobody waits for it any more, and another object may come to have its `id`
            self._gone.pop(id(each), None)
        self._began.pop(waiter, None)
        if not self._waiters and self._client.__dict__.get("_poller") is self:
            del self._client.__dict__["_poller"]

    def poll(self, waiter: object, timer: PollTimer) -> Steps[Exception | None]:
        """Bring the objects of *waiter* up to date: by a poll of its own for all waiters, or by one just made.

        Returns the error of a poll that a later one may not meet, None for a good one. Raises `EventFailedError` when
        an object of *waiter* is gone, and all other errors of its own poll.
        """
        since = self._client._now() - timer.pause
        if not timer.pause and len(self._waiters) > 1:  # others begin to wait too: one poll for all of them
            yield Sleep(max(min(JOINING, timer.left), 0.0))
        while self._began.get(waiter, float("-inf")) < since:
            if self._turn.acquire(blocking=False):
                try:
                    yield from bounded(self._lead(), timer)
                except CertificateError:  # it will be refused the next time too
                    raise
                except PASSING as error:
                    return error
                finally:
                    self._turn.release()
            elif timer.left <= 0:
                return None
            else:
                yield Sleep(min(GLANCE, timer.left))
        for each in self._waiters[waiter][0]:
            if (gone := self._gone.pop(id(each), None)) is not None:
                raise gone
        return None

    def _lead(self) -> Steps[None]:
        """One poll for all waiters that are registered now."""
        waiters, began = dict(self._waiters), self._client._now()
        objects = list({id(each): each for mine, _ in waiters.values() for each in mine}.values())
        gone = yield from refresh(self._client, objects)
        awaited = {id(each) for mine, _ in list(self._waiters.values()) for each in mine}
        self._gone.update((id(each), error) for each, error in gone if id(each) in awaited)
        if any(needs_events() for _, needs_events in waiters.values()):
            yield from self.events.read(len(objects))
        for waiter in waiters.keys() & self._waiters.keys():
            self._began[waiter] = began


def bounded(flow: Flow[T], timer: PollTimer) -> Steps[T]:
    """*flow*, whose calls end with the timeout of *timer* even if the API says nothing."""
    (result,) = yield from Gather([flow], until=timer.now() + max(timer.left, LAST))
    return result


def polled(
    client: Any,
    timer: PollTimer,
    awaited: Callable[[EventLog], tuple[Iterable[Resource], Callable[[], bool]]],
    is_over: Callable[[EventLog], bool],
    overdue: Callable[[], str],
) -> Steps[None]:
    """Poll, together with all other waiters of *client*, until *is_over* says that it is; it is asked after each poll.

    *awaited* gives the objects to refresh and whether the events are needed besides, before each poll; *overdue* words
    the `WaitTimeoutError` that is raised when the timeout of *timer* comes first.
    """
    poller: Poller = client.__dict__.setdefault("_poller", Poller(client))
    waiter = object()
    try:
        while True:
            objects, needs_events = awaited(poller.events)
            poller.register(waiter, objects, needs_events)
            trouble = yield from poller.poll(waiter, timer)
            if awaited(poller.events)[0] != objects:  # the events may not be seen, and the objects have to tell
                continue
            if trouble is None and is_over(poller.events):
                return
            if not (yield from timer.wait()):
                raise WaitTimeoutError(overdue()) from trouble
    finally:
        poller.leave(waiter)
