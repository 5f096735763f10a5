"""The application as a process: its site on a port, its worker, or both."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from contextlib import nullcontext

import uvicorn
from fastapi import FastAPI
from huey import Huey

from .live import ENDING
from .queue import working
from .settings import Settings


class _Server(uvicorn.Server):
    """Says where it serves; a signal ends it well, where uvicorn would raise it again at the end."""

    ready: str

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _say(self.ready)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        ENDING.set()
        await super().shutdown(sockets)


def parts(arguments: list[str], settings: Settings) -> tuple[bool, bool]:
    """Whether to serve the site and to work on the jobs, as *arguments* say; ends the process when they are wrong."""
    part = arguments[0] if arguments else "all"
    if part not in ("all", "web", "worker") or len(arguments) > 1:
        sys.exit(f"usage: python -m {settings.name} [web | worker]")
    if part != "all" and settings.in_sandbox:
        cure = f"set {settings.cure}, or start {settings.name} without {part}"
        sys.exit(f"{settings.name} {part} cannot start: parts cannot share a sandbox embedded in one of them; {cure}")
    return part != "worker", part != "web"


def run(settings: Settings, app: FastAPI | None, queue: Huey | None) -> None:
    """Serve *app*, work on the jobs of *queue*, or both, until Ctrl-C or SIGTERM."""
    with working(queue, settings.workers) if queue is not None else nullcontext():
        if app is not None:
            serve(app, settings)
            return
        _say(f"{settings.name} is ready: it works on jobs")
        ended = threading.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda *_: ended.set())
        ended.wait()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def serve(app: FastAPI, settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM. No access log: the addresses of those who come back from a login hold a code."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    where = "in a sandbox; nothing here is real or costs anything" if settings.in_sandbox else settings.linode_api_url
    server.ready = f"{settings.name} is ready: {settings.public_url} ({where})"
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the end is the same, however it is asked for
    try:
        server.run()
    except KeyboardInterrupt:
        return
