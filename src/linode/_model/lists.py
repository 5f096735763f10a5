"""Lists of resources: lazy, immutable, paged. No request before the first use; a page is fetched once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from linode.errors import ListChangedError, NotFoundError, NotLoadedError, UnexpectedAnswerError

from .calls import Call, Steps, Together, action
from .filters import Filter, and_, matches, ordered
from .walking import ATTEMPTS, read_by_id, read_twice

if TYPE_CHECKING:
    from .resources import Resource

__all__ = ["Page", "ResourceList"]

R = TypeVar("R", bound="Resource")


class Page:
    """The shape of a page of a list: its objects in ``data``, not decoded yet (`msgspec.Raw`)."""

    data: list[Any]
    page: int
    pages: int
    results: int
    date: str | None = None
    """When the API sent it, as its ``Date`` header says."""

    def __init__(self, data: list[Any], *, page: int = 1, pages: int = 1, results: int = 0) -> None:
        self.data = data
        self.page = page
        self.pages = pages
        self.results = results


class ResourceList(Sequence[R], Generic[R]):
    """What a list call gives: objects of one class, fetched a page at a time when they are used.

    It counts, indexes (from the end too), slices, iterates and compares like a tuple. Calling it with filters gives
    the list of those that meet them. Iterating, `len` and indices read what is there at the first use; another list
    call reads anew.
    """

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
        self._size = 0
        self._total: int | None = None

    def __call__(self, *filters: Filter) -> ResourceList[R]:
        """The list of those that meet all *filters*, not fetched yet; without any, the same list anew."""
        return ResourceList(self._owner, self._cls, self._path, (self._filter, *filters), beta=self._beta)

    def __repr__(self) -> str:
        shown = f" where {self._filter.as_json()}" if self._filter.as_json() else ""
        state = "not loaded" if self._total is None else f"{self._total} objects"
        return f"<list of {self._cls.__name__} at {self._path}{shown}: {state}>"

    def __reduce__(self) -> Any:
        raise TypeError("a list belongs to its client and cannot be pickled; pickle list(it)")

    # -- flows ---------------------------------------------------------------------------------------------------

    @property
    def _client(self) -> Any:
        client = self._owner._client
        if client is None:
            raise NotLoadedError(f"{self!r} has no client; bind its object first: client.bind(obj)")
        return client

    def _perform(self, flow: Any) -> Any:
        return self._client.perform(flow)

    @property
    def _narrowed(self) -> bool:
        """Whether the filter is applied here, because the API cannot."""
        return self._filter.narrowed and bool(self._client.narrows)

    def _ask(self, number: int) -> Call[Page]:
        """The call for one page."""
        narrowed = self._narrowed
        return Call(
            "GET",
            self._path,
            query={"page": number, "page_size": self._client.page_size if number == 1 else self._size},
            filter=None if narrowed else self._filter.as_json(),
            shape=Page,
            beta=self._beta,
        )

    def _objects(self, page: Page) -> list[R]:
        from .resources import Resource

        owner = self._owner
        parents = owner._as_parents(self._cls) if isinstance(owner, Resource) else ()
        return self._cls._each(self._client, parents, page.data)

    def _later_page(self, number: int) -> Steps[Page]:
        """A page that the first one said there is; empty when the list has become too short for it."""
        try:
            return (yield from self._ask(number))
        except NotFoundError:
            return Page([], page=number)

    def _first_page(self) -> Steps[None]:
        """Fetch the first page, and with it the numbers of the whole."""
        page = yield from self._ask(1)
        if self._narrowed:
            yield from self._narrow(page)
        else:
            self._take_first(page)

    def _begun(self) -> Steps[None]:
        """See that the first page has come."""
        if self._total is None:
            yield from self._first_page()

    def _take_first(self, page: Page) -> None:
        if page.pages > 1 and not page.data:
            raise UnexpectedAnswerError(f"the API sent an empty first page of {page.pages} for {self._path}")
        self._size = len(page.data) if page.pages > 1 else max(len(page.data), 1)
        self._pages = {1: self._objects(page)}
        self._total = page.results if page.pages > 1 else len(page.data)

    def _narrow(self, page: Page) -> Steps[None]:
        """Fetch all and keep what meets the filter: for what the API cannot filter by itself."""
        rest = yield from Together(self._later_page(number) for number in range(2, page.pages + 1))
        found = [each for one in (page, *rest) for each in self._objects(one)]
        query = self._filter.as_json()
        kept = [each for each in found if matches(each.raw, query)]
        kept = ordered(kept, query, get=lambda each: each.raw)
        self._size, self._pages, self._total = max(len(kept), 1), {1: kept}, len(kept)

    def _need(self, numbers: Sequence[int]) -> Steps[None]:
        """Fetch those of the pages *numbers* that are missing, at once; start over when the list has changed."""
        for _ in range(ATTEMPTS):
            yield from self._begun()
            missing = [number for number in numbers if number not in self._pages and number <= self._page_count]
            pages = yield from Together(self._later_page(number) for number in missing)
            if all(self._fits(number, page) for number, page in zip(missing, pages, strict=True)):
                self._pages.update((number, self._objects(page)) for number, page in zip(missing, pages, strict=True))
                return
            self._total = None
        raise ListChangedError(f"{self._path} changed {ATTEMPTS} times while it was read; try again when it is quiet")

    def _fits(self, number: int, page: Page) -> bool:
        """Whether *page* belongs to the same list as the pages before it."""
        total = self._total or 0
        expected = min(self._size, total - (number - 1) * self._size)
        return page.results == total and len(page.data) == expected

    @property
    def _page_count(self) -> int:
        return max(1, -(-(self._total or 0) // self._size))

    @action
    def all(self) -> Steps[list[R]]:
        """All objects, as a Python list.

        Nothing that is there all the while is lost, and nothing comes twice, whatever others make or delete.
        """
        yield from self._begun()
        if self._page_count > 1:
            yield from self._read_whole()
        return list(self._pages[1])

    def _read_whole(self) -> Steps[None]:
        """Read all pages, and what their borders may hide, into one."""
        pages = yield from self._all_pages(self._pages[1])
        key, order = self._cls.id_key, self._filter.order
        found: list[R] | None = None
        if key is not None and key in self._cls.filterable and (order is None or order[0] == key):
            found = yield from read_by_id(pages, key, self._meeting)
        if found is None:
            found = yield from read_twice(pages, self._anew, self._path)
        self._pages, self._size, self._total = {1: found}, max(len(found), 1), len(found)

    def _all_pages(self, first: list[R]) -> Steps[list[list[R]]]:
        rest = yield from Together(self._later_page(number) for number in range(2, self._page_count + 1))
        return [first, *(self._objects(page) for page in rest)]

    def _anew(self) -> Steps[list[list[R]]]:
        yield from self._first_page()
        return (yield from self._all_pages(self._pages[1]))

    def _meeting(self, condition: dict[str, Any]) -> Steps[list[R]]:
        """All of this list that meet *condition* too."""
        found: Any = yield from ResourceList.all(self(Filter(condition)))
        return found  # type: ignore[no-any-return]

    @action
    def total(self) -> Steps[int]:
        """How many there are: `len` for those who await."""
        yield from self._begun()
        return self._total or 0

    @action
    def first(self) -> Steps[R | None]:
        """The first object, or None when there is none."""
        yield from self._begun()
        return self._pages[1][0] if self._pages[1] else None

    @action
    def one(self) -> Steps[R]:
        """The only object. Raises ValueError when there is none, or more than one."""
        yield from self._begun()
        if self._total != 1:
            raise ValueError(f"{self!r}: not one, but {self._total}")
        return self._pages[1][0]

    # -- as a sequence -------------------------------------------------------------------------------------------

    def _now(self, flow: Any, cure: str) -> Any:
        client = self._client
        if client.awaited:
            raise NotLoadedError(f"{self!r} cannot be fetched without an await; write {cure}")
        with self._lock:
            return client.perform(flow)

    def __len__(self) -> int:
        if self._total is None:
            self._now(ResourceList.total(self), "await the_list.total(), or await the_list.all() to have them")
        return self._total or 0

    def __bool__(self) -> bool:
        return len(self) > 0

    def __iter__(self) -> Iterator[R]:
        if self._total is None:
            self._now(self._first_page(), "async for each in the_list, or await the_list.all()")
        seen = self._pages[1]
        yield from seen
        if self._page_count > 1:
            yield from _rest(seen, self._now(ResourceList.all(self), "await the_list.all()"))

    if not TYPE_CHECKING:  # only aio.pyi shows these: a sync list that could be awaited would pass for an async one

        async def __aiter__(self):  # noqa: ANN204
            client = self._client
            if self._total is None:
                await client.perform(self._first_page())
            seen = self._pages[1]
            for each in seen:
                yield each
            if self._page_count > 1:
                for each in _rest(seen, await client.perform(ResourceList.all(self))):
                    yield each

        def __await__(self):  # noqa: ANN204
            return self.all().__await__()

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> list[R]: ...
    def __getitem__(self, index: int | slice) -> R | list[R]:
        if isinstance(index, slice):
            wanted = range(*index.indices(len(self)))
            self._fetch_pages(sorted({at // self._size + 1 for at in wanted}))
            return [self._at(at) for at in wanted]
        total = len(self)
        at = index + total if index < 0 else index
        if not 0 <= at < total:
            raise IndexError(f"{self!r} has no index {index}")
        self._fetch_pages([at // self._size + 1])
        return self._at(at)

    def _fetch_pages(self, numbers: list[int]) -> None:
        if any(number not in self._pages for number in numbers):
            self._now(self._need(numbers), "(await the_list)[index]")

    def _at(self, at: int) -> R:
        try:
            return self._pages[at // self._size + 1][at % self._size]
        except (KeyError, IndexError):
            raise IndexError(f"{self!r} has become shorter; it has no index {at} any more") from None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (ResourceList, list, tuple)):
            return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))
        return NotImplemented

    __hash__ = object.__hash__


def _rest(seen: list[Any], everything: list[Any]) -> Iterator[Any]:
    """What of *everything* is not among the objects *seen*, which were its first page once."""
    if 0 < len(seen) <= len(everything) and everything[len(seen) - 1] is seen[-1] and everything[0] is seen[0]:
        yield from everything[len(seen) :]
        return
    known = set(seen)
    yield from (each for each in everything if each not in known)
