"""The JSON of a restricted user's grants; `linode.sandbox.engine.user_grants` enforces them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode._http.transport import Response
from linode._model.convert import literal_values
from linode.api.profile.grants import GlobalGrants, GrantLevel, Grants
from linode.api.profile.profile import Profile
from linode.sandbox.core import schema
from linode.sandbox.core.kind import KINDS
from linode.sandbox.core.refusals import SandboxError
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Row, World, on
from linode.sandbox.engine.user_grants import grant_key, grants_of_kind

from .current_user import current_user

__all__ = ["grants_of", "set_grants"]


@on(Profile.grants)
def grants(world: World) -> Row | Response:
    """Show the grants of the current user; the response is empty for an unrestricted user."""
    user = current_user(world)
    return grants_of(world, user) if user["restricted"] else Response(204)


def grants_of(world: World, user: Row) -> Row:
    """The general grants of *user*, and those for all objects of the account."""
    kept = user.get("_grants", {})
    found: Row = {"global": {**schema.empty_members(GlobalGrants), **kept.get("global", {})}}
    for name in Grants._fields:
        if name not in ("global", "global_"):
            found[name] = _each(world, name, kept.get(name, {}))
    return found


def _each(world: World, name: str, kept: Row) -> list[Row]:
    """The grants for all objects of one kind; *kept* has the levels by number."""
    shown: list[Row] = []
    for kind in [each for each in KINDS.values() if each.grant.type == name]:
        for row in [rules.show(world, row) for row in world.read(kind.of)]:
            if kind.grant.owns(row):
                key = grant_key(row["id"])
                shown.append({"id": int(key), "label": row[kind.events.label], "permissions": kept.get(key)})
    return shown


def set_grants(user: Row, grants: Mapping[str, Any]) -> None:
    """Change the grants of *user*: general ones by name, those for objects by kind and ID.

    Raises `SandboxError` for an unknown grant.
    """
    for name, value in grants.items():
        if name in GlobalGrants._fields:
            grants_of_kind(user, "global", new=True)[name] = value
        elif name in Grants._fields and name not in ("global", "global_") and isinstance(value, Mapping):
            for id, level in value.items():
                if level is not None and level not in literal_values(GrantLevel):
                    raise SandboxError(
                        f"a grant is one of {', '.join(literal_values(GrantLevel))}, or None, not {level!r}"
                    )
                grants_of_kind(user, name, new=True)[grant_key(id)] = level
        else:
            raise SandboxError(f"the grant {name}={value!r} does not exist")
