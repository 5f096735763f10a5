"""The steps that process a request to today's API, in one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from linode._http.transport import Request, Response
from linode._model import Resource

from ..core import kinds
from ..core.kind import record
from ..core.refusals import NotFound, Refused
from ..core.rows import Rows
from ..core.world import Row, World
from ..failures.limits import Allowance, Limits
from . import bodies, checks, locks, routes, rules, user_grants
from .registry import HOOKS, BareArray, Names, Page
from .response_headers import fixed_headers
from .routes import Route
from .scopes import NO_SCOPE, covers

__all__ = ["answer"]


@dataclass
class Exchange:
    """A request, and the results of the steps so far."""

    world: World
    request: Request
    limits: Limits | None = None
    method: str = ""
    beta: bool = False
    parts: tuple[str, ...] = ()
    query: dict[str, str] = field(default_factory=dict)
    route: Route | None = None
    names: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    """The path's row, and those of its parents, nearest first."""
    members: Row = field(default_factory=dict)
    listing: rules.Listing | None = None
    result: Any = None
    scopes: str = "unknown"
    accepted: str = "*"
    allowance: Allowance | None = None

    @property
    def found(self) -> Route:
        """The route, which an earlier step has found."""
        if self.route is None:
            raise LookupError("find_route has not run yet")
        return self.route


class _Answered(Exception):
    """Ends the steps early with a response."""


def answer(world: World, request: Request, limits: Limits | None = None) -> Response:
    """The API's response to *request*, whose path begins with ``/v4`` or ``/v4beta``. A refused request is undone."""
    exchange = Exchange(world, request, limits)
    try:
        with world.transaction():
            for step in STEPS:
                step(exchange)
        result, status = exchange.result, 200
    except _Answered as early:
        result, status = early.args[0], 200
    except Refused as no:
        result, status = _errors(no), no.status
    if isinstance(result, Response):
        return Response(result.status, {**_headers(exchange, result.status), **result.headers}, result.content)
    return Response(status, _headers(exchange, status), msgspec.json.encode(result))


def _errors(no: Refused) -> Row:
    return {"errors": [{"reason": why, **({"field": name} if name else {})} for why, name in no.reasons]}


def _headers(exchange: Exchange, status: int) -> dict[str, str]:
    own = {"X-Oauth-Scopes": exchange.scopes, "X-Accepted-Oauth-Scopes": exchange.accepted}
    if exchange.allowance is not None:
        own |= exchange.allowance.headers(exchange.world.now)
    account = exchange.world.read("_Account")
    return {
        **fixed_headers(status, _max_age(exchange.route)),
        **own,
        **({"X-Customer-Uuid": account[0]["euuid"]} if account else {}),
    }


def _max_age(route: Route | None) -> int:
    """The seconds for which clients may keep the response of *route*."""
    return 0 if route is None or route.operation != "list" or route.about is None else record(route.about).lists.max_age


# -- the steps -------------------------------------------------------------------------------------------------------


def read_url(exchange: Exchange) -> None:
    """Parse the URL."""
    url = urlsplit(exchange.request.url)
    version, _, rest = url.path.lstrip("/").partition("/")
    exchange.beta = exchange.world.beta = version == "v4beta"
    exchange.parts = routes.parts_of(f"/{rest}".rstrip("/"))
    exchange.query = dict(parse_qsl(url.query, keep_blank_values=True))
    exchange.method = "GET" if exchange.request.method == "HEAD" else exchange.request.method


def limit_rate(exchange: Exchange) -> None:
    """Refuse a request over the rate limit with 429; a token has its own limit, requests without one share one."""
    if exchange.limits is None:
        return
    route = routes.methods_of(exchange.parts).get(exchange.method)
    page = route is not None and route.operation == "list"
    caller = exchange.request.headers.get("authorization", "")
    path = urlsplit(exchange.request.url).path.rstrip("/")
    exchange.allowance = exchange.limits.take(caller, exchange.method, path, exchange.world.now, page=page)
    if exchange.allowance is not None and not exchange.allowance.allowed:
        raise Refused("Too many requests", status=429)


def find_route(exchange: Exchange) -> None:
    """Find the operation: 404 for an unknown path, 405 for an unknown method, 501 if it is not implemented."""
    methods = routes.methods_of(exchange.parts)
    methods = {name: route for name, route in methods.items() if exchange.beta or not route.beta}
    if not methods:
        raise NotFound
    if exchange.method == "OPTIONS":
        raise _Answered(Response(200, {"Allow": ", ".join(("HEAD", "OPTIONS", *methods))}, b"{}"))
    if exchange.method not in methods:
        raise Refused("Method Not Allowed", status=405)
    exchange.route = methods[exchange.method]
    if not exchange.route.served:
        raise _not_offered(exchange.route)
    exchange.accepted = " ".join(exchange.route.scopes) or "*"
    exchange.names = routes.find(exchange.route, exchange.parts)


def _not_offered(route: Route) -> Refused:
    return Refused(f"The sandbox does not implement {route.method} {route.path}.", status=501)  # own words


def knows_token(world: World, headers: Mapping[str, str]) -> bool:
    """Whether a request with *headers* (names in lower case) has a valid token."""
    return _token(world, headers) is not None


def _token(world: World, headers: Mapping[str, str]) -> Row | None:
    scheme, _, secret = headers.get("authorization", "").strip().partition(" ")
    return world.identity.find_token(secret.strip()) if scheme.lower() == "bearer" else None


def authenticate(exchange: Exchange) -> None:
    """Set the current user by the token. Public operations need none, and accept an invalid one."""
    world = exchange.world
    world.user = world.token = None
    token = _token(world, exchange.request.headers)
    user = token and world.find("User", token["_user"])
    if not token or not user:
        if not exchange.found.public:
            raise Refused("Invalid Token", status=401)
        return
    world.token, world.user = token, user
    exchange.scopes = token["scopes"]


def check_scope(exchange: Exchange) -> None:
    """Refuse a token that lacks the scope with 401."""
    token = exchange.world.token
    if token is not None and not covers(token["scopes"], exchange.found.scopes):
        raise Refused(NO_SCOPE, status=401)


def find_rows(exchange: Exchange) -> None:
    """Find the rows of the path; 404 if one does not exist."""
    cls = exchange.found.cls
    if cls is None:
        return
    _resolve_alias(exchange)
    found: list[Row] = []
    for kind, name in reversed([(cls, cls.id_key), *((each, name) for name, each in kinds.parents_of(cls).items())]):
        if name is not None:
            found.insert(0, _row(exchange, kind, name, found))
    exchange.rows = found


def _resolve_alias(exchange: Exchange) -> None:
    """Replace an alias of the parent, in the path of an object or of the parent's list, by the parent's ID."""
    route, names = exchange.found, exchange.names
    for cls in filter(None, (route.about, route.target)):
        alias = record(cls).storage.parent_alias
        if alias is None:
            continue
        for name, parent in kinds.parents_of(cls).items():
            key = (route.cls.id_key or "") if route.cls is not None and route.cls is parent else name
            if key in names:
                names[key] = alias(exchange.world, names[key])


def _row(exchange: Exchange, kind: Any, name: str, above: list[Row]) -> Row:
    id, finder = exchange.names.pop(name), HOOKS.get(("find", kind.__name__))
    if finder is not None:
        found: Row = finder.run(exchange.world, id)
        return found
    row = exchange.world.find(kind, id, *above)
    if row is None:
        raise NotFound(record(exchange.found.about).refusals.missing)
    return row


def check_grants(exchange: Exchange) -> None:
    """Refuse a restricted user who lacks the grant with 403, and operations that the account does not have."""
    route = exchange.found
    user_grants.check_access(exchange.world, route.access, exchange.method)
    requires = None if route.about is None else record(route.about).access.requires
    if requires is not None:
        requires(exchange.world)
    user_grants.check(exchange.world, route.about, exchange.method, exchange.rows, makes=route.makes)


def check_locks(exchange: Exchange) -> None:
    """Refuse what a lock forbids."""
    locks.check(exchange.found, exchange.rows)


def read_body(exchange: Exchange) -> None:
    """Read the members: those of the body, or of a GET's query, and those in the path."""
    found: Row = dict(exchange.query)
    if (content := exchange.found.raw) is not None:
        found = {content: exchange.request.body or b""}
    elif exchange.method in ("POST", "PUT"):
        found = _body(exchange.request.body)
        if (whole := exchange.found.whole) is not None:
            found = {whole: found}
    exchange.members = {**found, **exchange.names}


def _body(content: bytes | None) -> Row:
    if not content or not content.strip():
        return {}
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("The request body is not valid JSON") from None  # own words
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Refused("The request body must be a JSON object")  # own words
    return found


def read_list(exchange: Exchange) -> None:
    """Read the page and the filter of a list."""
    route = exchange.found
    if route.operation == "list" and route.target is not None:
        exchange.listing = rules.listing(exchange.query, exchange.request.headers.get("x-filter"), route.target)


def validate(exchange: Exchange) -> None:
    """Drop what does not count of the members, and check the rest against their declarations."""
    route, world = exchange.found, exchange.world
    if route.operation not in ("create", "update", "verb"):
        exchange.members = {}
        return
    types = route.types
    members = {name: value for name, value in exchange.members.items() if name in types}
    for name in members.keys() & (exchange.query.keys() | exchange.names.keys()):
        members[name] = checks.from_text(members[name], types[name])
    same: set[str] = set()
    if route.operation == "update" and exchange.rows:  # a member that is sent back unchanged is not checked
        same = {name for name, value in members.items() if exchange.rows[0].get(name) == value}
    # Clients in other languages send null for missing members; in an update it may be intended.
    whole = route.kind.operations.whole if route.kind is not None else ()
    members = bodies.counted(members, types, every=route.operation != "update", whole=whole)
    checked = {name: value for name, value in members.items() if name not in same}
    unchecked = route.behaviour.unchecked if route.behaviour is not None else ()
    required = [name for name in route.required if name not in unchecked]
    rules.reasons_or_none(checks.check(world, checked, types, required, unchecked))
    exchange.members = members


def check_named_rows(exchange: Exchange) -> None:
    """Refuse a restricted user whose body refers to an object without a grant with 403."""
    types = exchange.found.types
    found = [each for name, value in exchange.members.items() for each in checks.named_in(value, types[name], name)]
    user_grants.check_named(exchange.world, found, exchange.found.scopes)


def behave(exchange: Exchange) -> None:
    """Run the operation: the registered behaviour, or the generic rule that the class's record allows."""
    route, world, behaviour = exchange.found, exchange.world, exchange.found.behaviour
    row = exchange.rows[0] if exchange.rows else None
    if behaviour is None:
        exchange.result = _generic(exchange)
    else:
        above = dict(zip(_above(route.cls), exchange.rows[1:], strict=False))
        parents = {name: each for name, each in above.items() if name in behaviour.parents}
        exchange.result = behaviour.run(world, *exchange.rows[:1], **exchange.members, **parents)
        if exchange.result is None and route.operation == "update":
            exchange.result = row


def _above(cls: type[Resource] | None) -> list[str]:
    """The names of the parents of the first row of a path to *cls*; if *cls* has no ID, that row is its parent."""
    names = [] if cls is None else list(kinds.parents_of(cls))
    return names[1:] if cls is not None and cls.id_key is None else names


def _generic(exchange: Exchange) -> Any:
    route, world, rows, kind = exchange.found, exchange.world, exchange.rows, exchange.found.kind
    if route.operation == "list" and route.target is not None:
        return world.read(route.target, *rows[:1])
    if route.operation == "create" and route.target is not None:
        return rules.create(world, route.target, *rows, **exchange.members)
    if route.operation == "update" and kind is not None and rows:
        return rules.update_one(world, kind.of, rows[0], **exchange.members)
    row = world.only(kind.of, rows[0]) if kind is not None and kind.storage.single else rows[0]
    return world.remove(row) if route.operation == "delete" else row


def grant(exchange: Exchange) -> None:
    """Grant a restricted user access to the object that the request has created."""
    route, row = exchange.found, exchange.result
    if (route.operation == "create" or route.makes) and isinstance(row, dict) and "_kind" in row:
        user_grants.keep(exchange.world, row)


def notify(exchange: Exchange) -> None:
    """Add an event of the operation, if the class's record names one."""
    route, kind = exchange.found, exchange.found.kind
    if kind is None or route.operation not in kind.entity.notify:
        return
    row = exchange.result if route.operation == "create" else exchange.rows[0]
    exchange.world.events.notify(f"{kinds.entity_type(row['_kind'])}_{route.operation}", row)


def shape(exchange: Exchange) -> None:
    """Convert the result to the JSON that the API shows."""
    result, world = exchange.result, exchange.world
    if isinstance(result, Names):
        exchange.result = rules.page_of_names(result, rules.listing(exchange.query, None, Resource))
    elif exchange.listing is not None and not isinstance(result, (dict, Response)):
        rows = user_grants.visible(world, result)
        if isinstance(result, BareArray):
            exchange.result = [_shown(world, row) for row in rules.chosen(world, rows, exchange.listing.query)]
        else:
            exchange.result = rules.page(world, rows, exchange.listing, exchange.found.target)
    elif isinstance(result, Page):
        exchange.result = {"data": _shown(world, result), "page": 1, "pages": 1, "results": len(result)}
    elif not isinstance(result, Response):
        exchange.result = {} if result is None else _shown(world, result)


def _shown(world: World, value: Any) -> Any:
    """*value* with every row in the form that the API shows."""
    if isinstance(value, dict):
        if "_kind" in value:
            return rules.show(world, value)
        return {key: _shown(world, each) for key, each in value.items()}
    if isinstance(value, (list, tuple, Rows)):
        return [_shown(world, each) for each in value]
    return value


STEPS = (
    read_url,
    limit_rate,
    find_route,
    authenticate,
    check_scope,
    find_rows,
    check_grants,
    check_locks,
    read_body,
    read_list,
    validate,
    check_named_rows,
    behave,
    grant,
    notify,
    shape,
)
