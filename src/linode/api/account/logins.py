"""Logins of all users of the account."""

from __future__ import annotations

import datetime as dt

from linode._model import BaseClient, Many, ReadOnly, Resource

from ..profile.credentials import LoginStatus

__all__ = ["AccountLogin", "LoginsMixin"]


class AccountLogin(Resource):
    """A login of any user of the account, successful or failed."""

    path = "/account/logins/{id}"
    scope = "account"
    read_only = True

    id: ReadOnly[int]
    datetime: ReadOnly[dt.datetime]
    """Time of the login."""
    ip: ReadOnly[str]
    """IP address of the login."""
    username: ReadOnly[str]
    """User name."""
    status: ReadOnly[LoginStatus]
    """Result of the login."""
    restricted: ReadOnly[bool]
    """Whether the user was restricted."""


class LoginsMixin(BaseClient):
    """Methods of a client for the logins of all users."""

    get_account_logins: Many[AccountLogin] = Many("/account/logins")
    """Logins of all users of the account in the last 90 days."""
