"""The job queue: a SQLite file on one machine, Redis on several. The jobs are the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from redis import RedisError

from .settings import Settings


def make_queue(settings: Settings, part: str = "") -> Huey:
    """The queue of the application, or of a *part* of its jobs. What a job did stands in the database, not here."""
    name = settings.name + part
    if settings.redis_url:
        queue = RedisHuey(name, url=settings.redis_url, results=False)
        try:
            queue.storage.conn.ping()
        except RedisError as error:
            raise SystemExit(f"{settings.name} cannot start; REDIS_URL: {error}") from None
        return queue
    return SqliteHuey(name, filename=str(settings.data_dir / "queue.db"), fsync=True, results=False)


class _Quiet(Consumer):
    """Leaves the signals to whoever runs the process."""

    def _set_signal_handlers(self) -> None:
        pass


@contextmanager
def working(queue: Huey, workers: int) -> Iterator[None]:
    """Work on the queue's jobs, *workers* at a time, in threads of this process, until the end of the block."""
    consumer = _Quiet(queue, workers=workers, max_delay=0.5, shutdown_timeout=2)
    consumer.start()
    try:
        yield
    finally:
        consumer.stop(graceful=True)
