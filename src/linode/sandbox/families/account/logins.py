"""Logins of all users, which the login service makes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from linode.api.account.logins import AccountLogin
from linode.sandbox.core.kind import Access, Kind, Storage
from linode.sandbox.engine.registry import Row, World, on

__all__ = ["logins"]

DAYS_LISTED = 90

on.kind(
    Kind(of=AccountLogin, storage=Storage("Login"), access=Access(general={"*": "unrestricted"}))
)  # a guess: the facts name no grant


@on.list(AccountLogin)
def logins(world: World) -> Sequence[Row]:
    """Logins of the last 90 days."""
    found = world.read("Login")  # the oldest first
    return found[bisect_left(found, world.stamp(-DAYS_LISTED * 24 * 3600), key=lambda each: each["datetime"]) :]


@on.get(AccountLogin)
def login(world: World, login: Row) -> Row:  # noqa: ARG001  every behaviour takes the world
    """A login of any user."""
    return login
