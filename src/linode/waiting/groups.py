"""Refreshing many objects together: one request for all objects of a list."""

from __future__ import annotations

from typing import Any

from linode._model import Call, Gather, Page, Steps
from linode._model.filter_check import violates
from linode.errors import EventFailedError, NotFoundError

__all__ = ()

BY_ID, IN_A_HEADER = 40, 200
"""Up to ``BY_ID`` objects are requested by their IDs, more by the range of their IDs. Objects that are not on the first
page of that range, because the IDs are far apart, are then requested by ID, ``IN_A_HEADER`` at a time."""
Gone = list[tuple[Any, Exception]]
"""Objects that do not exist, with the errors for the waits for them."""


def refresh(client: Any, objects: list[Any]) -> Steps[Gone]:
    """Load *objects*, which may be of several classes; returns those that do not exist."""
    by_list: dict[tuple[Any, str], list[Any]] = {}
    for each in objects:
        by_list.setdefault((type(each), each.url.rpartition("/")[0]), []).append(each)
    gone: Gone = []
    for (cls, path), group in by_list.items():
        if len({each.url for each in group}) == 1:
            gone += yield from _refresh_one(group)
        elif not cls.listed:
            gone += yield from _refresh_each(group)
        else:
            gone += yield from _Group(client, cls, path, group).refresh()
    return gone


def _refresh_one(same: list[Any]) -> Steps[Gone]:
    """Load the objects *same*, which all stand for one object of the API, with one request."""
    first, *others = same
    try:
        yield from first._loading()
    except NotFoundError as error:
        return [(each, _gone(each, error)) for each in same]
    for each in others:
        each._merge(first.raw, complete=True)
    return []


def _refresh_each(objects: list[Any]) -> Steps[Gone]:
    """Load *objects*, whose class has no list, with one request each."""
    by_url: dict[str, list[Any]] = {}
    for each in objects:
        by_url.setdefault(each.url, []).append(each)
    found = yield from Gather(_refresh_one(same) for same in by_url.values())
    return [each for gone in found for each in gone]


def _gone(obj: Any, cause: Exception | None = None) -> Exception:
    """The error of a wait for *obj*; *cause* itself if the object was never there."""
    if cause is not None and not obj.raw:
        return cause
    error = EventFailedError(f"{obj!r} {'was deleted while it was waited for' if obj.raw else 'does not exist'}")
    error.__cause__ = cause
    return error


class _Group:
    """Objects of one list that are refreshed together."""

    def __init__(self, client: Any, cls: Any, path: str, objects: list[Any]) -> None:
        self._client = client
        self._cls = cls
        self._path = path
        self._parents = objects[0]._parents
        self._ignored = False
        """Whether the API has ignored ``X-Filter``."""
        self._missing: dict[str, list[Any]] = {}
        for each in objects:
            self._missing.setdefault(str(each._identity()), []).append(each)

    def refresh(self) -> Steps[Gone]:
        """Request all objects; one that several pages lack is requested by itself before it counts as gone."""
        if self._cls._filtered_by(self._cls.id_key) != "api":
            return (yield from self._all_pages())
        pages = yield from self._page(self._those())
        if pages > 1 and not self._ignored:
            ids, size = list(self._missing), min(IN_A_HEADER, self._client.page_size)
            groups = [ids[at : at + size] for at in range(0, len(ids), size)]
            yield from Gather(self._page(self._any_of(group)) for group in groups)
        if self._ignored:  # an object that is not on these pages may exist all the same
            return (yield from self._each_missing())
        return [(each, _gone(each)) for objects in self._missing.values() for each in objects]

    def _all_pages(self) -> Steps[Gone]:
        pages = yield from self._page(None)
        for number in range(2, pages + 1):
            if self._missing:
                yield from self._page(None, number)
        if pages > 1:
            return (yield from self._each_missing())
        return [(each, _gone(each)) for objects in self._missing.values() for each in objects]

    def _each_missing(self) -> Steps[Gone]:
        """Load the objects that were on no page, one by one."""
        gone: Gone = []
        for objects in self._missing.values():
            gone += yield from _refresh_one(objects)
        return gone

    def _page(self, filter: dict[str, Any] | None, number: int = 1) -> Steps[int]:
        """Load the objects on one page; returns the number of pages."""
        query = {"page": number, "page_size": self._client.page_size}
        page: Page = yield from Call(
            "GET",
            self._path,
            query=query,
            filter=filter,
            shape=Page,
            beta=self._cls.beta,
            listed_as=self._cls.listed_as,
        )
        for raw in page.data:
            now = self._cls._of(self._client, raw, self._parents)
            self._ignored = self._ignored or bool(filter and violates(now.raw, filter, {self._cls.id_key}))
            for each in self._missing.pop(str(now._identity()), ()):
                each._merge(now.raw, complete=True)
        return page.pages

    def _those(self) -> dict[str, Any]:
        """A filter for the missing objects, and few others."""
        ids = [_number(each) for each in self._missing]
        if len(ids) > BY_ID and all(isinstance(each, int) for each in ids):
            return {self._cls.id_key: {"+gte": min(ids), "+lte": max(ids)}}
        return self._any_of(list(self._missing))

    def _any_of(self, ids: list[str]) -> dict[str, Any]:
        return {"+or": [{self._cls.id_key: _number(each)} for each in ids]}


def _number(identity: str) -> Any:
    return int(identity) if identity.isdecimal() else identity
