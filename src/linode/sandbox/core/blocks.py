"""A sorted sequence that takes new items in the middle: blocks of a list, because a list moves all that come after."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["Blocks"]

SIZE = 1_000


class Blocks:
    """*items*, sorted."""

    def __init__(self, items: Iterable[Any]) -> None:
        found = sorted(items)
        self._blocks = [found[at : at + SIZE] for at in range(0, len(found), SIZE)] or [[]]
        self._count = len(found)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Any]:
        return (item for block in self._blocks for item in block)

    def _block(self, item: Any) -> int:
        """The number of the block that *item* is in, or would be."""
        return max(bisect_right(self._blocks, item, key=lambda block: block[0]) - 1, 0) if self._count else 0

    def add(self, item: Any) -> None:
        """Add *item*."""
        at = self._block(item)
        block = self._blocks[at]
        insort(block, item)
        self._count += 1
        if len(block) > 2 * SIZE:
            self._blocks[at : at + 1] = [block[:SIZE], block[SIZE:]]

    def discard(self, item: Any) -> None:
        """Remove *item*, which is there."""
        at = self._block(item)
        block = self._blocks[at]
        del block[bisect_left(block, item)]
        self._count -= 1
        if not block and len(self._blocks) > 1:
            del self._blocks[at]

    def position(self, item: Any) -> int:
        """The number of items that are less than *item*."""
        at = max(bisect_left(self._blocks, item, key=lambda block: block[0]) - 1, 0) if self._count else 0
        return sum(map(len, self._blocks[:at])) + bisect_left(self._blocks[at], item)

    def part(self, start: int, stop: int) -> list[Any]:
        """The items from *start* to *stop*."""
        found: list[Any] = []
        before = 0
        for block in self._blocks:
            if before >= stop:
                break
            if before + len(block) > start:
                found += block[max(start - before, 0) : stop - before]
            before += len(block)
        return found
