"""Telling async functions from others."""

from __future__ import annotations

from typing import Any

__all__ = ["is_async"]

_COROUTINE = 0x80
"""The flag of a coroutine's code, as in `inspect`, which takes milliseconds to import."""


def is_async(function: Any) -> bool:
    """Whether *function* is an async function, a partial one, or an object whose ``__call__`` is async."""
    while hasattr(function, "func"):
        function = function.func
    code = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    return bool(getattr(code, "co_flags", 0) & _COROUTINE)
