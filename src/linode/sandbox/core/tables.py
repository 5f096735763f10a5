"""Tables of rows: all rows are kept as JSON bytes, and those that are being read or changed also as dictionaries.

Bytes take a tenth of the memory, and a refused request is undone by dropping its dictionaries.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, overload

import msgspec

from linode._model.filters import matches, ordered

from .indices import Index
from .kinds import Row

__all__ = ["Rows", "Table"]

DECODED = 5_000
"""Maximum number of rows of a table that stay decoded between transactions."""
_encode = msgspec.json.Encoder().encode
FEW = 64
"""Maximum number of candidates that are read instead of compared with those of another index."""
_decode: Any = msgspec.json.Decoder().decode


class Table:
    """Rows by key, in the order in which they were added. *kept* has their bytes."""

    def __init__(self, name: str, kept: dict[str, bytes]) -> None:
        self.name = name
        self._kept = kept
        self._decoded: dict[str, Row] = {}
        self._taken: dict[str, Row | None] = {}
        """The rows that the current transaction has taken or added, and None for those that it has deleted."""
        self._keys = dict(enumerate(kept))
        self._place = {key: place for place, key in self._keys.items()}
        self._places = array("q", self._keys)
        self._next = len(kept)
        self._moved: dict[str, int | None] = {}
        """The positions, before the current transaction, of keys that it has added or deleted."""
        self._indices: dict[str, Index] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._place

    def __len__(self) -> int:
        return len(self._place)

    # -- rows --------------------------------------------------------------------------------------------------------

    def get(self, key: str) -> Row | None:
        """The row of *key*, which must not be changed; None if there is none."""
        if key in self._taken:
            return self._taken[key]
        row = self._decoded.get(key)
        if row is None and (data := self._kept.get(key)) is not None:
            row = _decode(data)
            if len(self._decoded) <= DECODED:
                self._decoded[key] = row
        return row

    def take(self, key: str) -> Row | None:
        """The row of *key*, which may be changed in this transaction; None if there is none."""
        row = self.get(key)
        if row is not None:
            self._taken[key] = row
        return row

    def put(self, key: str, row: Row) -> None:
        """Add *row*, or replace the row of *key*."""
        if key not in self._place:
            self._move(key, self._next)
            self._next += 1
        self._taken[key] = row

    def drop(self, key: str) -> None:
        """Delete the row of *key*, if it exists."""
        if key in self._place:
            self._move(key, None)
            self._taken[key] = None

    def _move(self, key: str, place: int | None) -> None:
        self._moved.setdefault(key, self._place.get(key))
        if (before := self._place.pop(key, None)) is not None:
            del self._keys[before]
            del self._places[bisect_left(self._places, before)]
        if place is not None:
            self._place[key] = place
            self._keys[place] = key
            insort(self._places, place)

    # -- the end of a transaction ------------------------------------------------------------------------------------

    def taken(self) -> dict[str, Row | None]:
        """The rows that may have changed in this transaction, by key; None for deleted rows."""
        return dict(self._taken)

    def changes(self) -> dict[str, bytes | None]:
        """The new bytes of the taken rows whose bytes or positions have changed, by key; None for deleted rows."""
        found = {key: None if row is None else _encode(row) for key, row in self._taken.items()}
        return {key: data for key, data in found.items() if data != self._kept.get(key) or self._has_moved(key)}

    def _has_moved(self, key: str) -> bool:
        return key in self._moved and self._moved[key] != self._place.get(key)

    def keep(self, changes: Mapping[str, bytes | None]) -> None:
        """Apply *changes*, and end the transaction."""
        for key, data in changes.items():
            if self._indices:
                self._reindex(key, self._kept.get(key), data)
            if data is None:
                self._kept.pop(key, None)
            else:
                self._kept[key] = data
        self._settle({key: row for key, row in self._taken.items() if row is not None})

    def undo(self) -> None:
        """Drop all changes since the last `keep`."""
        for key, place in self._moved.items():
            self._move(key, place)
        self._settle({})

    def _reindex(self, key: str, before: bytes | None, after: bytes | None) -> None:
        old, new = self._moved.get(key, self._place.get(key)), self._place.get(key)
        gone = None if before is None or old is None else (old, _decode(before))
        come = None if after is None or new is None else (new, _decode(after))
        for index in self._indices.values():
            index.replace(gone, come)

    def _settle(self, decoded: Mapping[str, Row]) -> None:
        for key in self._taken:
            self._decoded.pop(key, None)
        self._decoded.update(decoded)
        if len(self._decoded) > DECODED:
            self._decoded = dict(islice(self._decoded.items(), DECODED // 2, None))
        self._taken = {}
        self._moved = {}

    # -- finding -----------------------------------------------------------------------------------------------------

    def all(self) -> Rows:
        """All rows, in their order."""
        return Rows(self, self._places, whole=True)

    def at(self, place: int) -> Row:
        """The row at the position *place*. Raises KeyError if it was deleted."""
        row = self.get(self._keys[place])
        if row is None:
            raise KeyError(place)
        return row

    def places_of(self, keys: Iterable[str]) -> list[int]:
        """The positions of the existing rows among *keys*, ascending."""
        return sorted(self._place[key] for key in keys if key in self._place)

    def where(self, key: str, wanted: Any) -> Sequence[int] | None:
        """The positions of the rows that match *wanted* at *key*, ascending; None if the index cannot answer."""
        found = self._index(key).meeting(wanted)
        changed = self.changes()
        if found is None or not changed:
            return found
        old = {self._moved.get(each, self._place.get(each)) for each in changed}
        now = [self._place[each] for each in changed if each in self._place]
        now = [place for place in now if matches(self.at(place), {key: wanted})]
        return sorted([*(place for place in found if place not in old), *now])

    def values(self, key: str) -> set[Any]:
        """The values of the rows at *key*; of lists, their elements."""
        index = Index(key, ((place, self.at(place)) for place in self._places)) if self.changes() else self._index(key)
        return index.values()

    def order(self, key: str, *, descending: bool) -> Sequence[int] | None:
        """The positions of all rows in the order of *key*; None if the index cannot answer."""
        return None if self.changes() else self._index(key).order(descending=descending)

    def _index(self, key: str) -> Index:
        if key not in self._indices:
            before = {**self._place, **self._moved}
            places = ((before[each], data) for each, data in self._kept.items())
            rows = ((place, _decode(data)) for place, data in places if place is not None)
            self._indices[key] = Index(key, rows)
        return self._indices[key]


class Rows(Sequence[Row]):
    """Rows of one table, each decoded when it is read; they must not be changed."""

    def __init__(self, table: Table, places: Sequence[int], *, whole: bool = False) -> None:
        self._table = table
        self._places = places
        self._whole = whole
        """Whether these are all rows of the table, in any order."""

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
            return Rows(self._table, places, whole=self._whole and len(places) == len(self._places))
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
            return Rows(self._table, [place for place in self._places if matches(self._table.at(place), query)])
        if not self._whole:
            met = frozenset(places)
            places = [place for place in self._places if place in met]
        elif len(self) > 1 and self._places[0] > self._places[-1]:
            places = places[::-1]
        return Rows(self._table, places)

    def values(self, key: str) -> set[Any]:
        """The values, except None, of all rows of the table at *key*; of lists, their elements."""
        return self._table.values(key) - {None}

    def only(self, keys: Iterable[str]) -> Rows:
        """The rows with *keys*, in the order of the table."""
        places = self._table.places_of(keys)
        if not self._whole:
            there = frozenset(self._places)
            places = [place for place in places if place in there]
        return Rows(self._table, places)

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
        least, *others = sorted(known, key=len)
        if others:
            met = frozenset(least).intersection(*others)
            least = [place for place in least if place in met]
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
            met = frozenset(self._places)
            places = [place for place in places if place in met]
        return Rows(self._table, places)


def _conditions(query: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The conditions that must all match, including those in a nested ``+and``."""
    for key, wanted in query.items():
        if key == "+and":
            for each in wanted:
                yield from _conditions(each)
        else:
            yield key, wanted
