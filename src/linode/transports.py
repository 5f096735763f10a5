"""Transports: the interface by which clients send requests, for transports of your own."""

from __future__ import annotations

from linode._http.network import AsyncHttpTransport, HttpTransport
from linode._http.transport import AsyncTransport, Request, Response, Transport

__all__ = ["AsyncHttpTransport", "AsyncTransport", "HttpTransport", "Request", "Response", "Transport"]
