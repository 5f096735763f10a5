"""The Metadata service: below ``/metadata/ID/v1`` for the Linode with that ID, which at Linode needs no ID.

``handle(world, request)`` is the interface.

| path                           | response                                                                    |
|--------------------------------|-----------------------------------------------------------------------------|
| ``PUT /token``                 | a token for the header ``Metadata-Token``                                   |
| ``GET /instance, /network ..`` | JSON, or lines ``name: value`` for a client that does not accept JSON       |
| ``GET /user-data``             | the user data in base64                                                     |

A token is valid for one Linode, for the seconds that ``Metadata-Token-Expiry-Seconds`` asks for. A Linode that is off
sends no requests, so those for it are refused with 503.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from linode._http.transport import Request, Response

from ..core.refusals import NotFound, Refused
from ..families.linodes import metadata

if TYPE_CHECKING:
    from ..core.world import Row, World

__all__ = ["handle"]

VERSION = "v1"
PARTS = {"instance": metadata.instance, "network": metadata.network, "ssh-keys": metadata.ssh_keys}
NOT_SERVED = ("maintenance/events",)
"""Parts of the service that its documentation names, but whose responses are not on record."""
OFF = ("offline", "provisioning", "stopped", "billing_suspension")
SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
"""The vendor's awaited client sends ``3600.0``."""
MAX_SECONDS = 86400
"""Maximum lifetime of a token in seconds: a guess."""


def handle(world: World, request: Request) -> Response:
    """The response to *request*, the names of whose headers are in lower case."""
    try:
        return _answer(world, request)
    except Refused as no:
        errors = [{"reason": reason} for reason, _ in no.reasons]
        return _json({"errors": errors}, no.status)


def _answer(world: World, request: Request) -> Response:
    id, _, rest = urlsplit(request.url).path.removeprefix("/metadata/").partition("/")
    version, _, part = rest.rstrip("/").partition("/")
    if version != VERSION or part not in {*PARTS, *NOT_SERVED, "token", "user-data"}:
        raise NotFound
    if request.method not in (("PUT",) if part == "token" else ("GET", "HEAD")):
        raise Refused("Method Not Allowed", status=405)
    wants_json = "application/json" in request.headers.get("accept", "")
    found = _linode(world, id)
    if part == "token":
        if found is None:
            raise NotFound(f"There is no Linode {id}.")  # own words
        token = _new_token(world, found[1], request.headers)
        return _json([token]) if wants_json else _text(token)
    account, linode = _with_token(world, found, request.headers)
    if part in NOT_SERVED:
        raise Refused(f"The sandbox does not implement GET /{VERSION}/{part}.", status=501)  # own words
    if part == "user-data":
        return _text(metadata.user_data(account, linode))
    shown = PARTS[part](account, linode)
    return _json(shown) if wants_json else _text("\n".join(sorted(_lines(shown))))


def _linode(world: World, id: str) -> tuple[World, Row] | None:
    """The Linode *id* of any account, with the world of that account; None if there is none."""
    for account in world.accounts():
        linode = account.find("Linode", id)
        if linode is None:
            continue
        region = account.get("Region", linode["region"])
        if "Metadata" not in region["capabilities"]:
            raise NotFound(f"The region {region['id']} has no Metadata service.")  # own words
        if linode["status"] in OFF:
            raise Refused(f"The Linode {id} is {linode['status']}: it sends no requests.", status=503)  # own words
        return account, linode
    return None


def _new_token(world: World, linode: Row, headers: Mapping[str, str]) -> str:
    asked = headers.get("metadata-token-expiry-seconds", "")
    seconds = float(asked) if SECONDS.fullmatch(asked) else 0.0
    if not 1 <= seconds <= MAX_SECONDS:
        reason = f"The header Metadata-Token-Expiry-Seconds must be 1 to {MAX_SECONDS}."  # own words
        raise Refused(reason)
    for each in list(world.read(metadata.TOKENS).where({"expires": {"+lte": world.now}})):
        world.remove(each)
    token = world.hex(64)
    world.add(metadata.TOKENS, id=token, linode=linode["id"], expires=world.now + seconds)
    return token


def _with_token(world: World, found: tuple[World, Row] | None, headers: Mapping[str, str]) -> tuple[World, Row]:
    """The Linode *found*, with its world, if the token is one of it, and has not expired."""
    known = world.find(metadata.TOKENS, headers.get("metadata-token", ""))
    if found is None or known is None or known["linode"] != found[1]["id"] or known["expires"] <= world.now:
        raise Refused("Unauthorized", status=401)
    return found


def _lines(value: Any, name: str = "") -> Iterator[str]:
    """The lines of *value*; what is null or empty has none. One line for each value of a list is a guess."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _lines(each, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for each in value:
            yield from _lines(each, name)
    elif value is not None:
        yield f"{name}: {str(value).lower() if isinstance(value, bool) else value}"


def _json(value: Any, status: int = 200) -> Response:
    return Response(status, {"Content-Type": "application/json"}, msgspec.json.encode(value))


def _text(text: str) -> Response:
    return Response(200, {"Content-Type": "text/plain; charset=utf-8"}, text.encode())
