"""The clients: they perform what the rest of the library describes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ._http.forking import resets_after_fork
from ._http.pacing import RateLimiter
from ._http.repeating import Retry, with_retries
from ._http.settling import CreationLog
from ._http.transport import TIMEOUT, AsyncHttpTransport, AsyncTransport, HttpTransport, Request, Response, Transport
from ._http.turns import Turns
from ._model import BaseClient, Call, Flow, Gather, Resource, Sleep, Step
from ._secrets import redact_tracebacks
from .api import MEMBERS

__all__ = ["AsyncLinodeClient", "LinodeClient", "Retry"]

T = TypeVar("T")
B = TypeVar("B", bound=Resource)
BASE_URL = "https://api.linode.com/v4"
AT_ONCE = 24
"""How many flows of one `Gather` are under way at once."""
_worker = threading.local()


class _Lazy(type):
    """Finds what the families mix into a client when it is first asked for: making a client loads none of them."""

    def __getattr__(cls, name: str) -> Any:
        if name not in MEMBERS:
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}")
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

    def __init__(
        self, token: str | None, base_url: str | None, timeout: float | None, retry: Retry, transport: Any
    ) -> None:
        token = token if token is not None else os.environ.get("LINODE_TOKEN") or None
        self.base_url = _address(base_url or BASE_URL)
        self.timeout = timeout
        self.retry = _patience(retry)
        self.writes = 0
        self.now = getattr(transport, "now", time.monotonic)
        """The clock that the client's pauses move, in seconds."""
        self._pace = RateLimiter(self.now)
        self._ledger = CreationLog(self.now)
        self.mark = self._ledger.mark
        """Marks a moment, to be told by the API's clock later."""
        self._token = _Secret(_checked(token))

    @cached_property
    def _wire(self) -> Any:
        """The wire that the API at the base URL speaks: that of 2016 at an alpha's address, else today's."""
        host, _, path = self.base_url.partition("://")[2].partition("/")
        if "alpha" in host.partition(":")[0].split(".") or "alpha" in path.split("/"):
            from ._http.alpha import AlphaWire

            return AlphaWire(self.base_url, self._token.value)
        from ._http.v4 import Wire

        return Wire(self.base_url, self._token.value)

    @property
    def page_size(self) -> int:
        """How many objects a page is asked for: the most that the API gives."""
        return self._wire.page_size  # type: ignore[no-any-return]

    @property
    def filters_locally(self) -> bool:
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

    def _request(self, call: Call[Any]) -> Request:
        call.tries += 1
        if call.method != "GET":
            self.writes += 1
        return self._wire.request(call)  # type: ignore[no-any-return]

    def _answer(self, call: Call[Any], response: Response, began: float) -> Any:
        took = (time.monotonic() - began) * 1000
        _log("%s %s %d %.0f ms, attempt %d", call.method, call.shown, response.status, took, call.tries)
        if not call.elsewhere:
            self._pace.saw(call, response.headers, response.status)
            self._ledger.hear(response.headers)
        answer = self._wire.answer(call, response)
        return call.read(response.headers.get("date") if call.dated else answer)

    def _lost(self, call: Call[Any], error: BaseException, began: float) -> None:
        self._pace.lost(call)
        took = (time.monotonic() - began) * 1000
        _log("%s %s %s %.0f ms, attempt %d", call.method, call.shown, type(error).__name__, took, call.tries)


def _mark_worker() -> None:
    """What a worker has to do together it does in turn: workers that wait for workers would wait for ever."""
    _worker.busy = True


@cache
def _logger() -> Any:
    """The logger named ``linode``; logging is imported at the first request."""
    import logging

    return logging.getLogger("linode")


def _log(text: str, *values: Any) -> None:
    """A line at DEBUG."""
    _logger().debug(text, *values)


def _checked(token: str | None) -> str | None:
    """*token*, if a header can hold it; the error shows nothing of it."""
    if token is None:
        return None
    if not isinstance(token, str):
        raise TypeError(f"the token must be text, not {type(token).__name__}")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("the token must be printable ASCII without blanks or line breaks")
    return token


def _patience(retry: Retry) -> Retry:
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
    return base_url.rstrip("/")


def _raw_call(method: str, path: str, json: Any, query: Mapping[str, Any] | None, filter: Any) -> Call[Any]:
    if not path.startswith("/"):
        raise ValueError(f"the path {path!r} must start with a slash; what is before it is the client's base_url")
    shown = filter.as_json() if hasattr(filter, "as_json") else filter
    return Call(method.upper(), path, json, query=query, filter=shown, shape=Any)


class LinodeClient(_Client):
    """The API, for one token.

    ``token`` is a personal access token or one from `LinodeLoginClient`; without it, ``LINODE_TOKEN`` from the
    environment; without that, only what is public can be asked. ``timeout`` is in seconds, for connecting and then for
    the whole answer (None: for ever); ``retry`` says how patiently calls are repeated. ``http`` is an `httpx2.Client`
    of your own; otherwise ``proxy`` and ``verify`` (a CA file, an `ssl.SSLContext`, False) shape the one that is made.
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
        http: Any = None,
        proxy: str | None = None,
        verify: Any = True,
        transport: Transport | None = None,
    ) -> None:
        self._transport: Transport = transport or HttpTransport(http, proxy=proxy, verify=verify)
        super().__init__(token, base_url, timeout, retry, self._transport)
        self.forget()
        resets_after_fork(self)

    def forget(self) -> None:
        """In a process that was forked: it has none of the parent's threads."""
        self._pool: Any = None
        self._pool_lock = threading.Lock()

    @redact_tracebacks
    def execute(self, flow: Flow[T]) -> T:
        """Carry out *flow*: answer each of its steps until it returns. Errors are thrown into it."""
        steps = with_retries(flow, self.retry, self._pace, self._ledger)
        try:
            step = next(steps)
            while True:
                try:
                    answer = self._do(step)
                except Exception as error:  # noqa: BLE001 - the flow decides
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            steps.close()

    def _do(self, step: Step) -> Any:
        if isinstance(step, Sleep):
            return self._transport.sleep(step.seconds)
        if isinstance(step, Gather):
            return self._gather(step)
        began = time.monotonic()
        try:
            response = self._transport.send(self._request(step), self.timeout)
        except BaseException as error:
            self._lost(step, error, began)
            raise
        return self._answer(step, response, began)

    def _gather(self, together: Gather[Any]) -> list[Any]:
        """The results of all flows: in turn while answers come at once, in more threads as soon as there is waiting."""
        if len(together.flows) < 2 or not self._transport.parallel or getattr(_worker, "busy", False):
            return [self.execute(flow) for flow in together.flows]
        turns = Turns(together.flows, self.execute)
        threading.Thread(target=self._help, args=(turns,), name="linode", daemon=True).start()
        turns.work()
        return turns.outcome()

    def _help(self, turns: Turns) -> None:
        """Once there is waiting, let as many threads take turns as are of use."""
        if left := turns.stuck():
            pool = self._threads()
            for _ in range(left):
                pool.submit(turns.work)

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
    the whole answer (None: for ever); ``retry`` says how patiently calls are repeated. ``http`` is an
    `httpx2.AsyncClient` of your own; otherwise ``proxy`` and ``verify`` (a CA file, an `ssl.SSLContext`, False) shape
    the one that is made. One client may be shared by tasks, and by event loops.
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
        http: Any = None,
        proxy: str | None = None,
        verify: Any = True,
        transport: AsyncTransport | None = None,
    ) -> None:
        self._transport: AsyncTransport = transport or AsyncHttpTransport(http, proxy=proxy, verify=verify)
        super().__init__(token, base_url, timeout, retry, self._transport)

    @redact_tracebacks
    async def execute(self, flow: Flow[T]) -> T:
        """Carry out *flow*: answer each of its steps until it returns. Errors are thrown into it."""
        steps = with_retries(flow, self.retry, self._pace, self._ledger)
        try:
            step = next(steps)
            while True:
                try:
                    answer = await self._do(step)
                except Exception as error:  # noqa: BLE001 - the flow decides
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            steps.close()

    async def _do(self, step: Step) -> Any:
        if isinstance(step, Sleep):
            return await self._transport.sleep(step.seconds)
        if isinstance(step, Gather):
            return await self._gather(step)
        began = time.monotonic()
        try:
            response = await self._transport.send(self._request(step), self.timeout)
        except BaseException as error:
            self._lost(step, error, began)
            raise
        return self._answer(step, response, began)

    async def _gather(self, together: Gather[Any]) -> list[Any]:
        import asyncio

        gate = asyncio.Semaphore(AT_ONCE)

        async def one(flow: Flow[Any]) -> Any:
            async with gate:
                return await self.execute(flow)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(flow)) for flow in together.flows]
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
