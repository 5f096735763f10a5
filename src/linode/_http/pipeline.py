"""The way of one request, top to bottom: wait for the limit, send, learn, understand. Both clients share it.

It is a flow like any other: what is left to a client is to send a `Request` and to sleep.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from linode._model import Call, Flow, Steps
from linode._secrets import redact_chain

from .rate_limiting import RateLimiter
from .reconciling import CreationLog
from .retrying import Patience, Retry, with_retries

__all__ = ["Pipeline"]


class Pipeline:
    """How the requests of one client are made. *now* is the clock that the client's pauses move."""

    def __init__(self, now: Callable[[], float], retry: Retry) -> None:
        self.rate_limiter = RateLimiter(now)
        self.creation_log = CreationLog(now)
        self.retry = retry
        self.wire: Any = None
        self.writes = 0
        """Requests that may have changed something, so far."""
        self.last_took = 0.0
        """Seconds from the last request to its response."""

    def run(self, flow: Flow[Any], until: float | None = None) -> Steps[Any]:
        """*flow*, each of its calls made by as many attempts as it takes and may be, but none later than *until*."""
        return with_retries(flow, self.retry, self.attempt, self.creation_log, until)

    def attempt(self, call: Call[Any], number: int, patience: Patience, on_send: Callable[[], None]) -> Steps[Any]:
        """Attempt *number* at *call*; it waits as *patience* allows, and calls *on_send* when it is sent.

        Returns what the call reads from the response. Raises what `linode.errors` has for everything else.
        """
        # Wait for the limit: it is the API's, and holds for no other host.
        if not call.elsewhere:
            yield from self.rate_limiter.turn(call, patience.rate_limit_wait)
        # Send.
        on_send()
        request = self.wire.request(call)
        if (left := patience.left()) is not None:
            request = request._replace(seconds=left)
        if call.method != "GET":
            self.writes += 1
        began = time.monotonic()
        try:
            response = yield request
        except BaseException as error:
            self.rate_limiter.lost(call)
            redact_chain(error, self.wire.secrets(call))
            _log(call, type(error).__name__, began, number)
            raise
        # Learn.
        self.last_took = time.monotonic() - began
        _log(call, response.status, began, number)
        if not call.elsewhere:
            self.rate_limiter.saw(call, response.headers, response.status)
            self.creation_log.hear(response.headers)
        # Understand.
        answer = self.wire.answer(call, response)
        return call.read(response.headers.get("date") if call.dated else answer)


@cache
def _logger() -> Any:
    """The logger named ``linode``; logging is imported at the first request."""
    import logging

    return logging.getLogger("linode")


def _log(call: Call[Any], outcome: object, began: float, number: int) -> None:
    """A line at DEBUG."""
    took = (time.monotonic() - began) * 1000
    _logger().debug("%s %s %s %.0f ms, attempt %d", call.method, call.shown, outcome, took, number)
