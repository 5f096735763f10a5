"""Indices of rows: for one member, the positions of the rows by their values.

Conditions have the meaning of `linode._model.matches`: a list matches when one of its elements does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Any, TypeAlias

from linode._model.filters import value_at

from .kinds import Row

__all__ = ["Index"]

Entry: TypeAlias = tuple[int, Any, int]
"""A sort key (a rank, and a number or a string) and the position of the row."""

_NOTHING, _NUMBER, _TEXT = range(3)
_RANGES = {"+gt", "+gte", "+lt", "+lte"}


class Index:
    """The positions of rows by the value of the member *key*, a dotted path. They are ordered at the first use."""

    def __init__(self, key: str, rows: Iterable[tuple[int, Mapping[str, Any]]], *, lowered: bool = False) -> None:
        self.key = key
        self.lowered = lowered
        """Whether the text at *key* is kept in small letters."""
        self._places: dict[Hashable, list[int]] = {}
        self._odd = 0
        """Number of rows whose value cannot be looked up."""
        self._lists = 0
        """Number of rows whose value is a list, which prevents ordering."""
        self._entries: dict[int, list[Entry]] = {}
        """All entries in order, ascending by 1, descending by -1; equal values are in the order of their positions."""
        for place, row in rows:
            self.add(place, row)

    def replace(self, gone: tuple[int, Row] | None, come: tuple[int, Row] | None) -> None:
        """Remove the row *gone* and add the row *come*, each with its position."""
        old, new = self._values_of(gone), self._values_of(come)
        if gone and come and gone[0] == come[0]:
            if self._value(gone[1]) == self._value(come[1]):
                return
            old, new = (
                {value: None for value in old if value not in new},
                {value: None for value in new if value not in old},
            )
        if gone is not None:
            self._count(gone[1], -1)
            self._discard(gone[0], old)
        if come is not None:
            self._count(come[1], 1)
            self._insert(come[0], new)

    def _values_of(self, placed: tuple[int, Row] | None) -> Mapping[Hashable, None]:
        return {} if placed is None else self._values(placed[1])

    def add(self, place: int, row: Mapping[str, Any]) -> None:
        """Add *row* at the position *place*."""
        self._count(row, 1)
        self._insert(place, self._values(row))

    def _insert(self, place: int, values: Iterable[Hashable]) -> None:
        for value in values:
            insort(self._places.setdefault(value, []), place)
            for sign, entries in self._entries.items():
                insort(entries, (*_rank(value), sign * place))

    def _discard(self, place: int, values: Iterable[Hashable]) -> None:
        for value in values:
            _discard(self._places[value], place)
            if not self._places[value]:
                del self._places[value]
            for sign, entries in self._entries.items():
                _discard(entries, (*_rank(value), sign * place))

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

    def equal(self, value: Any) -> list[int] | None:
        """The positions of the rows with *value*, or a list with it; None if the index cannot answer."""
        if self._odd or isinstance(value, (dict, list)):
            return None
        return self._places.get(value, [])

    def meeting(self, wanted: Any) -> Sequence[int] | None:
        """The positions, ascending, of the rows that match *wanted*; None if the index cannot answer."""
        operators = dict(wanted) if isinstance(wanted, Mapping) else {"+eq": wanted}
        if self._odd or any(isinstance(operand, (dict, list)) for operand in operators.values()):
            return None
        if operators.keys() == {"+eq"}:
            return self.equal(operators["+eq"])
        if not operators or "+neq" in operators or (self._lists and len(operators) > 1):
            return None  # absent values are not in the index; and two elements of a list may match two operators
        if operators.keys() <= _RANGES:
            return self._between(operators)
        if operators.keys() == {"+contains"}:
            part = str(operators["+contains"])
            fitting = [value for value in self._places if isinstance(value, str) and part in value]
            return self._ascending(place for value in fitting for place in self._places[value])
        return None

    def _between(self, operators: Mapping[str, Any]) -> list[int]:
        """The positions of the rows whose value is in the range; numbers and strings are not compared."""
        entries = self._sorted(1)
        low, high = 0, len(entries)
        for name, operand in operators.items():
            rank = _rank(operand)
            if operand is None:
                return []
            before, behind = bisect_left(entries, rank), bisect_right(entries, (*rank, inf))
            starts, ends = bisect_left(entries, (rank[0],)), bisect_left(entries, (rank[0] + 1,))
            low = max(low, {"+gt": behind, "+gte": before}.get(name, starts))
            high = min(high, {"+lt": before, "+lte": behind}.get(name, ends))
        return self._ascending(place for _, _, place in entries[low:high])

    def _ascending(self, places: Iterable[int]) -> list[int]:
        return sorted(set(places) if self._lists else places)

    def values(self) -> set[Any]:
        """All values."""
        return set(self._places)

    def total(self) -> float:
        """The sum of the values, which are numbers or None."""
        return sum(value * len(places) for value, places in self._places.items() if isinstance(value, (int, float)))

    # -- order -------------------------------------------------------------------------------------------------------

    def order(self, *, descending: bool) -> Sequence[int] | None:
        """The positions of all rows in the order of their values; None if the index cannot order them."""
        if self._odd or self._lists:
            return None
        return _Order(self._sorted(-1 if descending else 1), descending=descending)

    def _sorted(self, sign: int) -> list[Entry]:
        if sign not in self._entries:
            pairs = ((_rank(value), places) for value, places in self._places.items())
            self._entries[sign] = sorted((*rank, sign * place) for rank, places in pairs for place in places)
        return self._entries[sign]


class _Order(Sequence[int]):
    """The positions in ordered entries, extracted when they are read."""

    def __init__(self, entries: Sequence[Entry], *, descending: bool) -> None:
        self._entries = entries
        self._descending = descending

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, at: Any) -> Any:
        if not isinstance(at, slice):
            return self[at : at + 1][0]
        start, stop, _ = at.indices(len(self))
        if not self._descending:
            return [place for _, _, place in self._entries[start:stop]]
        return [-place for _, _, place in reversed(self._entries[len(self) - stop : len(self) - start])]

    def __iter__(self) -> Iterator[int]:
        return iter(self[:])


def _rank(value: Any) -> tuple[int, Any]:
    """The sort key of *value*: None comes first, then numbers, then all others as strings."""
    if value is None:
        return _NOTHING, 0
    return (_NUMBER, value) if isinstance(value, (int, float)) else (_TEXT, str(value))


def _discard(ordered: list[Any], one: Any) -> None:
    del ordered[bisect_left(ordered, one)]
