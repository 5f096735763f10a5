"""Credentials of the user: SSH keys, personal access tokens, applications, trusted devices and logins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from linode.api.profile.credentials import AuthorizedApp, Login, PersonalAccessToken, SSHKey, TrustedDevice
from linode.sandbox.core.kind import Events, Kind, Storage
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import NotFound, Refused, Row, World, on
from linode.sandbox.login import oauth
from linode.sandbox.login.scope_descriptions import Denied, known_scopes
from linode.scopes import OAuthScopes

from .current_user import current_user, own_row, show_only_to_owner
from .public_keys import refuse_wrong

on.kind(Kind(of=SSHKey, events=Events("user_ssh_key", notify=("update", "delete"))))
on.kind(Kind(of=PersonalAccessToken, storage=Storage("Token")))
on.kind(Kind(of=AuthorizedApp, storage=Storage("Token")))
show_only_to_owner(SSHKey)
show_only_to_owner(TrustedDevice)
show_only_to_owner(Login)

# -- SSH keys --------------------------------------------------------------------------------------------------------


@on.create(SSHKey)
def add_key(world: World, label: str, ssh_key: str) -> Row:
    """Add one, which must be a public key."""
    refuse_wrong(ssh_key, "ssh_key")
    key = world.add(SSHKey, label=label, ssh_key=ssh_key.strip(), _user=current_user(world)["username"])
    world.events.notify("user_ssh_key_add", key)
    user = current_user(world)
    user["ssh_keys"] = [*user["ssh_keys"], label]
    return key


@on.update(SSHKey)
def rename_key(world: World, key: Row, **changes: str) -> None:
    """Give it another name."""
    rules.update(world, own_row(world, key), **changes)
    _tell_labels(world)


@on.delete(SSHKey)
def remove_key(world: World, key: Row) -> None:
    """Take it away; Linodes that have it keep it."""
    world.remove(own_row(world, key))
    _tell_labels(world)


def _tell_labels(world: World) -> None:
    user = current_user(world)
    user["ssh_keys"] = [key["label"] for key in world.read(SSHKey, _user=user["username"])]


# -- personal tokens -------------------------------------------------------------------------------------------------


@on.list(PersonalAccessToken)
def tokens(world: World) -> list[Row]:
    """List the user's valid personal access tokens."""
    return [row for row in world.rows("Token", _user=current_user(world)["username"]) if _is_personal(world, row)]


@on.get(PersonalAccessToken)
def token(world: World, token: Row) -> Row:
    """One, of which the first 16 characters are shown."""
    if not _is_personal(world, own_row(world, token)):
        raise NotFound
    return token


@on.create(PersonalAccessToken)
def create_token(world: World, label: str = "", scopes: str | None = None, expiry: str | None = None) -> Row:
    """Create a token, shown whole in this response only; its scopes cannot exceed those of the current token."""
    acting = OAuthScopes(world.token["scopes"] if world.token else "")
    row = world.identity.issue_token(current_user(world)["username"], _scopes(scopes, acting), label=label)
    row["expiry"] = None if expiry is None else _moment(world, expiry)
    world.events.notify("token_create", row)
    return {**row, "token": row["_secret"]}


@on.update(PersonalAccessToken)
def rename_token(world: World, row: Row, **changes: str) -> None:
    """Give it another name."""
    world.events.notify("token_update", rules.update(world, token(world, row), **changes))


@on.delete(PersonalAccessToken)
def revoke_token(world: World, row: Row) -> None:
    """End it at once."""
    world.events.notify("token_delete", token(world, row))
    world.identity.revoke_token(row)


def _is_personal(world: World, row: Row) -> bool:
    return row["_type"] not in ("app", "machines") and _lasts(world, row)


def _lasts(world: World, row: Row) -> bool:
    return row["expiry"] is None or world.seconds_until(row["expiry"]) > 0


def _scopes(wanted: Any, acting: OAuthScopes) -> str:
    if not isinstance(wanted, str | None):
        raise Refused("Must be of type String", field="scopes")
    try:
        scopes = acting if wanted is None else known_scopes(wanted, old=False)
    except Denied as denied:
        raise Refused(denied.description, field="scopes") from None
    if not scopes:
        raise Refused("scopes is not valid", field="scopes")
    if missing := acting.missing(scopes):
        raise Refused(f"The current token does not have {missing}", field="scopes")  # own words
    return OAuthScopes.serialize(scopes, " ")


def _moment(world: World, expiry: str) -> str:
    """The time *expiry*, by default in UTC, in the API's format. Raises `Refused` if it is past."""
    found = datetime.fromisoformat(expiry)
    try:
        moment = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise Refused("expiry is not valid", field="expiry") from None
    if moment.timestamp() <= world.now:
        raise Refused("expiry must be in the future", field="expiry")  # own words
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


# -- applications ----------------------------------------------------------------------------------------------------


@on.list(AuthorizedApp)
def apps(world: World) -> list[Row]:
    """List the applications that have a valid token of the user."""
    rows = world.read("Token", _user=current_user(world)["username"])
    return [_app(world, row) for row in rows if _is_app(world, row)]


@on.get(AuthorizedApp)
def app(world: World, row: Row) -> Row:
    """One of them."""
    if not _is_app(world, own_row(world, row)):
        raise NotFound
    return _app(world, row)


@on.delete(AuthorizedApp)
def end_app(world: World, row: Row) -> None:
    """End all tokens that the application got with the one consent."""
    app(world, row)
    if row["_grant"] is None:
        world.identity.revoke_token(row)
    else:
        oauth.end_grant(world, row["_grant"])


def _is_app(world: World, row: Row) -> bool:
    """Whether *row* is the token of an application, and valid or to be refreshed."""
    if row["_type"] != "app":
        return False
    fresh = row["_grant"] is not None and world.rows("RefreshToken", grant=row["_grant"], used=False)
    return bool(fresh) or _lasts(world, row)


def _app(world: World, row: Row) -> Row:
    client = world.find("OAuthClient", row["_client"]) or {}
    address = urlsplit(client.get("redirect_uri", ""))
    return {
        "id": row["id"],
        "label": row["label"],
        "scopes": OAuthScopes.serialize(row["scopes"], " "),
        "website": f"{address.scheme}://{address.netloc}" if address.netloc else "",
        "thumbnail_url": client.get("thumbnail_url"),
        "created": row["created"],
        "expiry": row["expiry"],
    }


# -- trusted devices -------------------------------------------------------------------------------------------------


@on.delete(TrustedDevice)
def forget_device(world: World, device: Row) -> None:
    """Trust it no more. No login of the sandbox makes one, as it asks for no second factor."""
    world.remove(own_row(world, device))
