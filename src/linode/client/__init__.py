"""The clients, which execute the calls and flows that the rest of the library describes."""

from __future__ import annotations

from linode._http.observing import RateLimit, RequestInfo, ResponseInfo
from linode._http.retrying import Retry

from .awaited import AsyncLinodeClient
from .blocking import LinodeClient

__all__ = ["AsyncLinodeClient", "LinodeClient", "RateLimit", "RequestInfo", "ResponseInfo", "Retry"]
