"""The base class of both clients of the Metadata service: what they ask for, and the token of each request."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from linode._http.pipeline import Pipeline, Traffic
from linode._http.retries import Retry
from linode._model import Call, Flow, Steps, action
from linode._model.names import PublicNames
from linode._model.options import checks_options
from linode._secrets import checked_token
from linode.client.settings import checked_base_url, checked_retry, checked_timeout
from linode.errors import (
    AuthenticationError,
    ConnectionFailedError,
    RequestTimeoutError,
    UnexpectedResponseError,
)

from .values import InstanceMetadata, NetworkMetadata
from .watch import MetadataWatch
from .wire import USER_DATA, MetadataWire

__all__ = ["BASE_URL", "RETRY", "TIMEOUT", "TOKEN_SECONDS", "MetadataService"]

T = TypeVar("T")
BASE_URL = "http://169.254.169.254/v1"
TIMEOUT = 5.0
"""Default timeout in seconds: the service is on the host of the Linode."""
RETRY: Retry = Retry(attempts=3, seconds=10.0)
TOKEN_SECONDS = 3600
"""Default lifetime of a token in seconds, which the vendor's own clients use."""
POLL = 60.0
"""Default seconds between two requests of a watch."""
NOWHERE = "the Metadata service responds only to a Linode, in a region with the capability Metadata"


class _Token(NamedTuple):
    """A token of the service, and the time of the client's clock at which it expires."""

    value: str
    expires: float

    def __repr__(self) -> str:
        return f"_Token(***, {self.expires})"


class MetadataService(PublicNames):
    """The base class of both clients of the Metadata service."""

    base_url: str
    """Address of the service, including its version."""
    timeout: float | None
    """Seconds for connecting, and then for the whole response; None for no limit."""
    retry: Retry
    """Policy for retries."""
    _pipeline: Pipeline

    def __init__(self, base_url: str, timeout: float | None, retry: Retry, token_seconds: int, transport: Any) -> None:
        self.base_url = checked_base_url(base_url)
        self.timeout = checked_timeout(timeout)
        self.retry = checked_retry(retry)
        self._now: Callable[[], float] = transport.now
        self._pipeline = Pipeline(Traffic(self._now), self.retry)
        self._pipeline.wire = MetadataWire(self.base_url, checked_seconds(token_seconds))
        self._token: _Token | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def __reduce__(self) -> Any:
        raise TypeError("a client has a token and connections and cannot be pickled; create one where it is needed")

    if TYPE_CHECKING:  # the executor has it

        def execute(self, flow: Any) -> Any:
            """Run *flow*: execute each of its steps and send the result back, until it returns."""
            ...

    @property
    def _execute(self) -> Callable[[Any], Any]:
        return self.execute

    def _run(self, flow: Flow[T], until: float | None) -> Any:
        """The steps of *flow* that the client executes: requests, pauses, and flows to gather."""
        return self._pipeline.run(flow, until)

    @action
    def instance(self) -> Steps[InstanceMetadata]:
        """Return the Linode that the program runs on: its ID, label, region, plan, tags."""
        return self._get("/instance", dict[str, Any], lambda answer: InstanceMetadata._of(None, answer))

    @action
    def network(self) -> Steps[NetworkMetadata]:
        """Return the addresses and the network interfaces of the Linode."""
        return self._get("/network", dict[str, Any], lambda answer: NetworkMetadata._of(None, answer))

    @action
    def ssh_keys(self) -> Steps[dict[str, list[str]]]:
        """Return the public SSH keys that the Linode was deployed with, by user: ``{"root": ["ssh-ed25519 ..."]}``."""
        return self._get("/ssh-keys", dict[str, Any], read_keys)

    @action
    def user_data(self) -> Steps[bytes | None]:
        """Return the user data that the Linode was deployed with, decoded from base64; None if there is none.

        Data that was compressed before it was sent stays compressed: ``gzip.decompress`` reads it.
        """
        return self._get(USER_DATA, bytes, decode_user_data)

    @action
    def get(self, path: str) -> Steps[Any]:
        """Return the JSON at *path* (``/instance``), also of a part that the library has no method for."""
        if not path.startswith("/"):
            raise ValueError(f"the path {path!r} must start with a slash; the client's base_url is put before it")
        return self._get(path, Any, lambda answer: answer)

    @checks_options
    def watch_instance(
        self, *, poll_interval: float = POLL, timeout: float | None = None
    ) -> MetadataWatch[InstanceMetadata]:
        """Iterate over the values of `instance`: the present one, then each that differs from the one before.

        *poll_interval* is the number of seconds between requests. The iteration ends *timeout* seconds after this call
        (None: never), or with the error of a request that the client's ``retry`` does not overcome.
        """
        return MetadataWatch(self, partial(MetadataService.instance, self), poll_interval, timeout)

    @checks_options
    def watch_network(
        self, *, poll_interval: float = POLL, timeout: float | None = None
    ) -> MetadataWatch[NetworkMetadata]:
        """Iterate over the values of `network`, otherwise like `watch_instance`."""
        return MetadataWatch(self, partial(MetadataService.network, self), poll_interval, timeout)

    @checks_options
    def watch_ssh_keys(
        self, *, poll_interval: float = POLL, timeout: float | None = None
    ) -> MetadataWatch[dict[str, list[str]]]:
        """Iterate over the values of `ssh_keys`, otherwise like `watch_instance`."""
        return MetadataWatch(self, partial(MetadataService.ssh_keys, self), poll_interval, timeout)

    # -- the token -----------------------------------------------------------------------------------------------

    def _get(self, path: str, shape: Any, read: Callable[[Any], T]) -> Steps[T]:
        """Get *path*, with a token that is renewed when it has expired, or when the service refuses it."""
        token, renewed = self._token, False
        while True:
            if token is None or token.expires <= self._now():
                token, renewed = (yield from self._new_token()), True
            try:
                return (yield from explain_unreachable(Call("GET", path, shape=shape, read=read, token=token.value)))
            except AuthenticationError:
                if renewed:
                    raise
                token = None

    def _new_token(self) -> Steps[_Token]:
        """Get a token, and keep it. Threads and tasks that do so at the same time use a token each."""
        began = self._now()
        value = yield from explain_unreachable(Call("PUT", "/token", shape=bytes, read=read_token))
        self._token = _Token(value, began + self._pipeline.wire.token_seconds)
        return self._token


def explain_unreachable(call: Call[T]) -> Steps[T]:
    """The result of *call*; the error of one without a response says where the service can be reached."""
    try:
        return (yield from call)
    except (ConnectionFailedError, RequestTimeoutError) as error:
        raise type(error)(f"{error}; {NOWHERE}") from error


def checked_seconds(token_seconds: int) -> int:
    """*token_seconds*, if a token can be valid for so long. Raises TypeError and ValueError."""
    if isinstance(token_seconds, bool) or not isinstance(token_seconds, int):
        raise TypeError(f"token_seconds must be an int, the number of seconds, not {type(token_seconds).__name__}")
    if token_seconds < 1:
        raise ValueError(f"token_seconds={token_seconds} must be at least 1")
    return token_seconds


def read_token(content: bytes) -> str:
    """The token in *content*. Raises `UnexpectedResponseError`, which does not show it."""
    try:
        token = checked_token(content.decode("ascii").strip())
    except ValueError:
        token = None
    if token is None:
        raise UnexpectedResponseError(f"PUT /token: the response is no token: {len(content)} bytes")
    return token


def read_keys(answer: dict[str, Any]) -> dict[str, list[str]]:
    """The keys in the response by user. Raises `UnexpectedResponseError`."""
    users = answer.get("users") or {}
    if not isinstance(users, dict) or not all(isinstance(keys, list) for keys in users.values()):
        raise UnexpectedResponseError("GET /ssh-keys: the response has no lists of keys by user")
    return users


def decode_user_data(content: bytes) -> bytes | None:
    """The user data in *content*, which is base64; None if there is none. Raises `UnexpectedResponseError`."""
    try:
        return base64.b64decode(b"".join(content.split()), validate=True) if content.strip() else None
    except binascii.Error:
        raise UnexpectedResponseError(f"GET /user-data: {len(content)} bytes that are not base64") from None
