"""Credentials: what lets a user, or a program of the user's, in."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeAlias

from linode._model import Field, Meta, Options, ReadOnly, Resource

__all__ = ["AuthorizedApp", "Login", "LoginStatus", "PersonalAccessToken", "SSHKey", "TokenOptions", "TrustedDevice"]

SSHKeyLabel: TypeAlias = Annotated[str, Meta(min_length=0, max_length=64)]
TokenLabel: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
LoginStatus: TypeAlias = Literal["successful", "failed"]
"""How a login ended."""


class SSHKey(Resource):
    """A public SSH key that can be put on new Linodes."""

    path = "/profile/sshkeys/{id}"
    filterable = ("label",)
    scope = "account"

    id: ReadOnly[int]
    """The number of this key."""
    label: Field[SSHKeyLabel]
    """Name."""
    ssh_key: ReadOnly[str]
    """The public key, in one line as OpenSSH writes it."""
    created: ReadOnly[dt.datetime]
    """When it was added."""


class TokenOptions(Options, total=False):
    """Options of a new personal access token."""

    label: TokenLabel
    """Name."""
    scopes: str
    """Scopes, such as ``linodes:read_only domains:read_write``; ``*`` for all."""
    expiry: dt.datetime | None
    """Expiry time; None for never."""


class PersonalAccessToken(Resource):
    """A token for the user's own programs. Deleting it revokes it."""

    path = "/profile/tokens/{id}"
    filterable = ("created", "label")
    scope = "account"

    id: ReadOnly[int]
    """The number of this token."""
    label: Field[TokenLabel]
    """Name."""
    scopes: ReadOnly[str]
    """Scopes, separated by spaces."""
    token: ReadOnly[str]
    """The token: whole only when it is made, the first 16 characters after that."""
    created: ReadOnly[dt.datetime]
    """Creation time."""
    expiry: ReadOnly[dt.datetime | None]
    """Expiry time; None for never."""


class AuthorizedApp(Resource):
    """A program of somebody else that the user has let in. Deleting it takes that back."""

    path = "/profile/apps/{id}"
    filterable = ("created", "expiry", "label")
    scope = "account"
    savable = False

    id: ReadOnly[int]
    """The number of this permission."""
    label: ReadOnly[str]
    """The program's name."""
    scopes: ReadOnly[str]
    """Scopes, separated by spaces."""
    website: ReadOnly[str]
    """The program's home page."""
    thumbnail_url: ReadOnly[str | None]
    """The program's picture."""
    created: ReadOnly[dt.datetime]
    """When it was let in."""
    expiry: ReadOnly[dt.datetime | None]
    """When the permission ends; None for never."""


class TrustedDevice(Resource):
    """A browser that is not asked for the second factor. Deleting it takes that back."""

    path = "/profile/devices/{id}"
    scope = "account"
    savable = False

    id: ReadOnly[int]
    """The number of this device."""
    user_agent: ReadOnly[str]
    """User agent of the browser."""
    last_remote_addr: ReadOnly[str]
    """The address it was last seen at."""
    last_authenticated: ReadOnly[dt.datetime]
    """When it was last used to sign in."""
    created: ReadOnly[dt.datetime]
    """When it was trusted."""
    expiry: ReadOnly[dt.datetime]
    """When that ends."""


class Login(Resource):
    """A time that somebody signed in as this user, or tried to."""

    path = "/profile/logins/{id}"
    scope = "account"
    read_only = True

    id: ReadOnly[int]
    """The number of this login."""
    datetime: ReadOnly[dt.datetime]
    """When it was."""
    ip: ReadOnly[str]
    """The address it came from."""
    username: ReadOnly[str]
    """The user."""
    status: ReadOnly[LoginStatus]
    """Whether it succeeded."""
    restricted: ReadOnly[bool]
    """Whether the user was a restricted one."""
