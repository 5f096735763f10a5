"""Child accounts, and the tokens with which their parent acts for them."""

from __future__ import annotations

from linode.api.account.child_accounts import ChildAccount
from linode.api.iam.delegation import DelegationMixin
from linode.sandbox.core.kind import Access, Kind, Storage
from linode.sandbox.engine.registry import NotFound, Refused, Row, World, on

from .account import account, owner_of
from .other_accounts import children, proxy_of

__all__ = ["child_accounts", "token_for"]

SECONDS = 15 * 60
"""Seconds that a token lasts: a guess, as the recordings only show that it is a short time."""


def refuse_no_parent(world: World) -> None:
    """Raise the refusal of an account that is no parent; its words were not recorded for this."""
    if not children(world):
        raise Refused("Unauthorized", status=403)


on.kind(
    Kind(
        of=ChildAccount,
        storage=Storage(shared=True),
        access=Access(
            scopes={DelegationMixin.get_my_child_accounts: ()},
            general={"*": "child_account_access", DelegationMixin.get_my_child_accounts: ""},
            requires=refuse_no_parent,
        ),
    )
)


@on.list(ChildAccount)
def child_accounts(world: World) -> list[Row]:
    """All child accounts."""
    return [account(each) for each in children(world)]


@on.get(ChildAccount)
def child_account(world: World, child: Row) -> Row:
    """One of them as it is now."""
    return account(_world_of(world, child))


def _world_of(world: World, child: Row) -> World:
    found = next((each for each in children(world) if each.account == child["euuid"]), None)
    if found is None:
        raise NotFound
    return found


@on(ChildAccount.create_token)
def create_token(world: World, child: Row) -> Row:
    """A token of the proxy user, which the child account then knows."""
    return token_for(world, _world_of(world, child))


def token_for(world: World, there: World) -> Row:
    """A token of *world* for the proxy user of its child account *there*."""
    proxy = proxy_of(there)["username"]
    label = f"{owner_of(world)['company'] or 'Parent'}_{len(there.read('Token')) + 1}_{int(world.now)}"
    token = there.identity.issue_token(proxy, label=label, seconds=SECONDS)
    return {**token, "token": token["_secret"]}
