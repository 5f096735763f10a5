"""Keeping under the API's rate limits, which all processes of an account share.

Every answer tells how many calls are left until its limit starts anew (``X-RateLimit-*``); that header is where several
processes meet. Calls are let through at once while there is plenty, spread over the time that is left when it runs
short, and held back before it runs out. How fast a limit shrinks, against what was sent from here, tells how many
others draw on it, and so how large a part of the rest is ours.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from linode._forking import reset_after_fork
from linode._model import Call, Sleep, Steps
from linode.errors import RateLimitedError, Reason

__all__ = ["RateLimiter"]

PLENTY = 0.2
"""The share of a limit down to which calls are not spread; and that may be under way at once."""
FEW, ANSWERS = 0.1, 3
"""The share that may be under way at once before so many answers have told how many others there are."""
SUSPECTED = 3.0
"""So many calls others are thought to make for each of ours before answers tell, where others have made some."""
RESERVE = 0.01
"""The share of a limit that is left alone: others may have more under way than was to be seen."""
PROBE_SECONDS = 2.0
"""A first call of its kind goes alone until it is answered, but no longer than this; then two go, then four."""
POLL, LONGEST_POLL = 0.001, 0.1
"""Seconds after which a call looks again that waits for the answers of those under way: twice as many each time."""
SPREAD_POLL = 1.0
"""Seconds after which a call looks again that waits for its turn: it may have come closer."""
STALE = 1.0
"""Seconds by which dates may be off that are cut to seconds."""
ABSURD = 300.0
"""No limit of the API starts anew later than this, in seconds."""
MOST = 10**9
"""No limit of the API is higher."""
_ID = re.compile(r"/[^/]*\d[^/]*")


class RateLimiter:
    """Says when a call may be sent. *now* is the clock, in seconds: that of the transport.

    A limit may hold for one kind of call or for many together; kinds whose answers tell the same number and the same
    end share it.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._reset()
        reset_after_fork(self._reset)

    def _reset(self) -> None:
        """Know of no call: those under way at a fork are answered to the parent."""
        self._lock = threading.Lock()
        self._windows: dict[str, _Window | None] = {}

    def turn(self, call: Call[Any], most: float = float("inf")) -> Steps[None]:
        """Wait until *call* may be sent, and count it as sent.

        Raises `RateLimitedError` when that would be in more than *most* seconds.
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
                yield Sleep(seconds)
            finally:
                with self._lock:
                    window.waiting -= 1
            poll = min(poll * 2, LONGEST_POLL)

    def _of(self, kind: str) -> _Window | None:
        """The window of the calls of *kind*; None where nothing limits them."""
        try:
            return self._windows[kind]
        except KeyError:
            with self._lock:
                return self._windows.setdefault(kind, _Window(1, PROBE_SECONDS, self.now()))

    def lost(self, call: Call[Any]) -> None:
        """Take note that *call* will get no answer."""
        with self._lock:
            if (window := self._windows.get(_kind(call))) is not None:
                window.answered = min(window.answered + 1, window.sent)

    def saw(self, call: Call[Any], headers: Mapping[str, str], status: int = 200) -> None:
        """Take note of what the answer to *call* says about its limit; one of a proxy in trouble says nothing."""
        kind = _kind(call)
        told = _told(headers)
        if told is None and status >= 500:
            self.lost(call)
            return
        with self._lock:
            now = self.now()
            window = self._windows.get(kind)
            if told is None:
                if window is None or not window.reset:
                    self._windows[kind] = None
            else:
                window = self._window(window, told, now)
                self._windows[kind] = window
                window.learn(told, now)

    def _window(self, window: _Window | None, told: _RateLimitHeaders, now: float) -> _Window:
        """The window that *told* is about; *window* is that of the calls of this kind until now."""
        if window is not None and window.is_of(told):
            return window
        for each in self._windows.values():
            if each is not None and each.is_of(told):
                return each
        if window is None or (window.reset and not window.may_be_of(told)):
            return _Window(told.limit, told.seconds, now)
        return window


class _RateLimitHeaders(NamedTuple):
    """What an answer tells: ``left`` of ``limit`` calls until ``reset`` (since 1970), ``seconds`` after it was sent.

    A call that was ``refused`` is not counted against the limit.
    """

    limit: int
    left: int
    reset: float
    seconds: float
    refused: bool


class _Window:
    """A limit, and what is known of the stretch of time that it now holds for."""

    limit: int
    seconds: float
    """How long a stretch lasts, as far as was seen."""
    until: float
    """When this one ends, by our clock."""
    reset: float
    """When this one (not ``known``: the one before) ends, by the API's clock; 0 when no answer has told yet."""
    known: bool
    whole: bool
    """Whether we were there when it began."""
    first: int
    """What was left when we came."""
    least: int
    """The least that an answer said was left."""
    sent: int
    answered: int
    answers: int
    """How many told of this limit, in all of its stretches."""
    others: float
    """Calls that others make for each of ours."""
    waiting: int
    next: float
    """When the next call has its turn, while they are spread."""

    def __init__(self, limit: int, seconds: float, now: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self.others = self.reset = self.until = 0.0
        self.waiting = self.first = self.least = self.answers = self.sent = 0
        self._begin(now)

    def _begin(self, now: float) -> None:
        """A new stretch: no answer has told of it yet."""
        if not self.reset and self.sent:
            self.limit *= 2
        self.known = False
        self.whole = now < self.until + STALE
        self.until = now + self.seconds
        self.sent = self.answered = 0
        self.next = now

    def is_of(self, told: _RateLimitHeaders) -> bool:
        """Whether *told* is about this stretch."""
        return (self.limit, self.reset) == (told.limit, told.reset)

    def may_be_of(self, told: _RateLimitHeaders) -> bool:
        """Whether *told* is about the next stretch, or one that is over."""
        return self.limit == told.limit and (told.reset > self.reset or told.seconds <= STALE)

    def wait(self, now: float, poll: float) -> float:
        """Seconds after which a call should ask again; 0: it may be sent, and is counted."""
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
        """Seconds until the next call's turn, for what is left to be spread; 0: now."""
        spare = self.least - under_way - max(1 + 2 * self.others, self.limit * RESERVE)
        if spare < 0:
            return self.until - now
        if spare <= self.limit * PLENTY:
            gap = (1 + self.others) * (self.until - now) / (spare + 1)
            if now < self.next:
                return min(self.next + gap * self.waiting, self.until, now + SPREAD_POLL) - now
            self.next = now + gap
        return 0.0

    def learn(self, told: _RateLimitHeaders, now: float) -> None:
        """Take note of what an answer tells."""
        if told.reset < self.reset or (told.reset == self.reset and not self.known):
            return  # it was on its way when a new stretch began
        if told.reset > self.reset:
            self._begin_as(told, now)
        self.answers += 1
        # Dates are cut to seconds: of all the ends that they give, the nearest is nearest to the truth.
        self.until = min(self.until, now + told.seconds)
        self.least = min(self.least, told.left)
        if told.refused:
            self.sent = max(self.sent - 1, 0)
            self.first = self.limit
        else:
            self.answered = min(self.answered + 1, self.sent)
        if self.whole or told.refused or self.answered > 1:
            self.others = max((self.first - self.least) / max(self.answered, 1) - 1, 0.0)

    def _begin_as(self, told: _RateLimitHeaders, now: float) -> None:
        """The stretch that *told* is the first to tell of; those who came late do not know who used what before."""
        if self.known:
            self._begin(now)
        self.known = True
        self.limit, self.reset = told.limit, told.reset
        self.seconds = max(told.seconds, STALE)
        self.until = now + told.seconds
        self.first = self.limit
        if not self.whole:
            self.first = told.left + 1
            self.others = min(self.limit - self.first, SUSPECTED)
        self.least = told.left


def _held_back(call: Call[Any], seconds: float) -> RateLimitedError:
    """What the API would have answered; it has not been asked."""
    why = Reason("held back: what the rate limit of the API allows is used up")
    after = {"retry-after": str(math.ceil(max(seconds, 0.0)))}
    return RateLimitedError(429, [why], method=call.method, path=call.shown, headers=after)


def _told(headers: Mapping[str, str]) -> _RateLimitHeaders | None:
    """What *headers* say of a limit; None when they say nothing, or nothing that makes sense."""
    if "x-ratelimit-limit" not in headers:
        return None
    try:
        reset = float(headers["x-ratelimit-reset"])
        limit, left = int(headers["x-ratelimit-limit"]), int(headers["x-ratelimit-remaining"])
        told = _RateLimitHeaders(limit, left, reset, reset - _sent(headers), "retry-after" in headers)
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        return None
    return told if 0 <= left <= limit <= MOST and limit and 0 <= told.seconds <= ABSURD else None


def _kind(call: Call[Any]) -> str:
    """What a limit may hold for: the method and the path without its ids."""
    return f"{call.method} {_ID.sub('/*', call.path)}"


def _sent(headers: Mapping[str, str]) -> float:
    """When the answer was sent, in seconds since 1970, by the API's clock."""
    import time
    from email.utils import parsedate_to_datetime

    date = headers.get("date")
    return time.time() if date is None else parsedate_to_datetime(date).timestamp()
