"""Where requests leave the process: what a transport is, and the one that uses the network."""

from __future__ import annotations

import os
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import aclosing
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from linode._forking import reset_after_fork
from linode._secrets import redact_tracebacks
from linode._uploads import Upload
from linode.errors import CertificateError, ConnectionFailedError, RequestTimeoutError, TransportError, excerpt

from .connections import Connections
from .content import MOST_BYTES, Content
from .proxies import checked, proxy_at, proxy_for

__all__ = ["AsyncHttpTransport", "AsyncTransport", "HttpTransport", "Request", "Response", "Transport"]

TIMEOUT = 60.0
"""Seconds to connect, for each piece that is sent, and for the whole answer, unless the client says otherwise."""
IDLE = 5.0
"""Seconds that a connection is kept which nobody uses: less than servers keep theirs."""


class Request(NamedTuple):
    """An HTTP request: ``url`` is whole, ``headers`` hold the token."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes | Upload | None = None
    shown: str = ""
    """What people may see of the address, where that is not all of it."""
    seconds: float | None = None
    """How long it may take, where that may be less than the client's ``timeout``."""

    def within(self, timeout: float | None) -> float | None:
        """The timeout of this request in a client whose own is *timeout*."""
        return min((each for each in (self.seconds, timeout) if each is not None), default=None)

    def __repr__(self) -> str:
        return f"Request({self.method!r}, {self.shown or self.url!r})"

    @property
    def body(self) -> bytes | None:
        """The content, read whole."""
        return b"".join(self.content) if isinstance(self.content, Upload) else self.content


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

    def sleep(self, seconds: float) -> None:
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
    async def sleep(self, seconds: float) -> None: ...
    def now(self) -> float: ...
    async def close(self) -> None: ...


class _Pool(NamedTuple):
    """A way to a host: the connections to it, and what every request there begins with."""

    pool: Any
    origin: tuple[bytes, bytes, int | None]
    """Scheme, host and port."""
    head: tuple[tuple[bytes, bytes], ...]
    """The headers that are ours to add."""


class _Pools:
    """The ways to the hosts that were asked: connection pools of `httpcore2`, imported, and made, at the first request.

    httpcore2 is what httpx2 sends with. What httpx2 puts around it (cookies, redirects, authentication, models of its
    own) the API does not have, and would cost half as much again as a request does. What the environment says of
    proxies, which is httpx2's part too, is read here.
    """

    kind: str
    """The class of httpcore2 that carries requests."""
    timed: str
    """What gives its connections a deadline for each answer."""

    @redact_tracebacks
    def __init__(
        self,
        http: Any = None,
        *,
        proxy: str | None = None,
        verify: Any = True,
        max_response_bytes: int = MOST_BYTES,
    ) -> None:
        self._http = http
        self._proxy = checked(proxy)
        self._verify = _checked(verify)
        self._most = _checked_bytes(max_response_bytes)
        self._ways: dict[tuple[Any, str], _Pool] = {}
        self._lock = threading.Lock()
        reset_after_fork(self._reset)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def _reset(self) -> None:
        """In a process that was forked: leave the parent its connections; new ones are made when they are needed."""
        self._lock = threading.Lock()
        self._ways = {}

    def check(self, url: str) -> None:
        """Raise ValueError when the environment names a proxy for the host of *url* that cannot be used."""
        if self._http is None and self._proxy is None:
            proxy_for("/".join(url.split("/")[:3]))

    def _loop(self) -> Any:
        """What the connections made here belong to: an event loop, and no other can use them."""
        return None

    def _kept(self, pool: Any) -> Any:
        """What sends by the connections that *pool* makes."""
        return pool

    def _way(self, origin: str) -> _Pool:
        key = self._loop(), origin
        try:
            return self._ways[key]
        except KeyError:
            with self._lock:
                over = [each for each in self._ways if each[0] is not None and each[0].is_closed()]
                self._ways = {each: way for each, way in self._ways.items() if each not in over}
                if key not in self._ways:
                    self._ways[key] = self._made(origin)
                return self._ways[key]

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
        """The connections that *request* takes, and what they are given."""
        import httpcore2

        scheme, _, rest = request.url.partition("://")
        host, slash, target = rest.partition("/")
        way = self._way(f"{scheme}://{host}")
        headers = [*way.head, *((name.encode(), value.encode()) for name, value in request.headers.items())]
        if request.content is not None or request.method not in ("GET", "DELETE"):
            headers.append((b"Content-Length", b"%d" % (0 if request.content is None else len(request.content))))
        scheme_, host_, port = way.origin
        url = httpcore2.URL(scheme=scheme_, host=host_, port=port, target=_target(slash + target))
        timeouts = {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}
        return way.pool, httpcore2.Request(
            request.method, url, headers=headers, content=request.content, extensions={"timeout": timeouts}
        )

    def _taken(self) -> list[Any]:
        """All connections that can be closed here, which nobody will find here again."""
        loop = self._loop()
        with self._lock:
            taken = [way.pool for key, way in self._ways.items() if key[0] is loop]
            self._ways = {key: way for key, way in self._ways.items() if key[0] is not loop}
        return taken


class HttpTransport(_Pools):
    """Requests over the network.

    ``http`` is an `httpx2.Client` of the caller's own (who then also closes it), which sends what it has of headers,
    cookies and the like; otherwise ``proxy`` (unless given, the environment's) and ``verify`` (a CA file, an
    `ssl.SSLContext`, or False) shape the connections made here. ``max_response_bytes`` bounds the content of a
    response, unpacked; a longer one raises `UnexpectedResponseError`.
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
                    for piece in given.iter_bytes():
                        content.take(piece)
                    return _response(given.status_code, given.headers.raw, content.whole())
            pool, asked = self._outgoing(request, timeout)
            with pool.response(asked) as answer:
                content = Content(answer.headers, self._most, _shown(request))
                for piece in answer.stream:
                    content.take(piece)
                _spoil(answer)
                return _response(answer.status, answer.headers, content.whole())
        except Exception as error:
            if (trouble := _trouble(request, error)) is None:
                raise
            raise trouble from error

    def now(self) -> float:
        """A clock that nobody sets."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(max(seconds, 0))

    def close(self) -> None:
        """Close the connections; another request opens new ones."""
        for pool in self._taken():
            pool.close()


class AsyncHttpTransport(_Pools):
    """What `HttpTransport` is, awaited; ``http`` is an `httpx2.AsyncClient`.

    Every event loop has connections of its own, so one transport may serve several, one after the other or at once.
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
                    async for piece in given.aiter_bytes():
                        content.take(piece)
                    return _response(given.status_code, given.headers.raw, content.whole())
            pool, asked = self._outgoing(request, timeout)
            async with aclosing(await pool.handle_async_request(asked)) as answer:
                content = Content(answer.headers, self._most, _shown(request))
                async for piece in answer.stream:
                    content.take(piece)
                _spoil(answer)
                return _response(answer.status, answer.headers, content.whole())
        except Exception as error:
            if (trouble := _trouble(request, error)) is None:
                raise
            raise trouble from error

    def now(self) -> float:
        """A clock that nobody sets."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep."""
        import asyncio

        await asyncio.sleep(max(seconds, 0))

    async def close(self) -> None:
        """Close the connections of this event loop; another request opens new ones."""
        for pool in self._taken():
            await pool.aclose()


def _asked(request: Request, timeout: float | None) -> dict[str, Any]:
    """*request* for a client of httpx2."""
    asked = {name: getattr(request, name) for name in ("method", "url", "headers", "content")}
    return {**asked, "timeout": timeout, "follow_redirects": False}


def _target(target: str) -> bytes:
    """*target* as it stands in a request: what a user wrote into a path by hand may have to be quoted."""
    if not target.isascii() or not target.isprintable() or " " in target:
        target = quote(target, safe="%/:?&=+,;@!$'()*[]~")
    return target.encode("ascii") or b"/"


def _response(status: int, headers: Iterable[tuple[bytes, bytes]], content: bytes) -> Response:
    return Response(status, [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers], content)


def _spoil(answer: Any) -> None:
    """See that a connection is not used again that has brought more than the response: the rest would answer others.

    httpcore2 keeps what h11 has not read to itself, and takes a connection for usable until it is readable.
    """
    connection = getattr(getattr(answer.stream, "_stream", answer.stream), "_connection", None)
    state = getattr(connection, "_h11_state", None)
    if state is not None and state.trailing_data[0]:
        answer.extensions["network_stream"].spoiled = True


def _checked_bytes(most: int) -> int:
    """*most*, if it bounds the content of a response."""
    if isinstance(most, bool) or not isinstance(most, int):
        raise TypeError(f"max_response_bytes is a number of bytes, not {type(most).__name__}")
    if most < 1:
        raise ValueError(f"max_response_bytes={most}: at least 1 byte")
    return most


def _checked(verify: Any) -> Any:
    """*verify*, if it is no file or one that is there."""
    if isinstance(verify, str) and not os.path.isfile(verify):  # noqa: PTH113 - pathlib takes milliseconds to import
        raise FileNotFoundError(f"verify={verify!r}: there is no such file of CA certificates")
    return verify


def _context(verify: Any) -> Any:
    """What says whom to trust on the other side; None: what httpcore2 takes, the machine's own authorities."""
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
    """*request* for people to read."""
    return f"{request.method} {request.shown or request.url.partition('?')[0]}"


def _trouble(request: Request, error: Exception) -> Exception | None:
    """Map a network error to ours; None if it is not one."""
    said = _shown(request)
    name = type(error).__name__
    if name in UNSENT:
        if any(type(each).__name__ == "SSLCertVerificationError" for each in _led_to(error)):
            return CertificateError(f"{said}: the certificate was refused ({excerpt(str(error)) or name})")
        return ConnectionFailedError(f"{said}: no connection ({excerpt(str(error)) or name})")
    if name in SLOW:
        return RequestTimeoutError(f"{said}: no answer in time ({name})")
    if type(error).__module__.partition(".")[0] in ("httpcore2", "httpx2") or isinstance(error, BROKEN):
        return TransportError(f"{said}: {excerpt(str(error)) or name}")
    return None


def _led_to(error: BaseException | None) -> Iterator[BaseException]:
    """*error*, and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


UNSENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol", "InvalidURL"})
"""Errors of httpcore2 and httpx2, which have the same names, after which nothing was sent."""
SLOW = frozenset({"ReadTimeout", "WriteTimeout", "TimeoutException"})
BROKEN = (UnicodeError, OSError, EOFError, zlib.error)
"""What comes of broken connections and contents by other names."""
