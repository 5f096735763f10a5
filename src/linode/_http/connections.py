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

MOST_IDLE = 32
"""So many connections are kept that nobody uses."""


class Connections:
    """Connections that *pool*, a connection pool of httpcore2, knows how to make; *idle* is how long they are kept."""

    def __init__(self, pool: Any, idle: float) -> None:
        self._pool = pool
        self._idle = idle
        self._free: deque[Any] = deque()
        """Those that nobody uses, the one used last at the end."""
        self._looked = time.monotonic()
        self._closed = False

    @contextmanager
    def response(self, request: Any) -> Iterator[Any]:
        """The response to *request*, whose content is read inside of the block."""
        connection = self._taken() or self._pool.create_connection(request.url.origin)
        try:
            with closing(connection.handle_request(request)) as response:
                yield response
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)

    def _taken(self) -> Any:
        """A connection that can be used; None when there is none."""
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
        if self._closed:  # looked at last: whoever closes meanwhile finds the connection, or it is closed here
            self.close()
        elif len(self._free) > MOST_IDLE or time.monotonic() - self._looked > self._idle:
            self._close_old()

    def _close_old(self) -> None:
        """Close what was not used for long, and what is too many; the oldest are at the beginning."""
        self._looked = time.monotonic()
        for _ in range(len(self._free)):
            try:
                connection = self._free.popleft()
            except IndexError:
                return
            if len(self._free) < MOST_IDLE and not connection.has_expired():
                self._free.appendleft(connection)
                return
            connection.close()

    def close(self) -> None:
        """Close the connections that nobody uses now, and the others when their responses are over."""
        self._closed = True
        while self._free:
            try:
                self._free.pop().close()
            except IndexError:
                return
