"""Segments of paths: IDs as a URL takes them."""

from __future__ import annotations

from typing import Any

__all__ = ["segment"]


def segment(value: Any) -> str:
    """*value* as one segment of a path, whatever characters it holds.

    Raises TypeError unless it is an int or a str, ValueError for what no segment can be (``""``, ``"."``, ``".."``).
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise TypeError(f"an id must be an int or a str, not {type(value).__name__}")
    if (id := str(value)) in ("", ".", ".."):
        raise ValueError(f"an id cannot be {id!r}: the URL would be another one")
    return id if id.isalnum() and id.isascii() else _quoted(id)


def _quoted(text: str) -> str:
    """*text* with every character escaped that a path segment cannot hold."""
    from urllib.parse import quote  # noqa: PLC0415 - takes milliseconds, and most ids need no escaping

    return quote(text, safe="")
