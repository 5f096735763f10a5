"""The connections to one host that the sync transport keeps.

A connection pool of httpcore2 looks at all of its connections, under one lock, when a request begins and when it ends:
threads wait for each other there. Here a request takes the connection that was used last from a stack, which needs no
lock, and puts it back when its response is over.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

__all__ = ["Connections"]

MAX_IDLE = 32
"""Maximum number of idle connections that are kept open."""


class Connections:
    """Connections opened by *pool*, a connection pool of httpcore2, and kept open for *idle* seconds after use."""

    def __init__(self, pool: Any, idle: float) -> None:
        self._pool = pool
        self._idle = idle
        self._free: deque[Any] = deque()
        """Idle connections, the most recently used at the end."""
        self._looked = time.monotonic()
        self._closed = False

    @contextmanager
    def response(self, request: Any) -> Iterator[Any]:
        """The response to *request*; its content must be read inside the block."""
        connection = self._taken() or self._pool.create_connection(request.url.origin)
        try:
            with closing(connection.handle_request(request)) as response:
                yield response
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)

    def _taken(self) -> Any:
        """A usable idle connection; None when there is none."""
        while self._free:
            try:
                connection = self._free.pop()
            except IndexError:  # another thread took the last one
                return None
            if not connection.has_expired():
                return connection
            connection.close()
        return None

    def _give_back(self, connection: Any) -> None:
        if not connection.is_idle():
            connection.close()
            return
        self._free.append(connection)
        if self._closed:  # checked after append: a concurrent close() finds the connection, or it is closed here
            self.close()
        elif len(self._free) > MAX_IDLE or time.monotonic() - self._looked > self._idle:
            self._close_old()
            self._close_surplus()

    def _close_surplus(self) -> None:
        """Close those above `MAX_IDLE` that threads in `_close_old` at the same time have put back."""
        while len(self._free) > MAX_IDLE:
            try:
                self._free.popleft().close()
            except IndexError:  # another thread took the last one
                return

    def _close_old(self) -> None:
        """Close expired connections and those above `MAX_IDLE`; the oldest are at the beginning."""
        self._looked = time.monotonic()
        for _ in range(len(self._free)):
            try:
                connection = self._free.popleft()
            except IndexError:
                return
            if len(self._free) < MAX_IDLE and not connection.has_expired():
                self._free.appendleft(connection)
                return
            connection.close()

    def close(self) -> None:
        """Close the idle connections now, and the others when their responses are complete."""
        self._closed = True
        while self._free:
            try:
                self._free.pop().close()
            except IndexError:
                return
