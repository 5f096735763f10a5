"""``python -m reseller``: the whole shop in one process; ``... web``, ``... worker``: its halves, on any machines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext

from common.queue import working
from common.sandbox import embedded
from common.server import parts, run
from common.settings import load
from linode import LinodeClient, Retry

from .pages import make_app
from .settings import Settings
from .shop import Shop


@contextmanager
def access(settings: Settings) -> Iterator[str]:
    """The token to work with: the owner's, or that of a sandbox that lives as long as the block."""
    if settings.linode_token is not None:
        yield settings.linode_token.get_secret_value()
        return
    with embedded(settings) as (sandbox, address):
        settings.linode_api_url = f"{address}/v4"
        yield sandbox.token


def main(arguments: list[str]) -> None:
    """Run until Ctrl-C or SIGTERM."""
    settings = load(Settings)
    web, worker = parts(arguments, settings)
    with access(settings) as token:
        # A call of a job, repeated and all, ends before the claim on its order does; a visitor waits for moments.
        patient = LinodeClient(token, settings.linode_api_url, timeout=20, retry=Retry(attempts=3, seconds=30))
        hasty = LinodeClient(token, settings.linode_api_url, timeout=5, retry=Retry(2, 2, max_rate_limit_wait=2))
        with closing(Shop(settings, patient, hasty)) as shop:
            if worker:
                shop.tend()
            with working(shop.care, 1) if worker else nullcontext():
                run(settings, make_app(shop) if web else None, shop.queue if worker else None)


if __name__ == "__main__":
    main(sys.argv[1:])
