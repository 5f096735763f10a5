"""Users for whom two-factor authentication stays optional where the account enforces it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linode._model import BaseClient, Call, Entry, Many, ReadOnly, Struct, action, body
from linode._model.convert import reader

if TYPE_CHECKING:
    from .users import User


class TFAOptionalUser(Entry):
    """A user for whom two-factor authentication is optional."""

    scope = "account"

    username: ReadOnly[str]
    user_url: ReadOnly[str] = ReadOnly("url")
    """Path of the user in the API (``url`` there, which is the path of the object itself here)."""


class TFAOptionalUsersSummary(Struct):
    """Number of users for whom two-factor authentication is optional."""

    tfa_optional_users_count: ReadOnly[int]
    """Number of these users."""
    url: ReadOnly[str]
    """Path of the list of these users in the API."""


class TFAMixin(BaseClient):
    """Methods of a client for users whose two-factor authentication is optional."""

    get_tfa_optional_users: Many[TFAOptionalUser] = Many("/account/tfa-optional-users")
    """Users for whom two-factor authentication is optional."""

    @action
    def set_tfa_optional_users(self, usernames: Sequence[User | str]) -> Call[TFAOptionalUsersSummary]:
        """Make two-factor authentication optional for *usernames* alone; for all other users it is enforced."""
        return Call(
            "PUT",
            "/account/tfa-optional-users",
            body(usernames=usernames),
            read=lambda data: reader(TFAOptionalUsersSummary)(data, self),
        )
