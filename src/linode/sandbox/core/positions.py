"""Positions of rows, ascending, which are worked out when they are read: a page needs a hundred of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["Difference", "LazyPositions", "Ordered", "contains", "intersection"]

NEAR = 64
"""Maximum number of positions that are stepped over before the next one is searched for."""
STEP = 256
"""The number of positions of an order that are looked at together."""
FEWER = 16
"""Ratio of two lengths from which on the fewer positions are looked up in the others one by one."""


class LazyPositions(Sequence[int]):
    """Positions with a `part` for each slice."""

    def part(self, start: int, stop: int) -> list[int]:
        """The positions from *start* to *stop*, counted in this sequence."""
        raise NotImplementedError

    def __getitem__(self, at: Any) -> Any:
        if not isinstance(at, slice):
            return self.part(*slice(at, at + 1 or None).indices(len(self))[:2])[0]
        start, stop, step = at.indices(len(self))
        if step == 1:
            return self.part(start, max(start, stop))
        return self.part(0, len(self))[at]

    def __iter__(self) -> Iterator[int]:
        return iter(self.part(0, len(self)))

    def __contains__(self, place: object) -> bool:
        return contains(self, place)


class Difference(LazyPositions):
    """The positions *all_* besides *gone*; both ascend, and the first have all of the second."""

    def __init__(self, all_: Sequence[int], gone: Sequence[int]) -> None:
        self._all = all_
        self._gone = gone

    def __len__(self) -> int:
        return len(self._all) - len(self._gone)

    def __contains__(self, place: object) -> bool:
        return contains(self._all, place) and not contains(self._gone, place)

    def __iter__(self) -> Iterator[int]:
        gone = frozenset(self._gone)
        return (place for place in self._all if place not in gone)

    def part(self, start: int, stop: int) -> list[int]:
        """The positions from *start* to *stop*, counted in this sequence."""
        if start == 0 and stop == len(self):
            return list(self)
        found: list[int] = []
        at, steps = self._search(start), 0
        while len(found) < stop - start:
            if contains(self._gone, self._all[at]):
                steps += 1
            else:
                found.append(self._all[at])
                steps = 0
            at, steps = (at + 1, steps) if steps < NEAR else (self._search(start + len(found)), 0)
        return found

    def _search(self, number: int) -> int:
        """The position in all of the one with *number* others of this sequence before it."""
        low, high = number, len(self._all)
        while low < high:
            middle = (low + high) // 2
            place = self._all[middle]
            left = middle + 1 - bisect_left(self._gone, place + 1)  # of this sequence, up to the middle
            low, high = (middle + 1, high) if left <= number else (low, middle)
        return low


class Ordered(LazyPositions):
    """The positions *met*, which ascend, in the *order* of others, which have all of them."""

    def __init__(self, order: Sequence[int], met: Sequence[int]) -> None:
        self._order = order
        self._met = met

    def __len__(self) -> int:
        return len(self._met)

    def part(self, start: int, stop: int) -> list[int]:
        """The positions from *start* to *stop*, counted in this sequence."""
        if start == 0 and stop == len(self):
            met = frozenset(self._met)
            return [place for place in self._order if place in met]
        found: list[int] = []
        for at in range(0, len(self._order), STEP):
            if len(found) >= stop:
                break
            found += [place for place in self._order[at : at + STEP] if contains(self._met, place)]
        return found[start:stop]


def contains(places: Sequence[int], place: Any) -> bool:
    """Whether *places*, which ascend, have *place*."""
    if isinstance(places, Difference):
        return place in places
    at = bisect_left(places, place)
    return at < len(places) and places[at] == place


def intersection(places: Sequence[Sequence[int]]) -> Sequence[int]:
    """The positions that all of *places* have; each ascends."""
    least, *others = sorted(places, key=len)
    for other in others:
        if len(least) * FEWER < len(other):
            least = [place for place in least if contains(other, place)]
        else:
            there = frozenset(other)
            least = [place for place in least if place in there]
    return least
