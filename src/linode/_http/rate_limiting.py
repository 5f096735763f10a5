"""Staying under the API's rate limits, which all processes of an account share.

Every response has headers with the number of calls left in the current window of its limit (``X-RateLimit-*``); only
through them do several processes learn of each other. Calls are sent at once while many are left, spread over the rest
of the window when few are left, and held back before none is left. The difference between the decrease of the limit and
the calls sent from here shows how many calls other processes send, and so which share of the rest is ours.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from linode._forking import reset_after_fork
from linode._model import Call, Sleep, Steps
from linode.errors import RateLimitedError, Reason

__all__ = ["RateLimiter", "Turn"]

PLENTY = 0.2
"""Share of a limit: calls are spread when less is left; and the maximum share that may be in flight."""
FEW, ANSWERS = 0.1, 3
"""Maximum share in flight until ``ANSWERS`` responses have shown how many calls other processes send."""
SUSPECTED = 3.0
"""Assumed calls of other processes for each of ours, if there are any, until responses show the real number."""
RESERVE = 0.01
"""Share of a limit that is not used: other processes may have more calls in flight than the headers show."""
PROBE_SECONDS = 2.0
"""Maximum seconds for which the first call of a kind is sent alone; then two are sent, then four."""
POLL, MAX_POLL_SECONDS = 0.001, 0.1
"""Seconds between two checks of a call that waits for responses to calls in flight; doubled after each check."""
SPREAD_POLL = 1.0
"""Seconds between two checks of a call that waits for its turn, which may have moved forward."""
STALE = 1.0
"""Error in seconds of dates that are truncated to seconds."""
ABSURD = 300.0
"""Maximum plausible length of a window in seconds."""
MAX_LIMIT = 10**9
"""Maximum plausible limit."""
_ID = re.compile(r"/[^/]*\d[^/]*")


class Turn(Sleep):
    """A pause until a call may be sent."""

    __slots__ = ()


class RateLimiter:
    """Decides when a call may be sent. *now* is the transport's clock, in seconds.

    A limit may apply to one kind of call or to several together; kinds whose responses have the same limit and the same
    reset time share it.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._reset()
        reset_after_fork(self._reset)

    def _reset(self) -> None:
        """Forget all calls: responses to calls in flight at a fork arrive in the parent."""
        self._lock = threading.Lock()
        self._windows: dict[str, _Window | None] = {}

    def turn(self, call: Call[Any], most: float = float("inf")) -> Steps[None]:
        """Wait until *call* may be sent, and count it as sent.

        Raises `RateLimitedError` if that would take more than *most* seconds.
        """
        kind = _kind(call)
        poll = POLL
        latest = self.now() + most
        while (window := self._of(kind)) is not None:
            with self._lock:
                seconds = window.wait(self.now(), poll)
                window.waiting += seconds > 0
            if seconds <= 0:
                return
            try:
                if self.now() + seconds > latest:
                    raise _held_back(call, window.until - self.now())
                yield Turn(seconds)
            finally:
                with self._lock:
                    window.waiting -= 1
            poll = min(poll * 2, MAX_POLL_SECONDS)

    def _of(self, kind: str) -> _Window | None:
        """The window of the calls of *kind*; None if they have no limit."""
        try:
            return self._windows[kind]
        except KeyError:
            with self._lock:
                return self._windows.setdefault(kind, _Window(1, PROBE_SECONDS, self.now()))

    def lost(self, call: Call[Any]) -> None:
        """Record that *call* will get no response."""
        with self._lock:
            if (window := self._windows.get(_kind(call))) is not None:
                window.answered = min(window.answered + 1, window.sent)

    def record(self, call: Call[Any], headers: Mapping[str, str], status: int = 200) -> None:
        """Record the limit in the headers of the response to *call*; a 5xx without these headers is from a proxy."""
        kind = _kind(call)
        limits = _rate_limit(headers, status)
        if limits is None and status >= 500:
            self.lost(call)
            return
        with self._lock:
            now = self.now()
            window = self._windows.get(kind)
            if limits is None:
                if window is None or not window.reset:
                    self._windows[kind] = None
            else:
                window = self._window(window, limits, now)
                self._windows[kind] = window
                window.learn(limits, now)

    def _window(self, window: _Window | None, limits: _RateLimitHeaders, now: float) -> _Window:
        """The window that *limits* describe; *window* is the previous window of this kind of call."""
        if window is not None and window.is_of(limits):
            return window
        for each in self._windows.values():
            if each is not None and each.is_of(limits):
                return each
        if window is None or (window.reset and not window.may_be_of(limits)):
            return _Window(limits.limit, limits.seconds, now)
        return window


class _RateLimitHeaders(NamedTuple):
    """The rate limit in a response: ``left`` of ``limit`` calls until ``reset`` (since 1970), in ``seconds``.

    ``refused`` is whether the status is 429; a refused call is not counted against the limit. ``Retry-After`` does not
    tell, because successful responses have it too.
    """

    limit: int
    left: int
    reset: float
    seconds: float
    refused: bool


class _Window:
    """A rate limit and the state of its current window."""

    limit: int
    seconds: float
    """Length of a window, as far as observed."""
    until: float
    """End of the window by the local clock."""
    reset: float
    """End of the window (if not ``known``: of the previous one) by the API's clock; 0 before the first response."""
    known: bool
    """Whether a response has described this window."""
    whole: bool
    """Whether the limiter was active when the window began."""
    first: int
    """Calls left when the limiter began to count."""
    least: int
    """The lowest number of calls left in any response."""
    sent: int
    answered: int
    answers: int
    """Number of responses that described this limit, in all windows."""
    others: float
    """Calls of other processes for each of ours."""
    waiting: int
    next: float
    """Time of the next call's turn, while calls are spread."""

    def __init__(self, limit: int, seconds: float, now: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self.others = self.reset = self.until = 0.0
        self.waiting = self.first = self.least = self.answers = self.sent = 0
        self._begin(now)

    def _begin(self, now: float) -> None:
        """Begin a new window, which no response has described yet."""
        if not self.reset and self.sent:
            self.limit *= 2
        self.known = False
        self.whole = now < self.until + STALE
        self.until = now + self.seconds
        self.sent = self.answered = 0
        self.next = now

    def is_of(self, limits: _RateLimitHeaders) -> bool:
        """Whether *limits* describe this window."""
        return (self.limit, self.reset) == (limits.limit, limits.reset)

    def may_be_of(self, limits: _RateLimitHeaders) -> bool:
        """Whether *limits* describe the next window, or one that has ended."""
        return self.limit == limits.limit and (limits.reset > self.reset or limits.seconds <= STALE)

    def wait(self, now: float, poll: float) -> float:
        """Seconds until a call should check again; 0: it may be sent, and is counted."""
        if now >= self.until:
            self._begin(now)
        all_of_us = 1 + self.others
        under_way = (self.sent - self.answered) * all_of_us
        share = 1.0 if not self.reset else FEW if self.answers < ANSWERS else PLENTY
        if under_way and under_way + all_of_us > self.limit * share:
            return min(poll, self.until - now)
        if self.known and (seconds := self._held_back(now, under_way)) > 0:
            return min(seconds, poll if under_way else seconds)
        self.sent += 1
        return 0.0

    def _held_back(self, now: float, under_way: float) -> float:
        """Seconds until the next call's turn, with the calls left spread over the window; 0: now."""
        spare = self.least - under_way - max(1 + 2 * self.others, self.limit * RESERVE)
        if spare < 0:
            return self.until - now
        if spare <= self.limit * PLENTY:
            gap = (1 + self.others) * (self.until - now) / (spare + 1)
            if now < self.next:
                return min(self.next + gap * self.waiting, self.until, now + SPREAD_POLL) - now
            self.next = now + gap
        return 0.0

    def learn(self, limits: _RateLimitHeaders, now: float) -> None:
        """Update the window with the *limits* in a response."""
        if limits.reset < self.reset or (limits.reset == self.reset and not self.known):
            return  # the response was in flight when a new window began
        if limits.reset > self.reset:
            self._begin_as(limits, now)
        self.answers += 1
        # Dates are truncated to seconds, so the earliest of the computed ends is the most accurate.
        self.until = min(self.until, now + limits.seconds)
        self.least = min(self.least, limits.left)
        if limits.refused:
            self.sent = max(self.sent - 1, 0)
            self.first = self.limit
        else:
            self.answered = min(self.answered + 1, self.sent)
        if self.whole or limits.refused or self.answered > 1:
            self.others = max((self.first - self.least) / max(self.answered, 1) - 1, 0.0)

    def _begin_as(self, limits: _RateLimitHeaders, now: float) -> None:
        """Begin the window that *limits* describe. If it began earlier, who used the missing calls is unknown."""
        if self.known:
            self._begin(now)
        self.known = True
        self.limit, self.reset = limits.limit, limits.reset
        self.seconds = max(limits.seconds, STALE)
        self.until = now + limits.seconds
        self.first = self.limit
        if not self.whole:
            self.first = limits.left + 1
            self.others = min(self.limit - self.first, SUSPECTED)
        self.least = limits.left


def _held_back(call: Call[Any], seconds: float) -> RateLimitedError:
    """The error that the API would have returned; the call was not sent."""
    why = Reason("not sent: the API's rate limit is used up")
    after = {"retry-after": str(math.ceil(max(seconds, 0.0)))}
    return RateLimitedError(429, [why], method=call.method, path=call.shown, headers=after)


def _rate_limit(headers: Mapping[str, str], status: int) -> _RateLimitHeaders | None:
    """The rate limit in *headers*; None if they have none, or an implausible one."""
    if "x-ratelimit-limit" not in headers:
        return None
    try:
        reset = float(headers["x-ratelimit-reset"])
        limit, left = int(headers["x-ratelimit-limit"]), int(headers["x-ratelimit-remaining"])
        limits = _RateLimitHeaders(limit, left, reset, reset - _sent(headers), status == 429)
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        return None
    return limits if 0 <= left <= limit <= MAX_LIMIT and limit and 0 <= limits.seconds <= ABSURD else None


def _kind(call: Call[Any]) -> str:
    """The kind of call that a limit may apply to: the method and the path without its IDs."""
    return _kind_of(call.method, call.path)


@lru_cache(128)  # a call asks for its kind twice
def _kind_of(method: str, path: str) -> str:
    return f"{method} {_ID.sub('/*', path)}"


def _sent(headers: Mapping[str, str]) -> float:
    """The time at which the response was sent, in seconds since 1970, by the API's clock."""
    import time
    from email.utils import parsedate_to_datetime

    date = headers.get("date")
    return time.time() if date is None else parsedate_to_datetime(date).timestamp()
