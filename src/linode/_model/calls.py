"""Calls and flows: what a verb describes, and a client performs.

A description is made of three kinds of step: a `Call` (one request and how to read its answer), a `Gather` (several
that may run at once) and a `Sleep`. What takes several steps is a generator that yields them. An error of a step is
thrown into the generator, so ``try``/``except`` works there. Nothing here does I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from linode._secrets import redacted
from linode._uploads import Upload

from .names import PublicNames

__all__ = [
    "UNSIGNED_URL",
    "Call",
    "Flow",
    "Gather",
    "NotSent",
    "Sleep",
    "Step",
    "Steps",
    "Unique",
    "as_flow",
    "ignore_response",
    "map_steps",
    "sequential",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


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


def ignore_response(_response: Any) -> None:
    return None


class NotSent(dict[str, Any]):
    """The place of the response to a call that was not sent, in a dry run."""


UNSIGNED_URL = "https://signed-url.invalid/dry-run"
"""The place of a pre-signed URL that was not asked for, in a dry run."""


class Unique(NamedTuple):
    """The member ``key`` of a new object, whose ``value`` no two objects of the list at ``path`` share."""

    path: str
    key: str
    value: Any


class Call(PublicNames, Generic[T_co]):
    """One request, and how to read its response.

    ``path`` starts behind the API's version, or is a whole URL, which gets no token but ``token``, and ``json`` only
    with that (behind the API's version, ``token`` replaces the client's); ``json`` is the body, ``content`` a body of
    bytes instead, of the media type ``content_type``; ``filter``
    becomes the ``X-Filter`` header; ``shape`` is the type that the answer's JSON must have (None: the answer does not
    matter; bytes: the answer is no JSON, and is taken as it came), ``read`` turns that into the result; ``beta`` asks
    ``v4beta``; ``unique`` is the name that no other object has, by which one is found whose making got no answer;
    ``listed_as`` is the member of a page that holds the objects; ``dated`` gives ``read`` the answer's ``Date`` header
    instead (with a ``shape``, after the answer), ``whole`` the response itself, with its headers; ``headers`` are sent
    to another host; ``creates`` is the class of the object that it creates; ``reads`` says that it changes nothing, so
    that a dry run sends it and it can be repeated: a GET does.
    Two calls are equal when they ask the same.
    """

    __slots__ = (
        "beta",
        "content",
        "content_type",
        "creates",
        "dated",
        "elsewhere",
        "filter",
        "headers",
        "json",
        "listed_as",
        "method",
        "path",
        "query",
        "read",
        "reads",
        "shape",
        "token",
        "unique",
        "whole",
    )

    def __init__(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        filter: Mapping[str, Any] | None = None,
        content: bytes | Upload | None = None,
        content_type: str = "application/octet-stream",
        shape: Any = dict[str, Any],
        read: Callable[..., T_co] = _as_it_came,
        beta: bool = False,
        unique: Unique | None = None,
        dated: bool = False,
        whole: bool = False,
        headers: Mapping[str, str] | None = None,
        listed_as: str = "data",
        token: str | None = None,
        creates: Any = None,
        reads: bool = False,
    ) -> None:
        self.method = method
        self.path = path
        self.elsewhere = path.startswith(("http://", "https://"))
        """Whether it goes to another host than the API's."""
        self.json = json
        self.query = dict(query or {})
        self.filter = dict(filter or {})
        self.content = content
        self.content_type = content_type
        self.shape = shape
        self.read = read
        self.beta = beta
        self.unique = unique
        self.dated = dated
        self.whole = whole
        self.headers = dict(headers or {})
        self.listed_as = listed_as
        self.token = token
        self.creates = creates
        self.reads = reads or method == "GET"

    def __iter__(self) -> Generator[Step, Any, T_co]:
        return (yield self)  # type: ignore[no-any-return]

    @property
    def shown(self) -> str:
        """The path for people to read; of another host's address, which may hold a secret, the host alone."""
        if not self.elsewhere:
            return self.path
        scheme, _, rest = self.path.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}/..."

    def _asked(self) -> tuple[Any, ...]:
        body = (self.json, self.content)
        return (self.method, self.path, self.query, self.filter, self.headers, *body, self.beta, self.token)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and self._asked() == other._asked()

    def __hash__(self) -> int:
        return hash((self.method, self.path))

    def __repr__(self) -> str:
        shown = [repr(self.method), repr(self.shown)]
        if self.json is not None:
            shown.append(repr(redacted(self.json)))
        shown += [f"{name}={redacted(value)!r}" for name in ("query", "filter") if (value := getattr(self, name))]
        return f"Call({', '.join(shown)})"


def read_of(call: Call[Any], answer: Any, date: str | None) -> tuple[Any, ...]:
    """The arguments of the ``read`` of *call*: the decoded response, its ``Date`` header, or both."""
    if not call.dated:
        return (answer,)
    return (date,) if call.shape is None else (answer, date)


class Gather(Generic[T]):
    """Several flows that may run at once; the answer is the list of their results, in their order.

    ``until`` is when their calls end at the latest, answered or not, by the client's clock (None: only as the client's
    own ``timeout`` and ``retry`` say).
    """

    __slots__ = ("flows", "until")

    def __init__(self, flows: Iterable[Flow[T]], *, until: float | None = None) -> None:
        self.flows = tuple(flows)
        self.until = until

    def __iter__(self) -> Generator[Step, Any, list[T]]:
        return (yield self)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"Gather({list(self.flows)!r})"


Step: TypeAlias = "Call[Any] | Gather[Any] | Sleep"
Steps: TypeAlias = Generator["Call[Any] | Gather[Any] | Sleep", Any, T]
Flow: TypeAlias = "Call[T] | Gather[T] | Generator[Call[Any] | Gather[Any] | Sleep, Any, T]"
"""A description that a client can execute: a step, or a generator of steps, that ends in a T."""


def as_flow(step: Any) -> Steps[Any]:
    """The flow that leaves *step* to the client."""
    return (yield step)


def sequential(flows: Iterable[Flow[T]]) -> Steps[list[T]]:
    """Run *flows* one after the other; returns their results."""
    results: list[T] = []
    for each in flows:
        result: Any = yield from each
        results.append(result)
    return results


def map_steps(steps: Steps[T], execute: Callable[[Any], Steps[Any]], step: Any = None) -> Steps[T]:
    """Run *steps*; each step is executed by the flow that *execute* returns for it.

    *step* is the one that *steps* has already yielded, if it has been started.
    """
    try:
        if step is None:
            step = next(steps)
        while True:
            try:
                answer = yield from execute(step)
            except Exception as error:  # noqa: BLE001 - the flow decides
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    finally:
        steps.close()
