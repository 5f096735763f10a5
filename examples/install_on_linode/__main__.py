"""``python -m install_on_linode``: all of it in one process; ``... web`` and ``... worker``: its halves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from common.database import open_database
from common.queue import make_queue
from common.sandbox import embedded
from common.server import parts, run
from common.settings import load
from linode.sandbox import SandboxError

from .installation import Installer
from .jobs import make_jobs
from .pages import make_app
from .settings import HERE, Settings


@contextmanager
def playing(settings: Settings) -> Iterator[None]:
    """A sandbox that lives as long as the block, in which *settings* are an application."""
    with embedded(settings) as (sandbox, address):
        callback = f"{settings.public_url}/callback"
        client_id, secret = sandbox.add_oauth_client(settings.title, callback, id="install-on-linode")
        with suppress(SandboxError):  # she is there since an earlier start
            sandbox.add_user("ada", "ada@example.com")
        settings.play(address, client_id, secret)
        yield


def main(arguments: list[str]) -> None:
    """Run until Ctrl-C or SIGTERM."""
    settings = load(Settings)
    web, worker = parts(arguments, settings)
    with playing(settings) if settings.in_sandbox else nullcontext():
        sessions = open_database(settings.database_url, HERE / "migrations")
        queue = make_queue(settings)
        installer = Installer(settings, sessions)
        jobs = make_jobs(queue, installer)
        if worker:
            jobs.tend.call_local(alone=not settings.redis_url)
        with installer.login:
            app = make_app(settings, sessions, installer, jobs) if web else None
            run(settings, app, queue if worker else None)


if __name__ == "__main__":
    main(sys.argv[1:])
