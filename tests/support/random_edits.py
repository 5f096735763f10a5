"""Random edits of exported documents, and requests for everything in a world."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from asking import send

from linode.sandbox import Sandbox
from linode.sandbox.core import schema
from linode.sandbox.engine import routes
from linode.sandbox.state.seals import editable

__all__ = ["edited", "use"]

ODD = (None, True, -1, 0, 1.5, "", "nonsense", [], {}, [None], {"x": 1}, 999_999, "x" * 300, 2**70)
"""Values of every type for a member."""
NEAR = {int: (999_999, -5, 0, 7), str: ("nonsense", "", "999999", "OTHER")}
"""Values of the same type for a member: references to nothing, and words that are none."""
LIKELY: dict[type, Any] = {
    int: (0, 1, 7, 80),
    float: (0.5, 2.0),
    str: ("edited", "offline", "active", "2020-01-01T00:00:00", ""),
    bool: (True, False),
    list: ([], ["edited"]),
}
"""Values that a member may have."""


def edited(document: dict[str, Any], seed: int) -> tuple[dict[str, Any], str]:
    """A copy of *document* with one edit, by *seed*: a row or a member is deleted, repeated or changed."""
    made, chance = copy.deepcopy(document), random.Random(seed)
    place, rows = chance.choice([("rows", made["rows"]), *made["accounts"].items()])
    table = chance.choice([name for name in rows if rows[name]])
    at = chance.randrange(len(rows[table]))
    named = f"{place}.{table}[{at}]"
    kind = chance.random()
    if kind < 0.1:
        rows[table].append(copy.deepcopy(rows[table][at]))
        return made, f"{named} twice"
    if kind < 0.2:
        del rows[table][at]
        return made, f"{named} deleted"
    row = rows[table][at]
    if kind < 0.6 and (free := [name for name in editable(table) if row.get(name) is not None]):
        name = chance.choice(free)
        row[name] = chance.choice(LIKELY.get(type(row[name]), ODD))
        return made, f"{named}: {name} is {row[name]!r}"
    holder, name = chance.choice(list(_members(row)))
    if kind < 0.7:
        del holder[name]
        return made, f"{named}: {name} deleted"
    value = chance.choice(NEAR.get(type(holder[name]), ODD) if kind < 0.85 else ODD)
    holder[name] = value
    return made, f"{named}: {name} is {value!r}"


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """The dicts and lists in *value*, with each of their names and positions."""
    for name in value if isinstance(value, dict) else range(len(value)):
        yield value, name
        if isinstance(value[name], (dict, list)):
            yield from _members(value[name])


def use(sandbox: Sandbox) -> list[str]:
    """Read, change and delete everything in *sandbox*, and let a month pass; returns the answers of 500 and above."""
    failed: list[str] = []
    for method, seconds in (("GET", 3600), ("PUT", 32 * 86400), ("GET", 0), ("DELETE", 86400), ("DELETE", 86400)):
        for path in list(_paths(sandbox, method)):
            answer = send(sandbox, method, f"/v4beta{path}", {} if method == "PUT" else None)
            if answer.status >= 500 and answer.status != 501:
                failed.append(f"{method} {path}: {answer.status} {answer.content!r}")
        sandbox.advance(seconds)
    return failed


def _paths(sandbox: Sandbox, method: str) -> Iterator[str]:
    for route in routes.routes():
        if route.method != method or not route.served or (route.cls is None and "{" in route.path):
            continue
        for row in sandbox.world.read(route.cls)[:5] if "{" in route.path else ({},):
            yield "/".join(_segment(part, row, route.cls) for part in route.path.split("/"))


def _segment(part: str, row: dict[str, Any], cls: Any) -> str:
    if not part.startswith("{"):
        return part
    above = {name: row.get(f"_{name}", row.get(f"{name}_id")) for name in cls._parent_names}
    return str(above.get(part[1:-1]) or schema.id_of(row)).replace("/", "%2F")
