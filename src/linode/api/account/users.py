"""Users of the account and their grants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Nested, ReadOnly, Resource, Struct, action, segment
from linode._model.convert import reader, to_api
from linode._model.options import Options, body
from linode._model.relations import Many

from ..iam.roles import NewEntityRoles, RoleEntityType, UserRolePermissions, numbered
from ..profile.credentials import LoginStatus
from ..profile.grants import GrantLevel, Grants

if TYPE_CHECKING:
    from ..iam.delegation import DelegatedChildAccount

Username: TypeAlias = Annotated[
    str, Bounds(min_length=3, max_length=32, pattern=r"^[a-zA-Z0-9]((?![_-]{2,})[a-zA-Z0-9-_])+[a-zA-Z0-9]$")
]
UserType: TypeAlias = Literal["parent", "child", "proxy", "default", "delegate"] | str
"""Type of a user, by the relation of the account to other accounts; ``default`` for an account without any."""


class UserOptions(Options, total=False):
    """Options of `create_user`."""

    restricted: bool
    tfa_enforced: bool


class NewGrant(TypedDict, total=False):
    """Grant to give to a user."""

    id: Resource | int
    """Object, or its ID; of ``private/123`` the number."""
    permissions: GrantLevel | None


class GlobalGrantsOptions(TypedDict, total=False):
    """Global grants to give to a user."""

    account_access: GrantLevel | None
    """Access level for billing and settings; None for no access."""
    child_account_access: bool | None
    """Whether the user can act for child accounts."""
    add_databases: bool
    """Whether the user can create databases."""
    add_domains: bool
    """Whether the user can create domains."""
    add_firewalls: bool
    """Whether the user can create firewalls."""
    add_images: bool
    """Whether the user can create images."""
    add_linodes: bool
    """Whether the user can create Linodes."""
    add_longview: bool
    """Whether the user can create Longview clients and see the plan."""
    add_nodebalancers: bool
    """Whether the user can create NodeBalancers."""
    add_stackscripts: bool
    """Whether the user can create StackScripts."""
    add_volumes: bool
    """Whether the user can create volumes."""
    add_vpcs: bool
    """Whether the user can create VPCs."""
    cancel_account: bool
    """Whether the user can cancel the account."""
    longview_subscription: bool
    """Whether the user can change the Longview plan."""


class GrantsOptions(Options, total=False):
    """Options of `User.update_grants`; grants that are left out stay as they are."""

    global_: GlobalGrantsOptions
    database: Sequence[NewGrant]
    domain: Sequence[NewGrant]
    firewall: Sequence[NewGrant]
    image: Sequence[NewGrant]
    """Grants to images; the ID of ``private/123`` is 123."""
    linode: Sequence[NewGrant]
    longview: Sequence[NewGrant]
    nodebalancer: Sequence[NewGrant]
    stackscript: Sequence[NewGrant]
    """Grants to StackScripts."""
    volume: Sequence[NewGrant]
    vpc: Sequence[NewGrant]


class UserLastLogin(Struct):
    """Latest login of a user."""

    login_datetime: ReadOnly[datetime]
    """Time of the login (UTC)."""
    status: ReadOnly[LoginStatus]
    """Result of the login."""


class User(Resource):
    """A user of the account. Deleting it revokes all of its tokens."""

    path = "/account/users/{username}"
    scope = "account"
    unique = "username"
    filterable = ("username",)
    shown = ("username", "email", "restricted", "tfa_enabled", "last_login.login_datetime")

    username: Field[Username]
    """User name: 3 to 32 letters, digits, ``-`` and ``_``; the user is renamed by setting it."""
    email: Field[str]
    """Email address."""
    restricted: Field[bool]
    """Whether the user is restricted to grants."""
    ssh_keys: ReadOnly[list[str]]
    """Labels of the user's SSH keys."""
    tfa_enabled: ReadOnly[bool]
    """Whether two-factor authentication is enabled."""
    tfa_enforced: Field[bool]
    """Whether the user has to enable two-factor authentication."""
    user_type: ReadOnly[UserType]
    """Type of the user."""
    verified_phone_number: ReadOnly[str | None]
    """Verified phone number, with the country code."""
    password_created: ReadOnly[datetime | None]
    """Time at which the password was set (UTC); None for a user without one."""
    last_login: Nested[UserLastLogin | None]
    """Latest login; None for a user who has not logged in."""
    delegated_child_accounts: Many[DelegatedChildAccount] = Many("/iam/delegation/users/{}/child-accounts")
    """Child accounts that the user acts for."""

    @action
    def grants(self) -> Call[Grants | None]:
        """Return the grants of the user; None for an unrestricted user."""
        return Call(
            "GET", f"{self.url}/grants", shape=Any, read=lambda data: reader(Grants)(data, self) if data else None
        )

    @action
    def update_grants(self, **options: Unpack[GrantsOptions]) -> Call[Grants]:
        """Change grants of a restricted user, and return all grants of the user.

        Raises `InvalidRequestError` for an unrestricted user.
        """
        json = {name: numbered(each) if isinstance(each, list) else each for name, each in body(**options).items()}
        return Call("PUT", f"{self.url}/grants", json, read=lambda data: reader(Grants)(data, self))

    @action
    def get_role_permissions(self) -> Call[UserRolePermissions]:
        """Return the roles of the user."""
        return self._gets_iam("role-permissions", UserRolePermissions)

    @action
    def update_role_permissions(
        self, account_access: Sequence[str], entity_access: Sequence[NewEntityRoles]
    ) -> Call[UserRolePermissions]:
        """Replace the roles of the user, for the account and for single objects, and return them.

        Raises `InvalidRequestError` for an unknown role or object.
        """
        json = body(account_access=list(account_access), entity_access=numbered(entity_access))
        path = f"/iam/users/{segment(self._identity())}/role-permissions"
        return Call("PUT", path, json, read=lambda data: UserRolePermissions._of(self, data))

    @action
    def get_account_permissions(self) -> Call[list[str]]:
        """Return the permissions of the user for the whole account, which the user's roles give."""
        return self._gets_iam("permissions/account", list[str], beta=True)

    @action
    def get_entity_permissions(self, entity_type: RoleEntityType, entity_id: Resource | int) -> Call[list[str]]:
        """Return the permissions of the user for one object, which the user's roles give."""
        return self._gets_iam(f"permissions/{segment(entity_type)}/{segment(to_api(entity_id))}", list[str], beta=True)

    def _gets_iam(self, tail: str, kind: Any, *, beta: bool = False) -> Call[Any]:
        """A call that gets a value of *kind* of the user from below ``/iam/users``."""
        path = f"/iam/users/{segment(self._identity())}/{tail}"
        return Call("GET", path, shape=Any, beta=beta, read=lambda data: reader(kind)(data, self))


class UsersMixin(BaseClient):
    """Methods of a client for the users of the account."""

    get_users: Many[User] = Many("/account/users")
    """Users of the account."""

    @action
    def create_user(self, username: Username, email: str, **options: Unpack[UserOptions]) -> Call[User]:
        """Create a user and return it; the API sends the user an email to set a password.

        A restricted user has no grants until `User.update_grants` gives some.
        Raises `InvalidRequestError` when the user name is taken.
        """
        return self._creates(User, "/account/users", body(username=username, email=email, **options))
