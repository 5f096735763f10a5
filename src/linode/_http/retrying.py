"""Repeating what did not get through: a flow around a flow, one text for both clients.

What is safe to repeat (GET, PUT, DELETE) is repeated when the API says "not now" or nothing at all. A POST is repeated
only when it certainly did nothing: it was never sent, or the API refused to look at it (429). When its outcome is
unknown, the object it was to make is looked for by the name that no other has: it is there, or it is sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias, TypeVar

from linode._model import Call, Flow, Gather, Sleep, Steps
from linode.errors import (
    ApiError,
    CertificateError,
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

from .reconciling import CreationLog, Reconciliation

__all__ = ["Patience", "Retry", "with_retries"]

T = TypeVar("T")
NOT_NOW = frozenset({408, 429, 420, 502, 503, 504})
LONGEST = 20.0
BUSY_POLL = 5.0
"""Seconds between two attempts at most while a Linode is busy: its jobs take from 3 seconds to some minutes."""
_AGAIN: Any = object()

Attempt: TypeAlias = Callable[["Call[Any]", int, "Patience", Callable[[], None]], "Steps[Any]"]
"""One attempt at a call: its number, how long it may wait, what to call when it is sent."""
SHORTEST = 0.001
"""Seconds of a timeout: none is 0, which sockets take for another thing."""


class Retry(NamedTuple):
    """How patient a client is.

    ``attempts`` is how often a call is sent at most (1: never again); ``seconds`` until when, after it was first sent,
    slow answers and waits included: so a call is over after ``seconds`` and one ``timeout`` of the client at the most,
    besides what its last attempt takes to connect. ``retry_busy`` is whether to wait for a Linode that is busy with
    another job as well: for ``seconds``, however many attempts that takes.
    ``max_rate_limit_wait`` is how many seconds a call may wait for the API's rate limits before each attempt; one that
    would have to wait longer ends in `RateLimitedError`, without being sent.
    """

    attempts: int = 5
    seconds: float = 90.0
    retry_busy: bool = False
    max_rate_limit_wait: float = float("inf")


class Patience(NamedTuple):
    """How long the calls of a flow may wait: as *retry* says, and not beyond *until*, a time by the clock *now*."""

    retry: Retry
    now: Callable[[], float]
    until: float | None = None

    def left(self) -> float | None:
        """Seconds that a request may take; None when nothing but the client's timeout bounds it."""
        return None if self.until is None else max(self.until - self.now(), SHORTEST)

    @property
    def seconds(self) -> float:
        """Seconds in which a call may be sent again."""
        return min(self.retry.seconds, self._until_the_end)

    @property
    def rate_limit_wait(self) -> float:
        """Seconds that an attempt may wait for the rate limit."""
        return min(self.retry.max_rate_limit_wait, self._until_the_end)

    @property
    def _until_the_end(self) -> float:
        return float("inf") if self.until is None else max(self.until - self.now(), 0.0)


def with_retries(
    flow: Flow[T], retry: Retry, attempt: Attempt, log: CreationLog, until: float | None = None
) -> Steps[T]:
    """*flow*, each of its calls made by *attempt*, and again as *retry* allows, but not beyond *until*.

    *log* is what the client remembers from one flow to the next.
    """
    retrier = Retrier(Patience(retry, log.now, until), attempt, log)
    steps = iter(flow)
    try:
        step = next(steps)
        while True:
            try:
                answer = yield from retrier.repeated(step) if isinstance(step, Call) else _once(step, until)
            except Exception as error:  # noqa: BLE001 - the flow decides
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        steps.close()


def _once(step: Any, until: float | None) -> Steps[Any]:
    """A pause as it is; flows to gather end with the flow that they are part of."""
    if until is not None and isinstance(step, Gather):
        step = Gather(step.flows, until=until if step.until is None else min(step.until, until))
    return (yield step)


class Retrier:
    """What it takes to repeat the calls of a flow."""

    def __init__(self, patience: Patience, attempt: Attempt, log: CreationLog) -> None:
        self._patience = patience
        self._retry = patience.retry
        self._attempt = attempt
        self._log = log

    def repeated(self, call: Call[Any]) -> Steps[Any]:
        """*call*, as often as it takes and may be."""
        retry, now = self._retry, self._log.now
        seconds = self._patience.seconds
        began = spent = delay = 0.0
        search: Reconciliation | None = None
        number = counted = 0
        sent = False

        def on_send() -> None:
            nonlocal began, search, sent
            began, sent = now(), True
            if search is None and call.unique is not None:
                search = Reconciliation(call, self._log)

        while True:
            number += 1
            counted += 1
            began, sent = now(), False
            try:
                answer = yield from self._attempt(call, number, self._patience, on_send)
            except LinodeError as error:
                if not sent:  # the client held it back, and did not send it
                    raise
                answer = yield from self._failed(call, error, search, seconds - spent - (now() - began), number)
                if isinstance(error, LinodeBusyError):
                    counted -= 1  # it was heard and refused: seconds bound it alone
                delay = _delay(error, number)
                spent += now() - began + delay
                if answer is _AGAIN and (counted >= retry.attempts or spent > seconds):
                    raise
            if answer is not _AGAIN:
                if search is not None:
                    search.gave(answer)
                return answer
            yield Sleep(delay)

    def _failed(
        self, call: Call[Any], error: LinodeError, search: Reconciliation | None, left: float, number: int
    ) -> Steps[Any]:
        """What *call* has given although it failed; ``_AGAIN`` when it may be sent again, in the *left* seconds."""
        if call.method == "DELETE" and number > 1 and isinstance(error, NotFoundError):
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
            found = yield from with_retries(search.look(), retry, self._attempt, self._log, self._patience.until)
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
        return error.status in (303, 408) or (error.status >= 500 and error.status != 501)
    return isinstance(error, (TransportError, UnexpectedResponseError))


def repeatable(call: Call[Any], error: LinodeError, retry: Retry) -> bool:
    """Whether *call* may be sent again after *error*."""
    if isinstance(error, (MaintenanceError, CertificateError)):
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
    longest = BUSY_POLL if isinstance(error, LinodeBusyError) else LONGEST
    return min(longest, 0.5 * 2 ** min(attempt - 1, 10)) * spread if asked is None else asked + spread / 2
