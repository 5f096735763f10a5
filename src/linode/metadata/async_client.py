"""The async client of the Metadata service."""

from __future__ import annotations

from typing import Any

from linode._http.executors import AsyncExecutor
from linode._http.network import AsyncHttpTransport
from linode._http.retries import Retry
from linode._http.transport import AsyncTransport
from linode._model.options import checks_options

from .base import BASE_URL, RETRY, TIMEOUT, TOKEN_SECONDS, MetadataService

__all__ = ["AsyncMetadataClient"]


class AsyncMetadataClient(AsyncExecutor, MetadataService):
    """An async client of the Metadata service; import it from `linode.aio`, as `MetadataClient`.

    ``base_url`` is the address of the service with its version; over IPv6 it is ``http://[fd00:a9fe:a9fe::1]/v1``.
    ``timeout`` is in seconds, for connecting and then for the whole response (None: no limit). ``retry`` is the policy
    for retries. The client gets a token before its first request, which is valid for ``token_seconds`` seconds, and
    another one when it has expired. ``http`` is an `httpx2.AsyncClient` of your own; without it, no proxy is used.
    A client may be shared by tasks and by event loops.
    """

    @checks_options
    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        timeout: float | None = TIMEOUT,
        retry: Retry = RETRY,
        token_seconds: int = TOKEN_SECONDS,
        http: Any = None,
        transport: AsyncTransport | None = None,
    ) -> None:
        self._transport: AsyncTransport = transport or AsyncHttpTransport(http)
        super().__init__(base_url, timeout, retry, token_seconds, self._transport)
