"""Where requests leave the process: what a transport is, and the one that uses httpx2."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from linode.errors import NotSentError, TimedOutError, TransportError

__all__ = ["AsyncHttpTransport", "AsyncTransport", "HttpTransport", "Request", "Response", "Transport"]

TIMEOUT = 60.0
"""Seconds to connect, and then between two pieces of an answer, unless the client says otherwise."""


class Request(NamedTuple):
    """An HTTP request: ``url`` is whole, ``headers`` hold the token."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | None = None

    def __repr__(self) -> str:
        return f"Request({self.method!r}, {self.url!r})"


class Response:
    """An HTTP answer. ``headers`` have their names in lower case."""

    __slots__ = ("content", "headers", "status")

    def __init__(
        self, status: int, headers: Mapping[str, str] | Iterable[tuple[str, str]] = (), content: bytes = b""
    ) -> None:
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        self.status = status
        self.headers = {name.lower(): value for name, value in pairs}
        self.content = content

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.content)} bytes)"


class Transport(Protocol):
    """What carries requests for a `LinodeClient`: the network, or a sandbox in the process."""

    parallel: bool
    """Whether `send` may be called by several threads at once to any use."""

    def send(self, request: Request, timeout: float | None) -> Response:
        """Send *request* and return its answer; raise `TransportError` when there is none."""
        ...

    def pause(self, seconds: float) -> None:
        """Let *seconds* go by."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


class AsyncTransport(Protocol):
    """A `Transport` whose deeds are awaited."""

    parallel: bool

    async def send(self, request: Request, timeout: float | None) -> Response: ...  # noqa: ASYNC109
    async def pause(self, seconds: float) -> None: ...
    async def close(self) -> None: ...


class HttpTransport:
    """Requests over httpx2, which is imported, and its TLS context made, at the first request.

    ``http`` is an `httpx2.Client` of the caller's own (who then also closes it); otherwise ``proxy`` and ``verify`` (a
    CA file, an `ssl.SSLContext`, or False) are given to the one made here.
    """

    parallel = True

    def __init__(self, http: Any = None, *, proxy: str | None = None, verify: Any = True) -> None:
        self._http = http
        self._own = http is None
        self._proxy = proxy
        self._verify = verify
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "HttpTransport()"

    def _client(self) -> Any:
        if self._http is None:
            with self._lock:
                if self._http is None:
                    import httpx2

                    self._http = httpx2.Client(proxy=self._proxy, verify=_context(self._verify), limits=_limits())
        return self._http

    def send(self, request: Request, timeout: float | None) -> Response:
        """Send *request*; redirects are not followed."""
        http = self._client()
        try:
            answer = http.request(
                request.method,
                request.url,
                headers=request.headers,
                content=request.content,
                timeout=timeout,
                follow_redirects=False,
            )
        except Exception as error:
            raise _trouble(request, error) from error
        return Response(answer.status_code, answer.headers.multi_items(), answer.content)

    def pause(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(max(seconds, 0))

    def close(self) -> None:
        """Close the connections; another request opens new ones."""
        if self._own and self._http is not None:
            self._http.close()
            self._http = None


class AsyncHttpTransport:
    """What `HttpTransport` is, awaited; ``http`` is an `httpx2.AsyncClient`."""

    parallel = True

    def __init__(self, http: Any = None, *, proxy: str | None = None, verify: Any = True) -> None:
        self._http = http
        self._own = http is None
        self._proxy = proxy
        self._verify = verify

    def __repr__(self) -> str:
        return "AsyncHttpTransport()"

    def _client(self) -> Any:
        if self._http is None:
            import httpx2

            self._http = httpx2.AsyncClient(proxy=self._proxy, verify=_context(self._verify), limits=_limits())
        return self._http

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109 - httpx2 keeps it
        """Send *request*; redirects are not followed."""
        http = self._client()
        try:
            answer = await http.request(
                request.method,
                request.url,
                headers=request.headers,
                content=request.content,
                timeout=timeout,
                follow_redirects=False,
            )
        except Exception as error:
            raise _trouble(request, error) from error
        return Response(answer.status_code, answer.headers.multi_items(), answer.content)

    async def pause(self, seconds: float) -> None:
        """Sleep."""
        import asyncio

        await asyncio.sleep(max(seconds, 0))

    async def close(self) -> None:
        """Close the connections."""
        if self._own and self._http is not None:
            http, self._http = self._http, None
            await http.aclose()


def _limits() -> Any:
    import httpx2

    return httpx2.Limits(max_connections=100, max_keepalive_connections=32)


def _context(verify: Any) -> Any:
    if isinstance(verify, str):
        import ssl

        return ssl.create_default_context(cafile=verify)
    return verify


def _trouble(request: Request, error: Exception) -> Exception:
    """Our error for one of httpx2's; what is neither of transport nor ours is passed through."""
    import httpx2

    said = f"{request.method} {request.url.partition('?')[0]}: "
    if isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)):
        return NotSentError(f"{said}no connection ({str(error) or type(error).__name__})")
    if isinstance(error, httpx2.TimeoutException):
        return TimedOutError(f"{said}no answer in time ({type(error).__name__})")
    if isinstance(error, (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, UnicodeError, OSError)):
        return TransportError(f"{said}{str(error) or type(error).__name__}")
    return error
