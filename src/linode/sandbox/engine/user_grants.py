"""What restricted users may do with what is guarded by grants; the grants to other things are shown and not enforced.

They are ``_grants`` of the user's row: ``{"global": {"add_linodes": True}, "linode": {"123": "read_only"}}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.kind import record
from ..core.kinds import Row
from ..core.refusals import Refused
from ..core.world import World

__all__ = ["check", "granted", "keep", "visible"]


def check(world: World, kind: Any, method: str, rows: Sequence[Row], *, makes: bool) -> None:
    """Raise the API's refusal when the user who asks may not do *method* with the *rows* of the path, nearest first.

    *kind* is the class that a path without rows is about; *makes*: another object is made of the one that is there.
    """
    user = world.user
    top = record(rows[-1]["_kind"] if rows else kind) if rows or kind else None
    if user is None or not user["restricted"] or top is None or not top.guarded:
        return
    makes = makes or (method == "POST" and not rows)
    if makes and not granted(user, "global").get(f"add_{top.grant}s"):
        raise Refused("Unauthorized", status=403)
    if rows:
        level = granted(user, top.grant).get(str(world.id_of(rows[-1])))
        # Who makes one of another need only see that one.
        if level is None or (level == "read_only" and method != "GET" and not makes):
            raise Refused("Unauthorized", status=403)


def visible(world: World, rows: list[Row]) -> list[Row]:
    """Those of *rows*, which are of one class, that the user who asks may see."""
    user = world.user
    if user is None or not user["restricted"] or not rows or not (kind := record(rows[0]["_kind"])).guarded:
        return rows
    grants = granted(user, kind.grant)
    return [row for row in rows if grants.get(str(world.id_of(row))) is not None]


def keep(world: World, row: Row) -> None:
    """Let the user who asks, and has made *row*, go on with it."""
    kind = record(row["_kind"])
    if kind.guarded and world.user is not None and world.user["restricted"]:
        granted(world.user, kind.grant, new=True)[str(world.id_of(row))] = "read_write"


def granted(user: Row, kind: str, *, new: bool = False) -> Row:
    """What *user* was granted of one *kind*; *new*: to be added to."""
    grants: Row = user.setdefault("_grants", {}) if new else user.get("_grants", {})
    found: Row = grants.setdefault(kind, {}) if new else grants.get(kind, {})
    return found
