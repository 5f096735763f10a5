"""The base of both clients: what the families of the API are mixed into."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from .call_builders import create_call, get_call
from .calls import Call, ignore_response
from .lists import ResourceList
from .names import PublicNames

__all__ = ["BaseClient"]

T = TypeVar("T")


class Known(dict[tuple[Any, Any], Any]):
    """The objects that all relations of a *client* share, by class and ID; one is made when it is first read."""

    __slots__ = ("_client",)

    def __init__(self, client: BaseClient) -> None:
        super().__init__()
        self._client = client

    def __missing__(self, key: tuple[Any, Any]) -> Any:
        cls, identity = key
        made = cls._at(self._client, identity)
        if (origin := self._client.__dict__.get("_origin")) is not None:
            made._take_over(origin._known[key])
        return self.setdefault(key, made)


class BaseClient(PublicNames):
    """A client, which executes flows. Families of the API are mixed into it."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for member in vars(cls).values():  # errors of Python's own show the qualified name, and users know no mixins
            function = getattr(member, "__wrapped__", member)
            if getattr(function, "__qualname__", "").startswith(f"{cls.__name__}.") and cls.__name__.endswith("Mixin"):
                function.__qualname__ = function.__name__.lstrip("_")

    awaited = False
    """Whether `execute` returns something to await."""

    @property
    def _in_dry_run(self) -> bool:
        """Whether writes are recorded instead of being sent."""
        return False

    def execute(self, flow: Any) -> Any:
        """Carry out *flow* and return its result (awaited: a coroutine of it)."""
        raise NotImplementedError

    @property
    def _execute(self) -> Callable[[Any], Any]:
        return self.execute

    @property
    def _writes(self) -> int:
        """Requests that may have changed something, so far: lists kept by objects are fresh while it stays the same."""
        return 0

    @property
    def _client(self) -> Any:
        return self

    @cached_property
    def _known(self) -> Known:
        return Known(self)

    def _many(self, many: Any) -> Any:
        return ResourceList(self, many.target, many.path(""), beta=many.beta)

    def _as_parents(self, _cls: Any) -> tuple[Any, ...]:
        """No parents: what a client lists belongs to the account."""
        return ()

    def _creates(self, cls: type[T], path: str, body: Any = None) -> Call[T]:
        """A call to *path* whose response is a new object of *cls*."""
        return create_call(self, cls, (), path, body)

    def _gets(self, path: str, kind: Any, *, query: Mapping[str, Any] | None = None) -> Call[Any]:
        """A call that gets a value of *kind*, a type as the fields of an object have it."""
        return get_call(self, path, kind, query=query)

    def _posts(self, path: str, body: Any = None, *, method: str = "POST") -> Call[None]:
        """A call whose response holds no result."""
        return Call(method, path, body, shape=None, read=ignore_response)
