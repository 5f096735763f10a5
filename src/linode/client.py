"""The clients, which execute the calls and flows that the rest of the library describes."""

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
from ._secrets import Token, checked_source, clear_frames, redact_tracebacks
from .api import MEMBERS

__all__ = ["AsyncLinodeClient", "LinodeClient", "Retry"]

T = TypeVar("T")
B = TypeVar("B", bound=Resource)
BASE_URL = "https://api.linode.com/v4"
MOST_ON_A_PAGE = 500
AT_ONCE = 24
"""Maximum number of concurrent flows of one `Gather`."""
SLOW = 0.01
"""Response time in seconds below which flows run one after the other, because threads would be slower."""
_worker = threading.local()


class _Lazy(type):
    """Imports the mixin of a family when one of its attributes is first read; creating a client imports none."""

    def __getattr__(cls, name: str) -> Any:
        if name not in MEMBERS:
            if name.startswith("_"):  # copy, pickle and notebooks read such attributes of any object
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
        """The methods of all families."""

        def __getattr__(self, name):  # noqa: ANN001, ANN204 - hidden from type checkers
            getattr(type(self), name)
            return getattr(self, name)

        def __dir__(self):  # noqa: ANN204
            return sorted({*super().__dir__(), *(name for name in MEMBERS if not name.startswith("_"))})


class _Client(Families):
    """The base class of both clients: the families, the wire and the settings, but not the sending."""

    base_url: str
    """Address of the API, including its version."""
    timeout: float | None
    """Seconds for connecting, and then for the whole response; None for no limit."""
    retry: Retry
    """Policy for retries."""
    source: str
    """Origin of the token: the argument, a variable of the environment, or a section of a file."""

    def __init__(
        self,
        token: Token | None,
        base_url: str | None,
        timeout: float | None,
        retry: Retry,
        page_size: int | None,
        transport: Any,
    ) -> None:
        self.source = "the argument token"
        if token is None:
            token = os.environ.get("LINODE_TOKEN") or None
            self.source = "no token" if token is None else "LINODE_TOKEN"
        self.base_url = _address(base_url or _default_url())
        self.timeout = timeout
        self.retry = _checked_retry(retry)
        self._page_size = _checked_page_size(page_size)
        self._now = getattr(transport, "now", time.monotonic)
        """The clock that the client's pauses advance, in seconds."""
        self._pipeline = Pipeline(self._now, self.retry)
        self._token = _Secret(checked_source(token))

    @classmethod
    @redact_tracebacks
    def from_config(
        cls, profile: str | None = None, path: str | os.PathLike[str] | None = None, **options: Any
    ) -> Self:
        """A client with the token and the address of a configuration file, that of the vendor's tools by default.

        The file is ``path``, else the one that ``LINODE_CONFIG`` names, else ``~/.config/linode`` (Terraform and other
        Go tools) or ``~/.config/linode-cli``. ``profile``, else ``LINODE_PROFILE``, names the section; the default is
        the ``default-user`` of the file, else ``[default]``. ``options`` are those of the class and override the file;
        the file overrides ``LINODE_TOKEN``, ``LINODE_URL`` and ``LINODE_API_VERSION``. ``client.source`` names file
        and section.

        Raises FileNotFoundError if there is no file, and ValueError if it has no such section, no token, or a line
        that is not INI. Warns if other users have access to the file.
        """
        from ._config import read_profile

        given = {name for name, value in options.items() if value is not None}
        found, source = read_profile(profile, path, given)
        made = cls(**{**options, **found})
        if "token" in found:
            made.source = source
        return made

    @cached_property
    def _wire(self) -> Any:
        """The wire for the API at the base URL: that of 2016 for an address with ``alpha``, else today's."""
        host, _, path = self.base_url.partition("://")[2].partition("/")
        if "alpha" in host.partition(":")[0].split(".") or "alpha" in path.split("/"):
            from ._http.alpha import AlphaWire

            return AlphaWire(self.base_url, self._token.value)
        from ._http.v4 import Wire

        return Wire(self.base_url, self._token.value)

    def _run(self, flow: Flow[T], until: float | None) -> Any:
        """The steps of *flow* that the client executes: requests, pauses, and flows to gather."""
        self._pipeline.wire = self._wire
        return self._pipeline.run(flow, until)

    @property
    def page_size(self) -> int:
        """Number of objects on a page: the one given to the client, else the maximum of the API."""
        return self._page_size or self._wire.page_size

    @property
    def _writes(self) -> int:
        return self._pipeline.writes

    @property
    def _mark(self) -> Any:
        """Marks the current moment, which can later be expressed in the API's time."""
        return self._pipeline.creation_log.mark

    @property
    def _filters_locally(self) -> bool:
        """Whether the client filters lists that the API cannot filter."""
        return self._wire.filters_locally  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def __reduce__(self) -> Any:
        raise TypeError("a client has a token and connections and cannot be pickled; create one where it is needed")

    def bind(self, obj: B) -> B:
        """Set this client on *obj*, a resource that was pickled or created without a client. Returns *obj*."""
        obj._bound = self
        for parent in obj._parents:
            if isinstance(parent, Resource):
                self.bind(parent)
        return obj


def _mark_worker() -> None:
    """Make a worker of the pool run nested gathers sequentially: workers that wait for workers would deadlock."""
    _worker.busy = True


def _empty(error: BaseException, outer: BaseException | None, step: Any) -> None:
    """Clear the frames of the transport that *error* has passed, also a user's own: the request contains secrets."""
    if isinstance(step, Request):
        clear_frames(error, outer, everywhere=True)


def _checked_page_size(page_size: int | None) -> int | None:
    """*page_size*, if the API has pages of this size. Raises TypeError and ValueError."""
    if page_size is None:
        return None
    if isinstance(page_size, bool) or not isinstance(page_size, int):
        raise TypeError(f"page_size must be an int, the number of objects, not {type(page_size).__name__}")
    if not 1 <= page_size <= MOST_ON_A_PAGE:
        raise ValueError(f"page_size={page_size} must be 1 to {MOST_ON_A_PAGE}")
    return page_size


def _checked_retry(retry: Retry) -> Retry:
    """*retry*, if its values are valid. Raises TypeError and ValueError."""
    if not isinstance(retry, Retry):
        raise TypeError(
            f"retry must be a Retry, for example Retry(attempts=1) for no retries, not {type(retry).__name__}"
        )
    if retry.attempts < 1 or not retry.seconds >= 0 or not retry.max_rate_limit_wait >= 0:
        raise ValueError(f"{retry!r}: attempts must be at least 1, seconds and max_rate_limit_wait at least 0")
    return retry


class _Secret:
    """A string that its repr does not show."""

    __slots__ = ("value",)

    def __init__(self, value: Token | None) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "***"


def _default_url() -> str:
    """The base URL that the environment sets, else the API's."""
    if os.environ.get("LINODE_URL") or os.environ.get("LINODE_API_VERSION"):
        from ._config import url_from_environment

        return url_from_environment()
    return BASE_URL


def _verified(verify: Any) -> Any:
    """*verify*, else the CA file that ``LINODE_CA`` names, else True. Raises FileNotFoundError."""
    if verify is not None:
        return verify
    path = os.environ.get("LINODE_CA")
    if path and not os.path.isfile(path):  # noqa: PTH113 - pathlib takes milliseconds to import
        raise FileNotFoundError(f"LINODE_CA={path!r}: the file of CA certificates does not exist")
    return path or True


def _address(base_url: str) -> str:
    scheme, _, rest = base_url.partition("://")
    if scheme not in ("http", "https") or not rest.partition("/")[0]:
        raise ValueError(f"base_url {base_url!r} must be an address such as {BASE_URL}")
    address = base_url.rstrip("/")
    if address.partition("://")[2].lower() == "api.linode.com":
        raise ValueError(f"base_url {base_url!r} lacks the version of the API; write {address}/v4")
    return address


def _raw_call(method: str, path: str, json: Any, query: Mapping[str, Any] | None, filter: Any) -> Call[Any]:
    if not path.startswith("/"):
        raise ValueError(f"the path {path!r} must start with a slash; the client's base_url is put before it")
    shown = filter.as_json() if hasattr(filter, "as_json") else filter
    return Call(method.upper(), path, json, query=query, filter=shown, shape=Any)


class LinodeClient(_Client):
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
            http, proxy=proxy, verify=_verified(verify), max_response_bytes=max_response_bytes
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
        return self.execute(_raw_call(method, path, json, query, filter))

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


class AsyncLinodeClient(_Client):
    """An async client of the API, for one token; import it from `linode.aio`, as `LinodeClient`.

    ``token`` is a personal access token or one from `LinodeLoginClient`, or a function that returns the token and is
    called for each request; the default is ``LINODE_TOKEN`` from the environment, and without a token only public
    operations are possible. ``base_url`` is the address of the API with its version; the default is what ``LINODE_URL``
    and ``LINODE_API_VERSION`` (``v4``, ``v4beta``) say, else today's API. ``timeout`` is in seconds, for connecting and
    then for the whole response (None: no limit). ``retry`` is the policy for retries. ``page_size`` is the number of
    objects on a page of a list (1 to 500; None: the API's maximum). ``http`` is an `httpx2.AsyncClient` of your own;
    without it, ``proxy`` and ``verify`` (a CA file, an `ssl.SSLContext`, True, False; the default is the
    file that ``LINODE_CA`` names, else True: the machine's certificates) configure the connections.
    ``max_response_bytes`` limits the decompressed content of a response; a longer one raises `UnexpectedResponseError`.
    A client may be shared by tasks and by event loops. A function ``token`` is not awaited and must return quickly.
    """

    awaited = True

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
        transport: AsyncTransport | None = None,
    ) -> None:
        self._transport: AsyncTransport = transport or AsyncHttpTransport(
            http, proxy=proxy, verify=_verified(verify), max_response_bytes=max_response_bytes
        )
        super().__init__(token, base_url, timeout, retry, page_size, self._transport)
        if isinstance(self._transport, AsyncHttpTransport):
            self._transport.check(self.base_url)

    async def execute(self, flow: Flow[T], *, until: float | None = None) -> T:
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
        """Send a request that the library has no method for; returns the decoded JSON of the response.

        ``path`` starts with the slash after the version; ``json`` is the body, ``filter`` a `Filter` or its JSON.
        """
        return await self.execute(_raw_call(method, path, json, query, filter))

    async def close(self) -> None:
        """Close the connections of this event loop."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()
