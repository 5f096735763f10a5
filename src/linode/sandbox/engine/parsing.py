"""The steps that read a request: its operation, the rows in its path, and its members."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from linode._http.transport import Response

from ..core import schema
from ..core.kind import Operations, record
from ..core.refusals import NotFound, Refused
from ..core.world import Row
from . import bodies, checks, hints, routes, rules
from .exchange import EarlyResponse, Exchange
from .registry import HOOKS
from .route import Route

__all__ = ["body_of", "find_route", "find_rows", "read_body", "read_list", "read_url", "validate"]


def read_url(exchange: Exchange) -> None:
    """Parse the URL."""
    url = urlsplit(exchange.request.url)
    version, _, rest = url.path.lstrip("/").partition("/")
    exchange.beta = exchange.world.beta = version == "v4beta"
    exchange.parts = routes.parts_of(f"/{rest}".rstrip("/"))
    exchange.query = dict(parse_qsl(url.query, keep_blank_values=True)) if url.query else {}
    exchange.method = "GET" if exchange.request.method == "HEAD" else exchange.request.method


def find_route(exchange: Exchange) -> None:
    """Find the operation: 404 for an unknown path, 405 for an unknown method, 501 if it is not implemented."""
    methods = routes.methods_of(exchange.parts)
    methods = {name: route for name, route in methods.items() if exchange.beta or not route.beta}
    if not methods:
        raise NotFound
    if exchange.method == "OPTIONS":
        raise EarlyResponse(Response(200, {"Allow": ", ".join(("HEAD", "OPTIONS", *methods))}, b"{}"))
    if exchange.method not in methods:
        raise Refused("Method Not Allowed", status=405)
    exchange.route = methods[exchange.method]
    if not exchange.route.served:
        raise _not_offered(exchange.route)
    exchange.accepted = " ".join(exchange.route.scopes) or "*"
    exchange.names = routes.find(exchange.route, exchange.parts)


def _not_offered(route: Route) -> Refused:
    return Refused(f"The sandbox does not implement {route.method} {route.path}.", status=501)  # own words


def find_rows(exchange: Exchange) -> None:
    """Find the rows of the path; 404 if one does not exist."""
    cls = exchange.found.cls
    if cls is None:
        return
    _resolve_alias(exchange)
    found: list[Row] = []
    for kind, name in reversed([(cls, cls.id_key), *((each, name) for name, each in schema.parents_of(cls).items())]):
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
        for name, parent in schema.parents_of(cls).items():
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


def read_body(exchange: Exchange) -> None:
    """Read the members: those of the body, or of a GET's query, and those in the path.

    The body of an operation without members is not read: the vendor's web client sends a bare word there.
    """
    found: Row = dict(exchange.query)
    if (content := exchange.found.raw) is not None:
        found = {content: exchange.request.body or b""}
    elif exchange.method in ("POST", "PUT") and exchange.found.types.keys() - exchange.names.keys():
        found = body_of(exchange.request.body)
        if (whole := exchange.found.whole) is not None:
            found = {whole: found}
    exchange.members = {**found, **exchange.names}


def body_of(content: bytes | None) -> Row:
    """The members in the *content* of a body; none if there is none. Raises `Refused` if it is no JSON object."""
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
    gone = {} if route.kind is None else route.kind.refusals.gone
    rules.refuse_for([(reason, name) for name, reason in gone.items() if name in exchange.members])
    members = {name: value for name, value in exchange.members.items() if name in types}
    for name in members.keys() & (exchange.query.keys() | exchange.names.keys()):
        members[name] = hints.from_text(members[name], types[name])
        if name in exchange.names and hints.arms(types[name]) == [int] and not isinstance(members[name], int):
            raise NotFound  # a path with a word for a number is another path
    same: set[str] = set()
    if route.operation == "update" and exchange.rows:  # a member that is sent back unchanged is not checked
        same = {name for name, value in members.items() if exchange.rows[0].get(name) == value}
    # Clients in other languages send null for missing members; in an update it may be intended.
    operations = Operations() if route.kind is None else route.kind.operations
    left = operations.left_by_null if route.operation == "update" else ()
    members = bodies.significant_members(
        members, types, every=route.operation != "update", whole=operations.whole, left_by_null=left
    )
    checked = {name: value for name, value in members.items() if name not in same}
    unchecked = route.behaviour.unchecked if route.behaviour is not None else ()
    required = [name for name in route.required if name not in unchecked]
    rules.refuse_for(checks.check(world, checked, types, required, unchecked))
    exchange.members = members
