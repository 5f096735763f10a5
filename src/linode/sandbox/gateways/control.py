"""The HTTP interface that controls the sandbox: ``/sandbox/…``, with the sandbox's own token.

::

    GET POST DELETE  /sandbox/faults    list the faults, add one (or an array), remove all
    GET POST DELETE  /sandbox/limits    list the rate limits, add one (before the others), remove all
    GET      DELETE  /sandbox/requests  list the recorded requests, remove them
    GET              /sandbox/coverage  the operations of the API, and whether the sandbox serves them
    GET              /sandbox/refused   the parts of Linode that are not imitated, and how requests for them are refused
    GET              /sandbox/state     the time, and the number of rows of each kind
        POST         /sandbox/advance   {"seconds": 60}: advance the clock
    GET POST         /sandbox/clock     {"speed": 10, "stopped": false, "now": "2026-01-31T12:00"}: set the clock
    GET POST         /sandbox/durations {"linode_boot": 2, "*": 0.05}: seconds by kind of job, a share for all others
        POST         /sandbox/sold-out  {"region": …, "type": …}: make a plan unavailable in a region
        POST         /sandbox/in-stock  {"region": …, "type": …}: make it available again
        POST         /sandbox/log-in    {"url": …, "user": "sandbox", "allow": true}: play the person at login
    GET POST DELETE  /sandbox/recording ?as=python or ?as=seed: the recorded changes; begin to record; end it
    GET              /sandbox/export    the world as a document; ?class=Linode&class=Volume, ?account=…, ?secrets=true
        POST         /sandbox/load      such a document: replace the world by it, or add the part that it has
        POST         /sandbox/seed      the contents of a seed file as JSON: create its objects
        POST         /sandbox/reset     a new world, without faults and requests; the token and the limits are kept
    GET              /sandbox/health    without a token: whether the sandbox serves, and can write its data file

These requests, and those for the page at ``/``, take no time, are not recorded, and are not hit by faults.
"""

from __future__ import annotations

import functools
import hmac
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from linode._http.transport import Request, Response

from ..core import schema
from ..core.refusals import NotSaved, Refused, SandboxError
from ..core.seed import USERNAME
from ..core.world import World
from ..engine import routes
from ..failures.limits import Limit
from ..families.linodes import plan_availability
from ..timing import moment_of
from . import bodies, pages, unsupported
from .front_page import FrontPage

if TYPE_CHECKING:
    from ..sandbox import Sandbox
    from ..state.recording import Recording

__all__ = ["Control"]

C = TypeVar("C", bound=msgspec.Struct)
Answer: TypeAlias = Callable[[Any], Any]
HEALTH = "/sandbox/health"
JSON = {"Content-Type": "application/json"}


class Control:
    """Handles the requests for *sandbox*; each operation takes the body's JSON, a GET its query, and returns JSON."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._pages = FrontPage(sandbox)
        self._recorded: Recording | None = None
        self._operations: dict[str, dict[str, Answer]] = {
            "/sandbox/faults": {"GET": self._faults, "POST": self._add_faults, "DELETE": self._clear_faults},
            "/sandbox/limits": {"GET": self._limits, "POST": self._add_limit, "DELETE": self._clear_limits},
            "/sandbox/requests": {"GET": self._requests, "DELETE": self._clear_requests},
            "/sandbox/state": {"GET": self._state},
            "/sandbox/coverage": {"GET": self._coverage},
            "/sandbox/refused": {"GET": self._refused},
            "/sandbox/advance": {"POST": self._advance},
            "/sandbox/clock": {"GET": self._clock, "POST": self._set_clock},
            "/sandbox/durations": {"GET": self._durations, "POST": self._set_durations},
            "/sandbox/sold-out": {"POST": functools.partial(self._stock, available=False)},
            "/sandbox/in-stock": {"POST": functools.partial(self._stock, available=True)},
            "/sandbox/reset": {"POST": self._reset},
            "/sandbox/log-in": {"POST": self._log_in},
            "/sandbox/recording": {
                "GET": self._recording,
                "POST": self._record,
                "DELETE": self._end_recording,
            },
            "/sandbox/export": {"GET": self._export},
            "/sandbox/load": {"POST": self._load},
            "/sandbox/seed": {"POST": self._seed},
            HEALTH: {"GET": self._health},
        }

    def __call__(self, request: Request) -> Response:
        """The response to *request*: a page for a person, or JSON."""
        request = request._replace(headers={name.lower(): value for name, value in request.headers.items()})
        if urlsplit(request.url).path == "/" and (refused := unsupported.answer(request)) is not None:
            return refused
        return self._pages.answer(request) or pages.page_or_response(request, self._answer(request))

    def _answer(self, request: Request) -> Response:
        try:
            return Response(200, JSON, msgspec.json.encode(self._operate(request)))
        except Refused as no:
            reasons = [{"reason": why, **({"field": name} if name else {})} for why, name in no.reasons]
            return Response(no.status, JSON, msgspec.json.encode({"errors": reasons}))

    def _operate(self, request: Request) -> Any:
        path = urlsplit(request.url).path.rstrip("/")
        if path == HEALTH and request.method in ("GET", "HEAD"):
            return self._health(None)
        own = f"Bearer {self._sandbox.token}"
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), own.encode()):
            raise Refused("These paths need the sandbox's own token", status=401)
        methods = self._operations.get(path)
        if methods is None:
            raise Refused(f"The paths are {', '.join(self._operations)}", status=404)
        if request.method not in methods:
            raise Refused(f"The methods of this path are {', '.join(methods)}", status=405)
        url = urlsplit(request.url)
        asked = parse_qs(url.query) if request.method == "GET" else bodies.decoded(request.body)
        return methods[request.method](asked)

    def _health(self, _body: Any) -> Any:
        try:
            self._sandbox.world.check_file()
        except NotSaved:  # its words name a path of the machine, and anybody may ask
            raise Refused("The sandbox cannot write its data file", status=503) from None
        return {"status": "ok"}

    # -- faults ------------------------------------------------------------------------------------------------------

    def _faults(self, _body: Any) -> Any:
        return {"faults": [bodies.fault_members(fault) for fault in self._sandbox.faults]}

    def _add_faults(self, body: Any) -> Any:
        faults = [bodies.fault(each) for each in (body if isinstance(body, list) else [body])]
        self._sandbox.faults.extend(faults)
        return {"faults": [bodies.fault_members(fault) for fault in faults]}

    def _clear_faults(self, _body: Any) -> Any:
        self._sandbox.faults.clear()
        return {}

    # -- limits ------------------------------------------------------------------------------------------------------

    def _limits(self, _body: Any) -> Any:
        return {"limits": [asdict(limit) for limit in self._sandbox.limits]}

    def _add_limit(self, body: Any) -> Any:
        limit = bodies.create_from(Limit, body)
        self._sandbox.limits.insert(0, limit)
        return asdict(limit)

    def _clear_limits(self, _body: Any) -> Any:
        self._sandbox.limits.clear()
        return {}

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _requests(self, _body: Any) -> Any:
        return {"requests": [request._asdict() for request in self._sandbox.requests]}

    def _clear_requests(self, _body: Any) -> Any:
        self._sandbox.requests.clear()
        return {}

    def _state(self, _body: Any) -> Any:
        sandbox = self._sandbox
        return {
            "now": sandbox.world.stamp(),
            "rows": _rows(sandbox.world),
            "faults": len(sandbox.faults),
            "limits": len(sandbox.limits),
            "requests": len(sandbox.requests),
        }

    def _coverage(self, _body: Any) -> Any:
        found = sorted(routes.all_routes(), key=lambda each: (each.path, each.method))
        return {
            "operations": [
                {"method": each.method, "path": each.path, "served": each.served, "beta": each.beta} for each in found
            ]
        }

    def _refused(self, _body: Any) -> Any:
        return {
            "refused": [
                {"subject": each.subject, "method": each.method, "path": each.path, "reason": each.reason}
                for each in unsupported.REFUSALS
            ],
            "in_api": unsupported.IN_API,
            "without_endpoint": [each.subject for each in unsupported.WITHOUT_ENDPOINT],
        }

    def _advance(self, body: Any) -> Any:
        seconds = bodies.members(body, ["seconds"]).get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 1e9:
            raise Refused("Must be a number of seconds from 0 to 1,000,000,000", field="seconds")
        try:
            self._sandbox.advance(seconds)
        except ValueError as no:
            raise Refused(str(no), field="seconds") from None
        return {"now": self._sandbox.world.stamp()}

    def _clock(self, _body: Any) -> Any:
        sandbox = self._sandbox
        return {"now": sandbox.world.stamp(), "speed": sandbox.speed, "stopped": sandbox.stopped}

    def _set_clock(self, body: Any) -> Any:
        """Change the speed, stop or start the clock, and then move it; nothing happens if a member is invalid."""
        sandbox = self._sandbox
        wanted = _converted(bodies.members(body, ["speed", "stopped", "now"]), ClockSettings)
        moment = None if wanted.now is None else _moment(wanted.now)
        if moment is not None and moment < int(sandbox.world.now):  # the time that is shown has whole seconds
            raise Refused("The time is past, and the clock cannot be set back", field="now")
        speed = sandbox.speed if wanted.speed is msgspec.UNSET else wanted.speed
        stopped = sandbox.stopped if wanted.stopped is None else wanted.stopped
        try:
            sandbox.gateway.set_clock(speed=speed, stopped=stopped)
        except ValueError as no:
            raise Refused(str(no), field="speed") from None
        if moment is not None:
            sandbox.gateway.run_until(moment)
        return self._clock(None)

    def _durations(self, _body: Any) -> Any:
        return {"durations": self._sandbox.durations}

    def _set_durations(self, body: Any) -> Any:
        try:
            self._sandbox.durations = body if isinstance(body, dict) else {"*": body}
        except (TypeError, ValueError) as no:
            raise Refused(str(no)) from None
        return self._durations(None)

    def _stock(self, body: Any, *, available: bool) -> Any:
        members = bodies.members(body, ["region", "type"])
        with self._sandbox.gateway.lock, self._sandbox.world.transaction():
            plan_availability.set_available(
                self._sandbox.world, members.get("region", ""), members.get("type", ""), available=available
            )
        return {}

    def _log_in(self, body: Any) -> Any:
        """Play the person at the login service."""
        wanted = _converted(bodies.members(body, ["url", "user", "allow"]), Login)
        try:
            return {"url": self._sandbox.log_in(wanted.url, wanted.user, allow=wanted.allow)}
        except SandboxError as no:
            raise Refused(str(no)) from None

    def _record(self, _body: Any) -> Any:
        self._recorded = self._sandbox.record()
        return {"changes": 0}

    def _recording(self, query: Any) -> Any:
        """The recording as a script of Python, or as the contents of a seed file."""
        wanted = bodies.members(query, ["as"]).get("as", ["python"])[-1]
        if self._recorded is None:
            raise Refused("Nothing is recorded: begin with POST /sandbox/recording", status=404)
        if wanted not in ("python", "seed"):
            raise Refused("Must be python or seed", field="as")
        try:
            text = self._recorded.script() if wanted == "python" else self._recorded.seed()
        except SandboxError as no:
            raise Refused(str(no)) from None
        return {"changes": len(self._recorded.changes), wanted: text}

    def _end_recording(self, _body: Any) -> Any:
        self._sandbox.gateway.recording = self._recorded = None
        return {}

    def _export(self, query: Any) -> Any:
        """The document of the whole world, or of the part that the query names."""
        wanted = bodies.members(query, ["class", "account", "secrets"])
        secrets = wanted.get("secrets", ["false"])[-1]
        if secrets not in ("true", "false"):
            raise Refused("Must be true or false", field="secrets")
        account = wanted.get("account", [None])[-1]
        try:
            return self._sandbox.export(*wanted.get("class", []), account=account, secrets=secrets == "true")
        except (SandboxError, ValueError) as no:
            raise Refused(str(no)) from None

    def _load(self, body: Any) -> Any:
        try:
            self._sandbox.load(body if isinstance(body, dict) else {})
        except NotSaved:
            raise
        except SandboxError as no:
            raise Refused(str(no)) from None
        return self._state(None)

    def _seed(self, body: Any) -> Any:
        try:
            self._sandbox.seed_from(body if isinstance(body, dict) else {})
        except NotSaved:
            raise
        except SandboxError as no:
            raise Refused(str(no)) from None
        return self._state(None)

    def _reset(self, _body: Any) -> Any:
        self._sandbox.reset()
        return {}


class ClockSettings(msgspec.Struct):
    """Settings of the clock to change; members that are not sent stay as they are."""

    speed: float | msgspec.UnsetType | None = msgspec.UNSET
    stopped: bool | None = None
    now: str | None = None


class Login(msgspec.Struct):
    """A login at the address *url*, which *user* allows or denies."""

    url: str
    user: str = USERNAME
    allow: bool = True


def _converted(members: dict[str, Any], cls: type[C]) -> C:
    try:
        return msgspec.convert(members, cls)
    except msgspec.ValidationError as error:
        raise bodies.refusal(error, cls) from None


def _moment(text: str) -> float:
    """The time *text*, UTC where it names no zone, in seconds since 1970. Raises `Refused`."""
    try:
        return moment_of(datetime.fromisoformat(text))
    except ValueError:
        raise Refused("Must be a time such as 2026-01-31T12:00 (UTC)", field="now") from None


def _rows(world: World) -> dict[str, int]:
    """The number of rows of each kind that has any."""
    counts = {schema.table_of(cls): len(world.read(schema.table_of(cls))) for cls in schema.resources()}
    return {table: count for table, count in sorted(counts.items()) if count}
