"""What restricted users may do with Linodes, by their grants; the grants to other things are shown and not enforced.

They are ``_grants`` of the user's row: ``{"global": {"add_linodes": True}, "linode": {"123": "read_only"}}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from linode.api.profile.grants import GlobalGrants, GrantLevel, Grants

from ..core.kinds import Row
from ..core.refusals import Refused, SandboxError
from ..core.world import World

__all__ = ["check", "give", "keep", "visible"]

LINODES = ("linode", "instances")
MAKES = ("clone",)
"""What makes another Linode of one."""


def check(world: World, method: str, parts: Sequence[str]) -> None:
    """Raise the API's refusal when the user who asks may not do *method* at the path of *parts*."""
    user = world.user
    if user is None or not user["restricted"] or tuple(parts[:2]) != LINODES:
        return
    path = parts[2:]
    makes = method == "POST" and (not path or path[1:] == MAKES)
    if makes and not _given(user, "global").get("add_linodes"):
        raise Refused("Unauthorized", status=403)
    if path:
        level = _given(user, "linode").get(path[0])
        # Who makes a Linode of another need only see that one.
        if level is None or (level == "read_only" and method != "GET" and not makes):
            raise Refused("Unauthorized", status=403)


def visible(world: World, linodes: list[Row]) -> list[Row]:
    """Those of *linodes* that the user who asks may see."""
    user = world.user
    if user is None or not user["restricted"]:
        return linodes
    known = _given(user, "linode")
    return [each for each in linodes if known.get(str(each["id"])) is not None]


def keep(world: World, linode: Row) -> None:
    """Let the user who asks, and has made *linode*, go on with it."""
    if world.user is not None and world.user["restricted"]:
        _given(world.user, "linode", new=True)[str(linode["id"])] = "read_write"


def give(user: Row, grants: Mapping[str, Any]) -> None:
    """Change what *user* may do: general grants by their names, those to things by kind and id.

    Raises `SandboxError` for what is no grant.
    """
    for name, value in grants.items():
        if name in GlobalGrants._fields:
            _given(user, "global", new=True)[name] = value
        elif name in Grants._fields and name not in ("global", "global_") and isinstance(value, Mapping):
            for id, level in value.items():
                if level is not None and level not in get_args(GrantLevel):
                    raise SandboxError(f"a grant is one of {', '.join(get_args(GrantLevel))}, or None, not {level!r}")
                _given(user, name, new=True)[str(id)] = level
        else:
            raise SandboxError(f"there is no grant {name}={value!r}")


def _given(user: Row, kind: str, *, new: bool = False) -> Row:
    """What *user* was granted of one *kind*; *new*: to be added to."""
    grants: Row = user.setdefault("_grants", {}) if new else user.get("_grants", {})
    found: Row = grants.setdefault(kind, {}) if new else grants.get(kind, {})
    return found
