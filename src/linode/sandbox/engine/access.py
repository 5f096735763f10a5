"""The steps that decide who may do what a request asks for: rate limits, tokens, scopes, grants and locks."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from ..core.kind import record
from ..core.refusals import Refused
from ..core.world import Row, World
from . import hints, locks, routes, user_grants
from .exchange import Exchange
from .scopes import NO_SCOPE, covers

__all__ = [
    "authenticate",
    "check_grants",
    "check_locks",
    "check_named_rows",
    "check_scope",
    "knows_token",
    "limit_rate",
]


def limit_rate(exchange: Exchange) -> None:
    """Refuse a request over the rate limit with 429; a token has its own limit, requests without one share one."""
    if not exchange.limits:
        return
    route = routes.methods_of(exchange.parts).get(exchange.method)
    page = route is not None and route.operation == "list"
    caller = exchange.request.headers.get("authorization", "")
    path = urlsplit(exchange.request.url).path.rstrip("/")
    exchange.allowance = exchange.limits.take(caller, exchange.method, path, exchange.world.now, page=page)
    if exchange.allowance is not None and not exchange.allowance.allowed:
        raise Refused("Too many requests", status=429)


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


def check_named_rows(exchange: Exchange) -> None:
    """Refuse a restricted user whose body refers to an object without a grant with 403."""
    types = exchange.found.types
    found = [each for name, value in exchange.members.items() for each in hints.named_in(value, types[name], name)]
    user_grants.check_named(exchange.world, found, exchange.found.scopes)
