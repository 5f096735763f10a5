"""Roles of users, and the permissions that come of them: kept and shown, not enforced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linode.api.account.users import User
from linode.api.entities import Entity
from linode.api.iam.roles import RolesMixin
from linode.sandbox.core import catalogue
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..entities import entities

__all__: list[str] = []

ACCOUNT, ENTITY, ADMIN = "account_access", "entity_access", "account_admin"
DEFAULTS = "_DefaultRoles"

on.kind(
    Kind(
        of=Entity,
        access=Access(
            scopes={"list": ("account:read_only",), RolesMixin.get_role_permissions: ("account:read_only",)},
            general={
                RolesMixin.get_role_permissions: "unrestricted",  # it takes the role account_admin
                RolesMixin.get_default_role_permissions: "unrestricted",  # a guess, as is the next
                RolesMixin.update_default_role_permissions: "unrestricted",
            },
        ),
    )
)


# -- the roles that there are ----------------------------------------------------------------------------------------


def _groups(access: str) -> list[Row]:
    """The groups of roles on record for the account, or for its objects."""
    return [each for each in catalogue.objects_at("/iam/role-permissions") if each["access"] == access]


def _roles(access: str) -> dict[tuple[str, str], list[str]]:
    """The permissions of each role, by its type and name."""
    return {(group["type"], role["name"]): role["permissions"] for group in _groups(access) for role in group["roles"]}


@on(RolesMixin.get_role_permissions)
def role_permissions(_world: World) -> Row:
    """Show all roles. Their descriptions are not on record, and empty here."""
    return {access: [_shown(each) for each in _groups(access)] for access in (ACCOUNT, ENTITY)}


def _shown(group: Row) -> Row:
    return {"type": group["type"], "roles": [{"description": "", **each} for each in group["roles"]]}


# -- the roles of a user ---------------------------------------------------------------------------------------------


@on(User.get_role_permissions)
def get(world: World, user: Row) -> Row:
    """Show the roles of *user*: until some are given, those of an administrator for an unrestricted one (a guess)."""
    kept = user.get("_roles") or {ACCOUNT: [] if user["restricted"] else [ADMIN], ENTITY: []}
    return {ACCOUNT: kept[ACCOUNT], ENTITY: _present(world, kept[ENTITY])}


def _present(world: World, given: Sequence[Row]) -> list[Row]:
    """The roles of *given* for objects that are there still: that others are not shown is a guess."""
    known = {(each["type"], each["id"]) for each in entities(world)}
    return [each for each in given if (each["type"], each["id"]) in known]


@on(User.update_role_permissions)
def update(
    world: World, user: Row, account_access: Sequence[str] = (), entity_access: Sequence[Mapping[str, Any]] = ()
) -> Row:
    """Replace the roles of *user*; a member that was not sent becomes empty."""
    user["_roles"] = _checked(world, account_access, entity_access)
    return get(world, user)


def _checked(world: World, account_access: Sequence[str], entity_access: Sequence[Mapping[str, Any]]) -> Row:
    """The roles given, each once. Raises a refusal of unknown ones, in words of the sandbox's own."""
    rules.refuse_for([*_unknown(account_access), *_unknown_of_entities(world, entity_access)])
    return {
        ACCOUNT: list(dict.fromkeys(account_access)),
        ENTITY: [{**each, "roles": list(dict.fromkeys(each["roles"]))} for each in entity_access],
    }


def _unknown(names: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    known = {name for _, name in _roles(ACCOUNT)}
    for at, name in enumerate(names):
        if name not in known:
            yield f"{name} is not a role for the account", f"{ACCOUNT}[{at}]"  # own words


def _unknown_of_entities(world: World, given: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str | None]]:
    known, there = _roles(ENTITY), {(each["type"], each["id"]) for each in entities(world)}
    for at, each in enumerate(given):
        if (each["type"], each["id"]) not in there:
            yield "id is not valid", f"{ENTITY}[{at}].id"  # own words
        for place, name in enumerate(each["roles"]):
            if (each["type"], name) not in known:
                yield f"{name} is not a role for the type {each['type']}", f"{ENTITY}[{at}].roles[{place}]"  # own words


# -- what comes of them ----------------------------------------------------------------------------------------------


@on(User.get_account_permissions)
def account_permissions(world: World, user: Row) -> list[str]:
    """List the permissions that the roles of *user* for the account include."""
    _refuse_others(world, user)
    names = get(world, user)[ACCOUNT]
    if ADMIN in names:
        return [each["id"] for each in catalogue.objects_at("/iam/users/{username}/permissions/account")]
    found = {each for (_, name), allowed in _roles(ACCOUNT).items() if name in names for each in allowed}
    return sorted(found)


@on(User.get_entity_permissions)
def entity_permissions(world: World, user: Row, entity_type: str, entity_id: int) -> list[str]:
    """List the permissions of the roles of *user* for one object; administrators have its admin role."""
    _refuse_others(world, user)
    roles = get(world, user)
    names = {
        name
        for each in roles[ENTITY]
        if (each["type"], each["id"]) == (entity_type, entity_id)
        for name in each["roles"]
    }
    if ADMIN in roles[ACCOUNT]:
        names.add(f"{entity_type}_admin")
    known = _roles(ENTITY)
    return sorted({each for name in names for each in known.get((entity_type, name), ())})


def _refuse_others(world: World, user: Row) -> None:
    """Raise a refusal for restricted users who ask for other users: a guess."""
    asking = world.user
    if asking is not None and asking["restricted"] and asking["username"] != user["username"]:
        raise Refused("Unauthorized", status=403)


# -- roles of delegates ----------------------------------------------------------------------------------------------


@on(RolesMixin.get_default_role_permissions)
def get_defaults(world: World) -> Row:
    """Show the roles for the users of a parent account; none at first (a guess)."""
    kept = world.one(DEFAULTS, **{ACCOUNT: [], ENTITY: []})
    return {ACCOUNT: kept[ACCOUNT], ENTITY: _present(world, kept[ENTITY])}


@on(RolesMixin.update_default_role_permissions)
def update_defaults(
    world: World, account_access: Sequence[str] = (), entity_access: Sequence[Mapping[str, Any]] = ()
) -> Row:
    """Replace the roles for the users of a parent account; that any account may do so is a guess."""
    world.one(DEFAULTS, **{ACCOUNT: [], ENTITY: []}).update(_checked(world, account_access, entity_access))
    return get_defaults(world)
