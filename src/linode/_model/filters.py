"""Filters: what `Linode.label == "web"` is. Immutable; combining two makes a third."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

__all__ = ["Filter", "and_", "holds", "matches", "or_", "ordered", "value_at"]


class Filter:
    """A condition on a list, an order of it, or both.

    ``query`` is the JSON of the API's ``X-Filter`` without ordering; ``order`` is ``(key, "asc" | "desc")`` or None.
    ``client_side`` says that the API cannot evaluate this, so that the library lists everything and narrows it itself.
    """

    __slots__ = ("client_side", "order", "query")

    def __init__(
        self, query: Mapping[str, Any], *, order: tuple[str, str] | None = None, client_side: bool = False
    ) -> None:
        self.query = dict(query)
        self.order = order
        self.client_side = client_side

    def __and__(self, other: Filter) -> Filter:
        return _joined("+and", (self, other))

    def __or__(self, other: Filter) -> Filter:
        return _joined("+or", (self, other))

    def __invert__(self) -> Filter:
        """The opposite, where the API can say it; an absent value meets neither ``a > 5`` nor ``~(a > 5)``."""
        if self.order is not None or not self.query:
            raise TypeError("an order cannot be negated, only a condition such as Linode.label == 'web'")
        return Filter(_negated(self.query), client_side=self.client_side)

    def __bool__(self) -> NoReturn:
        raise TypeError("a filter is neither true nor false; pass it to a list call, and combine filters with & and |")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Filter) and self.as_json() == other.as_json()

    def __hash__(self) -> int:
        return hash(repr(self.as_json()))

    def __repr__(self) -> str:
        return f"Filter({self.as_json()!r})"

    def as_json(self) -> dict[str, Any]:
        """The value of the ``X-Filter`` header."""
        if self.order is None:
            return self.query
        return {**self.query, "+order_by": self.order[0], "+order": self.order[1]}


def _joined(word: str, filters: Iterable[Filter]) -> Filter:
    parts: list[Any] = []
    order: tuple[str, str] | None = None
    client_side = False
    for each in filters:
        if not isinstance(each, Filter):
            raise TypeError(f"{each!r} is not a filter; write one like Linode.label == 'web'")
        order = each.order or order
        client_side = client_side or each.client_side
        if each.query.keys() == {word}:
            parts += each.query[word]
        elif each.query:
            parts.append(each.query)
    query = {word: parts} if len(parts) > 1 else parts[0] if parts else {}
    return Filter(query, order=order, client_side=client_side)


_OPPOSITES = {"+eq": "+neq", "+gt": "+lte", "+lt": "+gte"}
_OPPOSITES |= {opposite: operator for operator, opposite in _OPPOSITES.items()}


def _negated(query: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of the filter that holds where *query* does not. Raises TypeError when the API has no word for it."""
    found: list[dict[str, Any]] = []
    for key, wanted in query.items():
        if key in ("+and", "+or"):
            found.append({"+or" if key == "+and" else "+and": [_negated(each) for each in wanted]})
            continue
        operators = wanted if isinstance(wanted, Mapping) else {"+eq": wanted}
        for operator, operand in operators.items():
            if operator not in _OPPOSITES:
                raise TypeError(f"the API cannot negate {operator!r} of {key!r}; filter the list in Python for that")
            opposite = _OPPOSITES[operator]
            found.append({key: operand if opposite == "+eq" else {opposite: operand}})
    return found[0] if len(found) == 1 else {"+or": found}


def and_(*filters: Filter) -> Filter:
    """All of *filters*, of which there may be any number."""
    return _joined("+and", filters)


def or_(*filters: Filter) -> Filter:
    """Any of *filters*, of which there may be any number."""
    return _joined("+or", filters)


def matches(row: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    """Whether *row*, a JSON object of the API, meets *query*, the JSON of an ``X-Filter``.

    Keys are anded; a dotted key looks into nested objects; a list meets a condition when one of its elements does.
    """
    return all(_meets(row, key, wanted) for key, wanted in query.items())


def _meets(row: Mapping[str, Any], key: str, wanted: Any) -> bool:
    if key == "+and":
        return all(matches(row, each) for each in wanted)
    if key == "+or":
        return any(matches(row, each) for each in wanted)
    if key in ("+order_by", "+order"):
        return True
    return _compare(value_at(row, key), wanted)


def value_at(row: Mapping[str, Any], key: str) -> Any:
    """The member *key* of *row*, a dotted path; of a list of objects the list of theirs. None when it is not there."""
    value: Any = row
    for name in [key] if key in row else key.split("."):
        if isinstance(value, list):
            value = [each.get(name) for each in value if isinstance(each, Mapping)]
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _compare(value: Any, wanted: Any) -> bool:
    operators = wanted if isinstance(wanted, Mapping) else {"+eq": wanted}
    return all(holds(value, operator, operand) for operator, operand in operators.items())


def holds(value: Any, operator: str, operand: Any) -> bool:  # noqa: PLR0911 - one line a rule
    """Whether the member's *value* meets one operator of a condition. Raises ValueError for another operator."""
    if operator == "+neq":
        return not holds(value, "+eq", operand)
    if isinstance(value, list) and not isinstance(operand, list):
        return any(holds(each, operator, operand) for each in value)
    if operator == "+eq":
        return bool(value == operand)
    if value is None or operand is None:
        return False
    if operator == "+contains":
        return isinstance(value, str) and str(operand) in value
    try:
        return bool(_ORDERS[operator](value, operand))
    except KeyError:
        raise ValueError(f"a filter has no operator {operator!r}") from None
    except TypeError:
        return False


_ORDERS = {
    "+gt": lambda value, operand: value > operand,
    "+gte": lambda value, operand: value >= operand,
    "+lt": lambda value, operand: value < operand,
    "+lte": lambda value, operand: value <= operand,
}


def ordered(rows: Iterable[Any], query: Mapping[str, Any], *, get: Any = lambda row: row) -> list[Any]:
    """*rows* in the order that ``+order_by`` and ``+order`` of *query* ask for; absent values come first."""
    found = list(rows)
    if key := query.get("+order_by"):

        def rank(row: Any) -> tuple[bool, bool, Any]:
            value = value_at(get(row), key)
            number = isinstance(value, (int, float))
            return (value is not None, not number, value if number else str(value))

        found.sort(key=rank, reverse=query.get("+order") == "desc")
    return found
