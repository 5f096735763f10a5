"""The Linode API in this process, for trying an application without an account."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from linode.sandbox import Sandbox
from linode.sandbox import server as sandbox_server


@contextmanager
def served(sandbox: Sandbox, port: int = 0) -> Iterator[str]:
    """*sandbox* on a port of this machine, as its address, until the end of the block."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    connections: dict[object, object] = {}
    opened = sandbox_server.listen("127.0.0.1", port)
    config = uvicorn.Config(
        sandbox_server.App(sandbox.door, connections),  # type: ignore[arg-type]
        http=type("Protocol", (sandbox_server._Listed, AutoHTTPProtocol), {"listed": connections}),
        lifespan="off",
        log_config=None,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    config.access_log = False
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([opened],), name="sandbox", daemon=True)
    thread.start()
    try:
        yield sandbox_server.address(opened)
    finally:
        server.should_exit = True
        thread.join()
        opened.close()
