"""Pages that follow what happens: server-sent events, each the new state of a part of the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

__all__ = ["EventSourceResponse", "ServerSentEvent", "follow"]


async def follow(look: Callable[[], tuple[str, bool]], seconds: float = 0.5) -> AsyncIterator[ServerSentEvent]:
    """What *look* gives, whenever it changes, until it is settled. *look*: the HTML, and whether it is final."""
    shown = None
    while True:
        html, settled = await run_in_threadpool(look)
        if html != shown:
            shown = html
            yield ServerSentEvent(event="settled" if settled else None, raw_data=html)
        if settled:
            return
        await asyncio.sleep(seconds)
