"""Logins of all users of the account."""

from __future__ import annotations

from linode._model import BaseClient, Many, Resource

from ..profile.credentials import _LoginFields


class AccountLogin(_LoginFields, Resource):
    """A login of any user of the account, successful or failed."""

    path = "/account/logins/{id}"
    scope = "account"
    read_only = True


class LoginsMixin(BaseClient):
    """Methods of a client for the logins of all users."""

    get_account_logins: Many[AccountLogin] = Many("/account/logins")
    """Logins of all users of the account in the last 90 days."""
