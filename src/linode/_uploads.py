"""Bodies that are read from a file piece by piece, so that a large one takes no memory."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias

__all__ = ["Source", "Upload", "upload"]

Source: TypeAlias = "bytes | os.PathLike[str] | BinaryIO"
"""Content to upload: bytes, the `pathlib.Path` of a file, or a file opened for reading bytes."""
PIECE = 1 << 18
"""Bytes that are read and sent at a time."""


class Upload:
    """The content of a file as the body of a request; every attempt sends it from its beginning.

    *progress* is called as ``progress(sent, total)`` after each piece, with numbers of bytes.
    """

    def __init__(self, source: os.PathLike[str] | BinaryIO, progress: Callable[[int, int], None] | None = None) -> None:
        self._source = source
        self._progress = progress
        self._start = 0
        if isinstance(source, os.PathLike):
            self._size = Path(source).stat().st_size
        else:
            self._start = source.tell()
            self._size = source.seek(0, os.SEEK_END) - self._start

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return f"Upload({self._size} bytes)"

    def __iter__(self) -> Iterator[bytes]:
        if isinstance(self._source, os.PathLike):
            with Path(self._source).open("rb") as file:
                yield from self._pieces(file)
        else:
            self._source.seek(self._start)
            yield from self._pieces(self._source)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def _pieces(self, file: BinaryIO) -> Iterator[bytes]:
        sent = 0
        while sent < self._size:
            piece = file.read(min(PIECE, self._size - sent))
            if not piece:
                raise ValueError(f"the file became shorter while it was uploaded: {sent} of {self._size} bytes")
            yield piece
            sent += len(piece)
            if self._progress is not None:
                self._progress(sent, self._size)


def upload(source: Source, progress: Callable[[int, int], None] | None = None) -> bytes | Upload:
    """The body of a request for *source*. Raises TypeError for another type, and OSError for an unreadable file."""
    if isinstance(source, bytes):
        return source if progress is None else Upload(io.BytesIO(source), progress)
    if not isinstance(source, os.PathLike) and not hasattr(source, "read"):
        raise TypeError(
            f"an upload is bytes, a pathlib.Path or an open file, not {type(source).__name__}; "
            "give pathlib.Path(path) for a file, text.encode() for a text"
        )
    if not isinstance(source, os.PathLike) and "b" not in getattr(source, "mode", "b"):
        raise TypeError("the file must be opened for reading bytes: open(path, 'rb')")
    return Upload(source, progress)
