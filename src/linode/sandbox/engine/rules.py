"""What holds for every family: lists, and getting, making, changing and deleting one, from the declarations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from linode._model import matches, ordered

from ..core import kinds
from ..core.kinds import Kind, Row
from ..core.refusals import NotFound, Refused
from ..core.world import World
from .registry import HOOKS

__all__ = ["Listing", "create", "delete", "ensure_unique", "page", "show", "update"]

DEFAULT_SIZE, LEAST, MOST = 100, 25, 500
EMPTY = {"/images": {"page": 0, "pages": 0}}
"""Lists that have other numbers than page 1 of 1 when nothing is in them."""
ALSO_FILTERED = {"Event": ("seen", "read")}
"""What some lists can be filtered by without being said to."""


class Listing(NamedTuple):
    """What is asked of a list: the filter, and the page."""

    query: Row
    page: int = 1
    size: int = DEFAULT_SIZE


# -- one -------------------------------------------------------------------------------------------------------------


def create(world: World, cls: type[Any], *parents: Row, **members: Any) -> Row:
    """A new row of *cls* of the settable *members*, everything else empty; an event where the class has them."""
    row = world.add(cls, *parents, **members)
    _notify(world, row, "create")
    return row


def update(world: World, row: Row, **changes: Any) -> Row:
    """Set *changes* in *row*; of nested objects only the members that were sent."""
    for key, value in changes.items():
        before = row.get(key)
        row[key] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
    if "updated" in row:
        row["updated"] = world.stamp()
    _notify(world, row, "update")
    return row


def delete(world: World, row: Row) -> None:
    """Delete *row* and what belongs to it."""
    _notify(world, row, "delete")
    world.remove(row)


def _notify(world: World, row: Row, operation: str) -> None:
    entity = kinds.entity_of(row["_kind"])
    if entity.events:
        world.notify(f"{entity.type}_{operation}", row)


def ensure_unique(
    world: World, kind: Kind, label: str | None, things: str, *parents: Row, besides: Row | None = None
) -> None:
    """Raise the API's refusal when a row of *kind*, other than *besides*, has that *label*; *things* is their name."""
    if label and any(row.get("label") == label and row is not besides for row in world.read(kind, *parents)):
        raise Refused(f"Label must be unique among your {things}", field="label")


def show(world: World, row: Row) -> Row:
    """*row* as the API shows it."""
    hook = HOOKS.get(("show", row.get("_kind", "")))
    shown = hook.run(world, dict(row)) if hook is not None else row
    return {key: value for key, value in shown.items() if not key.startswith("_")}


# -- lists -----------------------------------------------------------------------------------------------------------


def chosen(world: World, rows: Iterable[Row], asked: Listing) -> list[Row]:
    """Those of *rows* that meet the filter, in its order, as the API shows them."""
    shown = [show(world, row) for row in rows]
    return ordered((row for row in shown if matches(row, asked.query)), asked.query)


def page(world: World, rows: Iterable[Row], asked: Listing, path: str) -> Row:
    """The page of *rows* that is *asked* for, in the API's envelope."""
    found = chosen(world, rows, asked) if asked.query else list(rows)
    pages = max(-(-len(found) // asked.size), 1)
    number = pages if asked.page * asked.size > 2**64 else asked.page
    if number > pages:
        raise NotFound
    part = found[(number - 1) * asked.size : number * asked.size]
    numbers = {"page": number, "pages": pages}
    if not found:
        numbers |= EMPTY.get(path, {})
    return {"data": part if asked.query else [show(world, row) for row in part], **numbers, "results": len(found)}


def listing(query: Mapping[str, str], header: str | None, cls: type[Any]) -> Listing:
    """What a request for a list of *cls* asks, of its query and its ``X-Filter`` header. Raises `Refused`."""
    reasons: list[tuple[str, str | None]] = []
    number = _number(query.get("page", "1"), 1, None)
    size = _number(query.get("page_size", str(DEFAULT_SIZE)), LEAST, MOST)
    if number is None:
        reasons.append(("Must be at least 1", "page"))
    if size is None:
        reasons.append((f"Must be {LEAST}-{MOST}", "page_size"))
    if reasons or number is None or size is None:
        raise Refused.all(reasons)
    return Listing(_filter(header, cls) if header else {}, number, size)


def _number(text: str, least: int, most: int | None) -> int | None:
    if not text.isdecimal() or len(text) > 40:
        return None
    number = int(text)
    return number if number >= least and (most is None or number <= most) else None


def _filter(header: str, cls: type[Any]) -> Row:
    """The JSON of an ``X-Filter``, checked against what *cls* can be filtered by."""
    import msgspec

    try:
        query = msgspec.json.decode(header, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("Must be a JSON object", field="X-Filter") from None
    table = kinds.table_of(cls)
    allowed = {*cls.filterable, kinds.id_key(cls), "id", *ALSO_FILTERED.get(table, ())}
    _check_filter(query, allowed)
    if (order := query.get("+order_by")) is not None and order not in allowed:
        raise Refused(f"Cannot order by {order}", field="X-Filter")
    if query.get("+order", "asc") not in ("asc", "desc"):
        raise Refused("+order must be one of asc, desc", field="X-Filter")
    if order is None:
        query.pop("+order", None)
    # Some clients send an operator without a field ("+gt" on its own), which the API lets pass.
    return {key: value for key, value in query.items() if not key.startswith("+") or key in _WORDS}


_WORDS = ("+and", "+or", "+order_by", "+order")
_OPERATORS = ("+eq", "+neq", "+gt", "+gte", "+lt", "+lte", "+contains")


def _check_filter(query: Any, allowed: Iterable[str]) -> None:
    if not isinstance(query, dict):
        raise Refused("Must be a JSON object", field="X-Filter")
    for key, wanted in query.items():
        if key in ("+and", "+or"):
            if not isinstance(wanted, list):
                raise Refused(f"{key} must be an array", field="X-Filter")
            for each in wanted:
                _check_filter(each, allowed)
        elif not key.startswith("+"):
            if key not in allowed:
                raise Refused(f"Cannot filter on {key}", field="X-Filter")
            _check_operators(wanted)


def _check_operators(wanted: Any) -> None:
    if isinstance(wanted, dict) and (unknown := [name for name in wanted if name not in _OPERATORS]):
        raise Refused(f"{unknown[0]} is not an operator", field="X-Filter")


def reasons_or_none(reasons: Sequence[tuple[str, str | None]]) -> None:
    """Raise all *reasons* as one refusal; nothing when there is none."""
    if reasons:
        raise Refused.all(reasons)
