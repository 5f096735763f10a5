"""The operations that the library's declarations describe: objects, lists, and the verbs of objects and clients."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import unquote

from linode import api
from linode._model import BaseClient, Call, Entry, Many, Nested, Resource, action, flow

from ..core import schema
from .registry import load
from .route import Operation, Route, collection, shape

__all__ = ["declared"]


@functools.cache
def declared() -> tuple[Route, ...]:
    """All operations in the declarations; several may have the same method and path."""
    load()
    found = (*_own(), *_lists(), *_verbs())
    first: dict[tuple[str, str], Route] = {}
    for route in found:
        known = first.setdefault((route.method, shape(route.path)), route)
        if known is not route:
            known.besides.append(route)
    return found


def _own() -> Iterator[Route]:
    """The operations of every object on its own path: GET, PUT and DELETE."""
    for cls in schema.resources():
        if cls.loadable and not issubclass(cls, Entry):
            yield Route("GET", cls.path, "get", cls, beta=cls.beta)
        if cls.savable and any(_settable(each) for each in cls._fields.values()):
            yield Route("PUT", cls.path, "update", cls, beta=cls.beta)
        if cls.deletable and (cls.id_key is not None or cls._parent_names):
            yield Route("DELETE", cls.path, "delete", cls, beta=cls.beta)


def _settable(described: Any) -> bool:
    return described.editable if isinstance(described, Nested) else described.settable


def _mixins() -> list[Any]:
    found: list[Any] = []
    waiting: list[Any] = [BaseClient]
    while waiting:
        for each in waiting.pop().__subclasses__():
            if each.__module__.startswith(f"{api.__name__}.") and each not in found:
                found.append(each)
            waiting.append(each)
    return found


def _lists() -> Iterator[Route]:
    for owner, cls in _owners():
        for many in _members(owner, Many):
            path = many.path("" if cls is None else cls.path)
            beta = many.beta or (cls is not None and cls.beta)
            yield Route("GET", path, "list", cls, many.target, (many,), beta=beta)


def _owners() -> Iterator[tuple[Any, type[Resource] | None]]:
    for cls in schema.resources():
        yield cls, cls
    for mixin in _mixins():
        yield mixin, None


def _members(owner: Any, kind: Any) -> list[Any]:
    """The attributes of *owner* that are of *kind*, without those that every resource or client has."""
    bases = [base for base in owner.__mro__ if base not in (*Resource.__mro__, *BaseClient.__mro__)]
    found = {name: value for base in reversed(bases) for name, value in vars(base).items() if isinstance(value, kind)}
    return list(dict.fromkeys(value for name, value in found.items() if name not in ("load", "save", "delete")))


def _verbs() -> Iterator[Route]:
    listed = [cls for cls in reversed(schema.resources()) if cls.path.endswith("}")]
    collections = {shape(collection(cls.path)): cls for cls in listed}
    for mixin in _mixins():
        for many in _members(mixin, Many):
            if many.target._parent_names:  # such objects contain the IDs of their parents
                collections.setdefault(shape(many.path("")), many.target)
    for owner, cls in _owners():
        for verb in _members(owner, action):
            if isinstance(verb, flow):
                continue
            call = _first_call(verb, cls)
            if call is None or (call.elsewhere and call.token is None):
                continue  # an address that the API has given out is no operation of its own
            elsewhere = "/" + call.path.partition("://")[2].partition("/")[2] if call.elsewhere else ""
            path = unquote("/" + elsewhere.split("/", 2)[2] if elsewhere else call.path)
            leads = cls if cls is not None and _leads(cls.path, path) else None
            made = collections.get(shape(path)) if call.method == "POST" else None
            operation: Operation = "verb" if made is None else "create"
            target = made or (None if leads else _nearest(collections, path))
            json = call.json if call.json is not None else call.query or None
            sent: dict[str, Any] = {"sent": json, "content": call.content}
            sent |= {"beta": call.beta, "elsewhere": elsewhere}
            yield Route(call.method, path, operation, leads, target, (verb.describe,), verb.__wrapped__, **sent)


def _leads(own: str, path: str) -> bool:
    """Whether *path* is at or below the path *own* of an object, or names the object and its parents elsewhere."""
    names = {part for part in own.split("/") if part.startswith("{")}
    below = path == own or path.startswith(f"{own}/")
    return below or (bool(names) and names <= set(path.split("/")))


def _nearest(collections: dict[str, type[Resource]], path: str) -> type[Resource] | None:
    """The class whose list has the longest prefix of *path*."""
    while path:
        if found := collections.get(shape(path)):
            return found
        path = collection(path)
    return None


class _StandIn(BaseClient):
    """A client that only describes operations."""


def _first_call(verb: Any, cls: type[Resource] | None) -> Call[Any] | None:
    """The first request that *verb* describes, with a placeholder for each parameter; None if it describes none."""
    instance = _StandIn() if cls is None else _stand_in(cls)
    given: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in list(inspect.signature(verb.__wrapped__).parameters.values())[1:]:
        if parameter.default is parameter.empty:
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
                given.append(f"{{{parameter.name}}}")
            elif parameter.kind is parameter.KEYWORD_ONLY:
                named[parameter.name] = f"{{{parameter.name}}}"
    step = verb.__wrapped__(instance, *given, **named)
    if isinstance(step, Generator):
        try:
            step = next(step)
        except (StopIteration, AttributeError, TypeError, ValueError):
            return None  # a flow over the user's objects, such as a wait, is not an operation of the API
    return step if isinstance(step, Call) else None


def _stand_in(cls: Any) -> Any:
    names = [f"{{{name}}}" for name in cls._parent_names]
    return cls(_StandIn(), *([f"{{{cls.id_key}}}"] if cls.id_key else [None] if names else []), *names)
