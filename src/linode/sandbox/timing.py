"""The part of the sandbox for its clock: when it advances, and how long jobs take."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from .._model.convert import literal_values
from ..api.account.events import EventAction
from .core import durations as lasting

if TYPE_CHECKING:
    from .core.world import World
    from .gateways.gateway import Gateway

__all__ = ["Timing", "checked_durations", "moment_of"]


class Timing:
    """The methods of `Sandbox` for its clock."""

    gateway: Gateway
    world: World
    _durations: lasting.Durations

    @property
    def now(self) -> datetime:
        """The time in the sandbox, in UTC."""
        return datetime.fromtimestamp(self.world.now, UTC)

    def advance(self, seconds: float | timedelta) -> None:
        """Advance the sandbox's clock by *seconds*, a number or a timedelta: boots finish, tokens expire."""
        passed = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        if isinstance(passed, bool) or not isinstance(passed, int | float):
            raise TypeError(f"advance() takes a number of seconds or a timedelta, not {type(passed).__name__}")
        self.gateway.advance(passed)

    def advance_to(self, moment: datetime | str) -> None:
        """Advance the sandbox's clock to *moment* (UTC without a time zone). Raises ValueError if it is past."""
        seconds = moment_of(moment) - self.world.now
        if seconds < 0:
            raise ValueError(f"{moment} is past: it is {self.now}, and the clock cannot be set back")
        self.gateway.run_until(moment_of(moment))

    @property
    def speed(self) -> float | None:
        """The speed of the clock as a multiple of the real one; None: a request takes a step. Can be set at any time.

        Setting it raises ValueError for a number that is not above 0.
        """
        return self.gateway.clock.speed

    @speed.setter
    def speed(self, speed: float | None) -> None:
        self.gateway.set_clock(speed=speed, stopped=self.gateway.clock.stopped)

    @property
    def stopped(self) -> bool:
        """Whether the clock is stopped: see `stop_clock`."""
        return self.gateway.clock.stopped

    def stop_clock(self) -> None:
        """Stop the clock until `start_clock`: it does not run by itself, and requests take no time.

        `advance`, `advance_to` and the pauses of clients in the process still advance it.
        """
        self.gateway.set_clock(speed=self.gateway.clock.speed, stopped=True)

    def start_clock(self) -> None:
        """Let the clock go on from where it was stopped, at the same speed."""
        self.gateway.set_clock(speed=self.gateway.clock.speed, stopped=False)

    @property
    def durations(self) -> dict[str, float]:
        """Seconds by kind of job, with the share of all other jobs at ``"*"``.

        It can be set to a share, or to a mapping of seconds (numbers or ``timedelta``) by kind of job, for jobs that
        begin from then on. A kind is the action of the event that tells of the job (``"linode_boot"``), or the job's
        own name (``"volumes.activate"``). Setting it raises ValueError for unknown kinds and invalid values.
        """
        return self.world.durations.wanted

    @durations.setter
    def durations(self, durations: lasting.DurationsLike) -> None:
        found = checked_durations(durations)
        with self.gateway.lock:
            self._durations = self.world.durations = found


def checked_durations(wanted: lasting.DurationsLike) -> lasting.Durations:
    """The durations *wanted*, whose names are looked up once the jobs are known."""
    return lasting.Durations(wanted, lasting.job_kinds(literal_values(EventAction)))


def moment_of(start: datetime | date | str) -> float:
    """*start* in seconds since 1970; a time without a zone is in UTC, as everywhere in the API.

    A text has the form ``2026-01-31T12:00``, a date is its midnight. Raises TypeError and ValueError.
    """
    if isinstance(start, str):
        try:
            start = datetime.fromisoformat(start)
        except ValueError:
            raise ValueError(f"{start!r} is no time such as '2026-01-31T12:00' (UTC)") from None
    if not isinstance(start, date):
        raise TypeError(f"a time must be a datetime or a text such as '2026-01-31T12:00', not {type(start).__name__}")
    if not isinstance(start, datetime):
        start = datetime.combine(start, time())
    return (start if start.tzinfo is not None else start.replace(tzinfo=UTC)).timestamp()
