"""The sync client: it sends requests one by one, or in threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from linode._http.content import MAX_BYTES
from linode._http.executors import Executor
from linode._http.hooks import OnRequest, OnResponse
from linode._http.network import HttpTransport
from linode._http.retries import Retry
from linode._http.transport import TIMEOUT, Transport
from linode._secrets import Token, redact_tracebacks

from .base import Client, raw_call
from .settings import verify_or_environment

if TYPE_CHECKING:
    from linode._http.tracing import Tracers

__all__ = ["LinodeClient"]


class LinodeClient(Executor, Client):
    """A client of the API, for one token.

    ``token`` is a personal access token or one from `LinodeLoginClient`, or a function that returns the token and is
    called for each request; the default is ``LINODE_TOKEN`` from the environment, and without a token only public
    operations are possible. ``base_url`` is the address of the API with its version; the default is what ``LINODE_URL``
    and ``LINODE_API_VERSION`` (``v4``, ``v4beta``) say, else today's API. ``timeout`` is in seconds, for connecting and
    then for the whole response (None: no limit). ``retry`` is the policy for retries. ``page_size`` is the number of
    objects on a page of a list (1 to 500; None: the API's maximum). ``http`` is an `httpx2.Client` of your own; without
    it, ``proxy`` and ``verify`` (a CA file, an `ssl.SSLContext`, True, False; the default is the
    file that ``LINODE_CA`` names, else True: the machine's certificates) configure the connections.
    ``max_response_bytes`` limits the decompressed content of a response; a longer one raises `UnexpectedResponseError`.
    ``on_request`` is called with the `RequestInfo` of each request before it is sent, and may return headers to add;
    ``on_response`` with the `ResponseInfo` of each response. Each is a function, or several; their errors reach the
    caller.
    ``tracing=True`` makes a span of OpenTelemetry for each call, with the global provider or the one given instead.
    ``user_agent`` is put at the end of the header of that name, ``my-program/1.2`` for example.
    A client may be shared by threads, which may then call the function ``token`` at the same time.
    """

    @redact_tracebacks
    def __init__(
        self,
        token: Token | None = None,
        base_url: str | None = None,
        *,
        timeout: float | None = TIMEOUT,
        retry: Retry = Retry(),  # noqa: B008 - immutable
        page_size: int | None = None,
        http: Any = None,
        proxy: str | None = None,
        verify: Any = None,
        max_response_bytes: int = MAX_BYTES,
        on_request: OnRequest | Iterable[OnRequest] = (),
        on_response: OnResponse | Iterable[OnResponse] = (),
        tracing: bool | Tracers = False,
        user_agent: str | None = None,
        transport: Transport | None = None,
    ) -> None:
        self._transport: Transport = transport or HttpTransport(
            http, proxy=proxy, verify=verify_or_environment(verify), max_response_bytes=max_response_bytes
        )
        super().__init__(
            token, base_url, timeout, retry, page_size, on_request, on_response, tracing, user_agent, self._transport
        )
        if isinstance(self._transport, HttpTransport):
            self._transport.check(self.base_url)
        self._open()

    @redact_tracebacks
    def request(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        filter: Any = None,
        beta: bool = False,
    ) -> Any:
        """Send a request that the library has no method for; returns the decoded JSON of the response.

        ``path`` starts with the slash after the version; ``json`` is the body, ``filter`` a `Filter` or its JSON.
        ``beta`` sends the request to ``v4beta``.
        """
        return self.execute(raw_call(method, path, json, query, filter, beta=beta))
