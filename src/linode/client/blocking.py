"""The sync client: it sends requests one by one, or in threads."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any, Self, TypeVar

from linode._forking import reset_after_fork
from linode._http.content import MOST_BYTES
from linode._http.retrying import Retry
from linode._http.transport import TIMEOUT, HttpTransport, Request, Transport
from linode._model import Flow, Sleep
from linode._secrets import Token, clear_frames, redact_tracebacks

from .base import AT_ONCE, Client, empty, raw_call
from .settings import verified

__all__ = ["LinodeClient"]

T = TypeVar("T")
SLOW = 0.01
"""Response time in seconds below which flows run one after the other, because threads would be slower."""
_worker = threading.local()


class LinodeClient(Client):
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
    A client may be shared by threads, which may then call the function ``token`` at the same time.
    """

    awaited = False

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
        max_response_bytes: int = MOST_BYTES,
        transport: Transport | None = None,
    ) -> None:
        self._transport: Transport = transport or HttpTransport(
            http, proxy=proxy, verify=verified(verify), max_response_bytes=max_response_bytes
        )
        super().__init__(token, base_url, timeout, retry, page_size, self._transport)
        if isinstance(self._transport, HttpTransport):
            self._transport.check(self.base_url)
        self._reset()
        reset_after_fork(self._reset)

    def _reset(self) -> None:
        """Forget the thread pool: a forked process has none of the parent's threads."""
        self._pool: Any = None
        self._pool_lock = threading.Lock()

    def execute(self, flow: Flow[T], *, until: float | None = None) -> T:
        """Run *flow*: execute each of its steps and send the result back, until it returns. Errors are thrown into it.

        Its calls end at the latest at the time *until* of the transport's clock (None: only the client's ``timeout``
        and ``retry`` limit them).
        """
        outer = sys.exception()
        answer: Any = None
        steps, step = self._run(flow, until), None
        try:
            step = next(steps)
            while True:
                try:
                    if isinstance(step, Request):
                        answer = self._transport.send(step, step.within(self.timeout))
                    elif isinstance(step, Sleep):
                        answer = None
                        self._transport.sleep(step.seconds)
                    else:
                        answer = self._gather(step.flows, step.until)
                except Exception as error:  # noqa: BLE001 - the flow decides
                    empty(error, outer, step)
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except BaseException as error:
            empty(error, outer, step)
            steps.close()
            clear_frames(error, outer)
            del flow, steps, step, outer
            answer = None
            raise

    _execute = execute

    def _gather(self, flows: tuple[Flow[Any], ...], until: float | None) -> list[Any]:
        """The results of all *flows*, run one after the other while responses are fast, else in threads."""
        fast = self._pipeline.last_took < SLOW or not self._transport.parallel
        if len(flows) < 2 or fast or getattr(_worker, "busy", False):
            return [self.execute(flow, until=until) for flow in flows]
        return list(self._threads().map(partial(self.execute, until=until), flows))

    def _threads(self) -> Any:
        with self._pool_lock:
            if self._pool is None:
                from concurrent.futures import ThreadPoolExecutor

                self._pool = ThreadPoolExecutor(AT_ONCE, "linode", initializer=_mark_worker)
            return self._pool

    @redact_tracebacks
    def request(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        filter: Any = None,
    ) -> Any:
        """Send a request that the library has no method for; returns the decoded JSON of the response.

        ``path`` starts with the slash after the version; ``json`` is the body, ``filter`` a `Filter` or its JSON.
        """
        return self.execute(raw_call(method, path, json, query, filter))

    def close(self) -> None:
        """Close the connections."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _mark_worker() -> None:
    """Make a worker of the pool run nested gathers sequentially: workers that wait for workers would deadlock."""
    _worker.busy = True
