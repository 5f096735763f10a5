"""The clock of a world: it advances by requests, by itself at a speed, or not at all."""

from __future__ import annotations

import math
import time

from ..core.world import World

__all__ = ["Clock", "checked_speed"]


def checked_speed(speed: float | None) -> float | None:
    """*speed*, if it is None or a finite number above 0. Raises TypeError and ValueError."""
    if speed is not None and (isinstance(speed, bool) or not isinstance(speed, int | float)):
        raise TypeError(f"speed must be a number, or None for steps, not {type(speed).__name__}")
    if speed is not None and not 0 < speed < math.inf:
        raise ValueError(f"speed must be above 0, not {speed}")
    return speed


class Clock:
    """Advances the clock of a world.

    With a ``speed`` the clock runs by itself, as a multiple of the real one; without one a request takes ``step``
    seconds. While it is ``stopped`` neither happens. Pauses of clients and `Sandbox.advance` always advance it.
    """

    def __init__(self, speed: float | None, step: float) -> None:
        self.speed = checked_speed(speed)
        self.stopped = False
        self._step = step
        self._began = 0.0, 0.0

    @property
    def runs(self) -> bool:
        """Whether the clock runs by itself."""
        return self.speed is not None and not self.stopped

    @property
    def step(self) -> float:
        """The seconds by which a request advances the clock."""
        return 0.0 if self.speed is not None or self.stopped else self._step

    def begin(self, world: World) -> None:
        """Run from the time of *world* on, and from the real seconds in which its data file was closed."""
        self._began = time.monotonic(), world.now + (world.downtime * self.speed if self.speed is not None else 0.0)

    def resume(self, world: World) -> None:
        """Run from the time of *world* on."""
        self._began = time.monotonic(), world.now

    def moved(self, seconds: float) -> None:
        """Take note that the clock was advanced by *seconds*, besides its own running."""
        self._began = self._began[0], self._began[1] + seconds

    def tick(self, world: World) -> None:
        """Advance *world* for a request: by a step, or to the time that the running clock shows."""
        if not self.runs or self.speed is None:
            world.advance(self.step)
        else:
            real, began = self._began
            world.run_until(began + (time.monotonic() - real) * self.speed)
