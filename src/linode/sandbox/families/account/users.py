"""Users of the account: how they are made, renamed, restricted and deleted, and what they are granted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linode._http.transport import Response
from linode.api.account.users import User
from linode.sandbox.core.kind import Access, Events, Exports, Kind
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on
from linode.sandbox.engine.user_grants import grants_of_kind
from linode.sandbox.families.profile.current_user import check_email, refuse_no_admin
from linode.sandbox.families.profile.grants import grants_of

__all__ = ["remove_user"]

NO_GRANTS = "Grants are not available for unrestricted users"
BELONGINGS = {
    "Token": "_user",
    "SSHKey": "_user",
    "TrustedDevice": "_user",
    "LoginSession": "username",
    "LoginCode": "username",
    "RefreshToken": "username",
}
"""The tables of objects that belong to a user, and the member with the user's name."""

on.kind(
    Kind(
        of=User,
        exports=Exports(private=("_answers", "_tfa", "_tfa_secret", "_phone")),
        events=Events("user", label="username"),
        access=Access(
            scopes={User.get_role_permissions: (), User.update_role_permissions: (), User.delegated_child_accounts: ()},
            general={"*": "unrestricted", User.get_account_permissions: "", User.get_entity_permissions: ""},
        ),
    )
)


@on.create(User)
def create(world: World, username: str, email: str, *, restricted: bool = False, tfa_enforced: bool = False) -> Row:
    """Add a user, who can log in at once. That a user is unrestricted by default is a guess."""
    _refuse_taken(world, username)
    check_email(email)
    members = {"tfa_enforced": tfa_enforced, "password_created": None}
    user = world.identity.add_user(username, email, restricted=restricted, **members)
    world.events.notify("user_create", user)
    return user


@on.update(User)
def update(world: World, user: Row, **changes: Any) -> Row:
    """Update a user; a new name is set in the objects that belong to the user, too."""
    if changes.get("email", user["email"]) != user["email"]:
        check_email(changes["email"])
    if changes.get("restricted") and not user["restricted"]:
        refuse_no_admin(world, user)
    name = changes.pop("username", user["username"])
    if name != user["username"]:
        user = _renamed(world, user, name)
    rules.update(world, user, **changes)
    world.events.notify("user_update", user)
    return user


def _refuse_taken(world: World, username: str) -> None:
    if world.read(User).alike("username", username):
        # The words, and that letters are compared whatever their case, are guesses.
        raise Refused("Username is already in use", field="username")


def _renamed(world: World, user: Row, name: str) -> Row:
    """The row of *user* with another name, which all that is the user's has from now on; events keep the old one."""
    if user["user_type"] == "proxy":
        raise Refused("Unauthorized", status=403)  # words that were not recorded for this
    if name.lower() != user["username"].lower():
        _refuse_taken(world, name)
    before = user["username"]
    kept = {key: value for key, value in user.items() if key not in ("_kind", "_key")}
    for row, member in _belongings(world, before):
        row[member] = name
    for login in world.rows("Login", _user=before):
        login["_user"] = name
    world.remove(user)
    renamed = world.add(User, **{**kept, "username": name})
    if world.user is not None and world.user["username"] == before:
        world.user = renamed
    return renamed


def _belongings(world: World, username: str) -> Iterator[tuple[Row, str]]:
    for table, member in BELONGINGS.items():
        for row in world.rows(table, **{member: username}):
            yield row, member


@on.delete(User)
def delete(world: World, user: Row) -> None:
    """Delete a user, who is logged out at once. Events and StackScripts keep the name."""
    if user["user_type"] == "proxy":
        raise Refused("Unauthorized", status=403)  # words that were not recorded for this
    if not user["restricted"]:
        refuse_no_admin(world, user)
    remove_user(world, user)
    world.events.notify("user_delete", user)


def remove_user(world: World, user: Row) -> None:
    """Remove *user*, with all tokens, keys and open logins."""
    for row, _ in _belongings(world, user["username"]):
        if row["_kind"] == "Token":
            world.identity.revoke_token(row)
        else:
            world.remove(row)
    world.remove(user)


# -- grants ----------------------------------------------------------------------------------------------------------


@on(User.grants)
def grants(world: World, user: Row) -> Row | Response:
    """Show the grants of the user; the response is empty for an unrestricted user."""
    return grants_of(world, user) if user["restricted"] else Response(204)


@on(User.update_grants)
def update_grants(world: World, user: Row, **changes: Any) -> Row:
    """Change the grants that were sent; that the others stay as they are is a guess."""
    if not user["restricted"]:
        raise Refused(NO_GRANTS)
    general = changes.pop("global", {})
    rules.refuse_for(list(_unknown(grants_of(world, user), changes)))
    grants_of_kind(user, "global", new=True).update(general)
    for name, entries in changes.items():
        levels = grants_of_kind(user, name, new=True)
        levels.update({str(each["id"]): each.get("permissions") for each in entries})
    world.events.notify("user_update", user)  # that this is the event of grants is a guess
    return grants_of(world, user)


def _unknown(shown: Row, changes: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, str | None]]:
    """The reasons against grants to what the account does not have, in words of the sandbox's own."""
    for name, entries in changes.items():
        known = {each["id"] for each in shown[name]}
        for at, entry in enumerate(entries):
            if entry.get("id") not in known:
                yield "id is not valid", f"{name}[{at}].id"
