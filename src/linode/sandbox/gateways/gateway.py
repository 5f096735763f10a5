"""The gateway, which dispatches requests by path, and the transport from the same process."""

from __future__ import annotations

import functools
import importlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

import msgspec

from linode._http.transport import Request, Response

from ..core.refusals import NotSaved
from ..core.world import World
from ..engine import access, registry, steps
from ..engine.response_headers import REFUSAL, add_date
from ..failures import reachability
from ..failures.faults import Fault, Faults, Outcome
from ..failures.limits import Limits
from . import pages, unsupported
from .clock import Clock, checked_speed

__all__ = ["Gateway", "RecordedRequest", "RequestDetails"]

API = ("/v4/", "/v4beta/")
STEP = 0.5
"""Default seconds by which a request advances the clock of a sandbox without a ``speed``."""
HANDLERS = (
    ("/oauth/", "login.pages"),
    ("/alpha/oauth/", "login.pages"),
    ("/alpha/v4/", "gateways.alpha"),
    ("/metadata/", "gateways.metadata"),
)
"""The modules that handle requests below a path, imported at the first request."""
MAX_BYTES = 2**23
"""Maximum size of a body in bytes. A guess: the API has a limit, but its value is not known."""
MAX_UPLOAD_BYTES = 5 * 2**30
"""Maximum size of an uploaded image in bytes."""
MAX_IMPORT_BYTES = 2**30
"""Maximum size of a document of a world in bytes."""
TOO_LARGE = b'{"errors":[{"reason":"Request Entity Too Large"}]}'
"""The body of the response to a body that is too large. A guess: the API's own words are not on record."""
REMEMBERED = 100_000
"""Maximum number of recorded requests; above it the oldest tenth is dropped."""


class RecordedRequest(NamedTuple):
    """A request to the sandbox: its method, path and query, and the status of the response (0: no response).

    The path of an upload URL, which is a secret, is shortened.
    """

    method: str
    path: str
    status: int
    query: str = ""


class RequestDetails(RecordedRequest):
    """A recorded request, and the details of its response for the page at ``/``."""

    now = 0.0
    """The time on the world's clock, in seconds since 1970."""
    reason = ""
    """The first reason of a refusal."""
    fault: Fault | None = None
    """The fault that has hit it."""


class Gateway:
    """Handles requests to a world, one at a time.

    ``speed`` is the speed of the world's clock as a multiple of the real one; None: the clock advances only by ``step``
    seconds with every request, and by `advance`. ``control`` handles requests to ``/`` and below ``/sandbox/``.
    """

    def __init__(
        self, world: World, speed: float | None = None, *, step: float = STEP, seed: int | None = None
    ) -> None:
        self.lock = threading.RLock()
        self.faults = Faults(seed)
        self.limits = Limits()
        self.requests: list[RecordedRequest] = []
        self.control: Callable[[Request], Response] | None = None
        self.stop: Callable[[], None] | None = None
        """Ends the server, where a person may do that from the page at ``/``."""
        self.afterwards: Callable[[], None] | None = None
        """Is called after each request and change of the clock, when the lock is free."""
        self.recording: Callable[[World, Request, Response], None] | None = None
        """Is called with each request of a client, and with the response before faults change it."""
        self._depth = 0
        self.moves = 0
        """Counts requests and changes of the clock, for pauses that end when nothing else happens."""
        self.clock = Clock(speed, step)
        self.open(world)

    def open(self, world: World) -> None:
        """Use *world* from now on."""
        self.world = world
        self.clock.begin(world)

    @property
    def step(self) -> float:
        """The seconds by which a request advances the clock."""
        return self.clock.step

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the lock in the block; when the outermost block has ended well, `afterwards` is called without it."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            outermost = not self._depth
        if outermost and self.afterwards is not None:
            self.afterwards()

    def ask(self, request: Request, *, takes_time: bool = True) -> Outcome:
        """The outcome of *request*, including faults; it is recorded. ``takes_time``: the clock advances by a step."""
        with self.turn():
            self.moves += 1
            url = urlsplit(request.url)
            if (url.path in ("/", "/sandbox") or url.path.startswith("/sandbox/")) and self.control is not None:
                if self.clock.runs:
                    self._tick()  # the clock runs by itself, and jobs that are due change what is shown
                return Outcome(self.control(request))
            if takes_time:
                self._tick()
            fault = self.faults.meet(request.method, url.path)
            answer = self._enter(request) if fault is None or fault.processed else None
            outcome = Outcome(answer) if fault is None else fault.outcome(answer)
            self._date(outcome.response)
            seen = RequestDetails(request.method, _shown(url.path), _status(outcome), url.query)
            seen.now, seen.reason, seen.fault = self.world.now, _reason(outcome.response), fault
            self._remember(seen)
            return outcome

    def handle(self, request: Request) -> Response:
        """The response to *request*, whose URL is absolute, without faults; it is not recorded."""
        with self.turn():
            self._tick()
            response = self._enter(request)
            self._date(response)
            return response

    def most_bytes(self, request: Request) -> int:
        """The maximum size in bytes of the body of *request*, which was not read yet; 0 if it lacks a valid token.

        The body of a request that is refused for its token is never read.
        """
        path = urlsplit(request.url).path
        if any(path.startswith(f"{start}/") for start in registry.mounts()):
            return MAX_UPLOAD_BYTES
        with self.lock:
            if path == "/sandbox/load" and access.knows_token(self.world, request.headers):
                return MAX_IMPORT_BYTES
            world = self._account_of(path, request.headers)
            if path.startswith(API) and not access.knows_token(world, request.headers):
                return 0
        return MAX_BYTES

    def advance(self, seconds: float) -> None:
        """Advance the world's clock by *seconds*."""
        if seconds < 0:
            raise ValueError("seconds must not be negative: the clock cannot be set back")
        with self.turn():
            self.run_until(self.world.now + seconds)

    def run_until(self, moment: float) -> None:
        """Advance the world's clock to *moment* (seconds since 1970), unless it is past."""
        with self.turn():
            self.moves += 1
            before = self.world.now
            self.world.run_until(moment)
            self.clock.moved(self.world.now - before)

    def set_clock(self, *, speed: float | None, stopped: bool) -> None:
        """Let the clock advance differently from now on. Raises ValueError for an invalid *speed*."""
        speed = checked_speed(speed)
        with self.turn():
            self.moves += 1
            if self.clock.runs:
                self._tick()
            self.clock.speed, self.clock.stopped = speed, stopped
            self.clock.resume(self.world)

    def _enter(self, request: Request) -> Response:
        url = urlsplit(request.url)
        self.world.base_url = f"{url.scheme}://{url.netloc}"
        lower = {name.lower(): value for name, value in request.headers.items()}
        request = request._replace(headers=lower)
        if (size := _size(request)) > MAX_BYTES and size > (most := self.most_bytes(request)):
            if most:
                return Response(413, REFUSAL, TOO_LARGE)
            request = request._replace(content=None)
        world = self._account_of(url.path, lower)
        response = self._handler(url.path)(world, request)
        if self.recording is not None:
            self.recording(world, request, response)
        return pages.page_or_response(request, response)

    def _account_of(self, path: str, headers: Mapping[str, str]) -> World:
        """The world of the token's account for a *path* of today's API, else that of the sandbox's own account."""
        secret = headers.get("authorization", "").partition(" ")[2].strip()
        return self.world.in_account(self.world.identity.account_of(secret)) if path.startswith(API) else self.world

    def _date(self, response: Response | None) -> None:
        """Set the ``Date`` of *response* by the world's clock, with which clients compare its other times."""
        if response is not None:
            add_date(response.headers, self.world.now)

    def _remember(self, request: RecordedRequest) -> None:
        if len(self.requests) >= REMEMBERED:
            del self.requests[: REMEMBERED // 10]
        self.requests.append(request)

    def _tick(self) -> None:
        # A due job whose changes cannot be written stays due, the clock waits for it, and reads go on. Requests that
        # write raise NotSaved themselves.
        with suppress(NotSaved):
            self.clock.tick(self.world)

    def _handler(self, path: str) -> Callable[[World, Request], Response]:
        """The function that handles requests to *path*."""
        if path.startswith(API):
            return functools.partial(steps.answer, limits=self.limits)
        for start, module in HANDLERS:
            if path.startswith(start):
                return _kept(importlib.import_module(f"linode.sandbox.{module}").handle)
        for start, function in registry.mounts().items():
            if path == start or path.startswith(f"{start}/"):
                return _kept(function)
        return _nowhere


def _size(request: Request) -> int:
    """The number of bytes of the body of *request*, which may be a file."""
    return 0 if request.content is None else len(request.content)


def _shown(path: str) -> str:
    """*path*, shortened if it is that of an upload URL, which needs no token and is therefore a secret."""
    return next((f"{start}/..." for start in registry.MOUNTS if path.startswith(f"{start}/")), path)


def _status(outcome: Outcome) -> int:
    return 0 if outcome.response is None or outcome.lost is not None else outcome.response.status


def _reason(answer: Response | None) -> str:
    """The first reason of a refusal; ``""`` for other responses."""
    if answer is None or answer.status < 400:
        return ""
    try:
        return msgspec.json.decode(answer.content, type=_Refusal).errors[0].reason
    except (msgspec.DecodeError, UnicodeDecodeError, IndexError):
        return ""  # a page, or a body that a fault has broken


class _Reason(msgspec.Struct):
    reason: str


class _Refusal(msgspec.Struct):
    errors: list[_Reason]


def _kept(function: Any) -> Callable[[World, Request], Response]:
    """*function* as one transaction."""

    def run(world: World, request: Request) -> Response:
        world.user = world.token = None
        with world.transaction():
            return cast("Response", function(world, request))

    return run


def _nowhere(_world: World, request: Request) -> Response:
    if (refused := unsupported.answer(request)) is not None:
        return refused
    path = urlsplit(request.url).path
    lacks_version = reachability.has_operation(path)
    why = f"Not found; the paths of the API begin with its version: /v4{path}" if lacks_version else "Not found"
    return Response(404, REFUSAL, msgspec.json.encode({"errors": [{"reason": why}]}))
