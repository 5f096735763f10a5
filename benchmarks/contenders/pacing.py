"""Pacing, on a clock that is only counted: clients that share a limit, which they see in the headers alone.

What holds the calls back is the library's own flow and its own reading of the headers. What is simulated is the time,
the network (*LATENCY* to and fro, more or less, so that answers overtake each other) and the limit: 1,600 calls in
every minute, counted from the first. All clients are cold, and begin together or one after the other; the figures are
those of the worst of the *MIXES*.
"""

from __future__ import annotations

import heapq
import itertools
import json
import random
from collections.abc import Generator
from email.utils import formatdate
from typing import Any

from linode._http.pipeline import Pipeline, Traffic
from linode._http.retries import Retry
from linode._http.transport import Request, Response
from linode._http.v4 import Wire
from linode._model import Call, Sleep

CALLS = 10_000
MIXES = ((4, 4, 4, 4), (1, 1, 1, 1), (64, 64, 64, 64), (1, 4, 16, 64))
"""Number of calls that each client sends at once."""
STAGGERED = 10
"""Seconds within which they begin, where they do not begin together."""
LIMIT, WINDOW = 1_600, 60
LATENCY, JITTER = 0.1, 0.6
EPOCH = 1_700_000_000
WIRE = Wire("http://paced/v4", "t")


class Api:
    """Counts what it is asked, and refuses what is too much."""

    def __init__(self) -> None:
        self.window = -1
        self.left = LIMIT
        self.refused = 0

    def answer(self, now: float) -> Response:
        if int(now // WINDOW) != self.window:
            self.window, self.left = int(now // WINDOW), LIMIT
        allowed = self.left > 0
        self.left -= allowed
        self.refused += not allowed
        headers = {
            "Date": formatdate(EPOCH + now, usegmt=True),
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset": str(EPOCH + (self.window + 1) * WINDOW),
        }
        if allowed:
            return Response(200, headers, b'{"id":1}')
        headers["Retry-After"] = str((self.window + 1) * WINDOW - int(now))
        return Response(429, headers, b'{"errors":[{"reason":"Too many requests"}]}')


class Simulation:
    """A simulation whose clock moves from one event to the next.

    *mix* is the number of streams of calls of each client.
    """

    def __init__(self, mix: tuple[int, ...], staggered: float) -> None:
        self.mix = mix
        self.now = 0.0
        self.api = Api()
        self._staggered = staggered
        self._random = random.Random(1)  # noqa: S311 - no secret
        self._order = itertools.count()
        self._next: list[tuple[float, int, Any, Any]] = []

    def run(self, calls: int) -> None:
        numbers = iter(range(1, calls + 1))
        for streams in self.mix:
            pipeline = Pipeline(Traffic(lambda: self.now), Retry())
            pipeline.wire = WIRE
            begin = self._random.uniform(0, self._staggered)
            for _ in range(streams):
                self._later(begin, None, pipeline.run(stream(numbers)))
        while self._next:
            self.now, _, what, steps = heapq.heappop(self._next)
            if isinstance(what, Request):
                self._later(self._way(), self.api.answer(self.now), steps)
            else:
                self._go_on(what, steps)

    def share(self, calls: int) -> float:
        """The soonest time in which the limit and the network let all calls through, as a part of what it took."""
        whole, rest = divmod(calls, LIMIT)
        soonest = max(whole * WINDOW + rest / sum(self.mix) * LATENCY, calls / sum(self.mix) * LATENCY)
        return soonest / self.now

    def _way(self) -> float:
        return LATENCY / 2 * self._random.uniform(1 - JITTER, 1 + JITTER)

    def _go_on(self, answered: Response | None, steps: Any) -> None:
        try:
            step = steps.send(answered)
        except StopIteration:
            return
        if isinstance(step, Sleep):
            self._later(step.seconds, None, steps)
        else:
            self._later(self._way(), step, steps)

    def _later(self, seconds: float, what: Any, steps: Any) -> None:
        heapq.heappush(self._next, (self.now + seconds, next(self._order), what, steps))


def stream(numbers: Any) -> Generator[Any, Any, None]:
    for number in numbers:
        yield Call("GET", f"/linode/instances/{number}")


if __name__ == "__main__":
    runs = [Simulation(mix, staggered) for mix in MIXES for staggered in (0, STAGGERED)]
    for each in runs:
        each.run(CALLS)
    share, refused = min(each.share(CALLS) for each in runs), sum(each.api.refused for each in runs)
    print(json.dumps({"share": share, "refused": refused, "work": str(CALLS)}))
