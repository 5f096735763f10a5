"""Repeating what did not get through: a flow around a flow, one text for both clients.

What is safe to repeat (GET, PUT, DELETE) is repeated when the API says "not now" or nothing at all. A POST is repeated
only when it certainly did nothing: it was never sent, or the API refused to look at it (429). When its outcome is
unknown, the object it was to make is looked for by the name that no other has: it is there, or it is sent again.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple, TypeVar

from linode._model import Call, Flow, Sleep, Steps
from linode.errors import (
    ApiError,
    ConnectionFailedError,
    InvalidRequestError,
    LinodeBusyError,
    LinodeError,
    MaintenanceError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
)

from .pacing import RateLimiter
from .settling import CreationLog, Reconciliation

__all__ = ["Retry", "with_retries"]

T = TypeVar("T")
NOT_NOW = frozenset({408, 429, 420, 502, 503, 504})
LONGEST = 20.0
_AGAIN: Any = object()


class Retry(NamedTuple):
    """How patient a client is.

    ``attempts`` is how often a call is sent at most (1: never again); ``seconds`` until when, after it was first sent,
    slow answers and waits included: so a call is over after ``seconds`` and one ``timeout`` of the client at the most,
    besides what its last attempt takes to connect. ``retry_busy`` is whether to wait for a Linode that is busy with
    another job as well. ``max_rate_limit_wait`` is how many seconds a call may wait for the API's rate limits before
    each attempt; one that would have to wait longer ends in `RateLimitedError`, without being sent.
    """

    attempts: int = 5
    seconds: float = 90.0
    retry_busy: bool = False
    max_rate_limit_wait: float = float("inf")


def with_retries(
    flow: Flow[T], retry: Retry, pace: RateLimiter | None = None, ledger: CreationLog | None = None
) -> Steps[T]:
    """*flow*, each of its calls repeated as *retry* allows, and held back as *pace* asks.

    *ledger* is what the client remembers from one flow to the next.
    """
    patience = Retrier(retry, pace, ledger or CreationLog(time.monotonic))
    steps = iter(flow)
    try:
        step = next(steps)
        while True:
            try:
                answer = yield from patience.repeated(step) if isinstance(step, Call) else _once(step)
            except Exception as error:  # noqa: BLE001 - the flow decides
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        steps.close()


def _once(step: Any) -> Steps[Any]:
    return (yield step)


class Retrier:
    """What it takes to repeat the calls of a flow."""

    def __init__(self, retry: Retry, pace: RateLimiter | None, ledger: CreationLog) -> None:
        self._retry = retry
        self._pace = pace
        self._ledger = ledger

    def repeated(self, call: Call[Any]) -> Steps[Any]:
        """*call*, as often as it takes and may be."""
        retry, now = self._retry, self._ledger.now
        spent = delay = 0.0
        call.tries = 0
        search: Reconciliation | None = None
        for attempt in range(1, retry.attempts + 1):
            if self._pace is not None and not call.elsewhere:
                yield from self._pace.turn(call, retry.max_rate_limit_wait)
            began = now()
            if search is None and call.unique is not None:
                search = Reconciliation(call, self._ledger)
            try:
                answer = yield call
            except LinodeError as error:
                answer = yield from self._failed(call, error, search, retry.seconds - spent - (now() - began))
                delay = _delay(error, attempt)
                spent += now() - began + delay
                if answer is _AGAIN and (attempt == retry.attempts or spent > retry.seconds):
                    raise
            if answer is not _AGAIN:
                if search is not None:
                    search.gave(answer)
                return answer
            yield Sleep(delay)
        raise AssertionError("unreachable")

    def _failed(self, call: Call[Any], error: LinodeError, search: Reconciliation | None, left: float) -> Steps[Any]:
        """What *call* has given although it failed; ``_AGAIN`` when it may be sent again, in the *left* seconds."""
        if call.method == "DELETE" and call.tries > 1 and isinstance(error, NotFoundError):
            return None  # an earlier attempt, whose answer was lost, deleted it
        if call.method == "POST" and ((search and search.lost) or unknown(error)):
            return (yield from self._settled(call, error, search, left))
        if not repeatable(call, error, self._retry):
            raise error
        return _AGAIN

    def _settled(self, call: Call[Any], error: LinodeError, search: Reconciliation | None, left: float) -> Steps[Any]:
        """What *call* has made although its answer was *error*; ``_AGAIN``: it made nothing and may be sent again."""
        if not unknown(error) and not isinstance(error, InvalidRequestError):
            if repeatable(call, error, self._retry):
                return _AGAIN
            raise error
        why = str(error) or type(error).__name__
        if search is None:
            raise OutcomeUnknownError(call.method, call.shown, why) from error
        search.lost = True
        retry = self._retry._replace(seconds=max(left, 0.0))
        try:
            found = yield from with_retries(search.look(), retry, self._pace, self._ledger)
        except LinodeError as trouble:
            raise OutcomeUnknownError(call.method, call.shown, why) from trouble
        if found is not None:
            return found
        if isinstance(error, InvalidRequestError) or (isinstance(error, ServerError) and error.status == 500):
            raise error
        return _AGAIN


def unknown(error: LinodeError) -> bool:
    """Whether, after *error*, the API may have done what it was asked."""
    if isinstance(error, (ConnectionFailedError, MaintenanceError)):
        return False
    if isinstance(error, ApiError):
        return error.status == 408 or (error.status >= 500 and error.status != 501)
    return isinstance(error, (TransportError, UnexpectedResponseError))


def repeatable(call: Call[Any], error: LinodeError, retry: Retry) -> bool:
    """Whether *call* may be sent again after *error*."""
    if isinstance(error, MaintenanceError):
        return False
    if isinstance(error, (ConnectionFailedError, RateLimitedError)):
        return True
    if isinstance(error, LinodeBusyError):
        return retry.retry_busy
    if isinstance(error, ApiError):
        return _from_nginx(error) or (call.method != "POST" and error.status in NOT_NOW)
    return call.method != "POST" and isinstance(error, (TransportError, UnexpectedResponseError))


def _from_nginx(error: ApiError) -> bool:
    """A 400 of the proxy before the API, in HTML: the API has not seen the request."""
    return error.status == 400 and "text/html" in error.headers.get("content-type", "")


def _delay(error: LinodeError, attempt: int) -> float:
    """Seconds to wait: what the API asks for where that makes sense, else longer each time, spread by chance."""
    import random

    spread = random.uniform(0.5, 1.0)  # noqa: S311 - no secret
    asked = error.retry_after if isinstance(error, ApiError) else None
    return min(LONGEST, 0.5 * 2 ** (attempt - 1)) * spread if asked is None else asked + spread / 2
