"""``python -m install_on_linode``: all of it in one process; ``... web`` and ``... worker``: its halves."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from common.database import open_database
from common.queue import make_queue, working
from common.sandbox import served
from common.server import serve
from common.settings import load
from linode.sandbox import Sandbox

from .installing import Installing
from .jobs import make_jobs
from .pages import make_app
from .settings import HERE, Settings


@contextmanager
def playing(settings: Settings) -> Iterator[None]:
    """A sandbox that lives as long as the block, in which *settings* are an application."""
    with Sandbox(speed=settings.sandbox_speed, limits=True) as sandbox, served(sandbox) as address:
        client_id, secret = sandbox.add_oauth_client(settings.title, f"{settings.public_url}/callback")
        sandbox.add_user("ada", "ada@example.com")
        settings.play(address, client_id, secret)
        yield


def run(settings: Settings, part: str) -> None:
    """Run that part, or ``all``, until Ctrl-C or SIGTERM."""
    sessions = open_database(settings.database_url, HERE / "migrations")
    queue = make_queue(settings)
    installing = Installing(settings, sessions)
    jobs = make_jobs(queue, installing)
    if part == "web":
        serve(make_app(settings, sessions, installing, jobs), settings)
        return
    jobs.tend.call_local(alone=not settings.redis_url)
    with installing.login, working(queue, settings.workers):
        if part == "all":
            serve(make_app(settings, sessions, installing, jobs), settings)
        else:
            ended = threading.Event()
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, lambda *_: ended.set())
            sys.stdout.write(f"{settings.name} is ready: a worker\n")
            sys.stdout.flush()
            ended.wait()


def main(arguments: list[str]) -> None:
    """Check what it is told, and run."""
    part = arguments[0] if arguments else "all"
    if part not in ("all", "web", "worker") or len(arguments) > 1:
        sys.exit("usage: python -m install_on_linode [web | worker]")
    settings = load(Settings)
    if not settings.in_sandbox:
        run(settings, part)
    elif part == "all":
        with playing(settings):
            run(settings, part)
    else:
        sys.exit(f"install_on_linode {part} cannot start; LINODE_CLIENT_ID is missing")


if __name__ == "__main__":
    main(sys.argv[1:])
