"""Hooks: functions of the user's that see each request before it is sent, and each response when it has arrived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from linode._awaitables import is_async
from linode._model import Call, Steps
from linode._model.names import PublicNames
from linode._secrets import redact_text, redacted

from .callbacks import result
from .headers import checked_headers, shown_headers
from .transport import Request, Response

if TYPE_CHECKING:
    from datetime import datetime

    from .debugging import Debugger

__all__ = [
    "RECORDINGS",
    "AsyncOnRequest",
    "AsyncOnResponse",
    "Hooks",
    "OnRequest",
    "OnResponse",
    "RateLimit",
    "RequestInfo",
    "ResponseInfo",
    "recorded",
]


class RequestInfo(PublicNames):
    """A request that is about to be sent, without its secrets; hooks of ``on_request`` get it."""

    __slots__ = ("_call", "attempt", "headers", "url")

    attempt: int
    """Number of the attempt at this call; 1 is the first."""
    headers: Mapping[str, str]
    """Headers, with ``***`` for secrets."""
    url: str
    """Complete URL without its query; of another host than the API's, the host alone."""

    def __init__(self, call: Call[Any], request: Request, attempt: int) -> None:
        self._call = call
        self.attempt = attempt
        self.headers = shown_headers(request.headers)
        self.url = request.shown or request.url.partition("?")[0]

    @property
    def method(self) -> str:
        """HTTP method."""
        return self._call.method

    @property
    def path(self) -> str:
        """Path after the version of the API, without the query; of another host's URL, the host alone."""
        return self._call.shown

    @property
    def query(self) -> dict[str, Any]:
        """Parameters of the query, with ``***`` for secrets."""
        return redacted(self._call.query)  # type: ignore[no-any-return]

    @property
    def filter(self) -> dict[str, Any]:
        """Filter of a list, as the JSON of the header ``X-Filter``."""
        return redacted(self._call.filter)  # type: ignore[no-any-return]

    @property
    def json(self) -> Any:
        """JSON of the body, with ``***`` for secrets; None if there is none."""
        return redacted(self._call.json)

    def __repr__(self) -> str:
        return f"<RequestInfo {self.method} {self.path}, attempt {self.attempt}>"


class RateLimit(NamedTuple):
    """Rate limit of the API as a response states it: ``remaining`` of ``limit`` requests until ``reset`` (UTC)."""

    limit: int
    remaining: int
    reset: datetime


class ResponseInfo:
    """A response, or the error without a response; hooks of ``on_response`` get it."""

    __slots__ = ("content", "elapsed", "error", "headers", "request", "status")

    request: RequestInfo
    """Request of this response."""
    status: int | None
    """HTTP status; None if there is no response."""
    headers: Mapping[str, str]
    """Headers, whose names are in lower case, with ``<hidden>`` for secrets of the request."""
    content: bytes
    """Body as the API sent it, with any secrets; the ``repr`` does not show it."""
    elapsed: float
    """Seconds from the request to the complete response, or to the error."""
    error: Exception | None
    """Error of the transport, if there is no response; an error that the API sent is a response with its status."""

    def __init__(
        self,
        request: RequestInfo,
        outcome: Response | Exception,
        elapsed: float,
        hide: list[str | None],
    ) -> None:
        self.request = request
        self.elapsed = elapsed
        if isinstance(outcome, Exception):
            self.status, self.error = None, outcome
            self.headers, self.content = {}, b""
        else:
            self.status, self.error = outcome.status, None
            self.headers = {
                redact_text(name, hide): redact_text(value, hide) for name, value in outcome.headers.items()
            }
            self.content = outcome.content

    @property
    def method(self) -> str:
        """HTTP method of the request."""
        return self.request.method

    @property
    def path(self) -> str:
        """Path of the request, after the version of the API."""
        return self.request.path

    @property
    def attempt(self) -> int:
        """Number of the attempt; 1 is the first."""
        return self.request.attempt

    @property
    def json(self) -> Any:
        """Decoded JSON of the body, with any secrets. Raises ValueError if the body is not JSON."""
        import json

        return json.loads(self.content)

    @property
    def rate_limit(self) -> RateLimit | None:
        """Rate limit in the headers; None if they have none."""
        from datetime import UTC, datetime

        try:
            limit, remaining, reset = (int(self.headers[f"x-ratelimit-{name}"]) for name in _RATE_LIMIT)
            return RateLimit(limit, remaining, datetime.fromtimestamp(reset, UTC))
        except (KeyError, ValueError, OverflowError, OSError):
            return None

    def __repr__(self) -> str:
        outcome = type(self.error).__name__ if self.status is None else self.status
        return f"<ResponseInfo {self.method} {self.path} {outcome}, {self.elapsed:.3f} s, attempt {self.attempt}>"


_RATE_LIMIT = ("limit", "remaining", "reset")
OnRequest: TypeAlias = Callable[[RequestInfo], Mapping[str, str] | None]
"""A function that is called before each request, and may return headers to add to it."""
OnResponse: TypeAlias = Callable[[ResponseInfo], None]
"""A function that is called after each response."""
AsyncOnRequest: TypeAlias = Callable[[RequestInfo], Mapping[str, str] | Awaitable[Mapping[str, str] | None] | None]
"""An `OnRequest` of an async client, which may be an async function."""
AsyncOnResponse: TypeAlias = Callable[[ResponseInfo], Awaitable[None] | None]
"""An `OnResponse` of an async client, which may be an async function."""


RECORDINGS: ContextVar[tuple[tuple[object, list[ResponseInfo]], ...]] = ContextVar("linode_responses", default=())
"""The lists that record responses here, each with the traffic that it records."""


@contextmanager
def recorded(traffic: object) -> Iterator[list[ResponseInfo]]:
    """A list to which the responses of *traffic* are added until the end of the block."""
    found: list[ResponseInfo] = []
    before = RECORDINGS.set((*RECORDINGS.get(), (traffic, found)))
    try:
        yield found
    finally:
        RECORDINGS.reset(before)


class Hooks:
    """The hooks of a client. Raises TypeError for what cannot be called, or is async in a client that is not."""

    __slots__ = ("awaited", "debugger", "on_request", "on_response")

    def __init__(
        self, on_request: Any = (), on_response: Any = (), *, awaited: bool, debugger: Debugger | None = None
    ) -> None:
        self.debugger = debugger
        self.on_request = _checked("on_request", on_request, awaited=awaited)
        self.on_response = _checked("on_response", on_response, awaited=awaited)
        self.awaited = awaited

    def __bool__(self) -> bool:
        return bool(self.on_request or self.on_response or self.debugger)

    def before(self, call: Call[Any], request: Request, attempt: int) -> Steps[RequestInfo]:
        """Call the hooks before *request*, and add the headers that they return, but to requests to the API only."""
        info = RequestInfo(call, request, attempt)
        for hook in self.on_request:
            added = yield from result(hook(info), "a function given as on_request", awaited=self.awaited)
            if added and not call.elsewhere:
                request.headers.update(checked_headers(added, "what a function given as on_request returns"))
                info.headers = shown_headers(request.headers)
        if self.debugger is not None:
            self.debugger.request(info)
        return info

    def after(self, info: ResponseInfo, traffic: object, secrets: Iterable[str | None]) -> Steps[None]:
        """Log and record *info* where that is asked for, and call the hooks after a response or an error."""
        if self.debugger is not None:
            self.debugger.response(info, secrets)
        for each, found in RECORDINGS.get():
            if each is traffic:
                found.append(info)
        for hook in self.on_response:
            yield from result(hook(info), "a function given as on_response", awaited=self.awaited)


def _checked(name: str, given: Any, *, awaited: bool) -> tuple[Any, ...]:
    if not callable(given) and not isinstance(given, Iterable):
        raise TypeError(f"{name} takes a function or several, not {type(given).__name__}")
    hooks = (given,) if callable(given) else tuple(given)
    for each in hooks:
        if not callable(each):
            raise TypeError(f"{name} takes functions, not {type(each).__name__}")
        if not awaited and is_async(each):
            raise TypeError(f"{name} takes plain functions; only the client of linode.aio takes async functions")
    return hooks
