"""Snapshots: the contents of a sandbox at a moment, to return to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from ..sandbox import Sandbox

__all__ = ["Snapshot"]


class Snapshot:
    """The contents of *sandbox* at a moment: objects, time, random numbers, faults, limits, requests and settings.

    Rows are shared with the sandbox until they change, so a snapshot costs next to nothing. As a context manager it is
    restored at the end of the block.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        gateway = sandbox.gateway
        self._sandbox = sandbox
        self._world = sandbox.world.saved()
        self._token = sandbox.token
        self._faults = [(fault, fault.skip, fault.hits) for fault in sandbox.faults]
        self._limits = sandbox.limits.saved()
        self._requests = list(sandbox.requests)
        self._applications = dict(sandbox._applications)
        self._clock = gateway.clock.speed, gateway.clock.stopped
        self._durations = sandbox.world.durations

    def restore(self, sandbox: Sandbox) -> None:
        """Give *sandbox* the contents that it, or another, had. Raises `NotSaved` if a data file cannot be written."""
        sandbox.world.restore(self._world)
        sandbox.world.durations = self._durations
        sandbox.token = self._token
        for fault, skip, hits in self._faults:
            fault.skip, fault.hits = skip, hits
        sandbox.faults[:] = [fault for fault, _, _ in self._faults]
        sandbox.limits.restore(self._limits)
        sandbox.requests[:] = self._requests
        sandbox._applications = dict(self._applications)
        clock = sandbox.gateway.clock
        clock.speed, clock.stopped = self._clock
        clock.resume(sandbox.world)
        sandbox.gateway.moves += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._sandbox.restore(self)

    def __repr__(self) -> str:
        return f"<Snapshot of {self._sandbox!r}>"
