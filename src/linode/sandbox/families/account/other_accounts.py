"""Accounts besides the sandbox's own: child accounts, and those that services are transferred to and from."""

from __future__ import annotations

import re

from linode.api.account.child_accounts import ChildAccount
from linode.sandbox.core.refusals import SandboxError
from linode.sandbox.core.seed import new_euuid
from linode.sandbox.engine.registry import Row, World

from .account import owner_of

__all__ = ["children", "close_account", "open_account", "proxy_of"]

WORDS = re.compile(r"[^a-z0-9]+")


def open_account(world: World, company: str, *, child: bool = False) -> str:
    """Open an account and return a token of its unrestricted user, who is named after the *company*.

    Raises `SandboxError` when there is one of that company.
    """
    root = world.in_account("")
    name = username_of(company)
    if any(owner_of(each)["company"] == company or each.has("User", name) for each in root.accounts()):
        raise SandboxError(f"an account of the company {company!r} already exists")
    euuid = new_euuid(root)
    root.add("_AccountOf", id=euuid, child=child)
    opened = root.in_account(euuid)
    opened.add("_Account", euuid=euuid, since=opened.stamp())
    owner_of(opened).update(company=company, email=f"{name}@example.com")
    opened.identity.add_user(name, f"{name}@example.com", user_type="child" if child else "default")
    if child:
        _take_in(root, opened)
    return str(opened.identity.issue_token(name, label=company)["_secret"])


def _take_in(root: World, opened: World) -> None:
    """Make *root* the parent of *opened*, with a proxy user there; that it is unrestricted is a guess."""
    root.add(ChildAccount, euuid=opened.account)
    for user in root.rows("User", user_type="default"):
        user["user_type"] = "parent"
    name = username_of(owner_of(root)["company"] or "Parent")
    opened.identity.add_user(name, owner_of(root)["email"], user_type="proxy")


def close_account(world: World) -> None:
    """Let the account of *world* be nobody's child any more."""
    if (known := world.find("_AccountOf", world.account)) is not None and known["child"]:
        known["child"] = False
        world.remove(world.get(ChildAccount, world.account))


def username_of(company: str) -> str:
    """The name of a user of *company*."""
    return WORDS.sub("-", company.lower()).strip("-")[:32].ljust(3, "0")


def children(world: World) -> list[World]:
    """The worlds of the child accounts."""
    return [world.in_account(each["id"]) for each in world.read("_AccountOf", child=True)] if not world.account else []


def proxy_of(world: World) -> Row:
    """The user as whom a parent account acts in its child account *world*."""
    return world.rows("User", user_type="proxy")[0]
