"""The transports over the network: connections of httpcore2, or a client of httpx2."""

from __future__ import annotations

import os
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from linode._forking import reset_after_fork
from linode._secrets import redact_tracebacks
from linode.errors import CertificateError, ConnectionFailedError, RequestTimeoutError, TransportError, excerpt

from .connections import Connections
from .content import MAX_BYTES, Content
from .proxies import checked, proxy_at, proxy_for
from .transport import Request, Response

__all__ = ["AsyncHttpTransport", "HttpTransport"]

PART = 206
"""The status of a response with a part of a content."""
IDLE = 5.0
"""Seconds that an idle connection is kept open: less than servers keep theirs."""


class _Pool(NamedTuple):
    """The connections to a host, and the values that every request to it begins with."""

    pool: Any
    origin: tuple[bytes, bytes, int | None]
    """Scheme, host and port."""
    head: tuple[tuple[bytes, bytes], ...]
    """The headers that the transport adds."""


class _Pools:
    """One connection pool of `httpcore2` for each host; httpcore2 is imported at the first request.

    httpcore2 is the transport of httpx2. The API needs none of httpx2's own features (cookies, redirects,
    authentication, models), which would make a request half as slow again. Proxies in the environment, which httpx2
    reads otherwise, are read here.
    """

    kind: str
    """Name of the pool's class in httpcore2."""
    timed: str
    """Name of the network backend in `deadlines`, which limits the time of each response."""

    @redact_tracebacks
    def __init__(
        self,
        http: Any = None,
        *,
        proxy: str | None = None,
        verify: Any = True,
        max_response_bytes: int = MAX_BYTES,
    ) -> None:
        self._http = http
        self._proxy = checked(proxy)
        self._verify = _checked(verify)
        self._most = _checked_bytes(max_response_bytes)
        self._by_origin: dict[tuple[Any, str], _Pool] = {}
        self._lock = threading.Lock()
        reset_after_fork(self._reset)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def _reset(self) -> None:
        """Forget all connections: in a forked process they belong to the parent. New ones are opened when needed."""
        self._lock = threading.Lock()
        self._by_origin = {}

    def check(self, url: str) -> None:
        """Raise ValueError if the environment names an unusable proxy for the host of *url*."""
        if self._http is None and self._proxy is None:
            proxy_for("/".join(url.split("/")[:3]))

    def _loop(self) -> Any:
        """The running event loop, which alone can use the connections opened in it; None for sync connections."""
        return None

    def _kept(self, pool: Any) -> Any:
        """The object that sends requests over connections of *pool*."""
        return pool

    def _pool_to(self, origin: str) -> _Pool:
        key = self._loop(), origin
        try:
            return self._by_origin[key]
        except KeyError:
            with self._lock:
                over = [each for each in self._by_origin if each[0] is not None and each[0].is_closed()]
                self._by_origin = {each: pool for each, pool in self._by_origin.items() if each not in over}
                if key not in self._by_origin:
                    self._by_origin[key] = self._made(origin)
                return self._by_origin[key]

    def _made(self, origin: str) -> _Pool:
        import httpcore2

        from . import deadlines

        address = urlsplit(origin)
        pool = getattr(httpcore2, self.kind)(
            ssl_context=_context(self._verify) if address.scheme == "https" else None,
            proxy=proxy_at(self._proxy or proxy_for(origin)),
            max_connections=100,
            max_keepalive_connections=32,
            keepalive_expiry=IDLE,
            network_backend=getattr(deadlines, self.timed)(),
        )
        host = (address.hostname or "").encode("idna")
        head = ((b"Host", address.netloc.rpartition("@")[2].encode("idna")), (b"Accept-Encoding", b"gzip"))
        return _Pool(self._kept(pool), (address.scheme.encode(), host, address.port), head)

    def _outgoing(self, request: Request, timeout: float | None) -> tuple[Any, Any]:
        """The pool for *request*, and the request as an object of httpcore2."""
        import httpcore2

        scheme, _, rest = request.url.partition("://")
        host, slash, target = rest.partition("/")
        at = self._pool_to(f"{scheme}://{host}")
        headers = [*at.head, *((name.encode(), value.encode()) for name, value in request.headers.items())]
        if request.content is not None or request.method not in ("GET", "DELETE"):
            headers.append((b"Content-Length", b"%d" % (0 if request.content is None else len(request.content))))
        scheme_, host_, port = at.origin
        url = httpcore2.URL(scheme=scheme_, host=host_, port=port, target=_target(slash + target))
        timeouts = {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}
        return at.pool, httpcore2.Request(
            request.method, url, headers=headers, content=request.content, extensions={"timeout": timeouts}
        )

    def _taken(self) -> list[Any]:
        """Remove and return the pools of this event loop."""
        loop = self._loop()
        with self._lock:
            taken = [at.pool for key, at in self._by_origin.items() if key[0] is loop]
            self._by_origin = {key: at for key, at in self._by_origin.items() if key[0] is not loop}
        return taken


class HttpTransport(_Pools):
    """Sends requests over the network.

    ``http`` is an `httpx2.Client`, which sends its own headers and cookies too, and which the caller closes. Without
    it, ``proxy`` (default: the environment's) and ``verify`` (a CA file, an `ssl.SSLContext`, or False) configure the
    connections. ``max_response_bytes`` limits the decompressed content of a response; a longer one raises
    `UnexpectedResponseError`.
    """

    parallel = True
    kind = "ConnectionPool"
    timed = "Timed"

    def _kept(self, pool: Any) -> Connections:
        return Connections(pool, IDLE)

    def send(self, request: Request, timeout: float | None) -> Response:
        """Send *request*; redirects are not followed."""
        try:
            if self._http is not None:
                with self._http.stream(**_asked(request, timeout)) as given:
                    content = Content((), self._most, _shown(request))
                    for piece in given.iter_raw() if given.status_code == PART else given.iter_bytes():
                        content.take(piece)
                    return _response(given.status_code, given.headers.raw, content.whole())
            pool, asked = self._outgoing(request, timeout)
            with pool.response(asked) as answer:
                content = Content(answer.headers, self._most, _shown(request), part=answer.status == PART)
                for piece in answer.stream:
                    content.take(piece)
                _spoil(answer)
                return _response(answer.status, answer.headers, content.whole())
        except Exception as error:
            if (trouble := _trouble(request, error)) is None:
                raise
            raise trouble from error

    def now(self) -> float:
        """The time of the monotonic clock in seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Pause for *seconds*."""
        time.sleep(max(seconds, 0))

    def close(self) -> None:
        """Close the connections; another request opens new ones."""
        for pool in self._taken():
            pool.close()


class AsyncHttpTransport(_Pools):
    """Sends requests over the network, with coroutines; ``http`` is an `httpx2.AsyncClient`, see `HttpTransport`.

    Every event loop has its own connections, so one transport may serve several loops, in turn or at the same time.
    """

    parallel = True
    kind = "AsyncConnectionPool"
    timed = "AsyncTimed"

    def _loop(self) -> Any:
        import asyncio

        return asyncio.get_running_loop()

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109 - the pool keeps it
        """Send *request*; redirects are not followed."""
        try:
            if self._http is not None:
                async with self._http.stream(**_asked(request, timeout)) as given:
                    content = Content((), self._most, _shown(request))
                    async for piece in given.aiter_raw() if given.status_code == PART else given.aiter_bytes():
                        content.take(piece)
                    return _response(given.status_code, given.headers.raw, content.whole())
            pool, asked = self._outgoing(request, timeout)
            async with aclosing(await pool.handle_async_request(asked)) as answer:
                content = Content(answer.headers, self._most, _shown(request), part=answer.status == PART)
                async for piece in answer.stream:
                    content.take(piece)
                _spoil(answer)
                return _response(answer.status, answer.headers, content.whole())
        except Exception as error:
            if (trouble := _trouble(request, error)) is None:
                raise
            raise trouble from error

    def now(self) -> float:
        """The time of the monotonic clock in seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Pause for *seconds*."""
        import asyncio

        await asyncio.sleep(max(seconds, 0))

    async def close(self) -> None:
        """Close the connections of this event loop; another request opens new ones."""
        for pool in self._taken():
            await pool.aclose()


def _asked(request: Request, timeout: float | None) -> dict[str, Any]:
    """The arguments of *request* for a client of httpx2."""
    asked = {name: getattr(request, name) for name in ("method", "url", "headers", "content")}
    return {**asked, "timeout": timeout, "follow_redirects": False}


def _target(target: str) -> bytes:
    """Encode the request target; a path that a user wrote by hand is percent-encoded where necessary."""
    if not target.isascii() or not target.isprintable() or " " in target:
        target = quote(target, safe="%/:?&=+,;@!$'()*[]~")
    return target.encode("ascii") or b"/"


def _response(status: int, headers: Iterable[tuple[bytes, bytes]], content: bytes) -> Response:
    return Response(status, [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers], content)


def _spoil(answer: Any) -> None:
    """Prevent reuse of a connection that received bytes beyond the response: they would be read as the next response.

    httpcore2 ignores the bytes that h11 has not read, and considers a connection usable until its socket is readable.
    """
    connection = getattr(getattr(answer.stream, "_stream", answer.stream), "_connection", None)
    state = getattr(connection, "_h11_state", None)
    if state is not None and state.trailing_data[0]:
        answer.extensions["network_stream"].spoiled = True


def _checked_bytes(most: int) -> int:
    """*most*, if it is a valid limit for the content of a response. Raises TypeError and ValueError."""
    if isinstance(most, bool) or not isinstance(most, int):
        raise TypeError(f"max_response_bytes must be an int, the number of bytes, not {type(most).__name__}")
    if most < 1:
        raise ValueError(f"max_response_bytes={most} must be at least 1")
    return most


def _checked(verify: Any) -> Any:
    """*verify*, unless it is the path of a file that does not exist. Raises FileNotFoundError."""
    if isinstance(verify, str) and not os.path.isfile(verify):  # noqa: PTH113 - pathlib takes milliseconds to import
        raise FileNotFoundError(f"verify={verify!r}: the file of CA certificates does not exist")
    return verify


def _context(verify: Any) -> Any:
    """The SSL context for *verify*; None for httpcore2's default, the CA certificates of the machine."""
    import ssl

    if isinstance(verify, str):
        return ssl.create_default_context(cafile=verify)
    if verify is False:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    return None if verify is True else verify


def _shown(request: Request) -> str:
    """The method and the URL of *request* for messages, without secrets."""
    return f"{request.method} {request.shown or request.url.partition('?')[0]}"


def _trouble(request: Request, error: Exception) -> Exception | None:
    """The error of `linode.errors` for a network error; None if *error* is not one."""
    shown = _shown(request)
    name = type(error).__name__
    if name in UNSENT:
        if any(type(each).__name__ == "SSLCertVerificationError" for each in _causes(error)):
            why = excerpt(str(error)) or name
            cure = "if its CA is your own, name its file with verify= or LINODE_CA"
            return CertificateError(f"{shown}: the certificate was refused ({why}); {cure}")
        return ConnectionFailedError(f"{shown}: no connection ({excerpt(str(error)) or name})")
    if name in SLOW:
        return RequestTimeoutError(f"{shown}: no response in time ({name})")
    if type(error).__module__.partition(".")[0] in ("httpcore2", "httpx2") or isinstance(error, BROKEN):
        return TransportError(f"{shown}: {excerpt(str(error)) or name}")
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """*error* and the chain of its causes and contexts."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


UNSENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol", "InvalidURL"})
"""Names of the errors of httpcore2 and httpx2 that mean that nothing was sent."""
SLOW = frozenset({"ReadTimeout", "WriteTimeout", "TimeoutException"})
BROKEN = (UnicodeError, OSError, EOFError, zlib.error)
"""Other errors that broken connections and contents cause."""
