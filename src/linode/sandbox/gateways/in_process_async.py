"""The way in for tasks of the same process: nobody waits in earnest, and the clock moves once for all who wait."""

from __future__ import annotations

import asyncio
import bisect
import itertools

from linode._http.transport import Request, Response

from .gateway import Gateway, lasts, received

__all__ = ["AsyncInProcess", "Pauses"]

QUIET = 20
"""Rounds of the event loop without a request or a new pause after which all tasks count as waiting.

What wakes a task (a future, a gather, a task group) takes a round or two a layer; so this allows for some ten layers.
"""


class Pauses:
    """The pauses of all tasks that use one sandbox.

    The clock moves when nothing else happens, and then to the end of the pause that ends first: a hundred tasks that
    wait for a minute together wait for one minute.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._door = gateway
        self._ends: list[tuple[float, int]] = []
        self._count = itertools.count()

    async def sleep(self, seconds: float) -> None:
        """Let *seconds* go by on the world's clock; other tasks run meanwhile."""
        gateway = self._door
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
    """What `InProcess` is, awaited. Requests that are made at the same time take their time together."""

    parallel = True

    def __init__(self, gateway: Gateway, pauses: Pauses) -> None:
        self._door = gateway
        self._pauses = pauses

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109 - the world's seconds
        """The door's answer. Raises `TransportError` where a fault says so."""
        await self._pauses.sleep(self._door.step)
        outcome = self._door.ask(request, takes_time=self._door.step == 0)
        if late := lasts(outcome, timeout):
            await self._pauses.sleep(late)
        return received(request, outcome, timeout)

    def now(self) -> float:
        """The world's clock, in seconds."""
        return self._door.world.now

    async def sleep(self, seconds: float) -> None:
        """Let *seconds* go by on the world's clock."""
        await self._pauses.sleep(seconds)

    async def close(self) -> None:
        """Nothing is held."""
