"""Contents of a world from a seed file: accounts, users and objects in the words of the API's requests."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from linode._http.transport import Request

from ..core import schema
from ..core.durations import Durations
from ..core.kind import KINDS
from ..core.schema import Row
from ..core.world import World
from ..engine import routes, steps
from ..families.account import other_accounts
from .references import UnknownLabel, find, resolve, suggestion
from .seed_files import Place, Source

if TYPE_CHECKING:
    from ..engine.routes import Route

__all__ = ["SECTIONS", "apply_seed"]

SECTIONS = {
    "users": "/account/users",
    "oauth_clients": "/account/oauth-clients",
    "sshkeys": "/profile/sshkeys",
    "stackscripts": "/linode/stackscripts",
    "firewall_rulesets": "/networking/firewalls/rulesets",
    "placement_groups": "/placement/groups",
    "vpcs": "/vpcs",
    "reserved_ips": "/networking/reserved/ips",
    "linodes": "/linode/instances",
    "volumes": "/volumes",
    "firewalls": "/networking/firewalls",
    "nodebalancers": "/nodebalancers",
    "domains": "/domains",
    "images": "/images",
    "lke_clusters": "/lke/clusters",
    "mysql_databases": "/databases/mysql/instances",
    "postgresql_databases": "/databases/postgresql/instances",
    "valkey_databases": "/databases/valkey/instances",
    "buckets": "/object-storage/buckets",
    "object_storage_keys": "/object-storage/keys",
    "nfs_spaces": "/nfs/spaces",
    "longview_clients": "/longview/clients",
    "managed_contacts": "/managed/contacts",
    "managed_credentials": "/managed/credentials",
    "managed_services": "/managed/services",
    "support_tickets": "/support/tickets",
}
"""The lists of a seed file, in the order of creation, and where their objects are created."""
CHANGED = {"account": "/account", "account_settings": "/account/settings", "profile": "/profile"}
"""The members that change what is there."""
ACCOUNTS = "accounts"
STATES = ("running", "offline")
BUSY = ("scheduled", "started")
STEP, MAX_STEPS = 0.01, 10_000
"""Seconds of a step, and the most steps, in which the jobs of a seed end."""


class PendingObject(NamedTuple):
    """An object to create by *route*, below the object whose path is *above*."""

    route: Route
    body: Any
    place: Place
    above: str


def apply_seed(world: World, token: str, source: Source) -> None:
    """Create what is in *source*, and let its jobs end. Raises `SeedError`; the caller undoes what was created."""
    durations, world.durations = world.durations, Durations(1e-6)
    try:
        _account(world, token, source, source.contents, ())
        for _ in range(MAX_STEPS):
            if not any(each.read("Event", status=status) for each in world.accounts() for status in BUSY):
                break
            world.advance(STEP)
    finally:
        world.durations = durations


def _account(world: World, token: str, source: Source, contents: Any, place: Place) -> None:
    """Create the *contents* of one account."""
    if contents is None:
        return
    known = {*SECTIONS, *CHANGED, *((ACCOUNTS,) if not place else ("company", "child"))}
    for name in _mapping(source, contents, place):
        if name not in known:
            raise source.error((*place, name), f"a seed file has no such list{suggestion(name, known)}")
    seeder = Seeder(world, token, source)
    for name, path in CHANGED.items():
        if name in contents:
            seeder.change(path, contents[name], (*place, name))
    waiting = deque(
        PendingObject(_route(SECTIONS[name]), each, (*place, name, at), "")
        for name in SECTIONS
        for at, each in enumerate(_list(source, contents.get(name), (*place, name)))
    )
    seeder.create_all(waiting)
    for at, each in enumerate(_list(source, contents.get("users"), (*place, "users"))):
        if "grants" in each:
            seeder.grant(each, (*place, "users", at, "grants"))
    for at, each in enumerate(_list(source, contents.get(ACCOUNTS), (ACCOUNTS,))):
        where = (ACCOUNTS, at)
        company = _mapping(source, each, where).get("company")
        if not isinstance(company, str) or not isinstance(each.get("child", False), bool):
            raise source.error(where, "an account has a company, a text, and may have child, true or false")
        with world.transaction():
            made = other_accounts.open_account(world, company, child=each.get("child", False))
        other = world.in_account(world.identity.account_of(made))
        _account(other, made, source, each, where)


class Seeder:
    """Creates objects of the account *world* by requests with *token*."""

    def __init__(self, world: World, token: str, source: Source) -> None:
        self._world, self._token, self._source = world, token, source

    def create_all(self, waiting: deque[PendingObject]) -> None:
        """Create all objects: one that refers to a later one is created after it."""
        put_off: list[tuple[PendingObject, UnknownLabel]] = []
        while waiting:
            wanted = waiting.popleft()
            try:
                waiting.extendleft(reversed([*self._create(wanted)]))
            except UnknownLabel as error:
                put_off.append((wanted, error))
            else:
                waiting.extend(each for each, _ in put_off)
                put_off.clear()
        if put_off:
            raise put_off[0][1]

    def _create(self, wanted: PendingObject) -> Iterator[PendingObject]:
        """Create an object; returns those below it."""
        body = dict(_mapping(self._source, wanted.body, wanted.place))
        below = {
            name: body.pop(name) for name in _below(wanted.route) if name in body and name not in wanted.route.types
        }
        if wanted.route.path == SECTIONS["users"]:
            body.pop("grants", None)
        if wanted.route.path == SECTIONS["linodes"]:
            self._set_state(body, wanted.place)
        row = self._send("POST", wanted.route, f"{wanted.above}{_tail(wanted.route)}", body, wanted.place)
        made = row.get("image", row) if wanted.route.path == SECTIONS["images"] else row
        path = f"{wanted.above}{_tail(wanted.route)}/{made.get(schema.id_key(_target(wanted.route)))}"
        for name, each in below.items():
            for at, one in enumerate(_list(self._source, each, (*wanted.place, name))):
                yield PendingObject(_below(wanted.route)[name], one, (*wanted.place, name, at), path)

    def _set_state(self, body: Row, place: Place) -> None:
        """Turn the ``status`` of a Linode into an option of its creation, and make up a password."""
        image = body.get("image") is not None
        status = body.pop("status", "running" if image and body.get("booted", True) else "offline")
        if status not in STATES:
            raise self._source.error((*place, "status"), f"must be {' or '.join(STATES)}, not {status!r}")
        if status == "running" and not image:
            raise self._source.error((*place, "status"), "a Linode without an image cannot be running")
        if image:
            body["booted"] = status == "running"
            if not body.keys() & {"root_pass", "authorized_keys", "authorized_users"}:
                body["root_pass"] = f"Aa-{self._world.hex(32)}"

    def change(self, path: str, body: Any, place: Place) -> None:
        """Change the object at *path*."""
        self._send(
            "PUT", routes.methods_of(routes.parts_of(path))["PUT"], path, _mapping(self._source, body, place), place
        )

    def grant(self, user: Mapping[str, Any], place: Place) -> None:
        """Set the grants of *user*, in which an ``id`` may be a label."""
        grants = dict(_mapping(self._source, user["grants"], place))
        for name, entries in grants.items():
            cls = next((each.of for each in KINDS.values() if each.grant.type == name), None)
            if cls is None or isinstance(cls, str):
                continue
            grants[name] = [
                {**each, "id": find(self._world, self._source, cls, each["id"], (*place, name, at, "id"))}
                if isinstance(each, dict) and isinstance(each.get("id"), str)
                else each
                for at, each in enumerate(_list(self._source, entries, (*place, name)))
            ]
        path = f"/account/users/{user['username']}/grants"
        self._send("PUT", routes.methods_of(routes.parts_of(path))["PUT"], path, grants, place)

    def _send(self, method: str, route: Route, path: str, body: Mapping[str, Any], place: Place) -> Row:
        """Send the request; returns the object in the response. Raises `SeedError`."""
        known = {*route.types, *_below(route)} | ({"status"} if route.path == SECTIONS["linodes"] else set())
        for name in body:
            if name not in route.types:
                known |= {"grants"} if route.path == SECTIONS["users"] else set()
                raise self._source.error(
                    (*place, name), f"{method} {route.path} has no such member{suggestion(name, known)}"
                )
        body = self._source.variables(dict(body), place)
        body = {
            name: resolve(self._world, self._source, value, route.types[name], (*place, name))
            for name, value in body.items()
        }
        headers = {"authorization": f"Bearer {self._token}"}
        request = Request(method, f"http://sandbox/v4beta{path}", headers, msgspec.json.encode(body))
        response = steps.answer(self._world, request)
        answer: Row = msgspec.json.decode(response.content)
        if response.status != 200:
            self._refuse(answer, place)
        return answer

    def _refuse(self, answer: Row, place: Place) -> None:
        reason = answer["errors"][0]
        field = [int(each) if each.isdecimal() else each for each in _parts(reason.get("field") or "")]
        raise self._source.error((*place, *field), reason["reason"])


def _parts(field: str) -> list[str]:
    return [each for each in field.replace("[", ".").replace("]", "").split(".") if each]


def _route(path: str) -> Route:
    return routes.methods_of(routes.parts_of(path))["POST"]


def _target(route: Route) -> Any:
    if route.target is None:
        raise LookupError(f"{route.method} {route.path} creates no object")
    return route.target


def _tail(route: Route) -> str:
    """The part of the path of *route* after that of the parent."""
    return f"/{route.path.rpartition('/')[2]}" if "{" in route.path else route.path


def _below(route: Route) -> dict[str, Route]:
    """The operations that create what belongs to an object of *route*, by the last part of their paths."""
    if route.operation != "create":
        return {}
    found = (
        each for each in routes.all_routes() if each.operation == "create" and each.cls is route.target and each.served
    )
    return {each.path.rpartition("/")[2].replace("-", "_"): each for each in found if each.cls is not None}


def _mapping(source: Source, value: Any, place: Place) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise source.error(place, f"must have members, not {value!r}")
    return value


def _list(source: Source, value: Any, place: Place) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise source.error(place, "must be a list")
    return value
