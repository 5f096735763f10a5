"""Repeating what did not get through: a flow around a flow, one text for both clients.

What is safe to repeat (GET, PUT, DELETE) is repeated when the API says "not now" or nothing at all. A POST is repeated
only when it certainly did nothing: it was never sent, or the API refused to look at it (429). When its outcome is
unknown, the object it was to make is looked for by the name that no other has: it is there, or it is sent again.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple, TypeVar

from linode._model import Call, Flow, Pause, Steps
from linode.errors import (
    ApiError,
    InvalidRequestError,
    LinodeError,
    MaintenanceError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    ServerError,
    TransportError,
    UnexpectedAnswerError,
)

from .pacing import Pace
from .settling import Search

__all__ = ["Retry", "patiently"]

T = TypeVar("T")
NOT_NOW = frozenset({408, 429, 420, 502, 503, 504})
LONGEST = 20.0


class Retry(NamedTuple):
    """How patient a client is.

    ``attempts`` is how often a call is sent at most (1: never again); ``seconds`` how long all the waits of one call
    may take together; ``busy`` whether to wait for a Linode that is busy with another job as well.
    """

    attempts: int = 5
    seconds: float = 90.0
    busy: bool = False


def patiently(flow: Flow[T], retry: Retry, pace: Pace | None = None) -> Steps[T]:
    """*flow*, each of its calls repeated as *retry* allows, and held back as *pace* asks."""
    steps = iter(flow)
    try:
        step = next(steps)
        while True:
            try:
                answer = yield from _repeated(step, retry, pace) if isinstance(step, Call) else _once(step)
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


def _repeated(call: Call[Any], retry: Retry, pace: Pace | None) -> Steps[Any]:
    waited = 0.0
    call.tries = 0
    search: Search | None = None
    for attempt in range(1, retry.attempts + 1):
        if pace is not None:
            yield from pace.turn(call)
        search = search or Search(call, pace.now if pace is not None else time.monotonic)
        try:
            return (yield call)
        except LinodeError as error:
            if attempt > 1 and call.method == "DELETE" and isinstance(error, NotFoundError):
                return None  # an earlier attempt, whose answer was lost, deleted it
            if call.method == "POST" and (search.lost or unknown(error)):
                found = yield from _settled(search, call, error, retry, pace)
                if found is not None:
                    return found
            elif not repeatable(call, error, retry):
                raise
            delay = _delay(error, attempt)
            if attempt == retry.attempts or waited + delay > retry.seconds:
                raise
            waited += delay
            yield Pause(delay)
    raise AssertionError("unreachable")


def _settled(search: Search, call: Call[Any], error: LinodeError, retry: Retry, pace: Pace | None) -> Steps[Any]:
    """What *call* has made although it was answered with *error*; None when it made nothing and may be sent again."""
    if not unknown(error) and not isinstance(error, InvalidRequestError):
        if repeatable(call, error, retry):
            return None
        raise error
    search.lost = True
    why = str(error) or type(error).__name__
    if call.unique is None:
        if isinstance(error, ServerError) and error.status in (500, 503):
            raise error
        raise OutcomeUnknownError(call.method, call.shown, why) from error
    try:
        found = yield from patiently(search.look(), retry, pace)
    except LinodeError as trouble:
        raise OutcomeUnknownError(call.method, call.shown, why) from trouble
    if found is not None:
        return found
    if isinstance(error, InvalidRequestError) or (isinstance(error, ServerError) and error.status == 500):
        raise error
    return None


def unknown(error: LinodeError) -> bool:
    """Whether, after *error*, the API may have done what it was asked."""
    if isinstance(error, (NotSentError, MaintenanceError)):
        return False
    if isinstance(error, ApiError):
        return error.status == 408 or (error.status >= 500 and error.status != 501)
    return isinstance(error, (TransportError, UnexpectedAnswerError))


def repeatable(call: Call[Any], error: LinodeError, retry: Retry) -> bool:
    """Whether *call* may be sent again after *error*."""
    if isinstance(error, MaintenanceError):
        return False
    if isinstance(error, (NotSentError, RateLimitedError)):
        return True
    if isinstance(error, InvalidRequestError) and any(each.reason == "Linode busy." for each in error.reasons):
        return retry.busy
    if isinstance(error, ApiError):
        return _from_nginx(error) or (call.method != "POST" and error.status in NOT_NOW)
    return call.method != "POST" and isinstance(error, (TransportError, UnexpectedAnswerError))


def _from_nginx(error: ApiError) -> bool:
    """A 400 of the proxy before the API, in HTML: the API has not seen the request."""
    return error.status == 400 and "text/html" in error.headers.get("content-type", "")


def _delay(error: LinodeError, attempt: int) -> float:
    """Seconds to wait: what the API asks for where that makes sense, else longer each time, spread by chance."""
    import random

    spread = random.uniform(0.5, 1.0)  # noqa: S311 - no secret
    asked = _asked(error)
    return min(LONGEST, 0.5 * 2 ** (attempt - 1)) * spread if asked is None else asked + spread / 2


def _asked(error: LinodeError) -> float | None:
    headers = error.headers if isinstance(error, ApiError) else {}
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    from email.utils import parsedate_to_datetime

    try:
        seconds = float(text)
    except ValueError:
        try:
            until = parsedate_to_datetime(text)
            seconds = (until - parsedate_to_datetime(headers["date"])).total_seconds()
        except (ValueError, TypeError, KeyError, IndexError, OverflowError):
            return None
    return seconds if 0 <= seconds < float("inf") else None
