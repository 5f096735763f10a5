"""Keeping under the API's rate limits, which all processes of an account share.

Every answer tells how many requests are left until the limit starts anew (``X-RateLimit-*``); that header is where
several processes meet. Requests are let through at once while there is plenty, spread over the time that is left when
it runs short, and held back before it runs out.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from linode._model import Call

__all__ = ["Pace"]

PLENTY = 0.2
"""The share of a limit down to which requests are not spread."""
RESERVE = 0.01
"""The share of a limit that is left for what other processes have under way."""
ABSURD = 3600.0
"""No limit of the API starts anew later than this, in seconds."""
_ID = re.compile(r"/[^/]*\d[^/]*")


class _Window:
    """A limit, as the newest answer told it."""

    __slots__ = ("left", "limit", "until")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.left = limit
        self.until = 0.0


class Pace:
    """Tells how long a call has to wait. *now* is the clock, in seconds: that of the transport."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._limit_of: dict[str, int] = {}
        self._windows: dict[int, _Window] = {}

    def delay(self, call: Call[Any]) -> float:
        """Seconds to wait before *call* is sent; counts it as sent."""
        with self._lock:
            window = self._windows.get(self._limit_of.get(_kind(call), 0))
            if window is None:
                return 0.0
            remaining = window.until - self._now()
            if remaining <= 0:
                return 0.0
            spare = window.left - max(1, round(window.limit * RESERVE))
            if spare <= 0:
                return remaining
            window.left -= 1
            return 0.0 if spare > window.limit * PLENTY else remaining / spare

    def saw(self, call: Call[Any], headers: Mapping[str, str]) -> None:
        """Take note of what the answer to *call* says about its limit."""
        try:
            limit = int(headers["x-ratelimit-limit"])
            left = int(headers["x-ratelimit-remaining"])
            reset = float(headers["x-ratelimit-reset"]) - _sent(headers)
        except (KeyError, ValueError, TypeError, IndexError, OverflowError):
            return
        if limit <= 0 or not 0 <= reset <= ABSURD:
            return
        with self._lock:
            self._limit_of[_kind(call)] = limit
            window = self._windows.setdefault(limit, _Window(limit))
            until = self._now() + reset
            newer = until > window.until + 1  # the next window has begun, or this is the first answer of it
            window.left = left if newer else min(window.left, left)
            window.until = max(until, window.until) if not newer else until


def _kind(call: Call[Any]) -> str:
    """What a limit may hold for: the method and the path without its ids."""
    return f"{call.method} {_ID.sub('/*', call.path)}"


def _sent(headers: Mapping[str, str]) -> float:
    """When the answer was sent, in seconds since 1970, by the API's clock."""
    import time
    from email.utils import parsedate_to_datetime

    date = headers.get("date")
    return time.time() if date is None else parsedate_to_datetime(date).timestamp()
