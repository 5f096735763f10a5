"""The headers of the API's responses, as recorded and documented; tests/sandbox/test_headers.py has the evidence."""

from __future__ import annotations

import functools
from email.utils import formatdate

__all__ = ["REFUSAL", "SPEC_VERSION", "add_date", "fixed_headers"]

SPEC_VERSION = "4.229.1"

REFUSAL = {
    "Content-Type": "application/json",
    "Server": "nginx",
    "Cache-Control": "max-age=0, no-cache, no-store",
    "Pragma": "no-cache",
    "Vary": "Authorization, X-Filter",
    "X-Spec-Version": SPEC_VERSION,
    "Access-Control-Allow-Headers": "Authorization, Origin, X-Requested-With, Content-Type, Accept, X-Filter",
    "Access-Control-Allow-Methods": "HEAD, GET, OPTIONS, POST, PUT, DELETE",
    "Access-Control-Allow-Origin": "*",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Frame-Options": "DENY",
}
"""The headers of a response with status 400 or more."""

SUCCESS = {
    **REFUSAL,
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": "X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Status",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Xss-Protection": "1; mode=block",
}
"""The headers of other responses."""


def fixed_headers(status: int, max_age: int = 0) -> dict[str, str]:
    """The headers of a response with *status* that clients may keep for *max_age* seconds (0: not at all)."""
    if status >= 400:
        return REFUSAL
    if not max_age:
        return SUCCESS
    kept = {**SUCCESS, "Cache-Control": f"private, max-age={max_age}"}
    del kept["Pragma"]
    return kept


def add_date(headers: dict[str, str], now: float) -> None:
    """Add the time *now* (seconds since 1970) to *headers*, whose names are in lower case.

    A response that must not be kept expires when it is sent.
    """
    moment = _http_date(int(now))
    headers.setdefault("date", moment)
    if headers.get("pragma") == "no-cache":
        headers.setdefault("expires", moment)


def _http_date(now: int) -> str:
    day, second = divmod(now, 86_400)
    return f"{_day(day)} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02} GMT"


@functools.lru_cache(16)
def _day(day: int) -> str:
    """The beginning of the dates of a *day* since 1970: ``Sun, 29 Nov 2026``."""
    return formatdate(day * 86_400, usegmt=True)[: len("Sun, 29 Nov 2026")]
