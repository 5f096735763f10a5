"""The sandbox on a port: an ASGI application around the gateway, served by uvicorn."""

from __future__ import annotations

import asyncio
import functools
import signal
import socket
import ssl
import threading
import traceback
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping, MutableMapping
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from linode._http.transport import Request, Response

from ..core.refusals import SandboxError
from ..engine.response_headers import REFUSAL
from ..failures.faults import Outcome
from . import page_parts, pages
from .gateway import TOO_LARGE, Gateway

if TYPE_CHECKING:
    import uvicorn

__all__ = ["App", "address", "listen", "serve", "serving"]

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

LOOK = 0.5
"""Seconds between two looks at what a page that follows the sandbox has to show."""
GRACE = 1
"""Seconds that open requests get at shutdown before their connections are closed."""


class App:
    """An ASGI application for *gateway*. Requests are handled one at a time, because they share a world.

    ``connections`` are those of the server, by the client's address, so that faults can close them.
    """

    def __init__(self, gateway: Gateway, connections: Mapping[Any, asyncio.Transport] | None = None) -> None:
        self._gateway = gateway
        self._connections = {} if connections is None else connections

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"the sandbox supports HTTP only, not {scope['type']}")
        request = _request(scope)
        most = self._gateway.most_bytes(request)
        try:
            content = await _body(receive, most, int(request.headers.get("content-length") or 0)) if most else b""
        except _TooLargeError:
            outcome = Outcome(Response(413, {**REFUSAL, "Connection": "close"}, TOO_LARGE))
        else:
            if content is None:
                return
            outcome = self._outcome(request._replace(content=content or None))
        if outcome.delay and await _gone(receive, outcome.delay):
            return
        answer = outcome.response
        if answer is not None and answer.headers.get("content-type") == pages.EVENTS and scope["method"] != "HEAD":
            await self._follow(request, answer, receive, send)
        elif answer is not None:
            body = b"" if scope["method"] == "HEAD" else answer.content
            whole = outcome.lost is None
            size = len(answer.content) if whole else max(len(answer.content), 1)
            headers = {**answer.headers, "content-length": str(size)}
            await send({"type": "http.response.start", "status": answer.status, "headers": _pairs(headers)})
            body = body if whole else body[: len(body) // 2]
            await send({"type": "http.response.body", "body": body, "more_body": not whole})
        if outcome.lost is not None:
            await self._cut(scope, receive)

    async def _follow(self, request: Request, answer: Response, receive: Receive, send: Send) -> None:
        """Send the events of a response, and later events until the client disconnects."""
        await send({"type": "http.response.start", "status": answer.status, "headers": _pairs(answer.headers)})
        while answer.status == 200:
            await send({"type": "http.response.body", "body": answer.content, "more_body": True})
            if await _gone(receive, LOOK):
                return
            have = page_parts.last_id(answer.content) or request.headers.get("last-event-id")
            if have:
                request = request._replace(headers={**request.headers, "last-event-id": have})
            answer = self._outcome(request).response or Response(500, {})
        await send({"type": "http.response.body"})

    async def _cut(self, scope: Message, receive: Receive) -> None:
        """Close the connection after the sent data is on its way."""
        connection = self._connections.get(tuple(scope["client"] or ()))
        if connection is None:
            raise ConnectionResetError("a fault of the sandbox closes this connection, which its server does not have")
        connection.close()
        await _gone(receive, None)

    def _outcome(self, request: Request) -> Outcome:
        try:
            return self._gateway.ask(request)
        except Exception:  # noqa: BLE001  a bug of the sandbox is shown on its console, not to the client
            traceback.print_exc()
            return Outcome(Response(500, REFUSAL, b'{"errors":[{"reason":"An error occurred"}]}'))


class _TooLargeError(Exception):
    """The body is too large; the rest of it is not read."""


async def _body(receive: Receive, most: int, announced: int) -> bytes | None:
    """The complete body; None if the client disconnects first. Raises `_TooLargeError` for more than *most* bytes."""
    parts = []
    size = announced
    while size <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
        size = max(announced, sum(map(len, parts)))
    raise _TooLargeError


async def _gone(receive: Receive, seconds: float | None) -> bool:
    """Wait for the client to disconnect, at most *seconds* (None: no limit); returns whether it has."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


def _request(scope: Message) -> Request:
    """The request without its body."""
    headers = {name.decode("latin-1").lower(): _decoded(value) for name, value in scope["headers"]}
    raw = scope.get("raw_path") or scope["path"].encode()
    url = f"{scope['scheme']}://{headers.get('host', 'localhost')}{raw.partition(b'?')[0].decode('latin-1')}"
    if query := scope["query_string"].decode("latin-1"):
        url = f"{url}?{query}"
    return Request(scope["method"], url, headers, None)


def _pairs(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _decoded(value: bytes) -> str:
    """Decode a header value: ASCII by the standard, UTF-8 from some clients, and Latin-1 from others."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket; port 0 selects a free port. Raises `SandboxError` if it cannot be opened."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(address)
            opened.listen(128)
        except OSError:
            opened.close()
            raise
    except OSError as error:
        raise SandboxError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
    return opened


def address(opened: socket.socket, scheme: str = "http") -> str:
    """The URL of the listening socket *opened*."""
    host, port = opened.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class _Listed(asyncio.Protocol):
    """Registers its connection in ``listed``, by the client's address."""

    listed: dict[Any, asyncio.Transport]

    def connection_made(self, transport: Any) -> None:
        self._peer = transport.get_extra_info("peername")[:2]
        self.listed[self._peer] = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.listed.pop(self._peer, None)
        super().connection_lost(exc)


def serve(
    gateway: Gateway, opened: socket.socket, ready: Callable[[], None], tls: ssl.SSLContext | None = None
) -> None:
    """Serve *gateway* on the socket until SIGINT or SIGTERM; *ready* is called when it accepts connections.

    *tls* is the context of a server with HTTPS.
    """
    with opened:
        made = _server(gateway, ready, tls)
        gateway.stop = functools.partial(setattr, made, "should_exit", True)
        made.run([opened])


@contextmanager
def serving(gateway: Gateway, opened: socket.socket) -> Iterator[None]:
    """Serve *gateway* on the socket from a thread, until the end of the block."""
    begun = threading.Event()
    ended: Future[None] = Future()

    def run() -> None:
        try:
            server.run([opened])
            ended.set_result(None)
        except BaseException as error:  # noqa: BLE001  it is raised where the block ends
            ended.set_exception(error)
        finally:
            begun.set()

    with opened:
        server = _server(gateway, begun.set)
        threading.Thread(target=run, name="linode.sandbox", daemon=True).start()
        try:
            begun.wait()
            if ended.done():
                ended.result()
            yield
        finally:
            server.should_exit = True
            ended.result()


def _server(gateway: Gateway, ready: Callable[[], None], tls: ssl.SSLContext | None = None) -> uvicorn.Server:
    """The server for *gateway*, which calls *ready* when it accepts connections."""
    try:
        import uvicorn  # noqa: PLC0415 - an extra, and only a port needs it
        from uvicorn.protocols.http.auto import AutoHTTPProtocol  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("serving needs uvicorn: pip install uvicorn", name="uvicorn") from error

    connections: dict[Any, asyncio.Transport] = {}

    class Server(uvicorn.Server):
        """Calls *ready*, and ends normally on a signal, which uvicorn would raise again at the end."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            cut = asyncio.get_running_loop().call_later(GRACE, self.cut)
            await super().shutdown(sockets)
            cut.cancel()

        def cut(self) -> None:
            """Close all connections, which ends the requests that wait for their clients."""
            for each in list(connections.values()):
                each.abort()

        @contextmanager
        def capture_signals(self) -> Generator[None, None, None]:
            if threading.current_thread() is threading.main_thread():
                for each in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(each, self.handle_exit)
            yield

    config = uvicorn.Config(
        App(gateway, connections),
        http=type("Protocol", (_Listed, AutoHTTPProtocol), {"listed": connections}),
        proxy_headers=False,
        lifespan="off",
        ws="none",  # a request for a WebSocket is refused by name, as any other
        log_config=None,
        server_header=False,
        date_header=False,
    )
    config.load()
    config.ssl = tls  # as arguments uvicorn takes files only
    config.access_log = False  # as an argument it would also disable the access log of the surrounding program
    return Server(config)
