"""A transport to a gateway in the same process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linode._http.transport import Request, Response
from linode.errors import ConnectionFailedError, RequestTimeoutError, TransportError

if TYPE_CHECKING:
    from ..failures.faults import Outcome
    from .gateway import Gateway

__all__ = ["InProcess", "response_or_error", "waiting_seconds"]


def response_or_error(request: Request, outcome: Outcome, timeout: float | None) -> Response:
    """The response of *outcome* for a client with *timeout* seconds. Raises `TransportError` if there is none."""
    shown = f"{request.method} {request.url.partition('?')[0]}"
    if outcome.lost == "refused":
        raise ConnectionFailedError(f"{shown}: no connection (refused by a fault of the sandbox)")
    if timeout is not None and outcome.delay > timeout:
        raise RequestTimeoutError(f"{shown}: no response in time (delayed by a fault of the sandbox)")
    if outcome.response is None or outcome.lost is not None:
        raise TransportError(f"{shown}: the connection was lost (dropped by a fault of the sandbox)")
    answer = outcome.response
    return Response(answer.status, answer.headers) if request.method == "HEAD" else answer


def waiting_seconds(outcome: Outcome, timeout: float | None) -> float:
    """The seconds for which a client with *timeout* seconds waits for *outcome*."""
    return outcome.delay if timeout is None else min(outcome.delay, timeout)


class InProcess:
    """A transport to a gateway in the same process. Pauses advance the world's clock."""

    parallel = False

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def send(self, request: Request, timeout: float | None) -> Response:
        """The gateway's response. Raises `TransportError` for a fault."""
        outcome = self._gateway.ask(request)
        self.sleep(waiting_seconds(outcome, timeout))
        return response_or_error(request, outcome, timeout)

    def now(self) -> float:
        """The time of the world's clock in seconds."""
        return self._gateway.world.now

    def sleep(self, seconds: float) -> None:
        """Advance the world's clock by *seconds*."""
        if seconds > 0:
            self._gateway.advance(seconds)

    def close(self) -> None:
        """Do nothing: there are no connections."""
