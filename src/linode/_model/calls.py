"""Calls and flows: what a verb describes, and a client performs.

A description is made of three kinds of step: a `Call` (one request and how to read its answer), a `Gather` (several
that may run at once) and a `Sleep`. What takes several steps is a generator that yields them. An error of a step is
thrown into the generator, so ``try``/``except`` works there. Nothing here does I/O.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeAlias, TypedDict, TypeVar, overload

from linode._secrets import clear_frames, hidden, redact_tracebacks

__all__ = [
    "BaseClient",
    "Call",
    "Flow",
    "Gather",
    "Options",
    "Sleep",
    "Step",
    "Steps",
    "Unique",
    "action",
    "flow",
    "given",
]

P = ParamSpec("P")
T = TypeVar("T")


class Sleep:
    """Wait for *seconds*."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sleep) and other.seconds == self.seconds

    def __hash__(self) -> int:
        return hash(("Sleep", self.seconds))

    def __repr__(self) -> str:
        return f"Sleep({self.seconds!r})"


def _as_it_came(answer: Any) -> Any:
    return answer


def _nothing(_answer: Any) -> None:
    return None


class Unique(NamedTuple):
    """The member ``key`` of a new object, whose ``value`` no two objects of the list at ``path`` share."""

    path: str
    key: str
    value: Any


class Call(Generic[T]):
    """One request, and how to read its answer.

    ``path`` starts behind the API's version (or is a whole URL, which then gets no token); ``json`` is the body,
    ``content`` a body of bytes instead; ``filter`` becomes the ``X-Filter`` header; ``shape`` is the type that the
    answer's JSON must have (None: the answer does not matter), ``read`` turns that into the result; ``beta`` asks
    ``v4beta``; ``unique`` is the name that no other object has, by which one is found whose making got no answer;
    ``dated`` gives ``read`` the answer's ``Date`` header instead.
    Two calls are equal when they ask the same.
    """

    __slots__ = (
        "beta",
        "content",
        "dated",
        "filter",
        "json",
        "method",
        "path",
        "query",
        "read",
        "shape",
        "unique",
    )

    def __init__(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        filter: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        shape: Any = dict[str, Any],
        read: Callable[[Any], T] = _as_it_came,
        beta: bool = False,
        unique: Unique | None = None,
        dated: bool = False,
    ) -> None:
        self.method = method
        self.path = path
        self.json = json
        self.query = dict(query or {})
        self.filter = dict(filter or {})
        self.content = content
        self.shape = shape
        self.read = read
        self.beta = beta
        self.unique = unique
        self.dated = dated

    def __iter__(self) -> Generator[Step, Any, T]:
        return (yield self)  # type: ignore[no-any-return]

    @property
    def elsewhere(self) -> bool:
        """Whether it goes to another host than the API's."""
        return self.path.startswith(("http://", "https://"))

    @property
    def shown(self) -> str:
        """The path for people to read; of another host's address, which may hold a secret, the host alone."""
        if not self.elsewhere:
            return self.path
        scheme, _, rest = self.path.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}/..."

    def _asked(self) -> tuple[Any, ...]:
        return (self.method, self.path, self.json, self.query, self.filter, self.content, self.beta)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and self._asked() == other._asked()

    def __hash__(self) -> int:
        return hash((self.method, self.path))

    def __repr__(self) -> str:
        shown = [repr(self.method), repr(self.shown)]
        if self.json is not None:
            shown.append(repr(hidden(self.json)))
        shown += [f"{name}={hidden(value)!r}" for name in ("query", "filter") if (value := getattr(self, name))]
        return f"Call({', '.join(shown)})"


class Gather(Generic[T]):
    """Several flows that may run at once; the answer is the list of their results, in their order."""

    __slots__ = ("flows",)

    def __init__(self, flows: Iterable[Flow[T]]) -> None:
        self.flows = tuple(flows)

    def __iter__(self) -> Generator[Step, Any, list[T]]:
        return (yield self)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"Gather({list(self.flows)!r})"


Step: TypeAlias = "Call[Any] | Gather[Any] | Sleep"
Steps: TypeAlias = Generator["Call[Any] | Gather[Any] | Sleep", Any, T]
Flow: TypeAlias = "Call[T] | Gather[T] | Generator[Call[Any] | Gather[Any] | Sleep, Any, T]"
"""What a client can perform: a step, or a generator of steps, that ends in a T."""


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
        from .lists import ResourceList

        return ResourceList(self, many.target, many.path(""), beta=many.beta)

    def made(self, cls: type[T], method: str, path: str, body: Any = None) -> Call[T]:
        """A call whose answer is a new object of *cls*."""
        kind: Any = cls
        unique = kind._unique_in(body) if hasattr(kind, "_unique_in") else None
        return Call(method, path, body, read=lambda data: kind._of(self, data), unique=unique)

    def value(self, path: str, kind: Any, *, query: Mapping[str, Any] | None = None) -> Call[Any]:
        """A call that gets a value of *kind*: a Struct, a list of them, a plain type."""
        from .convert import reader

        return Call("GET", path, query=query, shape=Any, read=lambda data: reader(kind)(data, self))

    def done(self, method: str, path: str, body: Any = None) -> Call[None]:
        """A call whose answer says no more than that it was done."""
        return Call(method, path, body, shape=None, read=_nothing)


class action(Generic[P, T]):  # noqa: N801 - used as a decorator
    """A verb: on the class the description, on an object (or a client) the deed."""

    def __init__(self, describe: Callable[Concatenate[Any, P], Flow[T]]) -> None:
        @functools.wraps(describe)
        def described(*args: Any, **kwargs: Any) -> Any:
            if kwargs:
                self._refuse_unknown(kwargs)
            return describe(*args, **kwargs)

        @functools.wraps(describe)
        def deed(instance: Any, *args: Any, **kwargs: Any) -> Any:
            outer = sys.exception()
            try:
                return instance._execute(described(instance, *args, **kwargs))
            except BaseException as error:
                del args, kwargs
                clear_frames(error, outer)
                raise

        self.describe: Callable[..., Any] = redact_tracebacks(described)
        self._deed = deed
        self._known: frozenset[str] | None = None
        self.__doc__ = describe.__doc__
        self.__name__ = describe.__name__
        self.__wrapped__ = describe

    @overload
    def __get__(self, instance: None, owner: Any) -> Callable[Concatenate[Any, P], Flow[T]]: ...
    @overload
    def __get__(self, instance: object, owner: Any) -> Callable[P, T]: ...
    def __get__(self, instance: object | None, owner: Any) -> Any:
        if instance is None:
            return self.describe
        return types.MethodType(self._deed, instance)

    def _refuse_unknown(self, kwargs: Mapping[str, Any]) -> None:
        if self._known is None:
            self._known = options_of(self.__wrapped__)
        if wrong := kwargs.keys() - self._known:
            cure = "; pass what the library does not know yet as extra={...}" if "extra" in self._known else ""
            verb = self.__name__.lstrip("_")
            raise misspelt(f"{verb}()", min(wrong), self._known, "option", cure=cure)


class flow(action[P, T]):  # noqa: N801 - used as a decorator
    """A verb that is made of others: no operation of the API's own."""


def options_of(function: Callable[..., Any]) -> frozenset[str]:
    """The names that *function* takes as keywords, those of its ``Unpack[TypedDict]`` among them."""
    import inspect

    from .convert import annotation

    names: set[str] = set()
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            (options,) = annotation(function, parameter.annotation).__args__
            names |= options.__annotations__.keys()
        elif parameter.kind is not parameter.VAR_POSITIONAL:
            names.add(parameter.name)
    return frozenset(names)


def misspelt(
    owner: str, name: str, known: Iterable[str], kind: str, *, cure: str = "", error: type[Exception] = TypeError
) -> Exception:
    """The error for a *name* that *owner* does not have, with the nearest that it has."""
    import difflib

    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(sorted(known))}"
    return error(f"{owner} has no {kind} {name!r}{hint}{cure}")


class Options(TypedDict, total=False):
    """What every call that makes something takes besides its own options."""

    extra: Mapping[str, Any]
    """Members to put into the body as they are: for what the library does not know yet."""


def given(**members: Any) -> dict[str, Any]:
    """The body of *members*: objects as their ids, dates as text, ``...`` left out, ``extra`` merged in."""
    from .convert import to_api

    extra = members.pop("extra", None) or {}
    return {name: to_api(value) for name, value in members.items() if value is not ...} | dict(extra)
