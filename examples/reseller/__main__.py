"""``python -m reseller``: the whole shop in one process; ``... web``, ``... worker``: its halves, on any machines."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from common.queue import working
from common.sandbox import served
from common.server import serve
from common.settings import load
from linode import LinodeClient, Retry
from linode.sandbox import Sandbox

from .settings import Settings
from .shop import Shop


@contextmanager
def _access(settings: Settings) -> Iterator[str]:
    """The token to work with: the owner's, or that of a sandbox that lives as long as the block."""
    if settings.linode_token is not None:
        yield settings.linode_token.get_secret_value()
        return
    file = str(settings.data_dir / "sandbox.db")
    with Sandbox(file, speed=settings.sandbox_speed, limits=True) as sandbox, served(sandbox) as address:
        settings.linode_api_url = f"{address}/v4"
        yield sandbox.token


def main(part: str = "all", *more: str) -> None:
    """Run until Ctrl-C or SIGTERM."""
    if part not in ("all", "web", "worker") or more:
        sys.exit("usage: python -m reseller [web | worker]")
    settings = load(Settings)
    if part != "all" and settings.in_sandbox:
        sys.exit(f"reseller {part} cannot start; LINODE_TOKEN is missing: processes cannot share an embedded sandbox")
    with ExitStack() as stack:
        token = stack.enter_context(_access(settings))
        # A call of a job, repeated and all, ends before the claim on its order does; a visitor waits for moments.
        patient = LinodeClient(token, settings.linode_api_url, timeout=20, retry=Retry(attempts=3, seconds=30))
        hasty = LinodeClient(token, settings.linode_api_url, timeout=5, retry=Retry(attempts=2, seconds=2))
        shop = stack.enter_context(Shop(settings, patient, hasty))
        if part != "web":
            shop.tend()
            stack.enter_context(working(shop.queue, settings.workers))
        if part == "worker":
            _wait(f"reseller is ready: it works on the orders of {settings.shop}")
        else:
            from .pages import make_app  # which a worker needs none of

            serve(make_app(shop), settings)


def _wait(ready: str) -> None:
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: ended.set())
    sys.stdout.write(f"{ready}\n")
    sys.stdout.flush()
    ended.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
