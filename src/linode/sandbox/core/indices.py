"""Indices of rows: for one member, the positions of the rows by their values.

Conditions have the meaning of `linode._model.matches`: a list matches when one of its elements does.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import Any, TypeAlias

from linode._model.filters import value_at

from .blocks import Blocks
from .positions import LazyPositions
from .schema import Row
from .texts import Texts

__all__ = ["Index"]

Entry: TypeAlias = tuple[int, Any, int]
"""A sort key (a rank, and a number or a string) and the position of the row."""
Placed: TypeAlias = "Iterable[tuple[int, Mapping[str, Any]]]"
"""Rows with their positions."""

_NOTHING, _NUMBER, _TEXT = range(3)
_RANGES = {"+gt", "+gte", "+lt", "+lte"}
ELEMENTS = 0
"""The kind of the entries for the elements of lists; those of whole values are 1, ascending, and -1, descending."""


class Index:
    """The positions of rows by the value of the member *key*, a dotted path. They are ordered at the first use.

    *rows* returns the rows, with their positions, as the last transaction has left them.
    """

    def __init__(self, key: str, rows: Callable[[], Placed], *, lowered: bool = False) -> None:
        self.key = key
        self.lowered = lowered
        """Whether the text at *key* is kept in small letters."""
        self._rows = rows
        self._places: dict[Hashable, int | list[int]] = {}
        """The position of the only row with a value, or those of several, ascending."""
        self._odd = 0
        """Number of rows whose value cannot be looked up."""
        self._lists = 0
        """Number of rows whose value is a list."""
        self._entries: dict[int, Blocks] = {}
        """All entries in order, by their kind; equal values are in the order of their positions."""
        self._texts: Texts | None = None
        self._ascends = True
        """Whether positions ascend with the values, as they do for IDs and times of creation."""
        for place, row in rows():
            self.add(place, row)

    # -- changes -----------------------------------------------------------------------------------------------------

    def replace(self, gone: tuple[int, Row] | None, come: tuple[int, Row] | None) -> None:
        """Remove the row *gone* and add the row *come*, each with its position."""
        if gone and come and gone[0] == come[0] and self._value(gone[1]) == self._value(come[1]):
            return
        old, new = self._values_of(gone), self._values_of(come)
        if gone and come and gone[0] == come[0]:
            old, new = [each for each in old if each not in new], [each for each in new if each not in old]
        if gone is not None:
            self._count(gone[1], -1)
            self._discard(gone[0], old)
        if come is not None:
            self._count(come[1], 1)
            self._insert(come[0], new)
        for kind, entries in self._entries.items():
            if kind != ELEMENTS and gone is not None:
                entries.discard((*_rank(self._value(gone[1])), kind * gone[0]))
            if kind != ELEMENTS and come is not None:
                entries.add(entry := (*_rank(self._value(come[1])), kind * come[0]))
                if kind == 1 and self._ascends:
                    at = entries.position(entry)
                    self._ascends = _do_ascend(entries.part(max(at - 1, 0), at + 2))

    def _values_of(self, placed: tuple[int, Row] | None) -> Iterable[Hashable]:
        return () if placed is None else self._values(placed[1])

    def add(self, place: int, row: Mapping[str, Any]) -> None:
        """Add *row* at the position *place*, before there are entries."""
        self._count(row, 1)
        self._insert(place, self._values(row))

    def _insert(self, place: int, values: Iterable[Hashable]) -> None:
        for value in values:
            known = self._places.get(value)
            if known is None:
                self._places[value] = place
                if self._texts is not None:
                    self._texts.add(value)
            elif isinstance(known, int):
                self._places[value] = [min(known, place), max(known, place)]
            else:
                insort(known, place)
            if ELEMENTS in self._entries:
                self._entries[ELEMENTS].add((*_rank(value), place))

    def _discard(self, place: int, values: Iterable[Hashable]) -> None:
        for value in values:
            known = self._places[value]
            if isinstance(known, int):
                del self._places[value]
            else:
                del known[bisect_left(known, place)]
                if len(known) == 1:
                    self._places[value] = known[0]
            if ELEMENTS in self._entries:
                self._entries[ELEMENTS].discard((*_rank(value), place))

    def _value(self, row: Mapping[str, Any]) -> Any:
        value = value_at(row, self.key)
        return value.lower() if self.lowered and isinstance(value, str) else value

    def _count(self, row: Mapping[str, Any], one: int) -> None:
        value = self._value(row)
        values = value if isinstance(value, list) else [value]
        self._lists += one * isinstance(value, list)
        self._odd += one * any(isinstance(each, (dict, list)) for each in values)

    def _values(self, row: Mapping[str, Any]) -> Mapping[Hashable, None]:
        value = self._value(row)
        values = value if isinstance(value, list) else [value]
        return {each: None for each in values if not isinstance(each, (dict, list))}

    # -- conditions --------------------------------------------------------------------------------------------------

    def equal(self, value: Any) -> Sequence[int] | None:
        """The positions of the rows with *value*, or a list with it; None if the index cannot answer."""
        if self._odd or isinstance(value, (dict, list)):
            return None
        found = self._places.get(value, [])
        return [found] if isinstance(found, int) else found

    def meeting(self, wanted: Any) -> Sequence[int] | None:
        """The positions, ascending, of the rows that match *wanted*; None if the index cannot answer."""
        operators = dict(wanted) if isinstance(wanted, Mapping) else {"+eq": wanted}
        if self._odd or any(isinstance(operand, (dict, list)) for operand in operators.values()):
            return None
        if operators.keys() == {"+eq"}:
            return self.equal(operators["+eq"])
        if not operators or "+neq" in operators or (self._lists and len(operators) > 1):
            return None  # empty lists are not in the index; and two elements of a list may match two operators
        if operators.keys() <= _RANGES:
            return self._between(operators)
        if operators.keys() == {"+contains"}:
            return self._containing(str(operators["+contains"]))
        return None

    def _containing(self, part: str) -> list[int]:
        if self._texts is None or self._texts.stale:
            self._texts = Texts(each for each in self._places if isinstance(each, str))
        found: list[int] = []
        for value in self._texts.having(part):
            places = self._places.get(value, [])
            found += [places] if isinstance(places, int) else places
        return self._ascending(found)

    def _between(self, operators: Mapping[str, Any]) -> Sequence[int]:
        """The positions of the rows whose value is in the range; numbers and strings are not compared."""
        entries = self._sorted(ELEMENTS if self._lists else 1)
        low, high = 0, len(entries)
        for name, operand in operators.items():
            rank = _rank(operand)
            if operand is None:
                return []
            before, behind = entries.position(rank), entries.position((*rank, inf))
            starts, ends = entries.position((rank[0],)), entries.position((rank[0] + 1,))
            low = max(low, {"+gt": behind, "+gte": before}.get(name, starts))
            high = min(high, {"+lt": before, "+lte": behind}.get(name, ends))
        if low >= high:
            return []
        found = _Order(entries, low, high, sign=1)
        return found if self._ascends and not self._lists else self._ascending(found)

    def _ascending(self, places: Iterable[int]) -> list[int]:
        return sorted(set(places) if self._lists else places)

    def values(self) -> set[Any]:
        """All values."""
        return set(self._places)

    def total(self) -> float:
        """The sum of the values, which are numbers or None."""
        numbers = ((value, found) for value, found in self._places.items() if isinstance(value, (int, float)))
        return sum(value * (1 if isinstance(found, int) else len(found)) for value, found in numbers)

    # -- order -------------------------------------------------------------------------------------------------------

    def order(self, *, descending: bool) -> Sequence[int]:
        """The positions of all rows in the order of their values, of which lists are compared as text."""
        sign = -1 if descending else 1
        entries = self._sorted(sign)
        return _Order(entries, 0, len(entries), sign=sign)

    def _sorted(self, kind: int) -> Blocks:
        if kind not in self._entries:
            self._entries[kind] = Blocks(self._elements() if kind == ELEMENTS else self._wholes(kind))
            if kind == 1:
                self._ascends = _do_ascend(self._entries[kind])
        return self._entries[kind]

    def _elements(self) -> Iterable[Entry]:
        for value, found in self._places.items():
            yield from ((*_rank(value), place) for place in ([found] if isinstance(found, int) else found))

    def _wholes(self, sign: int) -> Iterable[Entry]:
        if self._lists or self._odd:
            return ((*_rank(self._value(row)), sign * place) for place, row in self._rows())
        return ((rank, value, sign * place) for rank, value, place in self._elements())


class _Order(LazyPositions):
    """The positions in the entries from *low* to *high*, extracted when they are read."""

    def __init__(self, entries: Blocks, low: int, high: int, *, sign: int) -> None:
        self._entries = entries
        self._low, self._high = low, high
        self._sign = sign

    def __len__(self) -> int:
        return self._high - self._low

    def part(self, start: int, stop: int) -> list[int]:
        """The positions from *start* to *stop*, counted in this order."""
        if self._sign > 0:
            return [place for _, _, place in self._entries.part(self._low + start, self._low + stop)]
        return [-place for _, _, place in reversed(self._entries.part(self._high - stop, self._high - start))]


def _do_ascend(entries: Iterable[Entry]) -> bool:
    return all(before[2] < after[2] for before, after in pairwise(entries))


def _rank(value: Any) -> tuple[int, Any]:
    """The sort key of *value*: None comes first, then numbers, then all others as strings."""
    if value is None:
        return _NOTHING, 0
    return (_NUMBER, value) if isinstance(value, (int, float)) else (_TEXT, str(value))
