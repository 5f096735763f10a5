"""Reading a list of several pages while others change it: nothing there throughout is lost, nothing comes twice.

Every page is one moment's part of the list. Where the API can filter by id, each page holds all that lies between its
first and its last id, so that only the gaps between pages can hide something: one more request asks for those. Where
it cannot, the list is read until two readings in a row are the same, which they can only be when nothing changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from linode.errors import ListChangedError, UnexpectedResponseError

from .calls import Gather, Steps

__all__ = ["gap_conditions", "has_repeated_page", "identities", "list_changed", "read_by_id", "read_twice"]

ATTEMPTS = 8
"""Number of attempts to read a list that changes meanwhile."""
REPEATED_READINGS = 3
"""Number of readings in a row with repeated objects after which the API, not a change, is the cause."""
MAX_GAPS_IN_FILTER = 60
"""Number of gaps in one request: a filter has to fit into a header."""

Pages: TypeAlias = list[list[Any]]
ReadPages: TypeAlias = Callable[[], Steps[Pages]]
"""Reads all pages again."""
ReadMatching: TypeAlias = Callable[[dict[str, Any]], Steps[list[Any]]]
"""Reads all that meets a condition."""


def read_by_id(pages: Pages, key: str, ask: ReadMatching) -> Steps[list[Any] | None]:
    """All objects, from *pages* and what *ask* finds in their gaps; None when they are in no order of their ids."""
    spans = [(page[0]._identity(), page[-1]._identity(), page) for page in pages if page]
    if not spans:
        return []
    down = spans[0][0] > spans[-1][1]
    if not all(isinstance(first, int) and ((first >= last) if down else (first <= last)) for first, last, _ in spans):
        return None
    spans.sort(key=lambda span: min(span[0], span[1]))
    found: list[Any] = []
    conditions: list[dict[str, Any]] = []
    highest = None
    for first, last, page in spans:
        low, high = sorted((first, last))
        upward = page[::-1] if down else page
        if highest is not None and low <= highest:
            upward = [each for each in upward if each._identity() > highest]
        elif highest is not None and low - highest > 1:
            conditions.append({key: {"+gt": highest, "+lt": low}})
        found += upward
        highest = max(high, highest or high)
    # The reading began at the start of the list; at its end, objects may have moved past the last page.
    conditions.append({key: {"+lt": found[0]._identity()}} if down else {key: {"+gt": highest}})
    missed = yield from _ask_all(conditions, ask)
    if missed:
        everything = {each._identity(): each for each in (*missed, *found)}
        found = [everything[identity] for identity in sorted(everything)]
    return found[::-1] if down else found


def _ask_all(conditions: list[dict[str, Any]], ask: ReadMatching) -> Steps[list[Any]]:
    answers = yield from Gather(ask(each) for each in _grouped(conditions))
    return [each for answer in answers for each in answer]


def _grouped(conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Any of *conditions*, as few as fit into headers."""
    groups = [conditions[at : at + MAX_GAPS_IN_FILTER] for at in range(0, len(conditions), MAX_GAPS_IN_FILTER)]
    return [group[0] if len(group) == 1 else {"+or": group} for group in groups]


def gap_conditions(pairs: list[tuple[list[Any], list[Any]]], key: str) -> list[dict[str, Any]] | None:
    """Conditions on the objects hidden between the two pages of each of *pairs*.

    None when they overlap, or are in no order of their ids.
    """
    borders = []
    for page, following in pairs:
        ends = [each._identity() for each in (page[0], page[-1], following[0], following[-1])]
        if not all(isinstance(each, int) for each in ends):
            return None
        if ends not in (sorted(ends), sorted(ends, reverse=True)) or ends[1] == ends[2]:
            return None
        borders.append(sorted(ends[1:3]))
    return _grouped([{key: {"+gt": low, "+lt": high}} for low, high in borders if high - low > 1])


def read_twice(pages: Pages, read: ReadPages, path: str) -> Steps[list[Any]]:
    """All objects, from *pages* and as many more readings as it takes until two in a row are the same."""
    before, alike = _order(pages), 1
    for _ in range(ATTEMPTS):
        pages = yield from read()
        now = _order(pages)
        alike = alike + 1 if now == before else 1
        if alike > 1 and len(now) == len(set(now)):
            return [each for page in pages for each in page]
        if alike == REPEATED_READINGS:
            raise UnexpectedResponseError(f"GET {path}: the API repeats objects on later pages; it ignores page=")
        before = now
    raise list_changed(path)


def list_changed(path: str) -> ListChangedError:
    """The error for the list at *path*, which has changed too often."""
    return ListChangedError(f"{path} changed during all {ATTEMPTS} attempts to read it; retry later")


def has_repeated_page(pages: Pages) -> bool:
    """Whether two of *pages* begin and end with the same objects."""
    shown = [(len(page), *identities([page[0], page[-1]])) for page in pages if page]
    return len(shown) != len(set(shown))


def identities(page: list[Any]) -> list[Any]:
    """Keys of the objects of *page*: their ids, or their whole JSON where they have none."""
    return [each._identity() if each.id_key else repr(each.raw) for each in page]


def _order(pages: Pages) -> list[Any]:
    return [each for page in pages for each in identities(page)]
