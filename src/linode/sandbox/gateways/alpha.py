"""The gateway for the API of 2016: the same world, with the tables of the wire read in the other direction.

A request is translated to one of today's and runs through today's steps, except those for authentication and scopes,
which differed in 2016; its result is translated to a response of 2016. A busy Linode is no reason for a refusal: the
job waits in the Linode's queue, as in 2016. Lists are filtered here, after translation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import msgspec

from linode._http.alpha import Malformed, find, to_today
from linode._http.alpha_tables import Family, Operation
from linode._http.transport import Request, Response
from linode._model import matches
from linode.scopes import OAuthScopes, Scope

from ..core.refusals import NotFound, Refused
from ..core.world import Row, World
from ..engine import access, parsing, steps
from ..engine.exchange import Exchange
from ..engine.scopes import NO_SCOPE
from .alpha_records import Records

__all__ = ["handle"]

ROOT = "/alpha/v4"
PAGE_SIZE = 25
PUBLIC = ("Region", "Image", "Type", "Kernel")
STATUS = {429: 420}
CHOICES: dict[str, tuple[str, Row]] = {
    "/distributions/recommended": ("/distributions", {"deprecated": False}),
    "/stackscripts/mine": ("/stackscripts", {"mine": True}),
    "/services/linode": ("/services", {}),
    "/services/backup": ("/services", {"class": "backup"}),
    "/services/longview": ("/services", {"class": "longview"}),
}
"""Lists that are a selection of another list: the other list, and today's filter for the selection."""
LEVELS = {"GET": "view", "PUT": "modify", "POST": "create", "DELETE": "delete"}
OTHER_LEVELS = {
    "modify": (
        "POST /linodes/{Linode}/boot",
        "POST /linodes/{Linode}/reboot",
        "POST /linodes/{Linode}/shutdown",
        "POST /linodes/{Linode}/disks",
        "POST /linodes/{Linode}/disks/{Disk}/resize",
        "POST /linodes/{Linode}/configs",
        "DELETE /linodes/{Linode}/configs/{Config}",
        "DELETE /zones/{Domain}",
        "DELETE /zones/{Domain}/records/{DomainRecord}",
    ),
    "delete": ("POST /linodes/{Linode}/deploy", "POST /linodes/{Linode}/disks/{Disk}/rootpass"),
}
"""The levels of operations whose level does not follow from their method."""
OPERATORS = {"+ne": "+neq", **{name: name for name in ("+contains", "+gt", "+gte", "+lt", "+lte")}}


def handle(world: World, request: Request) -> Response:
    """The response of the API of 2016 to *request*, at ``/alpha/v4``. A refused request is undone."""
    status = 200
    try:
        with world.transaction():
            answer = _answer(world, request)
    except Refused as no:
        status = STATUS.get(no.status, no.status)
        answer = {"errors": [{**({"field": name} if name else {}), "reason": why} for why, name in no.reasons]}
    return Response(status, {"Content-Type": "application/json"}, msgspec.json.encode(answer))


def _answer(world: World, request: Request) -> Row:
    url = urlsplit(request.url)
    path, choice = CHOICES.get(path := url.path.removeprefix(ROOT).rstrip("/"), (path, {}))
    operation, names = _operation(path, request)
    records = Records(world)
    ids = {kind: records.id(kind, unquote(id)) for kind, id in names.items()}
    _identify(world, request, operation, ids)
    if None in ids.values():
        raise NotFound
    path = operation.today.format_map({kind: quote(str(id), safe="") for kind, id in ids.items()})
    if operation.answer == "page":
        return _page(world, request, records, operation.family, path, choice)
    try:
        result = _today(world, operation.method, path, _body(operation, request, records))
    except Refused as no:
        raise _in_old_words(operation, no) from no
    if operation.answer == "done":
        return {}
    shown = records.shown(operation.family.kind, result)
    return {operation.family.word: shown} if operation.answer == "made" else shown


def _operation(path: str, request: Request) -> tuple[Operation, dict[str, str]]:
    """The operation of the request, and the IDs in its path."""
    methods = find(path, era="alpha")
    if not methods:
        raise NotFound
    if request.method not in methods:
        raise Refused("Method Not Allowed", status=405)
    operation, names = methods[request.method]
    # Some clients set a disk's password with the path that copies the disk.
    if operation.today.endswith("/clone") and "password" in parsing.body_of(request.body):
        return find(f"{path}/rootpass", era="alpha")["POST"]
    return operation, names


def _identify(world: World, request: Request, operation: Operation, ids: Mapping[str, Any]) -> None:
    """Set the current user by the token, and check its scopes. Public operations need no token."""
    world.user = world.token = None
    if operation.family.kind in PUBLIC:
        return
    scheme, _, secret = request.headers.get("authorization", "").strip().partition(" ")
    token = world.identity.find_token(secret.strip()) if scheme.lower() == "token" else None
    user = token and world.find("User", token["_user"])
    if not token or not user:
        if _is_public_script(world, operation, ids):
            return
        raise Refused("Invalid Token", status=401)
    words = f"{operation.method} {operation.alpha}"
    level = next((level for level, those in OTHER_LEVELS.items() if words in those), LEVELS[operation.method])
    if not OAuthScopes(token["scopes"]).covers(Scope(operation.alpha.split("/")[1], level)):
        raise Refused(NO_SCOPE, status=403)
    world.user, world.token = user, token


def _is_public_script(world: World, operation: Operation, ids: Mapping[str, Any]) -> bool:
    """Whether the operation reads a public StackScript."""
    if operation.method != "GET" or (id := ids.get("StackScript")) is None:
        return False
    row = world.find("StackScript", id)
    return row is not None and bool(row["is_public"])


def _today(world: World, method: str, path: str, body: Row | None = None, query: str = "") -> Any:
    """The result of a request to today's API."""
    request = Request(method, f"{world.base_url}/v4{path}{query}", {}, msgspec.json.encode(body))
    exchange = Exchange(world, request)
    world.events.queues_jobs = True
    try:
        for step in steps.STEPS:
            if step not in (access.authenticate, access.check_scope):
                step(exchange)
    finally:
        world.events.queues_jobs = False
    return exchange.result


def _body(operation: Operation, request: Request, records: Records) -> Row:
    """Convert the body of 2016 to today's; nulls are left out of every request but a PUT."""
    sent = parsing.body_of(request.body)
    given = {key: value for key, value in sent.items() if value is not None or operation.method == "PUT"}
    try:
        made = to_today(operation.body, given, records)
    except Malformed as error:
        name = error.member.partition(".")[0]
        raise Refused(f"{name} is not valid", field=name) from error
    return {**made, **(operation.only if "image" in made else {})}


def _in_old_words(operation: Operation, no: Refused) -> Refused:
    """The refusal *no* with the field names of 2016."""
    reasons = []
    for why, field in no.reasons:
        name, old = (field or "").partition(".")[0].partition("[")[0], field
        for member in operation.body if name else ():
            if member.today.startswith(name):
                old = member.alpha.partition(".")[0]
        reasons.append((f"{old}{why.removeprefix(field)}" if field and old and why.startswith(field) else why, old))
    return Refused.all(reasons, status=no.status)


# -- lists -------------------------------------------------------------------------------------------------------------


def _page(world: World, request: Request, records: Records, family: Family, path: str, choice: Row) -> Row:
    number = dict(parse_qsl(urlsplit(request.url).query)).get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < 20 else 0
    if page < 1:
        raise Refused("Must be at least 1", field="page")
    query = _query(family, request.headers.get("x-filter"), records)
    rows = [row for row in _all(world, path) if matches(row, choice) and records.number(family.kind, row["id"])]
    rows.sort(key=lambda row: records.number(family.kind, row["id"]))
    found = [each for row in rows if matches(_flat(family, each := records.shown(family.kind, row)), query)]
    pages = max(-(-len(found) // PAGE_SIZE), 1)
    if page > pages:
        raise NotFound
    part = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return {family.plural: part, "page": page, "total_pages": pages, "total_results": len(found)}


def _all(world: World, path: str) -> list[Row]:
    found: list[Row] = []
    page = {"page": 0, "pages": 1}
    while page["page"] < page["pages"]:
        page = _today(world, "GET", path, query=f"?page={page['page'] + 1}&page_size=500")
        found += page["data"]
    return found


def _flat(family: Family, shown: Row) -> Row:
    """*shown* for filters, with the ID of each related object instead of the object."""
    row = {key: _id_or(value) for key, value in shown.items()}
    if family.kind == "Region":
        # Users filtered by "Newark" as well as by the label "Newark, NJ": the guide of 2016 does both.
        row["label"] = [row["label"], row["label"].partition(",")[0]]
    return row


def _id_or(value: Any) -> Any:
    if isinstance(value, list):
        return [_id_or(each) for each in value]
    return value["id"] if isinstance(value, Mapping) and "id" in value else value


def _query(family: Family, header: str | None, records: Records) -> Row:
    """The filter in the *header*, in the form for `matches`. Raises `Refused`."""
    if not header:
        return {}
    try:
        query = msgspec.json.decode(header, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("Must be a JSON object", field="X-Filter") from None
    return _checked(family, query, records)


def _checked(family: Family, query: Any, records: Records) -> Row:
    if not isinstance(query, dict):
        raise Refused("Must be a JSON object", field="X-Filter")
    made: Row = {}
    for key, wanted in query.items():
        if key in ("+and", "+or"):
            if not isinstance(wanted, list):
                raise Refused(f"{key} must be an array", field="X-Filter")
            made[key] = [_checked(family, each, records) for each in wanted]
        elif key not in family.filterable:
            raise Refused(f"Cannot filter on {key}", field="X-Filter")
        else:
            made[key] = _condition(wanted, records)
    return made


def _condition(wanted: Any, records: Records) -> Any:
    wanted = _id_or(wanted)
    if not isinstance(wanted, dict):
        return records.renamed(wanted)
    if unknown := [name for name in wanted if name not in OPERATORS]:
        raise Refused(f"{unknown[0]} is not an operator", field="X-Filter")
    return {OPERATORS[name]: records.renamed(_id_or(each)) for name, each in wanted.items()}
