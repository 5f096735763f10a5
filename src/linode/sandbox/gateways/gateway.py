"""What is behind which address, and the way in from the same process."""

from __future__ import annotations

import functools
import importlib
import threading
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

from linode._http.transport import Request, Response
from linode.errors import ConnectionFailedError, RequestTimeoutError, TransportError

from ..core.refusals import NotKept
from ..core.world import World
from ..engine import registry, steps
from ..failures.faults import Faults, Outcome
from ..failures.limits import Limits

__all__ = ["Gateway", "InProcess", "RecordedRequest", "received"]

API = ("/v4/", "/v4beta/")
STEP = 0.5
"""Seconds that a request takes on the clock of a world that has no real one, unless the sandbox says otherwise."""
ROOMS = (("/oauth/", "login.pages"), ("/alpha/oauth/", "login.pages"), ("/alpha/v4/", "gateways.alpha"))
"""The modules that answer at and below an address, imported when somebody first asks there."""
MOST_BYTES = 2**23
"""How large a body may be. A guess: that the API has a bound is known, and not which."""
MOST_UPLOADED = 5 * 2**30
"""How large an image may be when it is uploaded."""
REMEMBERED = 100_000
"""How many requests are remembered; the oldest tenth is forgotten when there are more."""


class RecordedRequest(NamedTuple):
    """A request that was made: its method, path and query, and the status of its answer (0: it got none).

    Of an address to upload to, which is a secret, the path tells only that it was one.
    """

    method: str
    path: str
    status: int
    query: str = ""


class Gateway:
    """Takes requests into a world, one at a time.

    ``speed`` is how fast the world's clock runs against the real one; None: it stands still but for ``step`` seconds
    with every request and for what `advance` adds. ``control`` answers what is asked of the sandbox itself, below
    ``/sandbox/``.
    """

    def __init__(
        self, world: World, speed: float | None = None, *, step: float = STEP, seed: int | None = None
    ) -> None:
        self.lock = threading.RLock()
        self.faults = Faults(seed)
        self.limits = Limits()
        self.requests: list[RecordedRequest] = []
        self.control: Callable[[Request], Response] | None = None
        self.moves = 0
        """Counts what happens here, for those who wait until nothing does."""
        self.step = step if speed is None else 0.0
        self._speed = speed
        self.open(world)

    def open(self, world: World) -> None:
        """From now on *world* is behind this door."""
        self.world = world
        self._began = time.monotonic(), world.now + (world.downtime * self._speed if self._speed is not None else 0.0)

    def ask(self, request: Request, *, takes_time: bool = True) -> Outcome:
        """What becomes of *request*, faults and all; it is remembered. ``takes_time``: the clock moves by a step."""
        with self.lock:
            self.moves += 1
            url = urlsplit(request.url)
            if url.path.startswith("/sandbox/") and self.control is not None:
                return Outcome(self.control(request))
            if takes_time:
                self._tick()
            fault = self.faults.meet(request.method, url.path)
            answer = self._enter(request) if fault is None or fault.processed else None
            outcome = Outcome(answer) if fault is None else fault.outcome(answer)
            self._date(outcome.response)
            self._remember(RecordedRequest(request.method, _shown(url.path), _status(outcome), url.query))
            return outcome

    def handle(self, request: Request) -> Response:
        """The answer to *request*, whose URL is whole: nothing goes wrong, and nothing is remembered."""
        with self.lock:
            self._tick()
            response = self._enter(request)
            self._date(response)
            return response

    def most_bytes(self, request: Request) -> int:
        """How many bytes the body of *request* may have, which has not been read; none without a token that is needed.

        The body of a request that is refused for its token is never read.
        """
        path = urlsplit(request.url).path
        if any(path.startswith(f"{start}/") for start in registry.mounts()):
            return MOST_UPLOADED
        with self.lock:
            world = self._account_of(path, request.headers)
            if path.startswith(API) and not steps.knows_token(world, request.headers):
                return 0
        return MOST_BYTES

    def advance(self, seconds: float) -> None:
        """Let *seconds* of the world's time go by."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        with self.lock:
            self.run_until(self.world.now + seconds)

    def run_until(self, moment: float) -> None:
        """Let the world's time go by until *moment* (seconds since 1970); nothing happens when that is past."""
        with self.lock:
            self.moves += 1
            before = self.world.now
            self.world.run_until(moment)
            self._began = self._began[0], self._began[1] + self.world.now - before

    def _enter(self, request: Request) -> Response:
        url = urlsplit(request.url)
        self.world.base_url = f"{url.scheme}://{url.netloc}"
        lower = {name.lower(): value for name, value in request.headers.items()}
        return self._room(url.path)(self._account_of(url.path, lower), request._replace(headers=lower))

    def _account_of(self, path: str, headers: Mapping[str, str]) -> World:
        """The world of the account that asks for *path*: that of the token, at today's API."""
        secret = headers.get("authorization", "").partition(" ")[2].strip()
        return self.world.in_account(self.world.account_of(secret)) if path.startswith(API) else self.world

    def _date(self, response: Response | None) -> None:
        """Say when *response* was sent, by the world's clock, against which clients read its other times."""
        if response is not None:
            response.headers.setdefault("date", formatdate(self.world.now, usegmt=True))

    def _remember(self, asked: RecordedRequest) -> None:
        if len(self.requests) >= REMEMBERED:
            del self.requests[: REMEMBERED // 10]
        self.requests.append(asked)

    def _tick(self) -> None:
        try:
            if self._speed is None:
                self.world.advance(self.step)
            else:
                real, began = self._began
                self.world.run_until(began + (time.monotonic() - real) * self._speed)
        except NotKept:
            # A job that falls due cannot be kept: it stays due, the clock waits for it, and reads go on. What writes
            # raises this by itself.
            pass

    def _room(self, path: str) -> Callable[[World, Request], Response]:
        """What answers requests to *path*."""
        if path.startswith(API):
            return functools.partial(steps.answer, limits=self.limits)
        for start, module in (
            ("/oauth/", "login.pages"),
            ("/alpha/oauth/", "login.pages"),
            ("/alpha/v4/", "gateways.alpha"),
        ):
            if path.startswith(start):
                return _kept(importlib.import_module(f"linode.sandbox.{module}").handle)
        for start, function in registry.mounts().items():
            if path == start or path.startswith(f"{start}/"):
                return _kept(function)
        return _nowhere


def _shown(path: str) -> str:
    """*path*, unless it is an address that the API has given out, for an upload: who knows that needs no token."""
    return next((f"{start}/..." for start in registry.MOUNTS if path.startswith(f"{start}/")), path)


def _status(outcome: Outcome) -> int:
    return 0 if outcome.response is None or outcome.lost is not None else outcome.response.status


def _kept(function: Any) -> Callable[[World, Request], Response]:
    """*function* as one transaction."""

    def run(world: World, request: Request) -> Response:
        world.user = world.token = None
        with world.transaction():
            return cast("Response", function(world, request))

    return run


def _nowhere(_world: World, _request: Request) -> Response:
    return Response(404, steps.HEADERS, b'{"errors":[{"reason":"Not found"}]}')


def received(request: Request, outcome: Outcome, timeout: float | None) -> Response:
    """What a client that waits for *timeout* seconds gets of *outcome*. Raises `TransportError` for nothing."""
    said = f"{request.method} {request.url.partition('?')[0]}: "
    if outcome.lost == "refused":
        raise ConnectionFailedError(f"{said}no connection (the sandbox refused it, as a fault says)")
    if timeout is not None and outcome.delay > timeout:
        raise RequestTimeoutError(f"{said}no answer in time (the sandbox is late, as a fault says)")
    if outcome.response is None or outcome.lost is not None:
        raise TransportError(f"{said}the connection was lost (the sandbox dropped it, as a fault says)")
    answer = outcome.response
    return Response(answer.status, answer.headers) if request.method == "HEAD" else answer


def lasts(outcome: Outcome, timeout: float | None) -> float:
    """For how many seconds a client that waits for *timeout* seconds waits for *outcome*."""
    return outcome.delay if timeout is None else min(outcome.delay, timeout)


class InProcess:
    """A transport that hands requests to a door in the same process. Waiting moves the world's clock."""

    parallel = False

    def __init__(self, gateway: Gateway) -> None:
        self._door = gateway

    def send(self, request: Request, timeout: float | None) -> Response:
        """The door's answer. Raises `TransportError` where a fault says so."""
        outcome = self._door.ask(request)
        self.sleep(lasts(outcome, timeout))
        return received(request, outcome, timeout)

    def now(self) -> float:
        """The world's clock, in seconds."""
        return self._door.world.now

    def sleep(self, seconds: float) -> None:
        """Let *seconds* go by on the world's clock."""
        if seconds > 0:
            self._door.advance(seconds)

    def close(self) -> None:
        """Nothing is held."""
