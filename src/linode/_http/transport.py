"""Where requests leave the process: what a transport is, and the one that uses httpx2."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import aclosing, closing
from typing import Any, NamedTuple, Protocol

from linode.errors import NotSentError, TimedOutError, TransportError, excerpt

from .forking import forgets

__all__ = ["AsyncHttpTransport", "AsyncTransport", "HttpTransport", "Request", "Response", "Transport"]

TIMEOUT = 60.0
"""Seconds to connect, for each piece that is sent, and for the whole answer, unless the client says otherwise."""


class Request(NamedTuple):
    """An HTTP request: ``url`` is whole, ``headers`` hold the token."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | None = None
    shown: str = ""
    """What people may see of the address, where that is not all of it."""

    def __repr__(self) -> str:
        return f"Request({self.method!r}, {self.shown or self.url!r})"


class Response:
    """An HTTP answer. ``headers`` have their names in lower case."""

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
    """What carries requests for a `LinodeClient`: the network, or a sandbox in the process."""

    parallel: bool
    """Whether `send` may be called by several threads at once to any use."""

    def send(self, request: Request, timeout: float | None) -> Response:
        """Send *request* and return its answer; raise `TransportError` when there is none."""
        ...

    def pause(self, seconds: float) -> None:
        """Let *seconds* go by."""
        ...

    def now(self) -> float:
        """The clock that pauses move, in seconds since whenever."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


class AsyncTransport(Protocol):
    """A `Transport` whose deeds are awaited."""

    parallel: bool

    async def send(self, request: Request, timeout: float | None) -> Response: ...  # noqa: ASYNC109
    async def pause(self, seconds: float) -> None: ...
    def now(self) -> float: ...
    async def close(self) -> None: ...


class _Ways:
    """The ways to the hosts that were asked: `httpx2` transports, which are imported, and made, at the first request.

    A client of httpx2 would spend a third of a request's time on cookies, redirects and authentication, which the API
    does not have. What the environment says of proxies, which is the client's part too, is read here.
    """

    kind: str
    """The class of httpx2 that carries requests."""
    timed: str
    """What gives its connections a deadline for each answer."""

    def __init__(self, http: Any = None, *, proxy: str | None = None, verify: Any = True) -> None:
        self._http = http
        self._proxy = proxy
        self._verify = _checked(verify)
        self._ways: dict[str, Any] = {}
        self._lock = threading.Lock()
        forgets(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def forget(self) -> None:
        """In a process that was forked: leave the parent its connections; new ones are made when they are needed."""
        self._lock = threading.Lock()
        self._ways = {}

    def _way(self, url: str) -> Any:
        origin = "/".join(url.split("/", 3)[:3])
        if (way := self._ways.get(origin)) is not None:
            return way
        import httpx2

        from . import deadlines

        with self._lock:
            if origin not in self._ways:
                way = getattr(httpx2, self.kind)(
                    proxy=self._proxy or _proxy_for(origin),
                    verify=_context(self._verify),
                    limits=httpx2.Limits(max_connections=100, max_keepalive_connections=32),
                )
                pool = way._pool  # httpx2 has no way of its own to bound an answer as a whole
                pool._network_backend = getattr(deadlines, self.timed)(pool._network_backend)
                self._ways[origin] = way
            return self._ways[origin]

    def _taken(self) -> list[Any]:
        """All ways, which nobody will find here again."""
        with self._lock:
            ways, self._ways = self._ways, {}
        return list(ways.values())


class HttpTransport(_Ways):
    """Requests over httpx2.

    ``http`` is an `httpx2.Client` of the caller's own (who then also closes it), which sends what it has of headers,
    cookies and the like; otherwise ``proxy`` (unless given, the environment's) and ``verify`` (a CA file, an
    `ssl.SSLContext`, or False) shape the connections made here.
    """

    parallel = True
    kind = "HTTPTransport"
    timed = "Timed"

    def send(self, request: Request, timeout: float | None) -> Response:
        """Send *request*; redirects are not followed."""
        try:
            if self._http is not None:
                answer = self._http.request(**_asked(request, timeout))
                return _response(answer, answer.content)
            with closing(self._way(request.url).handle_request(_outgoing(request, timeout))) as answer:
                return _response(answer, answer.read() if _packed(answer) else b"".join(answer.stream))
        except Exception as error:
            raise _trouble(request, error) from error

    def now(self) -> float:
        """A clock that nobody sets."""
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(max(seconds, 0))

    def close(self) -> None:
        """Close the connections; another request opens new ones."""
        for way in self._taken():
            way.close()


class AsyncHttpTransport(_Ways):
    """What `HttpTransport` is, awaited; ``http`` is an `httpx2.AsyncClient`."""

    parallel = True
    kind = "AsyncHTTPTransport"
    timed = "AsyncTimed"

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109 - httpx2 keeps it
        """Send *request*; redirects are not followed."""
        try:
            if self._http is not None:
                answer = await self._http.request(**_asked(request, timeout))
                return _response(answer, answer.content)
            async with aclosing(
                await self._way(request.url).handle_async_request(_outgoing(request, timeout))
            ) as answer:
                packed = _packed(answer)
                return _response(
                    answer, await answer.aread() if packed else b"".join([each async for each in answer.stream])
                )
        except Exception as error:
            raise _trouble(request, error) from error

    def now(self) -> float:
        """A clock that nobody sets."""
        return time.monotonic()

    async def pause(self, seconds: float) -> None:
        """Sleep."""
        import asyncio

        await asyncio.sleep(max(seconds, 0))

    async def close(self) -> None:
        """Close the connections; another request opens new ones."""
        for way in self._taken():
            await way.aclose()


def _asked(request: Request, timeout: float | None) -> dict[str, Any]:
    """*request* for a client of httpx2."""
    asked = {name: getattr(request, name) for name in ("method", "url", "headers", "content")}
    return {**asked, "timeout": timeout, "follow_redirects": False}


def _outgoing(request: Request, timeout: float | None) -> Any:
    """*request* for a transport of httpx2."""
    import httpx2

    return httpx2.Request(
        request.method,
        request.url,
        headers={**request.headers, "Accept-Encoding": "gzip, deflate"},
        content=request.content,
        extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), timeout)},
    )


def _packed(answer: Any) -> bool:
    """Whether the pieces of *answer* have to be unpacked; otherwise they are joined as they come, which costs less."""
    return "content-encoding" in answer.headers


def _response(answer: Any, content: bytes) -> Response:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw]
    return Response(answer.status_code, headers, content)


def _proxy_for(origin: str) -> str | None:
    """The proxy that the environment names for *origin*."""
    from urllib.request import getproxies, proxy_bypass

    scheme, _, host = origin.partition("://")
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _checked(verify: Any) -> Any:
    """*verify*, if it is no file or one that is there."""
    if isinstance(verify, str) and not os.path.isfile(verify):  # noqa: PTH113 - pathlib takes milliseconds to import
        raise FileNotFoundError(f"verify={verify!r}: there is no such file of CA certificates")
    return verify


def _context(verify: Any) -> Any:
    if isinstance(verify, str):
        import ssl

        return ssl.create_default_context(cafile=verify)
    return verify


def _trouble(request: Request, error: Exception) -> Exception:
    """Our error for one of httpx2's; what is neither of transport nor ours is passed through."""
    import httpx2

    said = f"{request.method} {request.shown or request.url.partition('?')[0]}: "
    if isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.InvalidURL)):
        return NotSentError(f"{said}no connection ({str(error) or type(error).__name__})")
    if isinstance(error, httpx2.TimeoutException):
        return TimedOutError(f"{said}no answer in time ({type(error).__name__})")
    if isinstance(error, (httpx2.HTTPError, httpx2.StreamError, UnicodeError, OSError)):
        return TransportError(f"{said}{excerpt(str(error)) or type(error).__name__}")
    return error
