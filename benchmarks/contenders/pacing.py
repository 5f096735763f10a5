"""Pacing, on a clock that is only counted: clients that share a limit, and know of each other from its headers alone.

What holds the calls back is the library's own flow and its own reading of the headers. What is simulated is the time,
the network (*LATENCY* to and fro) and the limit: 1,600 calls in every minute, counted from the first.
"""

from __future__ import annotations

import heapq
import itertools
import json
from collections.abc import Generator
from email.utils import formatdate
from typing import Any

from linode._http.pacing import Pace
from linode._http.repeating import Retry, patiently
from linode._http.transport import Response
from linode._http.v4 import Wire
from linode._model import Call, Pause

CALLS = 10_000
CLIENTS = 4
STREAMS = 4
"""Calls that each client has under way at once."""
LIMIT, WINDOW = 1_600, 60
LATENCY = 0.1
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
    """Time goes from one thing that happens to the next."""

    def __init__(self) -> None:
        self.now = 0.0
        self.api = Api()
        self._order = itertools.count()
        self._next: list[tuple[float, int, Any, Any, Any]] = []

    def run(self, calls: int) -> None:
        numbers = iter(range(1, calls + 1))
        for _ in range(CLIENTS):
            pace = Pace(lambda: self.now)
            for _ in range(STREAMS):
                self._later(0.0, None, patiently(stream(numbers), Retry(), pace), pace)
        while self._next:
            self.now, _, what, steps, pace = heapq.heappop(self._next)
            if isinstance(what, Call):
                self._later(LATENCY / 2, (what, self.api.answer(self.now)), steps, pace)
            else:
                self._go_on(what, steps, pace)

    def _go_on(self, answered: Any, steps: Any, pace: Pace) -> None:
        try:
            if answered is None:
                step = steps.send(None)
            else:
                call, response = answered
                pace.saw(call, response.headers)
                try:
                    answer = WIRE.answer(call, response)
                except Exception as error:  # noqa: BLE001 - the flow decides, as under a client
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration:
            return
        if isinstance(step, Pause):
            self._later(step.seconds, None, steps, pace)
        else:
            self._later(LATENCY / 2, step, steps, pace)

    def _later(self, seconds: float, what: Any, steps: Any, pace: Pace) -> None:
        heapq.heappush(self._next, (self.now + seconds, next(self._order), what, steps, pace))


def stream(numbers: Any) -> Generator[Any, Any, None]:
    for number in numbers:
        yield Call("GET", f"/linode/instances/{number}")


def soonest(calls: int) -> float:
    """When the last of *calls* could be answered at best: as many at once as here, and no window left unused."""
    whole, rest = divmod(calls, LIMIT)
    return whole * WINDOW + rest / (CLIENTS * STREAMS) * LATENCY


if __name__ == "__main__":
    simulation = Simulation()
    simulation.run(CALLS)
    print(json.dumps({"share": soonest(CALLS) / simulation.now, "refused": simulation.api.refused, "work": str(CALLS)}))
