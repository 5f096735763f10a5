"""Users for whom two-factor authentication stays optional."""

from __future__ import annotations

from collections.abc import Sequence

from linode.api.account.tfa import TFAMixin, TFAOptionalUser
from linode.api.account.users import User
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.engine.registry import Row, World, on

__all__ = ["optional_users"]

URL = "/v4/account/tfa-optional-users"

on.kind(
    Kind(
        of=TFAOptionalUser,
        access=Access(
            scopes={TFAMixin.set_tfa_optional_users: ("account:read_write",)},
            # A guess: the facts name no grant.
            general={"*": "unrestricted", TFAMixin.set_tfa_optional_users: "unrestricted"},
        ),
    )
)


@on(TFAMixin.get_tfa_optional_users)
def optional_users(world: World) -> list[Row]:
    """Users for whom it is not enforced."""
    names = [user["username"] for user in world.read(User) if user.get("_tfa_optional")]
    return [{"username": name, "url": f"/v4/account/users/{name}"} for name in names]


@on(TFAMixin.set_tfa_optional_users)
def set_optional_users(world: World, usernames: Sequence[str]) -> Row:
    """Let it be optional for these users alone."""
    for user in world.rows(User):
        user["_tfa_optional"] = user["username"] in usernames
    return {"tfa_optional_users_count": len(optional_users(world)), "url": URL}
