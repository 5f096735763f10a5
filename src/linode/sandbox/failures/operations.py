"""Operations as the library names them, such as ``Linode.boot``, for faults that are to hit their requests."""

from __future__ import annotations

import difflib
import functools
from typing import Any, NamedTuple

from linode._model import Many

from ..engine import routes
from ..engine.routes import Route
from . import path_patterns

__all__ = ["Operation", "operation"]

CLIENT = "LinodeClient"
CHANGES = {"load": "get", "save": "update", "delete": "delete"}
"""The methods of every object, and the operations of its class."""


class Operation(NamedTuple):
    """An operation: the method and the pattern of the path of its request, and its name in the library."""

    method: str
    path: str
    name: str


def operation(described: Any) -> Operation:
    """The operation *described*: ``Linode.boot`` or ``LinodeClient.create_linode``, itself or its name as a text.

    Raises ValueError if it is none of the API, TypeError for an object that describes nothing.
    """
    if not isinstance(described, str):
        return _of_description(described)
    known = _known()
    if described not in known:
        near = difflib.get_close_matches(described, known, 3)
        cure = f"did you mean {' or '.join(near)}?" if near else "name it as Linode.boot, or by its method and path"
        raise ValueError(f"no operation of the API is called {described!r}: {cure}")
    return _made(known[described], described)


def _of_description(described: Any) -> Operation:
    name = _name(described)
    if name.startswith("Resource."):
        raise ValueError(f"all classes have the same {name[9:]}: name it with its class, as in 'Domain.{name[9:]}'")
    found = [route for route in routes.declared() if described in route.keys]
    if found:
        first = _made(found[0], name)  # classes that share a verb have it at paths that differ in a segment
        return first._replace(path=functools.reduce(_either, (_made(each, name).path for each in found)))
    raise ValueError(f"{name} is no operation of the API: name one that sends a request, or a method and a path")


def _made(route: Route, name: str) -> Operation:
    return Operation(route.method, path_patterns.of_path(route.path), name)


def _either(one: str, other: str) -> str:
    """The pattern of both paths, which have the same number of segments."""
    pairs = zip(one.split("/"), other.split("/"), strict=True)
    return "/".join(mine if mine == theirs else "*" for mine, theirs in pairs)


def _name(described: Any) -> str:
    """The name of *described* as users write it. Raises TypeError."""
    if isinstance(described, Many):
        return _public(described.owner.__name__, described.name)
    owner, dot, name = getattr(described, "__qualname__", "").rpartition(".")
    if not dot:
        raise TypeError(f"a fault is for an operation such as Linode.boot, or a method and a path, not {described!r}")
    return _public(owner, name)


def _public(owner: str, name: str) -> str:
    owner = CLIENT if owner.endswith(("Mixin", "BaseClient")) else owner
    return f"{owner}.{'load' if name == '_loading' else name.lstrip('_')}"


@functools.cache
def _known() -> dict[str, Route]:
    """All operations by their names."""
    found: dict[str, Route] = {}
    for route in routes.declared():
        for key in route.keys:
            name = _name(key)
            if route.cls is not None and not name.startswith(CLIENT):
                name = f"{route.cls.__name__}.{name.rpartition('.')[2]}"
            found.setdefault(name, route)
        for name, kind in CHANGES.items():
            if route.cls is not None and route.operation == kind and not route.keys:
                found.setdefault(f"{route.cls.__name__}.{name}", route)
    return found
