"""The shop put together: what a process works with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from common.database import Sessions, open_database
from common.queue import make_queue
from huey import Huey

from linode import LinodeClient, Retry

from .jobs import Jobs, make_jobs
from .making import Making
from .settings import HERE, Settings


@dataclass
class Shop:
    """What a process of the shop works with."""

    settings: Settings
    sessions: Sessions
    queue: Huey
    making: Making
    jobs: Jobs
    client: LinodeClient
    """For pages. It gives up early."""


def patient(settings: Settings, token: str) -> LinodeClient:
    """The client of jobs: a call, repeated and all, ends before the claim on its order does."""
    return LinodeClient(token, settings.linode_api_url, timeout=20, retry=Retry(attempts=3, seconds=30))


def hasty(settings: Settings, token: str) -> LinodeClient:
    """The client of pages: a visitor waits for moments, not for minutes."""
    return LinodeClient(token, settings.linode_api_url, timeout=5, retry=Retry(attempts=2, seconds=2))


@contextmanager
def open_shop(settings: Settings, workers: LinodeClient, pages: LinodeClient) -> Iterator[Shop]:
    """The shop of *settings*, until the end of the block."""
    sessions = open_database(settings.database_url, HERE / "migrations")
    queue = make_queue(settings)
    making = Making(settings, sessions, workers)
    try:
        yield Shop(settings, sessions, queue, making, make_jobs(queue, making), pages)
    finally:
        workers.close()
        pages.close()
        queue.storage.close()
        sessions.kw["bind"].dispose()
