"""The steps that process a request to today's API, in one list."""

from __future__ import annotations

from typing import Any

import msgspec

from linode._http.transport import Request, Response
from linode._model import Resource

from ..core import schema
from ..core.kind import record
from ..core.refusals import Refused
from ..core.rows import Rows
from ..core.world import Row, World
from ..failures.limits import Limits
from . import rules, user_grants
from .access import authenticate, check_grants, check_locks, check_named_rows, check_scope, limit_rate
from .exchange import EarlyResponse, Exchange
from .parsing import find_route, find_rows, read_body, read_list, read_url, validate
from .registry import BareArray, Names, Page
from .response_headers import fixed_headers
from .routes import Route

__all__ = ["answer"]


def answer(world: World, request: Request, limits: Limits | None = None) -> Response:
    """The API's response to *request*, whose path begins with ``/v4`` or ``/v4beta``. A refused request is undone."""
    exchange = Exchange(world, request, limits)
    try:
        with world.transaction():
            for step in STEPS:
                step(exchange)
        result, status = exchange.result, 200
    except EarlyResponse as early:
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


def run_operation(exchange: Exchange) -> None:
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
    names = [] if cls is None else list(schema.parents_of(cls))
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
        user_grants.grant_access(exchange.world, row)


def notify(exchange: Exchange) -> None:
    """Add an event of the operation, if the class's record names one."""
    route, kind = exchange.found, exchange.found.kind
    if kind is None or route.operation not in kind.events.notify:
        return
    row = exchange.result if route.operation == "create" else exchange.rows[0]
    prefix = kind.events.prefix or schema.entity_type(row["_kind"])
    exchange.world.events.notify(f"{prefix}_{route.operation}", row)


def shape(exchange: Exchange) -> None:
    """Convert the result to the JSON that the API shows."""
    result, world = exchange.result, exchange.world
    if isinstance(result, Names):
        exchange.result = rules.page_of_names(result, rules.listing(exchange.query, None, Resource))
    elif exchange.listing is not None and not isinstance(result, (dict, Response)):
        rows = user_grants.visible(world, result)
        if isinstance(result, BareArray):
            exchange.result = [_shown(world, row) for row in rules.matching_rows(world, rows, exchange.listing.query)]
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
    run_operation,
    grant,
    notify,
    shape,
)
