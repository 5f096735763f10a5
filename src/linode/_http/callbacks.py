"""Functions of the user's that a client calls, and that may be async in an async client."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

__all__ = ["Awaited", "result"]


class Awaited:
    """A step of an async client: await *awaitable* and send its result back."""

    __slots__ = ("awaitable",)

    def __init__(self, awaitable: Any) -> None:
        self.awaitable = awaitable


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
    return (yield Awaited(returned))
