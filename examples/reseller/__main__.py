"""``python -m reseller``: the whole shop in one process; ``... web`` and ``... worker``: its halves, on any machines."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from common.queue import working
from common.sandbox import served
from common.server import serve
from common.settings import load

from linode.sandbox import Sandbox

from .settings import Settings
from .shop import Shop, hasty, open_shop, patient


@contextmanager
def access(settings: Settings) -> Iterator[str]:
    """The token to work with: the owner's, or that of a sandbox that lives as long as the block."""
    if settings.linode_token is not None:
        yield settings.linode_token.get_secret_value()
        return
    with Sandbox(str(settings.data_dir / "sandbox.db"), speed=settings.sandbox_speed, limits=True) as sandbox, served(sandbox) as address:
        settings.linode_api_url = f"{address}/v4"
        yield sandbox.token


def main(arguments: list[str]) -> None:
    """Run until Ctrl-C or SIGTERM."""
    part = arguments[0] if arguments else "all"
    if part not in ("all", "web", "worker") or len(arguments) > 1:
        sys.exit("usage: python -m reseller [web | worker]")
    settings = load(Settings)
    if part != "all" and settings.in_sandbox:
        sys.exit(f"reseller {part} cannot start; LINODE_TOKEN is missing: processes cannot share an embedded sandbox")
    with access(settings) as token, open_shop(settings, patient(settings, token), hasty(settings, token)) as shop:
        if settings.in_sandbox and settings.owner_password is not None:
            password = settings.owner_password.get_secret_value()
            print(f"The owner's page: {settings.public_url}/owner, password {password}", flush=True)
        if part == "web":
            _serve(shop)
            return
        shop.jobs.tend()
        with working(shop.queue, settings.workers):
            if part == "all":
                _serve(shop)
                return
            print(f"reseller is ready: it works on the orders of {settings.shop}", flush=True)
            ended = threading.Event()
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, lambda *_: ended.set())
            ended.wait()


def _serve(shop: Shop) -> None:
    from .pages import make_app  # which a worker needs none of

    serve(make_app(shop), shop.settings)


if __name__ == "__main__":
    main(sys.argv[1:])
