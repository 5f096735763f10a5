"""The clients, which execute the calls and flows that the rest of the library describes."""

from __future__ import annotations

from linode._http.hooks import RateLimit, RequestInfo, ResponseInfo
from linode._http.retries import Retry

from .async_client import AsyncLinodeClient
from .sync_client import LinodeClient

__all__ = ["AsyncLinodeClient", "LinodeClient", "RateLimit", "RequestInfo", "ResponseInfo", "Retry"]
