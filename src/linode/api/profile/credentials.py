"""Credentials of a user: SSH keys, tokens, authorized applications, trusted devices, logins."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeAlias

from linode._model import Bounds, Field, Fields, Options, ReadOnly, Resource
from linode.scopes import AnyScopes

SSHKeyLabel: TypeAlias = Annotated[str, Bounds(min_length=0, max_length=64)]
TokenLabel: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=100)]
LoginStatus: TypeAlias = Literal["successful", "failed"] | str
"""Result of a login."""


class SSHKey(Resource):
    """A public SSH key of the user, for new Linodes."""

    path = "/profile/sshkeys/{id}"
    filterable = ("label",)
    scope = "account"

    id: ReadOnly[int]
    label: Field[SSHKeyLabel]
    ssh_key: ReadOnly[str]
    """Public key, as one line in OpenSSH's format."""
    created: ReadOnly[dt.datetime]


class TokenOptions(Options, total=False):
    """Options of a new personal access token."""

    label: TokenLabel
    scopes: AnyScopes
    """Scopes, such as ``OAuthScopes.Linodes.read_only``, ``"linodes:read_only domains:*"`` or a list; ``*`` for all."""
    expiry: dt.datetime | None
    """Expiry time (UTC); None for never."""


class PersonalAccessToken(Resource):
    """A personal access token. Deleting it revokes it."""

    path = "/profile/tokens/{id}"
    filterable = ("created", "label")
    scope = "account"

    id: ReadOnly[int]
    label: Field[TokenLabel]
    scopes: ReadOnly[str]
    """Scopes, separated by spaces."""
    token: ReadOnly[str]
    """Token: complete in the response to its creation, its first 16 characters afterwards."""
    created: ReadOnly[dt.datetime]
    expiry: ReadOnly[dt.datetime | None]
    """Expiry time (UTC); None for never."""


class AuthorizedApp(Resource):
    """A third-party application the user authorized. Deleting it revokes its access."""

    path = "/profile/apps/{id}"
    filterable = ("created", "expiry", "label")
    scope = "account"
    savable = False

    id: ReadOnly[int]
    label: ReadOnly[str]
    """Label of the application."""
    scopes: ReadOnly[str]
    """Scopes, separated by spaces."""
    website: ReadOnly[str]
    """Website of the application."""
    thumbnail_url: ReadOnly[str | None]
    """URL of the application's thumbnail."""
    created: ReadOnly[dt.datetime]
    """Time of authorization (UTC)."""
    expiry: ReadOnly[dt.datetime | None]
    """Expiry time (UTC); None for never."""


class TrustedDevice(Resource):
    """A browser exempt from two-factor authentication. Deleting it ends the exemption."""

    path = "/profile/devices/{id}"
    scope = "account"
    savable = False

    id: ReadOnly[int]
    user_agent: ReadOnly[str]
    """User agent of the browser."""
    last_remote_addr: ReadOnly[str]
    """Address of the last use."""
    last_authenticated: ReadOnly[dt.datetime]
    """Time of the last login (UTC)."""
    created: ReadOnly[dt.datetime]
    """Time at which the device was trusted (UTC)."""
    expiry: ReadOnly[dt.datetime]
    """Expiry time (UTC)."""


class _LoginFields(Fields):
    """Fields of a login."""

    id: ReadOnly[int]
    datetime: ReadOnly[dt.datetime]
    """Time of the login (UTC)."""
    ip: ReadOnly[str]
    """IP address of the login."""
    username: ReadOnly[str]
    status: ReadOnly[LoginStatus]
    """Result of the login."""
    restricted: ReadOnly[bool]
    """Whether the user was restricted."""


class Login(_LoginFields, Resource):
    """A login of the user, successful or failed."""

    path = "/profile/logins/{id}"
    scope = "account"
    read_only = True
