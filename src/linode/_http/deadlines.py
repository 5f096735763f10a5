"""A deadline for whole responses: httpcore2's timeout applies to each read, and a response may take many reads."""

from __future__ import annotations

import time
from typing import Any

import httpcore2

__all__ = ["AsyncTimed", "Timed"]


class _Deadline:
    """The time by which a response must be complete: the timeout, counted from the first read after the request."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._ends: float | None = None
        self.spoiled = False
        """Whether bytes beyond the response were received: the connection is then reported as closed by the server."""

    def get_extra_info(self, info: str) -> Any:
        """The stream's extra info *info*; a spoiled stream is reported as readable."""
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
            raise httpcore2.ReadTimeout("the response was not complete in time")
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
    """A network backend whose connections apply the read timeout to whole responses."""

    def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore2.NetworkStream:
        return _Stream(super().connect_tcp(*args, **kwargs))


class AsyncTimed(httpcore2.AsyncNetworkBackend):
    """A network backend for async connections, otherwise like `Timed`."""

    def __init__(self) -> None:
        self._backend: Any = httpcore2.AnyIOBackend()

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore2.AsyncNetworkStream:
        return _AsyncStream(await self._backend.connect_tcp(*args, **kwargs))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)
