"""Rows of a table: those that match a filter, in an order, each decoded when it is read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from linode._model.filters import matches, ordered

from .positions import Ordered, intersection
from .schema import Row

if TYPE_CHECKING:
    from .tables import Table

__all__ = ["Rows"]

FEW = 64
"""Maximum number of candidates that are read instead of compared with those of another index."""


class Rows(Sequence[Row]):
    """Rows of one table, each decoded when it is read; they must not be changed."""

    def __init__(self, table: Table, places: Sequence[int], *, whole: bool = False, sign: int = 0) -> None:
        self._table = table
        self._places = places
        self._whole = whole
        """Whether these are all rows of the table, in any order."""
        self._sign = sign
        """1: the positions are ascending; -1: descending; 0: in any order."""

    @property
    def table(self) -> str:
        """The name of the table."""
        return self._table.name

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Row | Rows:
        if isinstance(at, slice):
            places = self._places[at]
            whole = self._whole and len(places) == len(self._places)
            return Rows(self._table, places, whole=whole, sign=-self._sign if (at.step or 1) < 0 else self._sign)
        return self._table.at(self._places[at])

    def __iter__(self) -> Iterator[Row]:
        return map(self._table.at, self._places[:])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (list, Rows)) and list(self) == list(other)

    def __hash__(self) -> int:
        raise TypeError("rows are mutable and cannot be hashed")

    def __repr__(self) -> str:
        return repr(list(self))

    def where(self, query: Mapping[str, Any]) -> Rows:
        """The rows that match *query*, the JSON of an ``X-Filter`` without an order."""
        places = self._meeting(query)
        if places is None:
            found = [place for place in self._places if matches(self._table.at(place), query)]
            return Rows(self._table, found, sign=self._sign)
        return self._among(places)

    def alike(self, key: str, text: str) -> Rows:
        """The rows with *text* at the member *key*, which holds text, whatever the case of its letters."""
        return self._among(self._table.alike(key, text))

    def total(self, key: str) -> float:
        """The sum of the numbers of all rows of the table at *key*."""
        return self._table.total(key)

    def _among(self, places: Sequence[int]) -> Rows:
        """The rows at *places*, ascending, that are among these, in the order of these."""
        if not self._sign:
            met = frozenset(places)
            return Rows(self._table, [place for place in self._places if place in met])
        found = places if self._whole else self._shared(places)
        return Rows(self._table, found[::-1] if self._sign < 0 else found, sign=self._sign)

    def _shared(self, places: Sequence[int]) -> Sequence[int]:
        """The *places* that these rows have; the rows have an order."""
        if len(places) * FEW > len(self):
            there = frozenset(self._places)
            return [place for place in places if place in there]
        own, sign = self._places, self._sign
        at = [bisect_left(own, sign * place, key=lambda each: sign * each) for place in places]
        return [place for place, found in zip(places, at, strict=True) if found < len(own) and own[found] == place]

    def values(self, key: str) -> set[Any]:
        """The values, except None, of all rows of the table at *key*; of lists, their elements."""
        return self._table.values(key) - {None}

    def only(self, keys: Iterable[str]) -> Rows:
        """The rows with *keys*, in the order of the table."""
        places: Sequence[int] = self._table.places_of(keys)
        if not self._whole:
            there = frozenset(self._places)
            places = [place for place in places if place in there]
        return Rows(self._table, places, sign=1)

    def _meeting(self, query: Mapping[str, Any]) -> Sequence[int] | None:
        """The positions of all rows of the table that match *query*; None if the indices cannot answer."""
        known: list[Sequence[int]] = []
        rest: list[Mapping[str, Any]] = []
        for key, wanted in _conditions(query):
            found = self._either(wanted) if key == "+or" else self._table.where(key, wanted)
            if found is None:
                rest.append({key: wanted})
                found = self._having(key, wanted)
            if found is not None and len(found) <= FEW:  # cheaper to read than to look up what else is asked
                return [place for place in found if matches(self._table.at(place), query)]
            if found is not None:
                known.append(found)
        if not known:
            return None
        least = intersection(known)
        at = self._table.at
        return [place for place in least if all(matches(at(place), each) for each in rest)] if rest else least

    def _having(self, key: str, wanted: Any) -> Sequence[int] | None:
        """The positions of candidates: rows whose list may have all elements of the list *wanted*."""
        if not isinstance(wanted, list) or not wanted or any(isinstance(each, (dict, list)) for each in wanted):
            return None
        found = [self._table.where(key, each) for each in wanted]
        return min((each for each in found if each is not None), key=len, default=None)

    def _either(self, queries: Iterable[Mapping[str, Any]]) -> Sequence[int] | None:
        found: set[int] = set()
        for each in queries:
            places = self._meeting(each)
            if places is None:
                return None
            found.update(places)
        return sorted(found)

    def ordered(self, key: str, *, descending: bool) -> Rows:
        """These rows in the order of the member *key*; absent values come first."""
        places = self._table.order(key, descending=descending)
        if places is None or len(self) * 20 < len(places):
            query = {"+order_by": key, "+order": "desc" if descending else "asc"}
            places = ordered(self._places, query, get=self._table.at)
        elif not self._whole:
            places = Ordered(places, self._places if self._sign > 0 else sorted(self._places))
        return Rows(self._table, places)


def _conditions(query: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The conditions that must all match, including those in a nested ``+and``."""
    for key, wanted in query.items():
        if key == "+and":
            for each in wanted:
                yield from _conditions(each)
        else:
            yield key, wanted
