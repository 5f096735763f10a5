"""Retries: a flow that wraps another flow, shared by both clients.

Requests that are safe to repeat (GET, PUT, DELETE) are retried when the API is temporarily unavailable or does not
respond. A POST is retried only if it certainly had no effect: it was never sent, or the API rejected it unread (429).
If its outcome is unknown, the client searches for the object by its unique label, and sends the POST again only if
the object does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias, TypeVar

from linode._model import Call, Flow, Gather, Sleep, Step, Steps
from linode._model.calls import as_flow, map_steps, sequential
from linode._model.options import checks_options_of
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

from .reconciliation import CreationLog, Reconciliation

__all__ = ["Around", "Retry", "RetryBudget", "with_retries"]

T = TypeVar("T")
NOT_NOW = frozenset({408, 429, 420, 502, 503, 504})
MAX_DELAY = 20.0
BUSY_POLL = 5.0
"""Maximum seconds between two attempts while a Linode is busy: its jobs take from 3 seconds to some minutes."""
_AGAIN: Any = object()

Attempt: TypeAlias = Callable[["Call[Any]", int, "RetryBudget", Callable[[bool], None]], "Steps[Any]"]
"""One attempt at a call, given the call, the attempt's number, its time limits, and a callback: with True on
sending, with False on an error that is that of a hook and must not be retried."""
Around: TypeAlias = Callable[["Call[Any]", "Steps[Any]"], "Steps[Any]"]
"""A wrapper of the steps of a call, which may send several requests."""
MIN_TIMEOUT = 0.001
"""Minimum timeout in seconds: sockets give 0 another meaning."""


@checks_options_of
class Retry(NamedTuple):
    """A client's policy for retries.

    ``attempts`` is the maximum number of times that a call is sent (1: no retries). ``seconds`` limits the time from
    the first attempt to the last one, slow responses and pauses included; a call therefore ends at most ``seconds`` and
    one ``timeout`` of the client after it was first sent, plus the time in which the last attempt connects.
    ``retry_busy`` is whether to retry while a Linode is busy with another job: for ``seconds``, with any number of
    attempts. ``max_rate_limit_wait`` is the maximum number of seconds that a call waits for the API's rate limits
    before each attempt; a call that would have to wait longer raises `RateLimitedError` without being sent.
    """

    attempts: int = 5
    seconds: float = 90.0
    retry_busy: bool = False
    max_rate_limit_wait: float = float("inf")


class RetryBudget(NamedTuple):
    """The time limits of a flow's calls: those of *retry*, and the end *until*, a time of the clock *now*."""

    retry: Retry
    now: Callable[[], float]
    until: float | None = None

    def left(self) -> float | None:
        """Seconds that a request may take; None if only the client's timeout limits it."""
        return None if self.until is None else max(self.until - self.now(), MIN_TIMEOUT)

    @property
    def seconds(self) -> float:
        """Seconds in which a call may be retried."""
        return min(self.retry.seconds, self._until_the_end)

    @property
    def rate_limit_wait(self) -> float:
        """Seconds that an attempt may wait for the rate limit."""
        return min(self.retry.max_rate_limit_wait, self._until_the_end)

    @property
    def _until_the_end(self) -> float:
        return float("inf") if self.until is None else max(self.until - self.now(), 0.0)


def with_retries(
    flow: Flow[T],
    retry: Retry,
    attempt: Attempt,
    log: CreationLog,
    until: float | None = None,
    around: Around | None = None,
) -> Steps[T]:
    """Run *flow*; *attempt* sends each of its calls, and retries as *retry* allows, but not after *until*.

    *log* is the client's record of creations, which all of its flows share. *around* wraps the steps of each call.
    """
    steps: Steps[Any] = iter(flow)
    return map_steps(steps, Retrier(RetryBudget(retry, log.now, until), attempt, log, around).executed)


class Retrier:
    """Sends the calls of a flow, and retries them."""

    def __init__(self, budget: RetryBudget, attempt: Attempt, log: CreationLog, around: Around | None) -> None:
        self._budget = budget
        self._around = around
        self._retry = budget.retry
        self._attempt = attempt
        self._log = log

    def executed(self, step: Step) -> Steps[Any]:
        """The steps of *step*: a call with its retries; flows to gather get the deadline of the outer flow."""
        if isinstance(step, Call):
            return self.repeated(step) if self._around is None else self._around(step, self.repeated(step))
        if isinstance(step, Gather):
            until = min((each for each in (step.until, self._budget.until) if each is not None), default=None)
            if len(step.flows) == 1:  # there is no other flow to run at the same time
                return sequential([self._within(step.flows[0], until)])
            return iter(Gather(step.flows, until=until))
        return as_flow(step)

    def _within(self, flow: Flow[T], until: float | None) -> Steps[T]:
        """Run *flow* with the same policy, but not after *until*."""
        return with_retries(flow, self._retry, self._attempt, self._log, until, self._around)

    def repeated(self, call: Call[Any]) -> Steps[Any]:
        """Send *call*, and retry it as the policy allows; returns its result."""
        retry, now = self._retry, self._log.now
        seconds = self._budget.seconds
        began = spent = delay = 0.0
        search: Reconciliation | None = None
        number = counted = 0
        retryable = False

        def on_send(sent: bool) -> None:
            nonlocal began, search, retryable
            began, retryable = now(), sent
            if search is None and call.unique is not None:
                search = Reconciliation(call, self._log)

        while True:
            number += 1
            counted += 1
            began, retryable = now(), False
            try:
                answer = yield from self._attempt(call, number, self._budget, on_send)
            except LinodeError as error:
                if not retryable:  # the client gave up before sending the call, or the error is that of a hook
                    raise
                answer = yield from self._failed(call, error, search, seconds - spent - (now() - began), number)
                if isinstance(error, LinodeBusyError):
                    counted -= 1  # the API rejected the attempt as busy: only seconds limits these
                delay = _delay(error, number)
                spent += now() - began + delay
                if answer is _AGAIN and (counted >= retry.attempts or spent > seconds):
                    raise
            if answer is not _AGAIN:
                if search is not None:
                    search.record(answer)
                return answer
            yield Sleep(delay)

    def _failed(
        self, call: Call[Any], error: LinodeError, search: Reconciliation | None, left: float, number: int
    ) -> Steps[Any]:
        """The result of *call* despite *error*; ``_AGAIN`` if it may be retried in the *left* seconds. Else raises."""
        if call.method == "DELETE" and number > 1 and isinstance(error, NotFoundError):
            return None  # an earlier attempt, whose response was lost, deleted it
        if call.method == "POST" and not call.reads and ((search and search.lost) or unknown(error)):
            return (yield from self._settled(call, error, search, left))
        if not repeatable(call, error, self._retry):
            raise error
        return _AGAIN

    def _settled(self, call: Call[Any], error: LinodeError, search: Reconciliation | None, left: float) -> Steps[Any]:
        """The object that *call* created despite *error*; ``_AGAIN`` if it created none and may be retried."""
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
            look, until = search.look(), self._budget.until
            found = yield from with_retries(look, retry, self._attempt, self._log, until, self._around)
        except LinodeError as trouble:
            raise OutcomeUnknownError(call.method, call.shown, why) from trouble
        if found is not None:
            return found
        if isinstance(error, InvalidRequestError) or (isinstance(error, ServerError) and error.status == 500):
            raise error
        return _AGAIN


def unknown(error: LinodeError) -> bool:
    """Whether the API may have carried out the request that ended in *error*."""
    if isinstance(error, (ConnectionFailedError, MaintenanceError)):
        return False
    if isinstance(error, ApiError):
        return error.status in (303, 408) or (error.status >= 500 and error.status != 501)
    return isinstance(error, (TransportError, UnexpectedResponseError))


def repeatable(call: Call[Any], error: LinodeError, retry: Retry) -> bool:
    """Whether *call* may be retried after *error*."""
    if isinstance(error, (MaintenanceError, CertificateError)):
        return False
    if isinstance(error, (ConnectionFailedError, RateLimitedError)):
        return True
    if isinstance(error, LinodeBusyError):
        return retry.retry_busy
    safe = call.method != "POST" or call.reads
    if isinstance(error, ApiError):
        return _from_nginx(error) or (safe and error.status in NOT_NOW)
    return safe and isinstance(error, (TransportError, UnexpectedResponseError))


def _from_nginx(error: ApiError) -> bool:
    """Whether *error* is a 400 in HTML, sent by the proxy in front of the API: the API has not seen the request."""
    return error.status == 400 and "text/html" in error.headers.get("content-type", "")


def _delay(error: LinodeError, attempt: int) -> float:
    """Seconds until the next attempt: the API's ``Retry-After`` if it is valid, else exponential, with jitter."""
    import random

    spread = random.uniform(0.5, 1.0)  # noqa: S311 - no secret
    asked = error.retry_after if isinstance(error, ApiError) else None
    longest = BUSY_POLL if isinstance(error, LinodeBusyError) else MAX_DELAY
    return min(longest, 0.5 * 2 ** min(attempt - 1, 10)) * spread if asked is None else asked + spread / 2
