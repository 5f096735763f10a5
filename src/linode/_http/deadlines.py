"""An end for answers that trickle: a timeout of httpcore2's is that of every read, and an answer may be many reads."""

from __future__ import annotations

import time
from typing import Any

import httpcore2

__all__ = ["AsyncTimed", "Timed"]


class _Deadline:
    """Until when an answer has to be there: a timeout after the first read that follows the request."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._ends: float | None = None
        self.spoiled = False
        """Whether more than a response has come: the connection then passes for one that the server has closed."""

    def get_extra_info(self, info: str) -> Any:
        """What the stream tells of itself."""
        if self.spoiled and info == "is_readable":
            return True
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None) -> float | None:
        """Seconds that a read may take. Raises httpcore2's ReadTimeout when none are left."""
        if timeout is None:
            return None
        now = time.monotonic()
        if self._ends is None:
            self._ends = now + timeout
        if now >= self._ends:
            raise httpcore2.ReadTimeout("the answer did not end")
        return self._ends - now


class _Stream(_Deadline, httpcore2.NetworkStream):
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))  # type: ignore[no-any-return]

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._ends = None
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, *args: Any, **kwargs: Any) -> httpcore2.NetworkStream:
        return _Stream(self._stream.start_tls(*args, **kwargs))


class _AsyncStream(_Deadline, httpcore2.AsyncNetworkStream):
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore2's
        return await self._stream.read(max_bytes, self._left(timeout))  # type: ignore[no-any-return]

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._ends = None
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(self, *args: Any, **kwargs: Any) -> httpcore2.AsyncNetworkStream:
        return _AsyncStream(await self._stream.start_tls(*args, **kwargs))


class Timed(httpcore2.SyncBackend):
    """Connections on which an answer takes no longer than its reads may take each."""

    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore2.NetworkStream:
        return _Stream(super().connect_tcp(*args, **kwargs))


class AsyncTimed(httpcore2.AsyncNetworkBackend):
    """What `Timed` is, awaited."""

    def __init__(self) -> None:
        self._backend: Any = httpcore2.AnyIOBackend()

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore2.AsyncNetworkStream:
        return _AsyncStream(await self._backend.connect_tcp(*args, **kwargs))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)
