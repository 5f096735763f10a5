"""Requests, responses, and the transports that a client expects; `network` has those that use the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from linode._contents import VERSION
from linode._uploads import Upload

__all__ = ["AsyncTransport", "Request", "Response", "Transport"]

TIMEOUT = 60.0
"""Default timeout in seconds, for connecting, for each write, and for the whole response."""
USER_AGENT = f"linode-api/{VERSION} (Python)"


class Request(NamedTuple):
    """An HTTP request; ``url`` is absolute, and ``headers`` contain the token."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | Upload | None = None
    shown: str = ""
    """The part of the URL that may appear in messages; empty for all but its query."""
    seconds: float | None = None
    """Time limit of this request in seconds, where it may be shorter than the client's ``timeout``."""

    def within(self, timeout: float | None) -> float | None:
        """The shorter of this request's time limit and the client's *timeout*."""
        if self.seconds is None or timeout is None:
            return timeout if self.seconds is None else self.seconds
        return min(self.seconds, timeout)

    def __repr__(self) -> str:
        return f"Request({self.method!r}, {self.shown or self.url!r})"

    @property
    def body(self) -> bytes | None:
        """The complete content."""
        return b"".join(self.content) if isinstance(self.content, Upload) else self.content


class Response:
    """An HTTP response. The names in ``headers`` are in lower case."""

    __slots__ = ("content", "headers", "status")

    def __init__(
        self, status: int, headers: Mapping[str, str] | Iterable[tuple[str, str]] = (), content: bytes = b""
    ) -> None:
        pairs: Any = headers.items() if isinstance(headers, Mapping) else headers
        self.status = status
        self.headers = {name.lower(): value for name, value in pairs}
        self.content = content

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.content)} bytes)"


class Transport(Protocol):
    """The interface through which a `LinodeClient` sends requests: to the network, or to a sandbox in the process."""

    parallel: bool
    """Whether concurrent calls of `send` from several threads save time."""

    def send(self, request: Request, timeout: float | None) -> Response:
        """Send *request* and return its response. Raises `TransportError` if there is none."""
        ...

    def sleep(self, seconds: float) -> None:
        """Pause for *seconds*."""
        ...

    def now(self) -> float:
        """The time of the clock that pauses advance, in seconds since an arbitrary start."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class AsyncTransport(Protocol):
    """A `Transport` whose methods, except ``now``, are coroutines."""

    parallel: bool

    async def send(self, request: Request, timeout: float | None) -> Response: ...  # noqa: ASYNC109
    async def sleep(self, seconds: float) -> None: ...
    def now(self) -> float: ...
    async def close(self) -> None: ...
