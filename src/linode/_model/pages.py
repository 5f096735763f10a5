"""The pages of a list: which are fetched, whether they fit together, and what their borders may hide. All are flows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from linode.errors import NotFoundError, NotLoadedError, UnexpectedResponseError

from .calls import Call, Gather, Steps
from .consistent_reads import (
    ATTEMPTS,
    gap_conditions,
    has_repeated_page,
    identities,
    list_changed,
    read_by_id,
    read_twice,
)
from .filter_check import FilterIgnoredError, violates
from .filters import Filter, and_, matches, ordered
from .identity import fill
from .objects import NOTHING

if TYPE_CHECKING:
    from .resources import Resource

__all__ = ["Page", "Paged"]

R = TypeVar("R", bound="Resource")
MAX_PAGES = 10_000
"""No list of the API has more: millions of objects."""
FIRST_PAGES = 24
"""Number of pages that are read one by one, and checked for repeats, before the others are fetched together."""


class Page:
    """The shape of a page of a list: its objects in ``data``, not decoded yet (`msgspec.Raw`)."""

    data: list[Any]
    page: int
    pages: int
    results: int
    date: str | None = None
    """``Date`` header of the response."""

    def __init__(self, data: list[Any], *, page: int = 1, pages: int = 1, results: int = 0) -> None:
        if pages > MAX_PAGES or results < 0 or (pages > 1 and not data and page == 1):
            raise UnexpectedResponseError(
                f"the API sent {results} results on {pages} pages, {len(data)} of them on one"
            )
        self.data = data
        self.page = page
        self.pages = pages
        self.results = results


class Paged(Generic[R]):
    """Objects of one class that the API lists in pages, fetched when they are needed."""

    def __init__(
        self, owner: Any, cls: type[R], path: str, filters: tuple[Filter, ...] = (), *, beta: bool = False
    ) -> None:
        self._owner = owner
        self._cls = cls
        self._path = path
        self._filter = and_(*filters)
        self._beta = beta
        self._lock = threading.RLock()
        self._pages: dict[int, list[R]] = {}
        self._joined: set[int] = set()
        """Numbers of pages between which and the next nothing is lost."""
        self._size = 0
        self._total: int | None = None
        self._depth = 0
        """Number of lists around this one, which reads a gap between the pages of the innermost."""

    def _where(self, *filters: Filter) -> Self:
        """The list of those that meet all *filters* too, not fetched yet."""
        return type(self)(self._owner, self._cls, self._path, (self._filter, *filters), beta=self._beta)

    @property
    def _client(self) -> Any:
        client = self._owner._client
        if client is None:
            raise NotLoadedError(f"{self!r} has no client; bind its object first: client.bind(obj)")
        return client

    @property
    def _execute(self) -> Callable[[Any], Any]:
        """The client's `execute`."""
        execute: Callable[[Any], Any] = self._client.execute
        return execute

    @property
    def _filtered_here(self) -> bool:
        """Whether the filter is applied here, because the API cannot."""
        return self._filter.client_side and bool(self._client._filters_locally)

    def _ask(self, number: int) -> Call[Page]:
        """The call for one page."""
        return Call(
            "GET",
            self._path,
            query={"page": number, "page_size": self._client.page_size if number == 1 else self._size},
            filter=self._filter.as_json(),
            shape=Page,
            listed_as=self._cls.listed_as,
            beta=self._beta,
        )

    def _objects(self, page: Page) -> list[R]:
        client, cls = self._client, self._cls
        parents = self._owner._as_parents(cls)
        if cls._parent_names and not parents:
            return [cls._listed(client, (), raw) for raw in page.data]
        new = object.__new__  # as `_new` does, without a call for each object
        return [fill(new(cls), client, None, parents, NOTHING, raw) for raw in page.data]

    def _later_page(self, number: int) -> Steps[Page]:
        """A page after the first one; empty when the list has become too short for it."""
        try:
            return (yield from self._ask(number))
        except NotFoundError:
            return Page([], page=number)

    def _first_page(self) -> Steps[None]:
        """Fetch the first page, and with it the numbers of the whole."""
        if self._filtered_here:
            yield from self._narrow()
        else:
            self._take_first((yield from self._ask(1)))
            self._check_filter()

    def _check_filter(self) -> None:
        """Raise `FilterIgnoredError` when an object of the first page proves that the API does not obey the filter."""
        query = self._filter.as_json()
        keys = {self._cls.id_key, self._cls.unique}
        if query and any(violates(each.raw, query, keys) for each in self._pages[1]):
            self._total = None
            raise FilterIgnoredError(self._path)

    def _begun(self) -> Steps[None]:
        """See that the first page has come."""
        if self._total is None:
            yield from self._first_page()

    def _take_first(self, page: Page) -> None:
        if page.pages > 1 and page.results > len(page.data) * MAX_PAGES:
            raise UnexpectedResponseError(f"the API sent {len(page.data)} of {page.results} on a page of {self._path}")
        self._hold(self._objects(page), page.results if page.pages > 1 else len(page.data))

    def _hold(self, first: list[R], total: int) -> None:
        """Start over with the *first* page of a list of *total* objects."""
        self._pages, self._joined = {1: first}, set()
        self._size, self._total = max(len(first), 1), total

    def _narrow(self) -> Steps[None]:
        """Fetch all and keep what meets the filter: for what the API cannot filter by itself."""
        everything = type(self)(self._owner, self._cls, self._path, beta=self._beta)
        query = self._filter.as_json()
        found: Any = yield from everything._everything()
        kept = ordered([each for each in found if matches(each.raw, query)], query, get=lambda each: each.raw)
        self._hold(kept, len(kept))

    def _need(self, wanted: Callable[[], Sequence[int]]) -> Steps[None]:
        """Fetch the pages whose numbers *wanted* returns; start over, and ask it again, when the list has changed.

        Pages that follow one another have to be of one moment, or as good as that.
        """
        for _ in range(ATTEMPTS):
            yield from self._begun()
            numbers = [number for number in wanted() if number <= self._page_count]
            missing = [number for number in numbers if number not in self._pages]
            pages = yield from Gather(self._later_page(number) for number in missing)
            if all(self._fits(number, page) for number, page in zip(missing, pages, strict=True)):
                self._pages.update((number, self._objects(page)) for number, page in zip(missing, pages, strict=True))
                if (yield from self._hangs_together(numbers)):
                    return
            self._total = None
        raise list_changed(self._path)

    def _hangs_together(self, numbers: Sequence[int]) -> Steps[bool]:
        """Whether nothing is lost, or comes twice, between those of the pages *numbers* that follow one another."""
        borders = {at for at in numbers if at + 1 in numbers} - self._joined
        gaps = None
        if self._ordered_by_id:
            gaps = gap_conditions([(self._pages[at], self._pages[at + 1]) for at in borders], str(self._cls.id_key))
        same = None if gaps is None else (yield from self._nothing_between(gaps))
        if same is None:
            beside = sorted(borders | {at + 1 for at in borders})
            again = yield from Gather(self._later_page(number) for number in beside)
            same = all(self._is_still(number, page) for number, page in zip(beside, again, strict=True))
            same = same and all(self._are_apart(at, at + 1) for at in borders)
        if same:
            self._joined |= borders
        return same

    def _nothing_between(self, gaps: Sequence[dict[str, Any]]) -> Steps[bool | None]:
        """Whether no object meets any of the conditions *gaps*; None when the API does not obey them."""
        try:
            hidden = yield from Gather(self._where(Filter(each))._counted() for each in gaps)
        except FilterIgnoredError:
            self._refuse_unfiltered()
            return None
        return not any(hidden)

    def _refuse_unfiltered(self) -> None:
        """Raise `FilterIgnoredError` when this list itself has a filter, or an order, which was not obeyed either."""
        if self._filter.as_json():
            raise FilterIgnoredError(self._path)

    def _are_apart(self, one: int, other: int) -> bool:
        """Whether the pages of these two numbers have no object in common."""
        return not {*identities(self._pages[one])} & {*identities(self._pages[other])}

    def _is_still(self, number: int, page: Page) -> bool:
        """Whether *page* shows the same objects as the one of that *number* that came before."""
        return identities(self._objects(page)) == identities(self._pages[number])

    @property
    def _ordered_by_id(self) -> bool:
        """Whether the order is that of the ids, by which the API can filter too."""
        key, order = self._cls.id_key, self._filter.order
        return key is not None and self._cls._filtered_by(key) == "api" and (order is None or order[0] == key)

    def _fits(self, number: int, page: Page) -> bool:
        """Whether *page* belongs to the same list as the pages before it."""
        total = self._total or 0
        expected = min(self._size, total - (number - 1) * self._size)
        if page.results != total or len(page.data) != expected:
            return False
        return identities(self._objects(page)) != identities(self._pages[1])  # an API that ignores page= repeats it

    @property
    def _page_count(self) -> int:
        return max(1, -(-(self._total or 0) // self._size))

    def _everything(self) -> Steps[list[R]]:
        """All objects, as a Python list."""
        yield from self._begun()
        if self._page_count > 1:
            yield from self._read_whole()
        return list(self._pages[1])

    def _counted(self) -> Steps[int]:
        """Number of objects."""
        yield from self._begun()
        return self._total or 0

    def _read_whole(self) -> Steps[None]:
        """Read all pages, and what their borders may hide, into one."""
        pages = yield from self._all_pages(self._pages[1])
        found: list[R] | None = None
        if self._ordered_by_id and not has_repeated_page(pages):
            try:
                found = yield from read_by_id(pages, str(self._cls.id_key), self._meeting)
            except FilterIgnoredError:
                self._refuse_unfiltered()  # without a filter the pages alone will do
        if found is None:
            found = yield from read_twice(pages, self._anew, self._path)
        self._hold(found, len(found))

    def _all_pages(self, first: list[R]) -> Steps[list[list[R]]]:
        """All pages, or the first ones and a repeated one among them: an API that repeats pages may have any number."""
        pages = [first]
        for numbers in (range(2, self._page_count + 1)[:FIRST_PAGES], range(2, self._page_count + 1)[FIRST_PAGES:]):
            more = yield from Gather(self._later_page(number) for number in numbers)
            pages += [self._objects(page) for page in more]
            if has_repeated_page(pages):
                break
        return pages

    def _anew(self) -> Steps[list[list[R]]]:
        yield from self._first_page()
        return (yield from self._all_pages(self._pages[1]))

    def _meeting(self, condition: dict[str, Any]) -> Steps[list[R]]:
        """All of this list that meet *condition* too. Raises `FilterIgnoredError` when the API does not obey it."""
        if self._depth == ATTEMPTS:
            raise list_changed(self._path)
        gap = self._where(Filter(condition))
        gap._depth = self._depth + 1
        found: Any = yield from gap._everything()
        return found  # type: ignore[no-any-return]
