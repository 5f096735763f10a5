"""Delegation: which users of a parent account act for which of its child accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from linode._model import BaseClient, Bounds, Call, Many, ReadOnly, Resource, Steps, action, body, segment

from ..account.child_accounts import ChildAccount
from ..profile.credentials import PersonalAccessToken
from .names import list_names, names_of_page

if TYPE_CHECKING:
    from ..account.users import User


class DelegatedChildAccount(Resource):
    """A child account that the users of this account can act for."""

    path = "/iam/delegation/child-accounts/{euuid}"
    read_only = True
    loadable = False

    euuid: ReadOnly[str]
    """External UUID of the account."""
    company: ReadOnly[str]
    """Company name."""
    users: ReadOnly[list[str]]
    """Names of the users who act for the account."""

    @action
    def get_users(self) -> Steps[list[str]]:
        """Return the names of the users who act for the account."""
        return list_names(f"{self.url}/users")

    @action
    def update_users(self, users: Annotated[Sequence[User | str], Bounds(min_length=1)]) -> Call[list[str]]:
        """Set the users who act for the account to *users* (names); returns the names.

        Raises `InvalidRequestError` for an unknown name.
        """

        def read(data: Any) -> list[str]:
            self._expire(("users",))
            return names_of_page(data)

        return Call("PUT", f"{self.url}/users", body(users=list(users)), read=read)


class DelegationMixin(BaseClient):
    """Methods of a client for the delegation of child accounts."""

    get_delegated_child_accounts: Many[DelegatedChildAccount] = Many("/iam/delegation/child-accounts")
    """Child accounts, with the users who act for them."""
    get_my_child_accounts: Many[ChildAccount] = Many("/iam/delegation/profile/child-accounts")
    """Child accounts that the current user acts for."""

    @action
    def get_my_child_account(self, euuid: str) -> Call[ChildAccount]:
        """Return one of the child accounts that the current user acts for."""
        return self._gets(f"/iam/delegation/profile/child-accounts/{segment(euuid)}", ChildAccount)

    @action
    def create_my_child_account_token(self, euuid: ChildAccount | str) -> Call[PersonalAccessToken]:
        """Create a token that acts for one of the child accounts of the current user, for a short time; returns it."""
        id = segment(euuid.euuid if isinstance(euuid, ChildAccount) else euuid)
        return self._creates(PersonalAccessToken, f"/iam/delegation/profile/child-accounts/{id}/token")
