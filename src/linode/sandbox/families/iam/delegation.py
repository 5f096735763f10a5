"""Delegation: users of the parent account act for its child accounts. Users hold the accounts that they act for."""

from __future__ import annotations

from collections.abc import Sequence

from linode.api.account.users import User
from linode.api.iam.delegation import DelegatedChildAccount, DelegationMixin
from linode.sandbox.core.kind import Access, Kind, Storage
from linode.sandbox.engine.registry import Names, NotFound, Row, World, on

from ..account.account import account, owner_of
from ..account.child_accounts import token_for
from ..account.other_accounts import children

__all__: list[str] = []

on.kind(
    Kind(
        of=DelegatedChildAccount,
        storage=Storage("ChildAccount"),
        access=Access(
            general={"*": "unrestricted"},  # a guess
        ),
    )
)


def _shown(world: World, child: World) -> Row:
    users = [each["username"] for each in world.read(User) if child.account in each.get("_acts_for", ())]
    return {"euuid": child.account, "company": owner_of(child)["company"], "users": users}


@on.list(DelegatedChildAccount)
def delegated(world: World) -> list[Row]:
    """All child accounts; none for an account that is no parent (a guess)."""
    return [_shown(world, each) for each in children(world)]


@on(User.delegated_child_accounts)
def of_user(world: World, user: Row) -> list[Row]:
    """The child accounts that *user* acts for."""
    return [_shown(world, each) for each in _of(world, user)]


def _of(world: World, user: Row) -> list[World]:
    return [each for each in children(world) if each.account in user.get("_acts_for", ())]


@on(DelegatedChildAccount.get_users)
def users_of(world: World, child: Row) -> Names:
    """The names of those who act for *child*."""
    return Names(_shown(world, world.in_account(child["euuid"]))["users"])


@on(DelegatedChildAccount.update_users)
def update_users(world: World, child: Row, users: Sequence[str] = ()) -> Names:
    """Let exactly *users* act for *child*."""
    for user in world.rows(User):
        others = [each for each in user.get("_acts_for", ()) if each != child["euuid"]]
        user["_acts_for"] = [*others, child["euuid"]] if user["username"] in users else others
    return users_of(world, child)


# -- the user who asks -----------------------------------------------------------------------------------------------


def _mine(world: World) -> list[World]:
    return [] if world.user is None else _of(world, world.user)


def _one_of_mine(world: World, euuid: str) -> World:
    found = next((each for each in _mine(world) if each.account == euuid), None)
    if found is None:
        raise NotFound
    return found


@on(DelegationMixin.get_my_child_accounts)
def mine(world: World) -> list[Row]:
    """The child accounts that the user acts for."""
    return [account(each) for each in _mine(world)]


@on(DelegationMixin.get_my_child_account)
def one_of_mine(world: World, euuid: str) -> Row:
    """One of the child accounts that the user acts for."""
    return account(_one_of_mine(world, euuid))


@on(DelegationMixin.create_my_child_account_token, unchecked=("euuid",))
def create_token(world: World, euuid: str) -> Row:
    """A token for the proxy user of the child account: that delegates are no users of their own there is a guess."""
    return token_for(world, _one_of_mine(world, euuid))
