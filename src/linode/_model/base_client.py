"""The base of both clients: what the families of the API are mixed into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from .calls import Call, nothing
from .convert import reader
from .lists import ResourceList

__all__ = ["BaseClient"]

T = TypeVar("T")


class BaseClient:
    """What performs flows: a client. Families of the API are mixed into it."""

    awaited = False
    """Whether `execute` returns something to await."""

    def execute(self, flow: Any) -> Any:
        """Carry out *flow* and return its result (awaited: a coroutine of it)."""
        raise NotImplementedError

    def _execute(self, flow: Any) -> Any:
        return self.execute(flow)

    @property
    def _writes(self) -> int:
        """Requests that may have changed something, so far: lists kept by objects are fresh while it stays the same."""
        return 0

    @property
    def _client(self) -> Any:
        return self

    def _shared(self, cls: Any, identity: Any) -> Any:
        """The one object of *cls* with the id *identity* that all relations of this client lead to."""
        known = self.__dict__.setdefault("_known", {})
        key = cls, identity
        try:
            return known[key]
        except KeyError:
            return known.setdefault(key, cls._at(self, identity))

    def _many(self, many: Any) -> Any:
        return ResourceList(self, many.target, many.path(""), beta=many.beta)

    def _as_parents(self, _cls: Any) -> tuple[Any, ...]:
        """No parents: what a client lists belongs to the account."""
        return ()

    def made(self, cls: type[T], method: str, path: str, body: Any = None) -> Call[T]:
        """A call whose answer is a new object of *cls*."""
        kind: Any = cls
        unique = kind._unique_in(body) if hasattr(kind, "_unique_in") else None
        return Call(method, path, body, read=lambda data: kind._of(self, data), unique=unique)

    def value(self, path: str, kind: Any, *, query: Mapping[str, Any] | None = None) -> Call[Any]:
        """A call that gets a value of *kind*: a Struct, a list of them, a plain type."""
        return Call("GET", path, query=query, shape=Any, read=lambda data: reader(kind)(data, self))

    def done(self, method: str, path: str, body: Any = None) -> Call[None]:
        """A call whose answer says no more than that it was done."""
        return Call(method, path, body, shape=None, read=nothing)
