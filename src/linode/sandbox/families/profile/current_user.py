"""The current user, and the objects that belong to this user only."""

from __future__ import annotations

import re
from typing import Any

from linode.sandbox.engine.registry import NotFound, Refused, Row, World, on

__all__ = [
    "add_profile_event",
    "check_email",
    "current_user",
    "own_row",
    "profile_members",
    "refuse_no_admin",
    "show_only_to_owner",
]

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")

DEFAULTS = {
    "email_notifications": True,
    "timezone": "GMT",
    "authentication_type": "password",
    "tfa_enforced": False,
    "ip_whitelist_enabled": False,
    "lish_auth_method": "password_keys",
    "authorized_keys": None,
}


def current_user(world: World) -> Row:
    """The row of the current user. Raises LookupError if the request has no token."""
    if world.user is None:
        raise LookupError("the request has no user")
    return world.user


def check_email(value: str, field: str = "email") -> None:
    """Raise `Refused` for an invalid e-mail address, which a body has at *field*."""
    if len(value) > 128 or not _EMAIL.fullmatch(value):
        raise Refused(f"{field} is not valid", field=field)


def refuse_no_admin(world: World, user: Row) -> None:
    """Raise `Refused` when *user* is the only one who is not restricted."""
    if not any(each["username"] != user["username"] for each in world.read("User", restricted=False)):
        raise Refused("The account must have an unrestricted user", field="restricted")  # own words


def own_row(world: World, row: Row) -> Row:
    """*row*, if it belongs to the current user. Raises `NotFound` otherwise."""
    if row["_user"] != current_user(world)["username"]:
        raise NotFound
    return row


def show_only_to_owner(cls: Any) -> None:
    """Show every user only their own rows of *cls*, which have the user's name in ``_user``."""
    on.list(cls)(lambda world: world.rows(cls, _user=current_user(world)["username"]))
    on.get(cls)(own_row)


def profile_members(world: World, user: Row) -> Row:
    """The members of the profile of *user* that the user's row does not have."""
    if "_profile" not in user:
        code = world.hex(40)
        counts = {"total": 0, "completed": 0, "pending": 0, "credit": 0}
        referrals = {"code": code, "url": f"https://www.linode.com/?r={code}", **counts}
        user["_profile"] = {"uid": world.next_id("Uid"), **DEFAULTS, "referrals": referrals}
    return user["_profile"]  # type: ignore[no-any-return]


def add_profile_event(world: World, action: str) -> None:
    """Add an event for the profile of the current user."""
    user = current_user(world)
    entity = {
        "label": user["username"],
        "id": profile_members(world, user)["uid"],
        "type": "profile",
        "url": "/v4/profile",
    }
    world.events.notify(action, None)["entity"] = entity
