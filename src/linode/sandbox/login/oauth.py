"""The state of the login service: sessions, codes, and the tokens of applications, without HTTP.

Secrets are looked up by their digest. All tokens of one consent belong to one grant: a code or a refresh token that is
used twice may be stolen, so the whole grant is revoked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import string
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linode.scopes import OAuthScopes

from .scope_descriptions import Denied, known_scopes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.schema import Row
    from ..core.world import World

CODE_SECONDS = 600
TOKEN_SECONDS = 7200
SESSION_SECONDS = 12 * 3600


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


# -- users and sessions ------------------------------------------------------------------------------------------------


def users(world: World) -> Iterable[Row]:
    """The users who can sign in."""
    return world.read("User")


def sign_in(world: World, session: str, username: str) -> bool:
    """Sign the user in with *session*; False if the user does not exist."""
    user = world.find("User", username)
    if user is None:
        return False
    world.add("LoginSession", id=_digest(session), username=username, ends=world.now + SESSION_SECONDS)
    world.add(
        "Login",
        datetime=world.stamp(),
        ip="127.0.0.1",  # the sandbox listens on its own machine
        username=username,
        status="successful",
        restricted=user["restricted"],
        _user=username,
    )
    user["last_login"] = {"login_datetime": world.stamp(), "status": "successful"}
    return True


def signed_in(world: World, session: str) -> Row | None:
    """The user of *session*, or None."""
    row = world.find("LoginSession", _digest(session))
    return world.find("User", row["username"]) if row is not None and world.now < row["ends"] else None


def sign_out(world: World, session: str) -> None:
    """End *session*."""
    row = world.find("LoginSession", _digest(session))
    if row is not None:
        world.remove(row)


# -- applications ------------------------------------------------------------------------------------------------------


def client_of(world: World, client_id: str | None) -> Row | None:
    """The application with the ID *client_id*, or None."""
    return world.find("OAuthClient", client_id) if client_id else None


def authenticated(world: World, client_id: str | None, secret: str | None, *, public_allowed: bool) -> Row:
    """The application that the credentials prove; a public one has no secret. Raises `Denied`."""
    client = client_of(world, client_id)
    if client is None:
        raise Denied("invalid_client", "No application is registered with this client_id.", 401)
    if client["public"]:
        if not public_allowed:
            raise Denied("invalid_client", "A public application cannot use this service.", 401)
    elif not secret or not _same(secret, client["_secret"]):
        raise Denied("invalid_client", "The client_secret is wrong.", 401)
    return client


def is_registered(client: Row, address: str, *, old: bool) -> bool:
    """Whether *address* is the registered redirect URI, or in 2016 (*old*) begins with it."""
    registered = client["redirect_uri"]
    if not old:
        return bool(address == registered)
    return urlsplit(address)[:2] == urlsplit(registered)[:2] and address.startswith(registered)


# -- codes -------------------------------------------------------------------------------------------------------------


def is_challenge(challenge: str) -> bool:
    """Whether *challenge* has the format of an S256 challenge."""
    return len(challenge) == 43 and set(challenge) <= set(string.ascii_letters + string.digits + "-_")


def issue_code(
    world: World, client: Row, username: str, scopes: OAuthScopes, *, redirect_uri: str | None, challenge: str | None
) -> str:
    """Issue a code for the user's consent, valid once and for ten minutes. *redirect_uri* is the requested one."""
    code = secrets.token_hex(20)
    world.add(
        "LoginCode",
        id=_digest(code),
        client=client["id"],
        username=username,
        scopes=str(scopes),
        redirect_uri=redirect_uri,
        challenge=challenge,
        grant=secrets.token_hex(16),
        ends=world.now + CODE_SECONDS,
        used=False,
    )
    return code


def redeem(
    world: World, client: Row, code: str | None, *, redirect_uri: str | None, verifier: str | None, old: bool
) -> dict[str, Any]:
    """Exchange *code* for a token; returns the members of the response. A failed attempt uses the code as well."""
    row = _unused(world, "LoginCode", client, "code", code)
    row["used"] = True
    if world.now >= row["ends"]:
        raise Denied("invalid_grant", "The code has expired.")
    # Clients in use do not repeat the redirect_uri here; if it is sent, it must be the same.
    if redirect_uri is not None and redirect_uri != (row["redirect_uri"] or client["redirect_uri"]):
        raise Denied("invalid_grant", "The redirect_uri is not the one in the request for the code.")
    _check_verifier(row["challenge"], verifier, public=client["public"])
    scopes = OAuthScopes(row["scopes"])
    if old:
        granted = OAuthScopes.serialize(scopes, ",")
        token = _token(world, client, row["username"], granted, grant=row["grant"], seconds=None)
        return {"access_token": token, "scopes": granted}
    return _issue_both(world, client, row, scopes)


def _unused(world: World, table: str, client: Row, name: str, secret: str | None) -> Row:
    """The row of *table* for the *secret* in the parameter *name*. Raises `Denied`, also if it was used before."""
    if not secret:
        raise Denied("invalid_request", f"{name} is required")
    row = world.find(table, _digest(secret))
    if row is None or row["client"] != client["id"]:
        raise Denied("invalid_grant", f"The {name} is unknown, or was issued to another application.")
    if row["used"]:
        end_grant(world, row["grant"])
        raise Denied("invalid_grant", f"The {name} was used before; its tokens have been revoked.")
    return row


def _check_verifier(challenge: str | None, verifier: str | None, *, public: bool) -> None:
    if challenge is None:
        if public:
            raise Denied("invalid_grant", "The login of a public application must begin with a code_challenge.")
        if verifier is not None:
            raise Denied("invalid_grant", "The login did not begin with a code_challenge.")
        return
    if verifier is None:
        raise Denied("invalid_grant", "code_verifier is required")
    digest = hashlib.sha256(verifier.encode()).digest()
    if not _same(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge):
        raise Denied("invalid_grant", "The code_verifier does not belong to the code_challenge.")


# -- tokens ------------------------------------------------------------------------------------------------------------


def issue(world: World, client: Row, username: str, scopes: OAuthScopes, grant: str | None = None) -> dict[str, Any]:
    """Issue a token for *scopes*; without a *grant* it cannot be refreshed. Returns the members of the response."""
    granted = OAuthScopes.serialize(scopes, " ")
    return {
        "access_token": _token(world, client, username, granted, grant=grant, seconds=TOKEN_SECONDS),
        "token_type": "bearer",
        "expires_in": TOKEN_SECONDS,
        # The documentation says "scope"; clients in use read "scopes".
        "scope": granted,
        "scopes": granted,
    }


def _issue_both(world: World, client: Row, row: Row, scopes: OAuthScopes) -> dict[str, Any]:
    """Issue a token for *scopes*, and a refresh token for all scopes of *row*, a code or the previous refresh token."""
    refresh_token = secrets.token_hex(32)
    members = {name: row[name] for name in ("client", "username", "scopes", "grant")}
    world.add("RefreshToken", id=_digest(refresh_token), used=False, **members)
    return issue(world, client, row["username"], scopes, row["grant"]) | {"refresh_token": refresh_token}


def _token(world: World, client: Row, username: str, scopes: str, *, grant: str | None, seconds: int | None) -> str:
    hidden = {"_client": client["id"], "_grant": grant}
    row = world.identity.issue_token(username, scopes, label=client["label"], seconds=seconds, kind="app", **hidden)
    return str(row["_secret"])


def refresh(world: World, client: Row, refresh_token: str | None, wanted: str | None) -> dict[str, Any]:
    """Issue new tokens for *refresh_token*, which cannot be used again; earlier access tokens are revoked."""
    row = _unused(world, "RefreshToken", client, "refresh_token", refresh_token)
    granted = OAuthScopes(row["scopes"])
    scopes = known_scopes(wanted, old=False) if wanted is not None else granted
    if missing := granted.missing(scopes):
        raise Denied("invalid_scope", f"These scopes were not granted: {missing}.")
    row["used"] = True
    _end_tokens(world, row["grant"])
    return _issue_both(world, client, row, scopes)


def revoke(world: World, client: Row | None, token: str) -> None:
    """Revoke *token*: an access token, or a refresh token with all tokens of its grant. Unknown tokens are ignored.

    *client* is None for a request without credentials: the token itself is sufficient.
    """
    refresh_row, row = world.find("RefreshToken", _digest(token)), world.identity.find_token(token)
    if row is not None and "_client" not in row:
        raise Denied("unsupported_token_type", "A personal access token is revoked at /profile/tokens.")
    owner = refresh_row["client"] if refresh_row else row and row["_client"]
    if client is not None and owner is not None and owner != client["id"]:
        raise Denied("unauthorized_client", "The token was issued to another application.")
    if refresh_row is not None:
        end_grant(world, refresh_row["grant"])
    elif row is not None:
        world.identity.revoke_token(row)


def end_grant(world: World, grant: str) -> None:
    """Revoke every token of one consent; *grant* is the ``_grant`` of their rows."""
    for row in world.rows("RefreshToken", grant=grant):
        row["used"] = True
    _end_tokens(world, grant)


def _end_tokens(world: World, grant: str) -> None:
    for row in world.rows("Token", _grant=grant):
        world.identity.revoke_token(row)
