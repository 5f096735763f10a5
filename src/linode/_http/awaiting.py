"""Functions of the user's that a client calls, and that may be async in an async client."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

__all__ = ["Awaiting", "is_async", "result"]

_COROUTINE = 0x80
"""The flag of a coroutine's code, as in `inspect`, which takes milliseconds to import."""


class Awaiting:
    """A step of an async client: await *awaitable* and send its result back."""

    __slots__ = ("awaitable",)

    def __init__(self, awaitable: Any) -> None:
        self.awaitable = awaitable


def is_async(function: Any) -> bool:
    """Whether *function* is an async function, a partial one, or an object whose ``__call__`` is async."""
    while hasattr(function, "func"):
        function = function.func
    code = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    return bool(getattr(code, "co_flags", 0) & _COROUTINE)


def result(returned: Any, name: str, *, awaited: bool) -> Generator[Any, Any, Any]:
    """Return the result of the function *name*: *returned*, which is awaited if it is an awaitable.

    Raises TypeError for an awaitable in a client that does not await.
    """
    if not hasattr(returned, "__await__"):
        return returned
    if not awaited:
        if hasattr(returned, "close"):
            returned.close()  # or else Python warns of a coroutine that nobody awaits
        raise TypeError(f"{name} returned an awaitable; only the client of linode.aio awaits it")
    return (yield Awaiting(returned))
