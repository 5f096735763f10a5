"""The application on its port."""

from __future__ import annotations

import signal
import socket
import sys

import uvicorn
from fastapi import FastAPI

from .live import ENDING
from .settings import Settings


class _Server(uvicorn.Server):
    """Says where it serves; a signal ends it well, where uvicorn would raise it again at the end."""

    ready: str

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(self.ready + "\n")
            sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        ENDING.set()
        await super().shutdown(sockets)


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
