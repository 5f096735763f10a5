"""The base class of both clients: the families, the wire and the settings, but not the sending."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

from linode._http.headers import checked_headers
from linode._http.hooks import Hooks, RequestInfo, ResponseInfo, recorded
from linode._http.pipeline import Pipeline, Traffic
from linode._http.retries import Retry
from linode._model import Call, Flow, Resource
from linode._model.options import misspelt, options_of
from linode._secrets import AsyncToken, checked_source, redact_tracebacks

from .families import Families
from .settings import (
    UNCHANGED,
    Secret,
    call_tracer,
    checked_base_url,
    checked_page_size,
    checked_retry,
    checked_timeout,
    checked_user_agent,
    default_url,
    environment_debugger,
)

if TYPE_CHECKING:
    from linode._http.tracing import Tracers

__all__ = ["Client", "raw_call"]

NO_HEADERS: Mapping[str, str] = {}
T = TypeVar("T")
B = TypeVar("B", bound=Resource)


class Client(Families):
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
        token: AsyncToken | None,
        base_url: str | None,
        timeout: float | None,
        retry: Retry,
        page_size: int | None,
        on_request: Any,
        on_response: Any,
        tracing: bool | Tracers,
        user_agent: str | None,
        transport: Any,
    ) -> None:
        self.source = "the argument token"
        if token is None:
            token = os.environ.get("LINODE_TOKEN") or None
            self.source = "no token" if token is None else "LINODE_TOKEN"
        self.base_url = checked_base_url(base_url or default_url())
        self.timeout = checked_timeout(timeout)
        self.retry = checked_retry(retry)
        self._page_size = checked_page_size(page_size)
        self._now = getattr(transport, "now", time.monotonic)
        """The clock that the client's pauses advance, in seconds."""
        self._user_agent = checked_user_agent(user_agent)
        hooks = Hooks(on_request, on_response, awaited=self.awaited, debugger=environment_debugger())
        self._pipeline = Pipeline(Traffic(self._now), self.retry, hooks, call_tracer(tracing, self.base_url))
        name = "LINODE_TOKEN" if self.source == "LINODE_TOKEN" else "the token"
        self._token = Secret(checked_source(token, name, awaited=self.awaited))
        self._headers = Secret({})
        self._origin: Client | None = None
        """The client that this one was made of, by `with_options`."""

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
        from linode._config import read_profile

        known = options_of(cls.__init__) | {"profile", "path"}
        if unknown := options.keys() - known:
            raise misspelt("from_config()", min(unknown), known, "option")
        given = {name for name, value in options.items() if value is not None}
        found, source = read_profile(profile, path, given)
        made = cls(**{**options, **found})
        if "token" in found:
            made.source = source
        return made

    @redact_tracebacks
    def with_options(
        self,
        *,
        timeout: float | None = UNCHANGED,
        retry: Retry = UNCHANGED,
        page_size: int | None = UNCHANGED,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Self:
        """A client that differs from this one in the options given: ``client.with_options(timeout=5).get_linodes()``.

        Objects that it returns keep it, and its options. ``headers`` are added to its requests to the API, but not to
        those to other hosts. It shares the connections, the rate limits and the hooks of this client, and everything
        else; closing either closes the connections, and another request opens new ones.
        """
        made = object.__new__(type(self))
        own = ("_known", "_poller", "_wire")  # objects, polls and the wire belong to one client
        vars(made).update((name, value) for name, value in self.__dict__.items() if name not in own)
        made._origin = self
        if timeout is not UNCHANGED:
            made.timeout = checked_timeout(timeout)
        if retry is not UNCHANGED:
            made.retry = checked_retry(retry)
        if page_size is not UNCHANGED:
            made._page_size = checked_page_size(page_size)
        made._headers = Secret({**self._headers.value, **checked_headers(headers, "headers")})
        made._pipeline = Pipeline(self._pipeline.traffic, made.retry, self._pipeline.hooks, self._pipeline.around)
        return made

    @contextmanager
    def responses(self) -> Iterator[list[ResponseInfo]]:
        """A list of the responses that arrive in a ``with`` block: their statuses, headers and bodies.

        It holds those to the requests of this client, and of clients that `with_options` made of it, by the block
        itself and by tasks that it starts; other threads and tasks do not add to it. An attempt without a response is
        in the list too.
        """
        with recorded(self._pipeline.traffic) as found:
            yield found

    @contextmanager
    def dry_run(self) -> Iterator[list[RequestInfo]]:
        """A list of the requests that a ``with`` block would send to change something; none of them is sent.

        Reads are sent as always. A creation returns an object with the members that it would send: its ID begins with
        ``dry-run-``, and reading another field raises `DryRunError`. Waits return at once. A write whose result is in
        the response raises `DryRunError` when it is recorded. The pre-signed URL of an upload is a placeholder;
        downloads are reads. `save` keeps the changes unsaved.

        The dry run is one of the client and of all clients that `with_options` made of it: a write by another thread or
        task raises `DryRunError`, and is neither sent nor recorded. Raises RuntimeError if there is one already.
        """
        from linode._http.dry_runs import dry_run

        with dry_run(self._pipeline.traffic) as calls:
            yield calls

    @property
    def _in_dry_run(self) -> bool:
        return self._pipeline.traffic.dry_run is not None

    @cached_property
    def _wire(self) -> Any:
        """The wire for the API at the base URL: that of 2016 for an address with ``alpha``, else today's."""
        host, _, path = self.base_url.partition("://")[2].partition("/")
        if "alpha" in host.partition(":")[0].split(".") or "alpha" in path.split("/"):
            from linode._http.alpha import AlphaWire

            return AlphaWire(self.base_url, self._token.value, self._headers.value, self._user_agent)
        from linode._http.v4 import Wire

        return Wire(self.base_url, self._token.value, self._headers.value, self._user_agent)

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
        return self._pipeline.traffic.writes

    @property
    def _mark(self) -> Any:
        """Marks the current moment, which can later be expressed in the API's time."""
        return self._pipeline.traffic.creation_log.mark

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


def raw_call(
    method: str, path: str, json: Any, query: Mapping[str, Any] | None, filter: Any, *, beta: bool
) -> Call[Any]:
    if not path.startswith("/"):
        raise ValueError(f"the path {path!r} must start with a slash; the client's base_url is put before it")
    version, rest = path[1:].partition("/")[::2]
    if version in ("v4", "v4beta"):
        cure = f"write '/{rest}'{' and beta=True' if version == 'v4beta' else ''}"
        raise ValueError(f"the path {path!r} begins with the version, which the client's base_url has; {cure}")
    shown = filter.as_json() if hasattr(filter, "as_json") else filter
    return Call(method.upper(), path, json, query=query, filter=shown, shape=Any, beta=beta)
