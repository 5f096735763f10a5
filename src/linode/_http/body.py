"""The body of an answer, put together from the pieces that it comes in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["Body"]

LARGE = 2**17
"""Bytes from which on room is asked of the system itself."""
MOST = 2**26
"""Bytes that are set aside for an answer because it says so; a longer one takes them as it comes."""


class Body:
    """Takes the pieces of a body into the room that *headers* tell it needs: cheaper than to join them in the end.

    ``whole`` is what has come: bytes, or what can be read as bytes.
    """

    __slots__ = ("_at", "_room", "whole")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        size = _told(headers)
        self.whole: Any = _large(size) if LARGE <= size <= MOST else bytearray()
        self._room = memoryview(self.whole) if self.whole else None
        self._at = 0

    def take(self, piece: bytes) -> None:
        """Add *piece* to what has come."""
        if self._room is None:
            self.whole += piece
            return
        end = self._at + len(piece)
        self._room[self._at : end] = piece
        self._at = end


def _told(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """The length of the body by its headers; 0 when they do not tell. That it is true is httpcore2's to see."""
    return next((int(value) for name, value in headers if name.lower() == b"content-length" and value.isdigit()), 0)


def _large(size: int) -> Any:
    """Room for so many bytes, which the system hands out in one go where it can, and not one page at each touch."""
    import mmap

    if hasattr(mmap, "MAP_POPULATE"):
        return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE)
    return bytearray(size)
