"""The sandbox on a port: an ASGI application around the door, and uvicorn to serve it."""

from __future__ import annotations

import asyncio
import signal
import socket
import traceback
from collections.abc import Awaitable, Callable, Generator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from .._http.transport import Request, Response
from .door import Door
from .faults import Outcome
from .wire import HEADERS

__all__ = ["App", "listen", "serve"]

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

GRACE = 3
"""Seconds that requests under way are given at the end."""


class App:
    """An ASGI application that asks *door*. Requests are answered one after the other: there is one world.

    ``connections`` are those of the server, by the client's address, for faults to cut.
    """

    def __init__(self, door: Door, connections: Mapping[Any, asyncio.Transport] | None = None) -> None:
        self._door = door
        self._connections = {} if connections is None else connections

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"the sandbox speaks HTTP, not {scope['type']}")
        content = await _body(receive)
        if content is None:
            return
        outcome = self._outcome(_request(scope, content))
        await asyncio.sleep(outcome.late)
        answer = outcome.response
        if answer is not None:
            body = b"" if scope["method"] == "HEAD" else answer.content
            whole = outcome.lost is None
            size = len(answer.content) if whole else max(len(answer.content), 1)
            headers = {**answer.headers, "content-length": str(size)}
            pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
            body = body if whole else body[: len(body) // 2]
            await send({"type": "http.response.body", "body": body, "more_body": not whole})
        if outcome.lost is not None:
            await self._cut(scope, receive)

    async def _cut(self, scope: Message, receive: Receive) -> None:
        """Close the connection, when what has been sent is on its way."""
        connection = self._connections.get(tuple(scope["client"] or ()))
        if connection is None:
            raise ConnectionResetError("a fault of the sandbox cuts this connection, which is none of its server's")
        connection.close()
        while (await receive())["type"] != "http.disconnect":
            pass

    def _outcome(self, request: Request) -> Outcome:
        try:
            return self._door.ask(request)
        except Exception:  # noqa: BLE001  a fault of the sandbox's own: told to who runs it, not to who asked
            traceback.print_exc()
            return Outcome(Response(500, HEADERS, b'{"errors":[{"reason":"An error occurred"}]}'))


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when the client has gone before it was there."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _request(scope: Message, content: bytes) -> Request:
    headers = {name.decode("latin-1").lower(): _text(value) for name, value in scope["headers"]}
    raw = scope.get("raw_path") or scope["path"].encode()
    url = f"{scope['scheme']}://{headers.get('host', 'localhost')}{raw.partition(b'?')[0].decode('latin-1')}"
    if query := scope["query_string"].decode("latin-1"):
        url = f"{url}?{query}"
    return Request(scope["method"], url, headers, content or None)


def _text(value: bytes) -> str:
    """Header values are ASCII by the book, UTF-8 from some clients, and Latin-1 from others."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises OSError when it cannot."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(128)
    except OSError:
        opened.close()
        raise
    return opened


def address(opened: socket.socket) -> str:
    """Where *opened* listens, as a URL."""
    host, port = opened.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Listed(asyncio.Protocol):
    """Keeps its connection in the list of all, by the address of the client."""

    listed: dict[Any, asyncio.Transport]

    def connection_made(self, transport: Any) -> None:
        self._peer = transport.get_extra_info("peername")[:2]
        self.listed[self._peer] = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.listed.pop(self._peer, None)
        super().connection_lost(exc)


def serve(door: Door, opened: socket.socket, ready: str) -> None:
    """Serve *door* on the socket until SIGINT or SIGTERM; *ready* is printed when it does."""
    import uvicorn
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class Server(uvicorn.Server):
        """Says when it is ready; a signal ends it well, where uvicorn would raise it again at the end."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(ready, flush=True)  # noqa: T201  what starts the server reads this line

        @contextmanager
        def capture_signals(self) -> Generator[None, None, None]:
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, self.handle_exit)
            yield

    connections: dict[Any, asyncio.Transport] = {}
    config = uvicorn.Config(
        App(door, connections),
        http=type("Protocol", (_Listed, AutoHTTPProtocol), {"listed": connections}),
        proxy_headers=False,
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    try:
        Server(config).run([opened])
    finally:
        opened.close()
