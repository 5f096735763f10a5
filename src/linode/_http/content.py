"""The content of a response, decompressed chunk by chunk, so that memory is bounded by the limit on its size."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from io import BytesIO

from linode.errors import UnexpectedResponseError

__all__ = ["MAX_BYTES", "Content"]

MAX_BYTES = 2**26
"""Default limit of decompressed content in bytes; a page of 500 objects is rarely larger than 1 MB."""
_GZIP = 31
"""The ``wbits`` argument of zlib for the gzip format."""


class Content:
    """Collects the chunks of a response's content, and decompresses them if *headers* say gzip.

    A *part* of a content (status 206) is compressed as part of the whole, and stays so.
    It raises UnexpectedResponseError, which names the request *shown*, for more than *most* decompressed bytes.
    """

    def __init__(self, headers: Iterable[tuple[bytes, bytes]], most: int, shown: str, *, part: bool = False) -> None:
        coding = b",".join(value for name, value in headers if name.lower() == b"content-encoding")
        self._packed = not part and coding.strip().lower() in (b"gzip", b"x-gzip")
        self._unpacker = zlib.decompressobj(_GZIP) if self._packed else None
        self._most = most
        self._shown = shown
        # Not a list of chunks to join: that takes twice the memory, which the kernel then provides page by page.
        self._kept = BytesIO()
        self._size = 0

    def take(self, piece: bytes) -> None:
        """Append the chunk *piece*. Raises zlib.error if it cannot be decompressed."""
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
            self._kept = BytesIO()
            raise UnexpectedResponseError(
                f"{self._shown}: the response has more than {self._most} bytes; "
                "ask for smaller pages (page_size=), or allow more with max_response_bytes=... of the client"
            )
        self._kept.write(piece)

    def whole(self) -> bytes:
        """The complete content. Raises EOFError if compressed content is truncated."""
        if self._unpacker is not None and not self._unpacker.eof and self._size:
            raise EOFError("the compressed content is truncated")
        return self._kept.getvalue()
