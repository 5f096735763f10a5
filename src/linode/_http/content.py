"""The content of a response, unpacked as its pieces arrive, so that nothing takes more room than has come."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from linode.errors import UnexpectedResponseError

__all__ = ["MOST_BYTES", "Content"]

MOST_BYTES = 2**26
"""Bytes of unpacked content at most, unless a transport says otherwise; a page of 500 objects seldom has one MB."""
_GZIP = 31
"""zlib's word for content in the format of gzip."""


class Content:
    """Takes the pieces of a content, and unpacks them where *headers* tell that they are packed with gzip.

    It raises UnexpectedResponseError where more than *most* bytes would come of it, in a response to *shown*.
    """

    def __init__(self, headers: Iterable[tuple[bytes, bytes]], most: int, shown: str) -> None:
        coding = b",".join(value for name, value in headers if name.lower() == b"content-encoding")
        self._packed = coding.strip().lower() in (b"gzip", b"x-gzip")
        self._unpacker = zlib.decompressobj(_GZIP) if self._packed else None
        self._most = most
        self._shown = shown
        self._pieces: list[bytes] = []
        self._size = 0

    def take(self, piece: bytes) -> None:
        """Add *piece* to what has come. Raises zlib.error where it cannot be unpacked."""
        while piece:
            if self._unpacker is None:
                self._keep(piece)
                return
            if self._unpacker.eof:
                self._unpacker = zlib.decompressobj(_GZIP)  # gzip allows several members, one after the other
            self._keep(self._unpacker.decompress(piece, self._most - self._size + 1))
            piece = self._unpacker.unused_data or self._unpacker.unconsumed_tail

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._most:
            self._pieces.clear()
            raise UnexpectedResponseError(
                f"{self._shown}: the response has more than {self._most} bytes; "
                "ask for smaller pages (page_size=), or allow more with max_response_bytes=... of the client"
            )
        self._pieces.append(piece)

    def whole(self) -> bytes:
        """All that has come. Raises EOFError where packed content ends too early."""
        if self._unpacker is not None and not self._unpacker.eof and self._size:
            raise EOFError("the packed content ends too early")
        return b"".join(self._pieces)
