"""Rate limits: per address, or per account."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address

import limits
from fastapi import HTTPException, Request
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from .settings import Settings


def by_address(request: Request) -> str:
    """The visitor's address, as the key of a limit.

    Behind a proxy, uvicorn takes the address from the headers of the proxies in ``FORWARDED_ALLOW_IPS``. Only the first
    half of an IPv6 address counts, because a visitor has all 2**64 addresses of the second half.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host  # a name, as a proxy may say
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))
    return host


def make_limiter(settings: Settings) -> MovingWindowRateLimiter:
    """Counts in Redis where there are several processes, else in this one."""
    return MovingWindowRateLimiter(storage_from_string(settings.redis_url or "memory://"))


class Limit:
    """A dependency: 429 when more is asked than the setting *name* allows (``5/minute``, ``100/day``)."""

    def __init__(self, name: str, by: Callable[[Request], str] = by_address) -> None:
        self.name = name
        self.by = by

    def __call__(self, request: Request) -> None:
        self.hit(request, self.by(request))

    def hit(self, request: Request, key: str) -> None:
        """Count one for *key*; raises `HTTPException` 429 when it was one too many."""
        state = request.app.state
        rate = limits.parse(getattr(state.settings, self.name))
        if not state.limiter.hit(rate, self.name, key):
            reset = state.limiter.get_window_stats(rate, self.name, key).reset_time
            raise HTTPException(429, headers={"Retry-After": str(max(1, int(reset - time.time())))})
