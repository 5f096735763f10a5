"""The clients: they perform what the rest of the library describes."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ._forking import reset_after_fork
from ._http.content import MOST_BYTES
from ._http.pipeline import Pipeline
from ._http.retrying import Retry
from ._http.transport import TIMEOUT, AsyncHttpTransport, AsyncTransport, HttpTransport, Request, Transport
from ._model import BaseClient, Call, Flow, Resource, Sleep
from ._model.options import misspelt
from ._secrets import checked_token, clear_frames, redact_tracebacks
from .api import MEMBERS

__all__ = ["AsyncLinodeClient", "LinodeClient", "Retry"]

T = TypeVar("T")
B = TypeVar("B", bound=Resource)
BASE_URL = "https://api.linode.com/v4"
MOST_ON_A_PAGE = 500
AT_ONCE = 24
"""How many flows of one `Gather` are under way at once."""
SLOW = 0.01
"""Seconds: what is answered sooner is asked in turn, as threads would cost more than they save."""
_worker = threading.local()


class _Lazy(type):
    """Finds what the families mix into a client when it is first asked for: making a client loads none of them."""

    def __getattr__(cls, name: str) -> Any:
        if name not in MEMBERS:
            if name.startswith("_"):  # what copying, pickling and notebooks ask of any object
                raise AttributeError(f"{cls.__name__} has no attribute {name!r}")
            known = [each for each in MEMBERS if not each.startswith("_")]
            raise misspelt(f"a {cls.__name__}", name, known, "attribute", error=AttributeError)
        module, mixin = MEMBERS[name]
        setattr(_Client, name, vars(getattr(import_module(f"linode.{module}"), mixin))[name])
        return getattr(cls, name)


if TYPE_CHECKING:
    from .api import Families
else:

    class Families(BaseClient, metaclass=_Lazy):
        """All that a client can do, a family at a time."""

        def __getattr__(self, name):  # noqa: ANN001, ANN204 - hidden from type checkers
            getattr(type(self), name)
            return getattr(self, name)

        def __dir__(self):  # noqa: ANN204
            return sorted({*super().__dir__(), *(name for name in MEMBERS if not name.startswith("_"))})


class _Client(Families):
    """What both clients share: the families, the token's way into the wire, and nothing that sends."""

    base_url: str
    """Address of the API, its version included."""
    timeout: float | None
    """Seconds for connecting, and then for the whole answer; None for no limit."""
    retry: Retry
    """How calls are repeated."""

    def __init__(
        self,
        token: str | None,
        base_url: str | None,
        timeout: float | None,
        retry: Retry,
        page_size: int | None,
        transport: Any,
    ) -> None:
        token = token if token is not None else os.environ.get("LINODE_TOKEN") or None
        self.base_url = _address(base_url or BASE_URL)
        self.timeout = timeout
        self.retry = _checked_retry(retry)
        self._page_size = _checked_page_size(page_size)
        self._now = getattr(transport, "now", time.monotonic)
        """The clock that the client's pauses move, in seconds."""
        self._pipeline = Pipeline(self._now, self.retry)
        self._token = _Secret(checked_token(token))

    @cached_property
    def _wire(self) -> Any:
        """The wire that the API at the base URL speaks: that of 2016 at an alpha's address, else today's."""
        host, _, path = self.base_url.partition("://")[2].partition("/")
        if "alpha" in host.partition(":")[0].split(".") or "alpha" in path.split("/"):
            from ._http.alpha import AlphaWire

            return AlphaWire(self.base_url, self._token.value)
        from ._http.v4 import Wire

        return Wire(self.base_url, self._token.value)

    def _run(self, flow: Flow[T], until: float | None) -> Any:
        """The steps of *flow* that are a client's: requests to send, pauses, and flows to gather."""
        self._pipeline.wire = self._wire
        return self._pipeline.run(flow, until)

    @property
    def page_size(self) -> int:
        """How many objects a page is asked for: the most that the API gives, unless the client was made with less."""
        return self._page_size or self._wire.page_size

    @property
    def _writes(self) -> int:
        return self._pipeline.writes

    @property
    def _mark(self) -> Any:
        """Marks a moment, to be told by the API's clock later."""
        return self._pipeline.creation_log.mark

    @property
    def _filters_locally(self) -> bool:
        """Whether lists are narrowed here where the API cannot filter."""
        return self._wire.filters_locally  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def __reduce__(self) -> Any:
        raise TypeError("a client holds a token and connections and cannot be pickled; make one where it is needed")

    def bind(self, obj: B) -> B:
        """Give *obj* (a resource that was pickled, or made without a client) this client. Returns it."""
        obj._bound = self
        for parent in obj._parents:
            if isinstance(parent, Resource):
                self.bind(parent)
        return obj


def _mark_worker() -> None:
    """A worker of the pool runs nested gathers in turn: workers that wait for workers would wait for ever."""
    _worker.busy = True


def _empty(error: BaseException, outer: BaseException | None, step: Any) -> None:
    """Clear the frames of a transport that *error* has passed, a user's own too: its request holds secrets."""
    if isinstance(step, Request):
        clear_frames(error, outer, everywhere=True)


def _checked_page_size(page_size: int | None) -> int | None:
    """*page_size*, if the API has pages of it."""
    if page_size is None:
        return None
    if isinstance(page_size, bool) or not isinstance(page_size, int):
        raise TypeError(f"page_size is a number of objects, not {type(page_size).__name__}")
    if not 1 <= page_size <= MOST_ON_A_PAGE:
        raise ValueError(f"page_size={page_size}: a page has 1 to {MOST_ON_A_PAGE} objects")
    return page_size


def _checked_retry(retry: Retry) -> Retry:
    """*retry*, if it makes sense."""
    if not isinstance(retry, Retry):
        raise TypeError(f"retry must be a Retry, such as Retry(attempts=1) for none, not {type(retry).__name__}")
    if retry.attempts < 1 or not retry.seconds >= 0 or not retry.max_rate_limit_wait >= 0:
        raise ValueError(f"{retry!r}: at least 1 attempt, and 0 seconds or more")
    return retry


class _Secret:
    """Holds a text that must not be shown."""

    __slots__ = ("value",)

    def __init__(self, value: str | None) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "***"


def _address(base_url: str) -> str:
    scheme, _, rest = base_url.partition("://")
    if scheme not in ("http", "https") or not rest.partition("/")[0]:
        raise ValueError(f"base_url {base_url!r} is no address like {BASE_URL}")
    address = base_url.rstrip("/")
    if address.partition("://")[2].lower() == "api.linode.com":
        raise ValueError(f"base_url {base_url!r} lacks the version of the API; write {address}/v4")
    return address


def _raw_call(method: str, path: str, json: Any, query: Mapping[str, Any] | None, filter: Any) -> Call[Any]:
    if not path.startswith("/"):
        raise ValueError(f"the path {path!r} must start with a slash; what is before it is the client's base_url")
    shown = filter.as_json() if hasattr(filter, "as_json") else filter
    return Call(method.upper(), path, json, query=query, filter=shown, shape=Any)


class LinodeClient(_Client):
    """The API, for one token.

    ``token`` is a personal access token or one from `LinodeLoginClient`; without it, ``LINODE_TOKEN`` from the
    environment; without that, only what is public can be asked. ``timeout`` is in seconds, for connecting and then for
    the whole answer (None: for ever); ``retry`` says how patiently calls are repeated; ``page_size`` is how many
    objects a page of a list is asked for (1 to 500; None: the most that the API gives). ``http`` is an `httpx2.Client`
    of your own; otherwise ``proxy`` and ``verify`` (a CA file, an `ssl.SSLContext`, False) shape the one that is made.
    ``max_response_bytes`` bounds the unpacked content of a response; a longer one is an `UnexpectedResponseError`.
    One client may be shared by threads.
    """

    awaited = False

    @redact_tracebacks
    def __init__(
        self,
        token: str | None = None,
        base_url: str | None = None,
        *,
        timeout: float | None = TIMEOUT,
        retry: Retry = Retry(),  # noqa: B008 - immutable
        page_size: int | None = None,
        http: Any = None,
        proxy: str | None = None,
        verify: Any = True,
        max_response_bytes: int = MOST_BYTES,
        transport: Transport | None = None,
    ) -> None:
        self._transport: Transport = transport or HttpTransport(
            http, proxy=proxy, verify=verify, max_response_bytes=max_response_bytes
        )
        super().__init__(token, base_url, timeout, retry, page_size, self._transport)
        if isinstance(self._transport, HttpTransport):
            self._transport.check(self.base_url)
        self._reset()
        reset_after_fork(self._reset)

    def _reset(self) -> None:
        """In a process that was forked: it has none of the parent's threads."""
        self._pool: Any = None
        self._pool_lock = threading.Lock()

    def execute(self, flow: Flow[T], *, until: float | None = None) -> T:
        """Carry out *flow*: answer each of its steps until it returns. Errors are thrown into it.

        Its calls end *until* a time of the transport's clock at the latest, answered or not (None: as the client's
        ``timeout`` and ``retry`` say).
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
                    _empty(error, outer, step)
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except BaseException as error:
            _empty(error, outer, step)
            steps.close()
            clear_frames(error, outer)
            del flow, steps, step, outer
            answer = None
            raise

    _execute = execute

    def _gather(self, flows: tuple[Flow[Any], ...], until: float | None) -> list[Any]:
        """The results of all *flows*: in turn while answers come at once, else by threads."""
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
        """Ask the API for what the library does not know yet; the answer's JSON comes back as it is.

        ``path`` starts with a slash, behind the version; ``json`` is the body, ``filter`` a `Filter` or its JSON.
        """
        return self.execute(_raw_call(method, path, json, query, filter))

    def close(self) -> None:
        """Let go of the connections."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class AsyncLinodeClient(_Client):
    """The API, for one token, with every deed awaited; import it from `linode.aio`, as `LinodeClient`.

    ``token`` is a personal access token or one from `LinodeLoginClient`; without it, ``LINODE_TOKEN`` from the
    environment; without that, only what is public can be asked. ``timeout`` is in seconds, for connecting and then for
    the whole answer (None: for ever); ``retry`` says how patiently calls are repeated; ``page_size`` is how many
    objects a page of a list is asked for (1 to 500; None: the most that the API gives). ``http`` is an
    `httpx2.AsyncClient` of your own; otherwise ``proxy`` and ``verify`` (a CA file, an `ssl.SSLContext`, False) shape
    the one that is made. ``max_response_bytes`` bounds the unpacked content of a response; a longer one is an
    `UnexpectedResponseError`. One client may be shared by tasks, and by event loops.
    """

    awaited = True

    @redact_tracebacks
    def __init__(
        self,
        token: str | None = None,
        base_url: str | None = None,
        *,
        timeout: float | None = TIMEOUT,
        retry: Retry = Retry(),  # noqa: B008 - immutable
        page_size: int | None = None,
        http: Any = None,
        proxy: str | None = None,
        verify: Any = True,
        max_response_bytes: int = MOST_BYTES,
        transport: AsyncTransport | None = None,
    ) -> None:
        self._transport: AsyncTransport = transport or AsyncHttpTransport(
            http, proxy=proxy, verify=verify, max_response_bytes=max_response_bytes
        )
        super().__init__(token, base_url, timeout, retry, page_size, self._transport)
        if isinstance(self._transport, AsyncHttpTransport):
            self._transport.check(self.base_url)

    async def execute(self, flow: Flow[T], *, until: float | None = None) -> T:
        """Carry out *flow*: answer each of its steps until it returns. Errors are thrown into it.

        Its calls end *until* a time of the transport's clock at the latest, answered or not (None: as the client's
        ``timeout`` and ``retry`` say).
        """
        outer = sys.exception()
        answer: Any = None
        steps, step = self._run(flow, until), None
        try:
            step = next(steps)
            while True:
                try:
                    if isinstance(step, Request):
                        answer = await self._transport.send(step, step.within(self.timeout))
                    elif isinstance(step, Sleep):
                        answer = None
                        await self._transport.sleep(step.seconds)
                    else:
                        answer = await self._gather(step.flows, step.until)
                except Exception as error:  # noqa: BLE001 - the flow decides
                    _empty(error, outer, step)
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        except BaseException as error:
            _empty(error, outer, step)
            steps.close()
            clear_frames(error, outer)
            del flow, steps, step, outer
            answer = None
            raise

    _execute = execute

    async def _gather(self, flows: tuple[Flow[Any], ...], until: float | None) -> list[Any]:
        import asyncio

        if len(flows) == 1:
            return [await self.execute(flows[0], until=until)]
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(flow: Flow[Any]) -> Any:
            async with gate:
                return await self.execute(flow, until=until)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(flow)) for flow in flows]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return [task.result() for task in tasks]

    @redact_tracebacks
    async def request(
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
        return await self.execute(_raw_call(method, path, json, query, filter))

    async def close(self) -> None:
        """Let go of the connections of this event loop."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()
