"""Spans of OpenTelemetry: one for each call, with its repetitions and its pauses as events.

The names are those of the semantic conventions for HTTP clients. A span has neither headers nor bodies nor queries.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlsplit

from linode import __version__
from linode._model import Call, Sleep, Steps
from linode._model.calls import as_flow, map_steps
from linode.errors import ApiError, LinodeError

from .path_templates import template
from .rate_limiting import Turn
from .retries import Around
from .transport import Request, Response

if TYPE_CHECKING:
    from opentelemetry.trace import Span

__all__ = ["Tracers", "tracing_of"]

T = TypeVar("T")


class Tracers(Protocol):
    """A ``TracerProvider`` of OpenTelemetry."""

    @property
    def get_tracer(self) -> Callable[..., Any]:
        """The method that returns a tracer."""
        ...


def tracing_of(tracing: bool | Tracers, base_url: str) -> Around:
    """The wrapper that makes a span of each call. Raises TypeError, and ImportError with the remedy."""
    if tracing is not True and not hasattr(tracing, "get_tracer"):
        raise TypeError(f"tracing must be True, False or a TracerProvider, not {type(tracing).__name__}")
    try:
        from opentelemetry import trace
    except ImportError as error:
        raise ImportError("tracing=True needs opentelemetry-api: pip install opentelemetry-api") from error
    provider: Any = None if tracing is True else tracing
    return _Tracing(trace.get_tracer("linode", __version__, provider), base_url).around


class _Tracing:
    """Makes the spans of a client of the API at *base_url*."""

    def __init__(self, tracer: Any, base_url: str) -> None:
        self._tracer = tracer
        self._base_url = base_url

    def around(self, call: Call[Any], steps: Steps[Any]) -> Steps[Any]:
        """Run *steps*, those of *call*, with a span that is the current one meanwhile."""
        from opentelemetry import context, trace

        path = "" if call.elsewhere else template(call.path)
        name = f"{call.method} {path}".rstrip()
        span = self._tracer.start_span(name, kind=trace.SpanKind.CLIENT, attributes=self._attributes(call, path))
        before = context.attach(trace.set_span_in_context(span))
        try:
            return (yield from _observed(span, call, steps))
        except GeneratorExit:
            _failed(span, "cancelled")
            raise
        except BaseException as error:
            _ended_in(span, error)
            raise
        finally:
            context.detach(before)
            span.end()

    def _attributes(self, call: Call[Any], path: str) -> dict[str, Any]:
        """The attributes by which a sampler may decide."""
        address = urlsplit(call.shown if call.elsewhere else self._base_url)
        port = address.port or {"https": 443, "http": 80}[address.scheme]
        found = {"http.request.method": call.method, "server.address": address.hostname or "", "server.port": port}
        return found | {"url.template": path} if path else found


def _observed(span: Span, call: Call[Any], steps: Steps[T]) -> Steps[T]:
    """Run *steps* and record them on *span*."""
    from opentelemetry import propagate, trace

    sent = 0
    waits = _Waits(span)

    def execute(step: Any) -> Steps[Any]:
        nonlocal sent
        # While another span is the current one, the steps are those of a call that this one has made.
        own = trace.get_current_span() is span
        if own and not isinstance(step, Turn):
            waits.end()
        if own and isinstance(step, Request):
            sent += 1
            span.set_attribute("url.full", step.shown or step.url.partition("?")[0])
            if sent > 1:
                span.set_attribute("http.request.resend_count", sent - 1)
            if not call.elsewhere:
                propagate.inject(step.headers)
        elif own and isinstance(step, Turn):
            waits.add(step.seconds)
        elif own and isinstance(step, Sleep):
            attributes = {"linode.retry.attempt": sent + 1, "linode.wait.seconds": step.seconds}
            span.add_event("linode.retry", attributes)
        answer = yield from as_flow(step)
        if own and isinstance(answer, Response):
            span.set_attribute("http.response.status_code", answer.status)
        return answer

    try:
        return (yield from map_steps(steps, execute))
    finally:
        waits.end()


class _Waits:
    """Makes one event of the pauses of a wait for the rate limit: a span keeps 128 events, and a long wait has more."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._seconds = 0.0
        self._began = 0

    def add(self, seconds: float) -> None:
        """Count a pause."""
        self._began = self._began or time.time_ns()
        self._seconds += seconds

    def end(self) -> None:
        """Add the event of the pauses since the last one, if there are any, at the time at which they began."""
        if self._began:
            self._span.add_event("linode.rate_limit.wait", {"linode.wait.seconds": self._seconds}, self._began)
        self._seconds, self._began = 0.0, 0


def _ended_in(span: Span, error: BaseException) -> None:
    if isinstance(error, ApiError):  # the status says all; the message has the path with its IDs
        _failed(span, str(error.status))
    else:  # of other errors than the library's, the text may be anything
        _failed(span, type(error).__qualname__, str(error) if isinstance(error, LinodeError) else None)


def _failed(span: Span, kind: str, description: str | None = None) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_attribute("error.type", kind)
    span.set_status(Status(StatusCode.ERROR, description))
