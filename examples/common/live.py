"""Pages that follow what happens: server-sent events, each the new state of a part of the page."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

__all__ = ["ENDING", "EventSourceResponse", "ServerSentEvent", "follow"]

ENDING = threading.Event()
"""Set when the server ends: streams end then too, and browsers come back by themselves."""


async def follow(look: Callable[[], tuple[str, bool]], seconds: float = 0.5) -> AsyncIterator[ServerSentEvent]:
    """What *look* gives, whenever it changes, until it is settled. *look*: the HTML, and whether it is final."""
    shown = None
    while not ENDING.is_set():
        html, settled = await run_in_threadpool(look)
        if html != shown:
            shown = html
            yield ServerSentEvent(event="settled" if settled else None, raw_data=html)
        if settled:
            return
        await asyncio.sleep(seconds)
