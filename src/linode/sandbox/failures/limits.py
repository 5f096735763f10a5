"""The API's rate limits, counted for each token on the world's clock."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from linode._model.options import checks_options_of

from ..engine.routes import routes
from . import path_patterns, reachability

__all__ = ["Allowance", "Limit", "Limits", "api_limits"]

MANY = 1000
"""Number of windows above which those that have ended are dropped."""


@checks_options_of
@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of *count* calls in *seconds*, for each token, for the operations that match *method* and *path*.

    ``*`` is any method, ``LIST`` a GET of a page; in the path ``*`` is one segment and ``**`` any number of them.
    Raises ValueError for numbers below 1 and for a pattern that is invalid or matches no operation.
    """

    method: str
    path: str
    count: int
    seconds: float = 60

    def __post_init__(self) -> None:
        path_patterns.check(self.path)
        if self.count < 1 or not 1 <= self.seconds < math.inf:
            raise ValueError(f"count={self.count} and seconds={self.seconds} must be at least 1, and seconds finite")
        reachability.check("GET" if self.method == "LIST" else self.method, self.path)


EVERYTHING = (Limit("LIST", "**", 200), Limit("*", "**", 1600))
"""The limits of operations without a limit of their own."""


@functools.cache
def api_limits() -> tuple[Limit, ...]:
    """The API's limits: those in the records of the families, and those of all other operations."""
    pairs = [(route, pair) for route in routes() for pair in route.recorded(lambda kind: kind.operations.limits) or ()]
    return (
        *(Limit(route.method, path_patterns.of_path(route.path), count, seconds) for route, (count, seconds) in pairs),
        *EVERYTHING,
    )


class Allowance(NamedTuple):
    """Whether a call is allowed, and the number of calls left until ``reset`` (seconds since 1970)."""

    allowed: bool
    limit: int
    remaining: int
    reset: int

    def headers(self, now: float) -> dict[str, str]:
        """The rate-limit headers of the response."""
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }
        # Recorded on successful responses: a second less than the rest of the window. A 429 was never recorded, so its
        # exact value is a guess; documented is that a client which waits that long is served again.
        seconds = max(math.floor(self.reset - now) - 1, 0) if self.allowed else max(math.ceil(self.reset - now), 1)
        return {**headers, "Retry-After": str(seconds)}


class _Window:
    """A period that begins with its first call, and the number of calls in it."""

    __slots__ = ("calls", "ends")

    def __init__(self, ends: int) -> None:
        self.ends = ends
        self.calls = 0


class SavedLimits(NamedTuple):
    """Limits, and the end and the number of calls of each window."""

    limits: list[Limit]
    counts: list[tuple[tuple[str, Limit], int, int]]


class Limits(list[Limit]):
    """The active limits, a list that can be changed; if it is empty, calls are not counted and have no headers.

    The first matching limit applies to a call, together with the others for the same method and path. Refused calls are
    not counted.
    """

    def __init__(self, limits: Iterable[Limit] = ()) -> None:
        super().__init__(limits)
        self._windows: dict[tuple[str, Limit], _Window] = {}

    def take(self, caller: str, method: str, path: str, now: float, *, page: bool = False) -> Allowance | None:
        """Count a call of *caller*, if it is allowed; *page* is whether it requests a page. None: no limit applies."""
        limits = self._of((method, "LIST", "*") if page else (method, "*"), path)
        if not limits:
            return None
        windows = [(self._window((caller, limit), now), limit) for limit in limits]
        allowed = all(window.calls < limit.count for window, limit in windows)
        for window, _ in windows:
            window.calls += allowed
        window, limit = min(windows, key=lambda each: each[1].count - each[0].calls)
        return Allowance(allowed, limit.count, limit.count - window.calls, window.ends)

    def forget(self) -> None:
        """Reset the counts of all limits."""
        self._windows.clear()

    def saved(self) -> SavedLimits:
        """The limits and their counts."""
        counts = [(key, window.ends, window.calls) for key, window in self._windows.items()]
        return SavedLimits(list(self), counts)

    def restore(self, saved: SavedLimits) -> None:
        """Replace the limits and their counts by *saved*."""
        self[:] = saved.limits
        self._windows = {}
        for key, ends, calls in saved.counts:
            self._windows[key] = _Window(ends)
            self._windows[key].calls = calls

    def _of(self, methods: tuple[str, ...], path: str) -> list[Limit]:
        first = next((each for each in self if each.method in methods and path_patterns.fits(each.path, path)), None)
        return [each for each in self if first is not None and (each.method, each.path) == (first.method, first.path)]

    def _window(self, key: tuple[str, Limit], now: float) -> _Window:
        if len(self._windows) > MANY:
            self._windows = {each: window for each, window in self._windows.items() if window.ends > now}
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = self._windows[key] = _Window(math.ceil(now + key[1].seconds))
        return window
