"""The steps of one request: wait for the rate limit, ask for the token, send, read the headers, decode.

Both clients share them. The pipeline is a flow: the client only sends each `Request` and sleeps.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from linode._model import Call, Flow, Steps
from linode._model.calls import read_of
from linode._secrets import redact_chain

from .callbacks import result
from .hooks import RECORDINGS, Hooks, RequestInfo, ResponseInfo
from .rate_limiting import RateLimiter
from .reconciliation import CreationLog
from .retries import Around, Retry, RetryBudget, with_retries
from .transport import Response

__all__ = ["Pipeline", "Traffic"]

NO_HOOKS = Hooks(awaited=False)


class Traffic:
    """The state that the requests of one token share. *now* is the clock that the client's pauses advance."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.rate_limiter = RateLimiter(now)
        self.creation_log = CreationLog(now)
        self.writes = 0
        """Number of requests sent that were not GETs."""
        self.last_took = 0.0
        """Seconds from the last request to its response."""
        self.dry_run: Any = None
        """The `DryRun` that records the writes; None when they are sent."""


class Pipeline:
    """Makes the requests of one client. *around* wraps the steps of each call."""

    def __init__(self, traffic: Traffic, retry: Retry, hooks: Hooks = NO_HOOKS, around: Around | None = None) -> None:
        self.traffic = traffic
        self.around = around
        self.retry = retry
        self.hooks = hooks
        self.wire: Any = None

    def run(self, flow: Flow[Any], until: float | None = None) -> Steps[Any]:
        """Run *flow*; each of its calls is retried as the client's `Retry` allows, but not after the time *until*."""
        attempt = self.attempt if self.traffic.dry_run is None else self._attempt_in_dry_run
        return with_retries(flow, self.retry, attempt, self.traffic.creation_log, until, self.around)

    def _attempt_in_dry_run(
        self, call: Call[Any], number: int, budget: RetryBudget, on_send: Callable[[bool], None]
    ) -> Steps[Any]:
        """Like `attempt`, but writes are recorded instead of being sent."""
        dry_run = self.traffic.dry_run
        if dry_run is not None and dry_run.holds(call):
            return dry_run.planned(call, self.wire)
        return (yield from self.attempt(call, number, budget, on_send))

    def attempt(self, call: Call[Any], number: int, budget: RetryBudget, on_send: Callable[[bool], None]) -> Steps[Any]:
        """Attempt *number* at *call*; it waits as long as *budget* allows.

        Calls *on_send* with True before it sends, and with False when a hook fails after that. Returns the result
        that the call reads from the response. Raises the errors of `linode.errors`, and those of hooks.
        """
        # Wait for the rate limit, which applies to the API only, not to other hosts.
        if not call.elsewhere:
            yield from self.traffic.rate_limiter.turn(call, budget.rate_limit_wait)
        # Ask for the token, and call the hooks, before the call counts as sent: errors of the user's functions are
        # never retried.
        try:
            if self.wire.asks(call):
                token = yield from result(self.wire.ask(), "the function given as token", awaited=self.hooks.awaited)
                call = self.wire.authorized(call, token)
            request = self.wire.request(call)
            seen = None
            if self.hooks or RECORDINGS.get():
                seen = yield from self.hooks.before(call, request, number)
        except BaseException:
            self.traffic.rate_limiter.lost(call)
            raise
        # Send.
        on_send(True)
        if (left := budget.left()) is not None:
            request = request._replace(seconds=left)
        self.traffic.writes += not call.reads
        began = time.monotonic()
        try:
            response = yield request
        except BaseException as error:
            self.traffic.rate_limiter.lost(call)
            redact_chain(error, self.wire.secrets(call))
            _log(call, type(error).__name__, began, number)
            if seen is not None:
                yield from self._observe(call, seen, error, began, on_send)
            raise
        # Read the headers.
        self.traffic.last_took = time.monotonic() - began
        _log(call, response.status, began, number)
        if not call.elsewhere:
            self.traffic.rate_limiter.record(call, response.headers, response.status)
            self.traffic.creation_log.note_date(response.headers)
        if seen is not None:
            yield from self._observe(call, seen, response, began, on_send)
        # Decode.
        answer = self.wire.answer(call, response)
        return call.read(*read_of(call, answer, response.headers.get("date"))) if call.dated else call.read(answer)

    def _observe(
        self,
        call: Call[Any],
        seen: RequestInfo,
        outcome: Response | BaseException,
        began: float,
        on_send: Callable[[bool], None],
    ) -> Steps[None]:
        """Call the hooks after the response or error *outcome*, but not after a cancellation, which must not wait."""
        if not isinstance(outcome, (Response, Exception)):
            return
        secrets = self.wire.secrets(call)
        info = ResponseInfo(seen, outcome, time.monotonic() - began, secrets)
        try:
            yield from self.hooks.after(info, self.traffic, secrets)
        except BaseException:
            on_send(False)
            raise


@cache
def _logger() -> Any:
    """The logger named ``linode``; logging is imported at the first request."""
    import logging

    return logging.getLogger("linode")


def _log(call: Call[Any], outcome: object, began: float, number: int) -> None:
    """Log one line at level DEBUG."""
    took = (time.monotonic() - began) * 1000
    _logger().debug("%s %s %s %.0f ms, attempt %d", call.method, call.shown, outcome, took, number)
