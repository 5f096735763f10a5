"""OAuth clients, which the login service knows as soon as they are made."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlsplit

from linode._http.transport import Response
from linode.api.account.oauth_clients import OAuthClient
from linode.sandbox.core.kind import Access, Events, Exports, Kind, Operations
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import NotFound, Refused, Row, World, on

__all__ = ["create"]

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
MAX_PIXELS = 128

on.kind(
    Kind(
        of=OAuthClient,
        exports=Exports(("_secret",)),
        events=Events("oauth_client"),
        operations=Operations(
            # The vendor's library sends it, and its tests show the answer.
            paths={OAuthClient.reset_secret: "/account/oauth-clients/{}/reset_secret"},
        ),
        access=Access(
            scopes={OAuthClient.thumbnail: ()},
            public=(OAuthClient.thumbnail,),
            general={"*": "account_access", OAuthClient.thumbnail: ""},  # documented for the list alone, else a guess
        ),
    )
)


@on.create(OAuthClient)
def create(world: World, label: str, redirect_uri: str, *, public: bool = False) -> Row:
    """Register an application; the answer alone holds its secret whole."""
    _check_address(redirect_uri)
    client = world.identity.add_oauth_client(label, redirect_uri, public=public)
    world.events.notify("oauth_client_create", client)
    return {**client, "secret": client["_secret"]}


@on.update(OAuthClient)
def update(world: World, client: Row, **changes: Any) -> Row:
    """Change the label or the address; whether it is public is fixed."""
    if changes.get("public", client["public"]) != client["public"]:
        raise Refused("public cannot be changed", field="public")  # words of the sandbox's own
    if "redirect_uri" in changes:
        _check_address(changes["redirect_uri"])
    rules.update(world, client, **changes)
    world.events.notify("oauth_client_update", client)
    return client


def _check_address(redirect_uri: str) -> None:
    address = urlsplit(redirect_uri)
    if not address.scheme or not (address.netloc or address.path):
        raise Refused("redirect_uri is not valid", field="redirect_uri")  # words of the sandbox's own


@on.delete(OAuthClient)
def delete(world: World, client: Row) -> None:
    """Delete it: what users granted it ends."""
    for token in world.rows("Token", _client=client["id"]):
        world.identity.revoke_token(token)
    for table in ("LoginCode", "RefreshToken"):
        for row in world.rows(table, client=client["id"]):
            world.remove(row)
    world.remove(client)
    world.events.notify("oauth_client_delete", client)


@on(OAuthClient.reset_secret)
def reset_secret(world: World, client: Row) -> Row:
    """Give it another secret; that tokens stay is a guess."""
    client["_secret"] = world.hex(64)
    world.events.notify("oauth_client_secret_reset", client)
    return {**client, "secret": client["_secret"]}


# -- thumbnails ------------------------------------------------------------------------------------------------------


@on(OAuthClient.thumbnail)
def thumbnail(world: World, client: Row) -> Response:  # noqa: ARG001  every behaviour takes the world
    """The image as it came. That there is none until one is set is a guess."""
    if (kept := client.get("_thumbnail")) is None:
        raise NotFound
    return Response(200, {"Content-Type": "image/png"}, base64.b64decode(kept))


@on(OAuthClient.set_thumbnail)
def set_thumbnail(world: World, client: Row, png: bytes) -> None:
    """Keep an image."""
    if not png.startswith(PNG) or len(png) < len(PNG) + 8:
        raise Refused("The thumbnail must be a PNG image")  # own words
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (len(PNG), len(PNG) + 4))
    if not (0 < width <= MAX_PIXELS and 0 < height <= MAX_PIXELS):
        raise Refused(f"The thumbnail must be at most {MAX_PIXELS} by {MAX_PIXELS} pixels")  # own words
    client["_thumbnail"] = base64.b64encode(png).decode()
    client["thumbnail_url"] = f"{world.base_url}/v4/account/oauth-clients/{client['id']}/thumbnail"  # a guess
