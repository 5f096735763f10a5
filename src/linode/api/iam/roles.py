"""Roles, and the permissions that they give to users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Required, TypeAlias, TypedDict

from linode._model import BaseClient, Bounds, Call, Field, ReadOnly, Resource, Struct, action, body
from linode._model.convert import to_api

RoleEntityType: TypeAlias = (
    Literal[
        "database",
        "domain",
        "firewall",
        "image",
        "linode",
        "lkecluster",
        "longview",
        "nodebalancer",
        "stackscript",
        "volume",
        "vpc",
    ]
    | str
)
"""Type of an object that roles can be about."""


class NewEntityRoles(TypedDict, total=False):
    """Roles of a user for one object."""

    id: Required[Resource | int]
    """Object, or its ID; of ``private/123`` the number."""
    type: Required[RoleEntityType]
    roles: Required[Sequence[str]]
    """Names of the roles, such as ``linode_viewer``."""


def numbered(entities: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The JSON of *entities*, whose IDs are objects or numbers: of the image ``private/123`` the number."""
    return [_numbered(to_api(each)) for each in entities]


def _numbered(entity: Any) -> Any:
    text = entity.get("id") if isinstance(entity, dict) else None
    number = text.rpartition("/")[2] if isinstance(text, str) else ""
    return {**entity, "id": int(number)} if number.isdecimal() else entity


class Role(Struct):
    """A set of permissions."""

    name: ReadOnly[str]
    """Name, such as ``account_linode_creator``."""
    description: ReadOnly[str]
    permissions: ReadOnly[list[str]]
    """Permissions, such as ``create_linode``."""


class RoleGroup(Struct):
    """Roles for one type of objects."""

    type: ReadOnly[RoleEntityType]
    """Type of the objects; ``account`` for the account."""
    roles: ReadOnly[list[Role]]


class RolePermissions(Struct):
    """All roles that a user can have."""

    account_access: ReadOnly[list[RoleGroup]]
    """Roles for the whole account."""
    entity_access: ReadOnly[list[RoleGroup]]
    """Roles for single objects."""


class EntityRoles(Struct):
    """Roles of a user for one object."""

    id: ReadOnly[Annotated[int, Bounds(ge=1)]]
    """ID of the object."""
    type: ReadOnly[RoleEntityType]
    """Type of the object."""
    roles: ReadOnly[list[str]]
    """Names of the roles."""


class UserRolePermissions(Struct):
    """Roles of a user; `User.update_role_permissions` replaces them."""

    account_access: Field[list[str]]
    """Names of the roles for the whole account."""
    entity_access: Field[list[EntityRoles]]
    """Roles for single objects."""


class RolesMixin(BaseClient):
    """Methods of a client for roles."""

    @action
    def get_role_permissions(self) -> Call[RolePermissions]:
        """Return all roles, with their permissions. Raises `AuthorizationError` for users without ``account_admin``."""
        return self._gets("/iam/role-permissions", RolePermissions)

    @action
    def get_default_role_permissions(self) -> Call[UserRolePermissions]:
        """Return the roles that the users of a parent account have in this account unless they are given others."""
        return self._gets("/iam/delegation/default-role-permissions", UserRolePermissions)

    @action
    def update_default_role_permissions(
        self, account_access: Sequence[str], entity_access: Sequence[NewEntityRoles]
    ) -> Call[UserRolePermissions]:
        """Replace the roles that the users of a parent account have in this account, and return them.

        Raises `InvalidRequestError` for an unknown role or object.
        """
        json = body(account_access=list(account_access), entity_access=numbered(entity_access))
        return Call(
            "PUT",
            "/iam/delegation/default-role-permissions",
            json,
            read=lambda data: UserRolePermissions._of(self, data),
        )
