"""The generic operations of all families, from the declarations: lists, create, update, and the JSON of a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

import msgspec

from linode._model import matches, ordered

from ..core import schema
from ..core.kind import record
from ..core.refusals import NotFound, Refused
from ..core.rows import Rows
from ..core.schema import Row, Table
from ..core.world import World
from .registry import HOOKS

__all__ = [
    "Listing",
    "create",
    "ensure_unique",
    "page",
    "page_of_names",
    "referenced_row",
    "referenced_rows",
    "show",
    "update",
    "update_one",
]

DEFAULT_SIZE, MIN_SIZE, MAX_SIZE = 100, 25, 500


class Listing(NamedTuple):
    """The filter, the page and the page size of a request for a list."""

    query: Row
    page: int = 1
    size: int = DEFAULT_SIZE


# -- one -------------------------------------------------------------------------------------------------------------


def create(world: World, cls: type[Any], *parents: Row, **members: Any) -> Row:
    """Add a row of *cls* with the settable *members*, the others empty. Raises `Refused` if its label is in use."""
    ensure_unique(world, cls, members.get(cls.unique or "label"), *parents)
    return world.add(cls, *parents, **members)


def update(world: World, row: Row, **changes: Any) -> Row:
    """Set *changes* in *row*; in nested objects only the members that were sent."""
    for key, value in changes.items():
        before = row.get(key)
        row[key] = {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value
    if "updated" in row:
        row["updated"] = world.stamp()
    return row


def update_one(world: World, cls: Any, row: Row, **changes: Any) -> Row:
    """Update a *row* of *cls* generically. Raises `Refused` if its new label is in use."""
    parents = (world.parent(row),) if cls._parent_names else ()
    ensure_unique(world, cls, changes.get(cls.unique or "label"), *parents, besides=row)
    return update(world, row, **changes)


def ensure_unique(
    world: World, cls: Any, label: str | None, *parents: Row, besides: Row | None = None, field: str = "label"
) -> None:
    """Raise the API's refusal if a row of *cls* other than *besides* has *label*, and the record forbids that."""
    plural = record(cls).refusals.unique
    if plural and label and any(row is not besides for row in world.read(cls, *parents[:1], label=label)):
        raise Refused(f"Label must be unique among your {plural}", field=field)


def referenced_row(world: World, kind: Table, id: Any, *parents: Row, field: str, reason: str = "") -> Row:
    """The row of *kind* with the *id* that a body has at *field*, below the nearest of *parents* if given.

    Raises the API's refusal if there is none, with the *reason*, if given, for that of the class or of the field.
    """
    found = None if id is None else world.find(kind, id, *parents)
    if found is None:
        raise Refused(reason or invalid_id(kind, field), field=field)
    return found


def referenced_rows(world: World, kind: Table, ids: Iterable[Any], *parents: Row, field: str) -> list[Row]:
    """The rows of *kind* with the *ids* in the list that a body has at *field*, like `referenced_row`."""
    reason = f"{field.rpartition('.')[2]} is not valid"
    return [
        referenced_row(world, kind, each, *parents, field=f"{field}[{at}]", reason=reason)
        for at, each in enumerate(ids)
    ]


def invalid_id(kind: Table, field: str) -> str:
    """The reason to refuse an ID at *field* that no row of *kind* has.

    On record are members of the body itself. That the reason has no index, and the path of an inner member, is a guess.
    """
    return record(kind).refusals.reference or f"{field.rpartition('[')[0] if field[-1] == ']' else field} is not valid"


def show(world: World, row: Row) -> Row:
    """The JSON of *row* as the API shows it."""
    hook = HOOKS.get(("show", row.get("_kind", "")))
    shown = hook.run(world, dict(row)) if hook is not None else row
    return {key: value for key, value in shown.items() if key[0] != "_"}


# -- lists -----------------------------------------------------------------------------------------------------------


class ShownRows(list[Row]):
    """Rows that are already in the form that the API shows."""


def matching_rows(world: World, rows: Iterable[Row], query: Row) -> Sequence[Row]:
    """The *rows* that match the filter *query*, in its order; `ShownRows`, if they had to be shown for the filter."""
    found = rows if isinstance(rows, Sequence) else list(rows)
    if query and isinstance(found, Rows):
        found, query = _looked_up(found, query)
    if not query:
        return found
    pairs = ((row, show(world, row)) for row in found)
    return ShownRows(ordered((shown for row, shown in pairs if matches(_compared(row, shown), query)), query))


def _compared(row: Row, shown: Row) -> Row:
    """The values of *row* that a filter compares."""
    values = record(row.get("_kind", "")).lists.filter_values
    return {**shown, **{name: value(row) for name, value in values.items()}} if values else shown


def _looked_up(rows: Rows, query: Row) -> tuple[Rows, Row]:
    """Apply the part of *query* that needs stored members only; returns the rows found and the rest of the query."""
    hook = HOOKS.get(("show", rows.table))
    if hook is not None and not hook.members:
        return rows, query
    made = {*(() if hook is None else hook.members), *record(rows.table).lists.filter_values}
    order: Row = {key: query[key] for key in ("+order_by", "+order") if key in query}
    left = {key: query[key] for key in query.keys() - order.keys() if _asks(key, query[key], made)}
    asked = {key: wanted for key, wanted in query.items() if key not in order and key not in left}
    if asked:
        rows = rows.where(asked)
    if left or not order or order["+order_by"].partition(".")[0] in made:
        return rows, {**left, **order}
    return rows.ordered(order["+order_by"], descending=order["+order"] == "desc"), {}


def _asks(key: str, wanted: Any, members: AbstractSet[str]) -> bool:
    """Whether a condition refers to one of *members*."""
    if key in ("+and", "+or"):
        return any(_asks(name, value, members) for each in wanted for name, value in each.items())
    return key in members or key.partition(".")[0] in members


def page(world: World, rows: Iterable[Row], asked: Listing, cls: type[Any] | None) -> Row:
    """The requested page of *rows* of *cls*, in the API's envelope."""
    found = matching_rows(world, rows, asked.query)
    part, numbers = _part(found, asked)
    if not found:
        numbers = dict(zip(numbers, record(cls).lists.empty_page, strict=True)) if cls is not None else numbers
    data = part if isinstance(found, ShownRows) else [show(world, row) for row in part]
    return {"data": data, **numbers, "results": len(found)}


def page_of_names(names: Sequence[str], asked: Listing) -> Row:
    """The page of *names* that is *asked* for, in the API's envelope."""
    part, numbers = _part(names, asked)
    return {"data": list(part), **numbers, "results": len(names)}


def _part(found: Sequence[Any], asked: Listing) -> tuple[Sequence[Any], dict[str, int]]:
    """The rows of *found* on the requested page, the number of that page, and the number of pages."""
    pages = max(-(-len(found) // asked.size), 1)
    number = pages if asked.page * asked.size > 2**64 else asked.page
    if number > pages:
        raise NotFound
    return found[(number - 1) * asked.size : number * asked.size], {"page": number, "pages": pages}


def listing(query: Mapping[str, str], header: str | None, cls: type[Any]) -> Listing:
    """Parse the query and the ``X-Filter`` header of a request for a list of *cls*. Raises `Refused`."""
    reasons: list[tuple[str, str | None]] = []
    number = _number(query.get("page", "1"), 1, None)
    size = _number(query.get("page_size", str(DEFAULT_SIZE)), MIN_SIZE, MAX_SIZE)
    if number is None:
        reasons.append(("Must be at least 1", "page"))
    if size is None:
        reasons.append((f"Must be {MIN_SIZE}-{MAX_SIZE}", "page_size"))
    if reasons or number is None or size is None:
        raise Refused.all(reasons)
    return Listing(_filter(header, cls) if header else {}, number, size)


def _number(value: str, least: int, most: int | None) -> int | None:
    if not value.isdecimal() or len(value) > 40:
        return None
    number = int(value)
    return number if number >= least and (most is None or number <= most) else None


def _filter(header: str, cls: type[Any]) -> Row:
    """Decode an ``X-Filter``, and check that *cls* can be filtered by its members. Raises `Refused`."""
    try:
        query = msgspec.json.decode(header, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("Must be a JSON object", field="X-Filter") from None  # own words
    lists = record(cls).lists
    allowed = {*cls.filterable, schema.id_key(cls), "id", *lists.filters}
    order = query.pop("+order_by", None)
    direction = query.pop("+order", "asc")
    found = _conditions(query, allowed, lists.passes_filters)
    if order is not None and not isinstance(order, str):
        raise Refused(f"Cannot order by {order}", field="X-Filter")  # own words
    # Clients order every list by `created`, and no refusal of an order is on record. That one by a member which the
    # objects lack orders nothing is a guess.
    if order is not None and order not in {*allowed, *(each.key for each in cls._fields.values())}:
        order = None
    if direction not in ("asc", "desc"):
        raise Refused("+order must be one of asc, desc", field="X-Filter")  # own words
    return found if order is None else {**found, "+order_by": order, "+order": direction}


DEEPEST = 32
"""Maximum depth of nested conditions. The API's own limit is not on record."""
_OPERATORS = ("+eq", "+neq", "+gt", "+gte", "+lt", "+lte", "+contains")


def _conditions(query: Any, allowed: Iterable[str], passes: bool, depth: int = 0) -> Row:
    """Check the conditions in *query*; those on other fields than *allowed* are left out if the list *passes* them.

    Some clients send an operator without a field ("+gt" alone), which the API ignores.
    """
    if not isinstance(query, dict):
        raise Refused("Must be a JSON object", field="X-Filter")  # own words
    if depth > DEEPEST:
        raise Refused("The filter is nested too deeply", field="X-Filter")  # own words
    found: Row = {}
    for key, wanted in query.items():
        if key in ("+and", "+or"):
            if not isinstance(wanted, list):
                raise Refused(f"{key} must be an array", field="X-Filter")  # own words
            found[key] = [_conditions(each, allowed, passes, depth + 1) for each in wanted]
        elif key in allowed:
            _check_operators(wanted)
            found[key] = wanted
        elif not key.startswith("+") and not passes:
            raise Refused(f"Cannot filter on {key}", field="X-Filter")
    return found


def _check_operators(wanted: Any) -> None:
    if isinstance(wanted, dict) and (unknown := [name for name in wanted if name not in _OPERATORS]):
        raise Refused(f"{unknown[0]} is not an operator", field="X-Filter")  # own words


def refuse_for(reasons: Sequence[tuple[str, str | None]]) -> None:
    """Raise all *reasons* as one refusal; do nothing if there are none."""
    if reasons:
        raise Refused.all(reasons)
