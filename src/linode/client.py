"""The client: it performs what the rest of the library describes."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from ._http.transport import TIMEOUT, HttpTransport, Response, Transport
from ._model import Call, Flow, Pause, Resource, Step, Together
from .api import Families
from .errors import TransportError

__all__ = ["BASE_URL", "LinodeClient"]

T = TypeVar("T")
BASE_URL = "https://api.linode.com/v4"
AT_ONCE = 16
"""How many requests of one `Together` are under way at once."""
_worker = threading.local()
log = logging.getLogger("linode")


class _Client(Families):
    """What both clients share: the token's way into the wire, and nothing that sends."""

    def __init__(self, token: str | None, base_url: str | None, timeout: float | None) -> None:
        token = token if token is not None else os.environ.get("LINODE_TOKEN")
        if token is not None and (not isinstance(token, str) or not token.isascii() or not token.isprintable()):
            raise ValueError("the token must be text that an HTTP header can hold: printable ASCII, no line breaks")
        if token is not None and token != token.strip() or token == "":
            raise ValueError("the token is empty or has blanks around it")
        self._wire = _wire(base_url or os.environ.get("LINODE_BASE_URL") or BASE_URL, token)
        self.timeout = timeout
        self.page_size = self._wire.page_size
        self.writes = 0

    @property
    def base_url(self) -> str:
        """Where the API is, its version included."""
        return self._wire.base_url

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def __reduce__(self) -> Any:
        raise TypeError("a client holds a token and connections and cannot be pickled; make one where it is needed")

    def bind(self, obj: Any) -> Any:
        """Give *obj* (a resource that was pickled, copied or made without a client) this client. Returns it."""
        obj._bound = self
        for parent in obj._parents:
            if isinstance(parent, Resource):
                self.bind(parent)
        return obj

    def _raw_call(self, method: str, path: str, json: Any, query: Mapping[str, Any] | None, filter: Any) -> Call[Any]:
        if not path.startswith("/"):
            raise ValueError(f"the path {path!r} must start with a slash; what is before it is the client's base_url")
        shown = filter.as_json() if hasattr(filter, "as_json") else filter
        return Call(method.upper(), path, json, query=query, filter=shown, shape=Any)

    def _answered(self, call: Call[Any], response: Response, began: float) -> Any:
        """The result of *call*, logged in a line that holds no secret."""
        log.debug("%s %s %d %.0f ms", call.method, call.path, response.status, (time.monotonic() - began) * 1000)
        return call.read(self._wire.answer(call, response))


def _wire(base_url: str, token: str | None) -> Any:
    """The wire that the API at *base_url* speaks: that of 2016 at the alpha's address, else today's."""
    from urllib.parse import urlsplit

    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"base_url {base_url!r} is no URL like {BASE_URL}")
    if "alpha" in (parts.hostname or "").split(".") or "alpha" in parts.path.split("/"):
        from ._http.alpha import AlphaWire

        return AlphaWire(base_url, token)
    from ._http.v4 import Wire

    return Wire(base_url, token)


class LinodeClient(_Client):
    """The API, for one token.

    ``token`` is a personal access token or one from `LinodeLoginClient`; without it, ``LINODE_TOKEN`` from the
    environment; without that, only what is public can be asked. ``timeout`` is in seconds, for connecting and for each
    wait on the answer. ``http`` is an `httpx2.Client` of your own; otherwise ``proxy`` and ``verify`` (a CA file, an
    `ssl.SSLContext`, False) shape the one that is made. One client may be shared by threads.
    """

    def __init__(
        self,
        token: str | None = None,
        base_url: str | None = None,
        *,
        timeout: float | None = TIMEOUT,
        http: Any = None,
        proxy: str | None = None,
        verify: Any = True,
        transport: Transport | None = None,
    ) -> None:
        super().__init__(token, base_url, timeout)
        self._transport: Transport = transport or HttpTransport(http, proxy=proxy, verify=verify)
        self._pool: Any = None
        self._pool_lock = threading.Lock()

    def perform(self, flow: Flow[T]) -> T:
        """Carry out *flow*: answer each of its steps until it returns. Errors are thrown into it."""
        steps = iter(flow)
        try:
            step = next(steps)
            while True:
                try:
                    answer = self._do(step)
                except Exception as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            steps.close()

    def _do(self, step: Step) -> Any:
        if isinstance(step, Pause):
            return self._transport.pause(step.seconds)
        if isinstance(step, Together):
            return self._together(step)
        if step.method != "GET":
            self.writes += 1
        began = time.monotonic()
        try:
            response = self._transport.send(self._wire.request(step), self.timeout)
        except TransportError as error:
            log.debug("%s %s %s %.0f ms", step.method, step.path, type(error).__name__, (time.monotonic() - began) * 1000)
            raise
        return self._answered(step, response, began)

    def _together(self, together: Together[Any]) -> list[Any]:
        flows = together.flows
        if len(flows) < 2 or not self._transport.parallel or getattr(_worker, "busy", False):
            return [self.perform(flow) for flow in flows]
        with self._pool_lock:
            if self._pool is None:
                from concurrent.futures import ThreadPoolExecutor

                self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="linode")
        futures = [self._pool.submit(self._in_worker, flow) for flow in flows]
        try:
            return [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            raise

    def _in_worker(self, flow: Flow[T]) -> T:
        """Carry out *flow* in a thread of the pool, alone: workers that wait for workers would wait for ever."""
        _worker.busy = True
        return self.perform(flow)

    def request(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        filter: Any = None,
    ) -> Any:
        """Ask the API for what the library does not know yet; the answer's JSON comes back as it is.

        ``path`` starts with a slash, behind the version; ``json`` is the body, ``filter`` a `Filter` or its JSON.
        """
        return self.perform(self._raw_call(method, path, json, query, filter))

    def close(self) -> None:
        """Let go of the connections."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


