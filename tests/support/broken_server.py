"""A server on a raw socket that answers like the API, and breaks its responses as configured."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

from fakes import LINODE

from linode._model import matches

__all__ = ["PASSWORD", "TOKEN", "Broken", "Fault", "Heard", "ok"]

TOKEN = "tok3n-of-somebody-0123456789abcdef"
PASSWORD = "Correct-horse-7-battery"
LARGEST = 2**20


class Heard(NamedTuple):
    """A request, and the answer that it should get."""

    method: str
    target: str
    headers: dict[str, str]
    content: bytes
    raw: bytes
    right: bytes
    """The JSON of the right answer."""
    connection: socket.socket
    over: threading.Event
    """Set when the test is over."""


Fault = Callable[[Heard], bytes | None]
"""Returns what is sent before the connection is closed or read again; None: the fault has seen to all of it."""


def ok(content: bytes, *headers: bytes, status: bytes = b"200 OK", length: int | None = None) -> bytes:
    """The bytes of an answer; *length* is what it announces, where that is not what it has."""
    size = len(content) if length is None else length
    date = format_datetime(datetime.now(UTC), usegmt=True).encode()
    head = [b"HTTP/1.1 " + status, b"Date: " + date, b"Content-Length: %d" % size, *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + content


class Broken:
    """Breaks the first *times* of its answers by *fault*. A creation is carried out whatever becomes of its answer."""

    def __init__(self, fault: Fault, times: float = float("inf")) -> None:
        self.fault = fault
        self.left = times
        self.requests: list[str] = []
        self.made: list[dict[str, Any]] = []
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self.connections = 0
        """So many were made."""

    @contextmanager
    def running(self) -> Iterator[Broken]:
        """Serves until the end of the block."""
        accepting = threading.Thread(target=self._accept, daemon=True)
        accepting.start()
        try:
            yield self
        finally:
            self.over.set()
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            for each in list(self._open):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            for thread in (accepting, *self._threads):
                thread.join(5)

    @property
    def open(self) -> int:
        """Number of open connections."""
        return len(self._open)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(connection)
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        received = b""
        with connection, suppress(OSError):
            while (found := self._request(connection, received)) is not None:
                heard, received = found
                with self._lock:
                    self.left -= 1
                    broken = self.left >= 0
                given = self.fault(heard) if broken else ok(heard.right)
                if given is None:
                    break
                connection.sendall(given)
                if broken and b"Connection: close" in given:
                    break
        self._open.discard(connection)

    def _request(self, connection: socket.socket, received: bytes) -> tuple[Heard, bytes] | None:
        """The next request on *connection*, of which *received* has come already; None when it was closed."""
        while b"\r\n\r\n" not in received:
            if not (piece := connection.recv(LARGEST)):
                return None
            received += piece
        head, _, rest = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(rest) < length:
            rest += connection.recv(LARGEST)
        content, rest = rest[:length], rest[length:]
        with self._lock:
            self.requests.append(f"{method} {target.partition('?')[0]}")
            right = json.dumps(self._right(method, target, headers, content)).encode()
        raw = head + b"\r\n\r\n" + content
        return Heard(method, target, headers, content, raw, right, connection, self.over), rest

    def _right(self, method: str, target: str, headers: dict[str, str], content: bytes) -> Any:
        path, _, query = target.partition("?")
        if path.startswith("/oauth"):
            return {"access_token": "granted", "scope": "linodes:read_only"}
        if method == "POST":
            created = (datetime.now(UTC) - timedelta(milliseconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
            given = json.loads(content or b"{}")
            row = {**LINODE, "id": 200 + len(self.made), "label": given.get("label") or "made", "created": created}
            self.made.append(row)
            return row
        last = path.rpartition("/")[2]
        if last.isdigit():
            return {**LINODE, "id": int(last), "label": f"web-{last}"}
        asked = dict(each.split("=") for each in query.split("&") if each)
        number, size = int(asked.get("page", 1)), 25
        rows = [{**LINODE, "id": each, "label": f"web-{each}"} for each in range(1, 61)] + self.made
        rows = [row for row in rows if matches(row, json.loads(headers.get("x-filter", "{}")))]
        pages = max(1, -(-len(rows) // size))
        return {"data": rows[(number - 1) * size : number * size], "page": number, "pages": pages, "results": len(rows)}
