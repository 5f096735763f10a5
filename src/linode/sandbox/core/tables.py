"""Tables of rows: all rows are kept as JSON bytes, and those that are being read or changed also as dictionaries.

Bytes take a tenth of the memory, and a refused request is undone by dropping its dictionaries.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from linode._model.filters import matches, value_at

from .indices import Index
from .partial import decoder_of
from .positions import Difference
from .refusals import SandboxError
from .rows import Rows
from .schema import Row

__all__ = ["Saved", "Table"]

DECODED = 5_000
"""Maximum number of rows of a table that stay decoded between transactions."""
_encode = msgspec.json.Encoder().encode
_decode: Any = msgspec.json.Decoder().decode


class Saved(NamedTuple):
    """A copy of a table, which is not changed: rows by key, and their positions."""

    kept: dict[str, bytes]
    keys: dict[int, str]
    place: dict[str, int]
    places: array[int]
    next: int


class Table:
    """Rows by key, in the order in which they were added. *kept* has their bytes."""

    def __init__(self, name: str, kept: dict[str, bytes], begun: Callable[[], object] = lambda: None) -> None:
        self.name = name
        self._begun = begun
        """Is called when a transaction takes, adds or deletes the first row."""
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
        self._indices: dict[tuple[str, bool], Index] = {}
        """Indices by member, and whether they have its text in small letters."""
        self._indexed: Callable[[bytes], Row] = decoder_of(())
        """Decodes the members that have an index."""
        self._saved: Saved | None = None
        """A copy of the rows, until they change."""

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
            row = self._decoded[key] = _decode(data)
            self._drop_decoded()
        return row

    def take(self, key: str) -> Row | None:
        """The row of *key*, which may be changed in this transaction; None if there is none."""
        row = self.get(key)
        if row is not None:
            self._take(key, row)
        return row

    def put(self, key: str, row: Row) -> None:
        """Add *row*, or replace the row of *key*."""
        if key not in self._place:
            self._part()
            self._move(key, self._next)
            self._next += 1
        self._take(key, row)

    def drop(self, key: str) -> None:
        """Delete the row of *key*, if it exists."""
        if key in self._place:
            self._move(key, None)
            self._take(key, None)

    def _take(self, key: str, row: Row | None) -> None:
        if not self._taken:
            self._begun()
        self._taken[key] = row

    def _move(self, key: str, place: int | None) -> None:
        self._part()
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
        if changes:
            self._part()
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
        gone = None if before is None or old is None else (old, self._indexed(before))
        come = None if after is None or new is None else (new, self._indexed(after))
        for index in self._indices.values():
            index.replace(gone, come)

    def _settle(self, decoded: Mapping[str, Row]) -> None:
        for key in self._taken:
            self._decoded.pop(key, None)
        self._decoded.update(decoded)
        self._drop_decoded()
        self._taken = {}
        self._moved = {}

    def _drop_decoded(self) -> None:
        """Drop the rows that were decoded first, if there are too many."""
        if len(self._decoded) > DECODED:
            self._decoded = dict(islice(self._decoded.items(), DECODED // 2, None))

    # -- copies ------------------------------------------------------------------------------------------------------

    def saved(self) -> Saved:
        """The rows, which are copied when they change, not before. Raises `SandboxError` in a transaction that adds."""
        if self._moved:
            raise SandboxError("a transaction has not ended: its changes must be kept before the rows can be copied")
        if self._saved is None:
            self._saved = Saved(self._kept, self._keys, self._place, self._places, self._next)
        return self._saved

    def restore(self, saved: Saved) -> None:
        """Replace all rows by those of *saved*, unless they are the same."""
        if self._saved is saved:
            self.undo()
            return
        self._kept, self._keys, self._place, self._places, self._next = saved
        self._decoded, self._taken, self._moved, self._indices = {}, {}, {}, {}
        self._saved = saved

    def _part(self) -> None:
        """Copy the rows that a `Saved` has, before they are changed."""
        if self._saved is not None:
            kept, keys, place, places, self._next = self._saved
            self._kept, self._keys, self._place = dict(kept), dict(keys), dict(place)
            self._places, self._saved = array("q", places), None

    # -- finding -----------------------------------------------------------------------------------------------------

    def all(self) -> Rows:
        """All rows, in their order."""
        return Rows(self, self._places, whole=True, sign=1)

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
        if isinstance(wanted, Mapping) and wanted.keys() == {"+neq"}:
            same = None if self.changes() else self._index(key).equal(wanted["+neq"])
            return None if same is None else Difference(self._places, same)
        found = self._index(key).meeting(wanted)
        return None if found is None else self._as_changed(found, lambda row: matches(row, {key: wanted}))

    def alike(self, key: str, text: str) -> Sequence[int]:
        """The positions of the rows with *text* at *key*, whatever the case of its letters, ascending.

        Raises TypeError if a row has an object at *key*.
        """
        small = text.lower()
        found = self._index(key, lowered=True).equal(small)
        if found is None:
            raise TypeError(f"{self.name}.{key} is not text in all rows")
        return self._as_changed(found, lambda row: str(value_at(row, key)).lower() == small)

    def _as_changed(self, found: Sequence[int], is_met: Callable[[Row], bool]) -> Sequence[int]:
        """The positions *found* by an index, with what the current transaction has changed so far."""
        changed = self.changes()
        if not changed:
            return found
        old = {self._moved.get(each, self._place.get(each)) for each in changed}
        now = [self._place[each] for each in changed if each in self._place]
        now = [place for place in now if is_met(self.at(place))]
        return sorted([*(place for place in found if place not in old), *now])

    def values(self, key: str) -> set[Any]:
        """The values of the rows at *key*; of lists, their elements."""
        rows = ((place, self.at(place)) for place in self._places)
        return (Index(key, lambda: rows) if self.changes() else self._index(key)).values()

    def total(self, key: str) -> float:
        """The sum of the numbers of the rows at *key*."""
        if self.changes():
            return sum(value_at(self.at(place), key) or 0 for place in self._places)
        return self._index(key).total()

    def order(self, key: str, *, descending: bool) -> Sequence[int] | None:
        """The positions of all rows in the order of *key*; None if the index cannot answer."""
        return None if self.changes() else self._index(key).order(descending=descending)

    def _index(self, key: str, *, lowered: bool = False) -> Index:
        if (key, lowered) not in self._indices:
            self._indices[key, lowered] = Index(key, lambda: self._kept_rows(key), lowered=lowered)
            self._indexed = decoder_of(each for each, _ in self._indices)
        return self._indices[key, lowered]

    def _kept_rows(self, key: str) -> Iterator[tuple[int, Row]]:
        """The member *key* of all rows as the last transaction has left them, with their positions then."""
        before, decode = {**self._place, **self._moved} if self._moved else self._place, decoder_of((key,))
        for each, data in self._kept.items():
            if (place := before[each]) is not None:
                yield place, decode(data)
