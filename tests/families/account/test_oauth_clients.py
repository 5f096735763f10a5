"""OAuth clients and their thumbnails, and what users granted them."""

from __future__ import annotations

import asyncio
import struct
import zlib

import pytest
from asking import actions, raw, said, send
from login_flow import login_client

from linode import OAuthClient
from linode.errors import AuthenticationError, NotFoundError, OAuthError

BACK = "http://localhost/callback"


def png(width, height):
    """A grey image."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress((b"\x00" + b"\x80" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def app(client):
    return client.create_oauth_client("shop", BACK)


def test_oauth_clients_are_created_listed_changed_and_deleted(client, app):
    """The secret is shown once."""
    assert (len(app.id), len(app.secret), app.public, app.status, app.thumbnail_url) == (20, 64, False, "active", None)
    assert OAuthClient(client, app.id).secret == "<REDACTED>"
    assert [each.label for each in client.get_oauth_clients(OAuthClient.label == "shop")] == ["shop"]
    app.label = "market"
    app.save()
    assert OAuthClient(client, app.id).label == "market"
    app.delete()
    with pytest.raises(NotFoundError):
        OAuthClient(client, app.id).load()
    assert actions(client) == [f"oauth_client_{each}" for each in ("create", "update", "delete")]


def test_a_secret_is_reset_at_the_path_that_the_vendor_s_library_has(sandbox, app):
    """The vendor's library sends an underscore where the reference has a dash, and its tests get a new secret."""
    status, answer = raw(sandbox, "POST", f"/account/oauth-clients/{app.id}/reset_secret")
    assert (status, answer["secret"] != app.secret, len(answer["secret"])) == (200, True, 64)


def test_public_is_fixed_and_addresses_are_checked(client, app):
    """Refusals name the field."""
    assert client.create_oauth_client("phone", "app://callback", public=True).public is True
    app.public = True
    assert said(app.save) == [("public cannot be changed", "public")]
    assert said(client.create_oauth_client, "x", "nowhere") == [("redirect_uri is not valid", "redirect_uri")]


def code_of(sandbox, app):
    """The code of a login with which the user lets the application in."""
    login = login_client(sandbox, app.id, None)
    return login.read_redirect(sandbox.log_in(login.generate_login_url("account:read_only"))).code


def test_users_log_in_to_a_new_application(sandbox, app):
    """The secret of an application is valid until it is reset; its tokens end when the application is deleted."""
    first = app.secret
    token = login_client(sandbox, app.id, first).finish_oauth(code_of(sandbox, app)).token
    assert sandbox.client(token).get_profile().username == "sandbox"
    app.reset_secret()
    assert (len(app.secret), app.secret == first) == (64, False)
    with pytest.raises(OAuthError, match="client_secret is wrong"):
        login_client(sandbox, app.id, first).finish_oauth(code_of(sandbox, app))
    assert login_client(sandbox, app.id, app.secret).finish_oauth(code_of(sandbox, app)).token != token
    assert sandbox.client(token).get_profile().username == "sandbox"
    app.delete()
    with pytest.raises(AuthenticationError):
        sandbox.client(token).get_profile()


def test_thumbnails(sandbox, client, app):
    """Bytes go there and come back as they are, also to somebody without a token."""
    with pytest.raises(NotFoundError):
        app.thumbnail()
    image = png(128, 64)
    app.set_thumbnail(image)
    assert app.thumbnail() == image
    assert app.thumbnail_url.endswith(f"/account/oauth-clients/{app.id}/thumbnail")
    public = send(sandbox, "GET", f"/v4/account/oauth-clients/{app.id}/thumbnail", token=None)
    assert (public.status, public.headers["content-type"], public.content) == (200, "image/png", image)


async def thumbnail_of(client):
    app = await client.get_oauth_clients().first()
    await app.set_thumbnail(png(2, 2))
    return await app.thumbnail()


def test_thumbnails_are_awaited_too(sandbox):
    """The same bytes."""
    assert asyncio.run(thumbnail_of(sandbox.async_client())) == png(2, 2)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (b"", "must be a PNG image"),
        (b"GIF89a", "must be a PNG image"),
        (png(1, 1)[:20], "must be a PNG image"),
        (png(129, 1), "must be at most 128 by 128 pixels"),
    ],
)
def test_refused_thumbnails(app, image, words):
    """A file that is no image of that size is refused, and is not stored."""
    ((reason, field),) = said(app.set_thumbnail, image)
    assert (words in reason, field) == (True, None)
    with pytest.raises(NotFoundError):
        app.thumbnail()


def test_applications_take_a_grant(sandbox, client, app):
    """A restricted user without access to the account sees and changes none; anybody sees a thumbnail."""
    client.create_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        token = sandbox.world.identity.issue_token("ada")["_secret"]
    one = f"/account/oauth-clients/{app.id}"
    for method, path in (
        ("GET", "/account/oauth-clients"),
        ("POST", "/account/oauth-clients"),
        ("GET", one),
        ("PUT", one),
        ("POST", f"{one}/reset-secret"),
        ("DELETE", one),
    ):
        body = {"label": "mine", "redirect_uri": "https://example.org"} if method in ("POST", "PUT") else None
        assert raw(sandbox, method, path, body, token=token)[0] == 403
    assert raw(sandbox, "GET", f"{one}/thumbnail", token=token)[0] == 404
    sandbox.grant("ada", account_access="read_only")
    assert raw(sandbox, "GET", one, token=token)[0] == 200
    assert raw(sandbox, "DELETE", one, token=token)[0] == 403
