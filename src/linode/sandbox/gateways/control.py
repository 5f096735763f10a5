"""What is asked of the sandbox itself, over HTTP: ``/sandbox/…``, with the sandbox's own token.

::

    GET POST DELETE  /sandbox/faults    what goes wrong: all, one more (or an array of them), none any more
    GET POST DELETE  /sandbox/limits    the rate limits: all, one more (before the others), none any more
    GET      DELETE  /sandbox/requests  what has been asked: all of it; forget it
    GET              /sandbox/state     the time, and how many rows of each kind there are
        POST         /sandbox/advance   {"seconds": 60}: let time go by
        POST         /sandbox/sold-out  {"region": …, "type": …}: that plan cannot be had there
        POST         /sandbox/in-stock  {"region": …, "type": …}: it can
        POST         /sandbox/reset     a new world: no rows, faults or requests; the token, and the limits, stay

None of this takes time, is remembered, or meets a fault.
"""

from __future__ import annotations

import difflib
import functools
import hmac
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

import msgspec

from linode._http.transport import Request, Response

from ..core import kinds
from ..core.refusals import Refused
from ..core.world import World
from ..engine import routes
from ..failures.faults import Fault
from ..failures.limits import Limit
from ..families.linodes import stock

if TYPE_CHECKING:
    from ..sandbox import Sandbox

__all__ = ["Control"]

T = TypeVar("T", Fault, Limit)
Operation: TypeAlias = Callable[[Any], Any]
JSON = {"Content-Type": "application/json"}


class Control:
    """Answers for *sandbox*; each deed takes the body's JSON and returns the answer's."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._deeds: dict[str, dict[str, Operation]] = {
            "/sandbox/faults": {"GET": self._faults, "POST": self._add_faults, "DELETE": self._clear_faults},
            "/sandbox/limits": {"GET": self._limits, "POST": self._add_limit, "DELETE": self._clear_limits},
            "/sandbox/requests": {"GET": self._requests, "DELETE": self._clear_requests},
            "/sandbox/state": {"GET": self._state},
            "/sandbox/coverage": {"GET": self._coverage},
            "/sandbox/advance": {"POST": self._advance},
            "/sandbox/sold-out": {"POST": functools.partial(self._stock, available=False)},
            "/sandbox/in-stock": {"POST": functools.partial(self._stock, available=True)},
            "/sandbox/reset": {"POST": self._reset},
        }

    def __call__(self, request: Request) -> Response:
        """The answer to *request*."""
        try:
            return Response(200, JSON, msgspec.json.encode(self._answer(request)))
        except Refused as no:
            reasons = [{"reason": why, **({"field": name} if name else {})} for why, name in no.reasons]
            return Response(no.status, JSON, msgspec.json.encode({"errors": reasons}))

    def _answer(self, request: Request) -> Any:
        headers = {name.lower(): value for name, value in request.headers.items()}
        own = f"Bearer {self._sandbox.token}"
        if not hmac.compare_digest(headers.get("authorization", "").encode(), own.encode()):
            raise Refused("The sandbox's own token is needed here", status=401)
        deeds = self._deeds.get(urlsplit(request.url).path.rstrip("/"))
        if deeds is None:
            raise Refused(f"The sandbox has {', '.join(self._deeds)}", status=404)
        if request.method not in deeds:
            raise Refused(f"This takes {', '.join(deeds)}", status=405)
        return deeds[request.method](_json(request.body))

    # -- faults ------------------------------------------------------------------------------------------------------

    def _faults(self, _body: Any) -> Any:
        return {"faults": [_shown(fault) for fault in self._sandbox.faults]}

    def _add_faults(self, body: Any) -> Any:
        faults = [_fault(each) for each in (body if isinstance(body, list) else [body])]
        self._sandbox.faults.extend(faults)
        return {"faults": [_shown(fault) for fault in faults]}

    def _clear_faults(self, _body: Any) -> Any:
        self._sandbox.faults.clear()
        return {}

    # -- limits ------------------------------------------------------------------------------------------------------

    def _limits(self, _body: Any) -> Any:
        return {"limits": [asdict(limit) for limit in self._sandbox.limits]}

    def _add_limit(self, body: Any) -> Any:
        limit = _made(Limit, body)
        self._sandbox.limits.insert(0, limit)
        return asdict(limit)

    def _clear_limits(self, _body: Any) -> Any:
        self._sandbox.limits.clear()
        return {}

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _requests(self, _body: Any) -> Any:
        return {"requests": [asked._asdict() for asked in self._sandbox.requests]}

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
        found = sorted(routes.routes(), key=lambda each: (each.path, each.method))
        return {
            "operations": [
                {"method": each.method, "path": each.path, "served": each.served, "beta": each.beta} for each in found
            ]
        }

    def _advance(self, body: Any) -> Any:
        seconds = _members(body, ["seconds"]).get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 1e9:
            raise Refused("Must be a number of seconds, at least 0", field="seconds")
        try:
            self._sandbox.advance(seconds)
        except ValueError as no:
            raise Refused(str(no), field="seconds") from None
        return {"now": self._sandbox.world.stamp()}

    def _stock(self, body: Any, *, available: bool) -> Any:
        members = _members(body, ["region", "type"])
        with self._sandbox.gateway.lock, self._sandbox.world.transaction():
            stock.set_available(
                self._sandbox.world, members.get("region", ""), members.get("type", ""), available=available
            )
        return {}

    def _reset(self, _body: Any) -> Any:
        self._sandbox.reset()
        return {}


def _json(content: bytes | None) -> Any:
    if not content or not content.strip():
        return {}
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("The request body is not valid JSON") from None


def _members(body: Any, known: list[str]) -> dict[str, Any]:
    """The members of *body*, all of which are *known*. Raises `Refused`."""
    if not isinstance(body, dict):
        raise Refused("The request body must be a JSON object")
    for name in body.keys() - known:
        near = difflib.get_close_matches(name, known, 1) or known
        raise Refused(f"Not known here; there is {', '.join(near)}", field=name)
    return dict(body)


def _made(cls: type[T], body: Any) -> T:
    """The fault or limit that *body* describes. Raises `Refused`."""
    members = _members(body, [each.name for each in fields(cls) if each.init])
    if isinstance(text := members.get("content"), str):
        members["content"] = text.encode()
    try:
        return msgspec.convert(members, cls, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        raise Refused(str(error)) from error


def _fault(body: Any) -> Fault:
    """The fault that *body* describes, which may name what is ``refusal``. Raises `Refused`."""
    if not isinstance(body, dict) or "refusal" not in body:
        return _made(Fault, body)
    why: Any = str(body["refusal"])
    try:
        named = Fault.refusal(why)
    except ValueError as error:
        raise Refused(str(error), field="refusal") from error
    given = {name: value for name, value in body.items() if name != "refusal"}
    members = ("method", "path", "status", "reason")
    return _made(Fault, {**{name: getattr(named, name) for name in members}, **given})


def _shown(fault: Fault) -> dict[str, Any]:
    content = fault.content
    return {**asdict(fault), "content": None if content is None else content.decode("utf-8", "replace")}


def _rows(world: World) -> dict[str, int]:
    """How many rows there are of each kind that has any."""
    counts = {kinds.table_of(cls): len(world.read(kinds.table_of(cls))) for cls in kinds.resources()}
    return {table: count for table, count in sorted(counts.items()) if count}
