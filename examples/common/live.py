"""Pages that follow what happens: server-sent events, each the new state of a part of the page."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable

from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

__all__ = ["ENDING", "EventSourceResponse", "ServerSentEvent", "follow"]

ENDING = threading.Event()
"""Set when the server ends: streams end then too, and browsers come back by themselves."""
MAX_STREAMS, MAX_STREAM_SECONDS, AGAIN_MS = 200, 600.0, 5000
"""Streams at a time, seconds that each may last, and when a browser comes back: past the most, for an event each."""
_open = 0


async def follow(look: Callable[[], tuple[str, bool]], seconds: float = 0.5) -> AsyncIterator[ServerSentEvent]:
    """Yield the HTML of *look* whenever it changes, until it is final.

    *look* returns the HTML, and whether it is final.
    """
    global _open  # noqa: PLW0603  one number for all streams of the process
    shown, end = None, time.monotonic() + (MAX_STREAM_SECONDS if _open < MAX_STREAMS else 0)
    _open += 1
    try:
        while not ENDING.is_set():
            html, settled = await run_in_threadpool(look)
            if html != shown:
                shown = html
                yield ServerSentEvent(event="settled" if settled else None, raw_data=html, retry=AGAIN_MS)
            if settled or time.monotonic() >= end:
                return
            await asyncio.sleep(seconds)
    finally:
        _open -= 1
