"""Lists of resources: lazy, immutable, paged. No request before the first use; a page is fetched once."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from linode.errors import NotLoadedError

from .actions import action
from .calls import Steps
from .filters import Filter
from .list_errors import no_index, no_member, no_option
from .names import PublicABC, PublicNames
from .pages import Page, Paged

if TYPE_CHECKING:
    from .resources import Resource

__all__ = ["Page", "ResourceList"]

ONE_AWAITED = "await the_list.first(), or (await the_list)[index]"
SOME_AWAITED = "await the_list.part(start, stop)"
P = ParamSpec("P")
R = TypeVar("R", bound="Resource")
T = TypeVar("T")


def takes_filters(function: Callable[P, T]) -> Callable[P, T]:
    """Decorate the call of a list: an option, which other libraries filter by, is refused with a filter instead."""

    @functools.wraps(function)
    def checked(*args: P.args, **options: P.kwargs) -> T:
        for name in sorted(options):
            found: Any = args[0]
            raise no_option(found._cls, name)
        return function(*args, **options)

    return checked


class ResourceList(PublicNames, Paged[R], Sequence[R], metaclass=PublicABC):
    """A list of the API's: objects of one class, fetched a page at a time when they are used.

    It counts, indexes (from the end too), slices, iterates and compares like a tuple; with `linode.aio` it is read with
    ``await`` or ``async for``. Calling it with filters gives the list of those that meet them. Iterating, `len` and
    indices read what is there at the first use; another list reads again.
    """

    @takes_filters
    def __call__(self, *filters: Filter) -> ResourceList[R]:
        """The list of those that meet all *filters*, not fetched yet; without filters, the same list, unread."""
        return self._where(*filters)

    def __repr__(self) -> str:
        state = "not loaded" if self._total is None else f"{self._total} objects"
        return f"<list of {self._cls.__name__} at {self._path}{self._shown_filter()}: {state}>"

    if not TYPE_CHECKING:  # a type checker that sees it lets every name pass

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            raise no_member(self._cls, name, [each for each in dir(self) if not each.startswith("_")])

    def _shown_filter(self) -> str:
        return f" where {self._filter.as_json()}" if self._filter.as_json() else ""

    def _repr_html_(self) -> str:
        from .display import table  # noqa: PLC0415 - for notebooks only

        with self._lock:
            return table(self)

    def __rich_repr__(self) -> Iterator[Any]:
        yield self._cls.__name__
        yield self._path
        yield "filter", self._filter.as_json(), {}
        yield "total", self._total, None
        if self._total is not None:
            yield "first", self._pages[1][:5]

    def __reduce__(self) -> Any:
        raise TypeError("a list belongs to its client and cannot be pickled; pickle list(it)")

    @action
    def all(self) -> Steps[list[R]]:
        """All objects, as a Python list.

        Nothing that is there all the while is lost, and nothing comes twice, whatever others make or delete.
        """
        return self._everything()

    @action
    def total(self) -> Steps[int]:
        """Number of objects: `len` for those who await."""
        return self._counted()

    @action
    def first(self) -> Steps[R | None]:
        """The first object, or None when there is none."""
        yield from self._begun()
        return self._pages[1][0] if self._pages[1] else None

    @action
    def part(self, start: int, stop: int) -> Steps[list[R]]:
        """The objects from index *start* up to *stop*: ``the_list[start:stop]`` for those who await.

        The pages that hold none of them are not fetched.
        """
        index = slice(start, stop)
        yield from self._need(lambda: self._pages_with(index))
        return self._objects_at(index)

    @action
    def one(self) -> Steps[R]:
        """The only object. Raises ValueError when there is none, or more than one."""
        yield from self._begun()
        if self._total != 1:
            raise ValueError(f"{self!r} has {self._total} objects, not exactly one")
        return self._pages[1][0]

    @action
    def to_dicts(self) -> Steps[list[dict[str, Any]]]:
        """The JSON of all objects, each as a dict: what ``json.dumps`` or a data frame takes."""
        found: Any = yield from ResourceList.all(self)
        return [each.to_dict() for each in found]

    @action
    def to_rows(self) -> Steps[list[dict[str, Any]]]:
        """All objects as flat dicts with the same keys: ``pandas.DataFrame(linodes.to_rows())``, or polars.

        ``specs.memory`` is the column of what is nested, times are datetimes (UTC), lists stay lists, and None stands
        where an object has no value. Secrets that the API lists are in the rows, as in `to_dicts`.
        """
        from .rows import align_rows  # noqa: PLC0415 - few programs make rows

        found: Any = yield from ResourceList.all(self)
        return align_rows(each.to_row() for each in found)

    @action
    def to_json(self, *, indent: int | None = None) -> Steps[str]:
        """`to_dicts` as JSON text, each level indented by *indent* spaces (None: in one line)."""
        import json  # noqa: PLC0415 - takes milliseconds, and only this needs it

        found: Any = yield from ResourceList.to_dicts(self)
        return json.dumps(found, indent=indent)

    # -- as a sequence -------------------------------------------------------------------------------------------

    def _blocking(self, cure: str) -> Any:
        """The client, which fetches without an await. Raises `NotLoadedError`, which tells the *cure*, if it cannot."""
        client = self._client
        if client.awaited:
            raise NotLoadedError(f"{self!r} cannot be fetched without an await; write {cure}")
        return client

    def _awaited_client(self, cure: str) -> Any:
        """The client, which is awaited. Raises TypeError, which tells the *cure*, if it is not."""
        if not self._client.awaited:
            raise TypeError(f"{self!r} is of a client that is not awaited; write {cure}")
        return self._client

    def __len__(self) -> int:
        return self._length("await the_list.total(), or await the_list.all() to have them")

    def _length(self, cure: str) -> int:
        with self._lock:
            if self._total is None:
                self._blocking(cure).execute(ResourceList.total(self))
        return self._total or 0

    def __bool__(self) -> bool:
        return len(self) > 0

    def __iter__(self) -> Iterator[R]:
        with self._lock:
            if self._total is None:
                self._blocking("async for each in the_list, or await the_list.all()").execute(self._begun())
            seen, more = self._pages[1], self._page_count > 1
        yield from seen
        if more:
            with self._lock:
                everything = self._blocking("await the_list.all()").execute(ResourceList.all(self))
            yield from _rest(seen, everything)

    if not TYPE_CHECKING:  # only linode.aio shows these: a sync list that could be awaited would pass for an async one

        async def __aiter__(self) -> AsyncIterator[R]:
            client = self._awaited_client("for each in the_list")
            if self._total is None:
                await client.execute(self._begun())
            seen, more = self._pages[1], self._page_count > 1
            for each in seen:
                yield each
            if more:
                for each in _rest(seen, await client.execute(ResourceList.all(self))):
                    yield each

        def __await__(self) -> Generator[Any, None, list[R]]:
            self._awaited_client("the_list.all() without await")
            return self.all().__await__()

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> list[R]: ...
    def __getitem__(self, index: int | slice) -> R | list[R]:
        if isinstance(index, slice):
            return self._slice(index)
        if not hasattr(type(index), "__index__"):
            raise no_index(self._cls, index)
        with self._lock:
            total = self._total if self._total is not None else self._length(ONE_AWAITED)
            at = index + total if index < 0 else index
            if not 0 <= at < total:
                raise IndexError(f"{self!r} has no index {index}")
            self._fetch_pages(lambda: [at // self._size + 1])
            return self._at(at)

    def _slice(self, index: slice) -> list[R]:
        with self._lock:
            self._length(SOME_AWAITED)
            self._fetch_pages(lambda: self._pages_with(index))
            return self._objects_at(index)

    def _pages_with(self, index: slice) -> list[int]:
        """The numbers of the pages that hold the objects of *index*."""
        return sorted({at // self._size + 1 for at in range(*index.indices(self._total or 0))})

    def _objects_at(self, index: slice) -> list[R]:
        return [self._at(at) for at in range(*index.indices(self._total or 0))]

    def _fetch_pages(self, wanted: Callable[[], list[int]]) -> None:
        numbers = wanted()
        borders = {at for at in numbers if at + 1 in numbers}
        if not (self._pages.keys() >= set(numbers) and self._joined >= borders):
            self._blocking(f"{SOME_AWAITED}, or (await the_list)[index]").execute(self._need(wanted))

    def _at(self, at: int) -> R:
        try:
            return self._pages[at // self._size + 1][at % self._size]
        except (KeyError, IndexError):
            raise IndexError(f"{self!r} has become shorter; it has no index {at} any more") from None

    def __reversed__(self) -> Iterator[R]:
        return reversed(list(self))

    def index(self, value: Any, *bounds: Any) -> int:
        """Index of the first object equal to *value*. Raises ValueError when it is not there."""
        return list(self).index(value, *bounds)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (ResourceList, list, tuple)):
            return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))
        return NotImplemented

    __hash__ = object.__hash__


def _rest(seen: list[Any], everything: list[Any]) -> Iterator[Any]:
    """The objects of *everything* without those *seen*, which were its first page once."""
    if 0 < len(seen) <= len(everything) and everything[len(seen) - 1] is seen[-1] and everything[0] is seen[0]:
        yield from everything[len(seen) :]
        return
    known = set(seen)
    yield from (each for each in everything if each not in known)
