"""The transport for async clients in the same process: concurrent pauses advance the clock once, without real time."""

from __future__ import annotations

import asyncio
import bisect
import itertools

from linode._http.transport import Request, Response

from .gateway import Gateway
from .in_process import response_or_error, waiting_seconds

__all__ = ["AsyncInProcess", "Pauses"]

QUIET = 20
"""Iterations of the event loop without a request or a new pause after which all tasks count as waiting.

Waking a task takes an iteration or two for each layer (a future, a gather, a task group), so this allows ten layers.
"""


class Pauses:
    """The pauses of all tasks that use one sandbox.

    When all tasks are waiting, the clock advances to the end of the pause that ends first: a hundred concurrent pauses
    of a minute take one minute.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._ends: list[tuple[float, int]] = []
        self._count = itertools.count()

    async def sleep(self, seconds: float) -> None:
        """Pause for *seconds* of the world's clock; other tasks run meanwhile."""
        gateway = self._gateway
        gateway.moves += 1
        mine = gateway.world.now + max(seconds, 0.0), next(self._count)
        bisect.insort(self._ends, mine)
        seen, quiet = gateway.moves, 0
        try:
            await asyncio.sleep(0)
            while gateway.world.now < mine[0]:
                quiet = quiet + 1 if gateway.moves == seen else 0
                seen = gateway.moves
                if quiet >= QUIET and self._ends[0] == mine:
                    gateway.run_until(mine[0])
                else:
                    await asyncio.sleep(0)
        finally:
            self._ends.remove(mine)


class AsyncInProcess:
    """A transport for async clients in the same process. Concurrent requests advance the clock only once."""

    parallel = True

    def __init__(self, gateway: Gateway, pauses: Pauses) -> None:
        self._gateway = gateway
        self._pauses = pauses

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109 - the world's seconds
        """The gateway's response. Raises `TransportError` for a fault."""
        await self._pauses.sleep(self._gateway.step)
        outcome = self._gateway.ask(request, takes_time=self._gateway.step == 0)
        if late := waiting_seconds(outcome, timeout):
            await self._pauses.sleep(late)
        return response_or_error(request, outcome, timeout)

    def now(self) -> float:
        """The time of the world's clock in seconds."""
        return self._gateway.world.now

    async def sleep(self, seconds: float) -> None:
        """Pause for *seconds* of the world's clock."""
        await self._pauses.sleep(seconds)

    async def close(self) -> None:
        """Do nothing: there are no connections."""
