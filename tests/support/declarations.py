"""The declarations of ``linode.api``: the operations of each family, and the classes that read their responses."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple, Self, get_args, get_overloads

from facts import Key, announced, operations, where

from linode import api
from linode._model import Fields, Resource
from linode._model.convert import annotation
from linode.sandbox.engine import registry, routes

__all__ = ["Declared", "Family", "declared", "families", "fields_of", "of_family", "resources_of"]

Family = str
"""The families below ``linode.api``: ``volumes``, ``linodes``."""


class Declared(NamedTuple):
    """An operation that a family declares: its name there (``Volume.attach``), its route, and what reads its answer."""

    family: Family
    name: str
    key: Key
    route: routes.Route
    answer: Any

    @property
    def paged(self) -> bool:
        """Whether the answer is read as a page of a list."""
        return self.route.operation == "list"


def _family(owner: Any) -> Family | None:
    """The family that the class or function *owner* belongs to; None for what is not declared in ``linode.api``."""
    package, _, rest = owner.__module__.partition(f"{api.__name__}.")
    return rest.partition(".")[0] if not package and rest else None


def _classes() -> Iterator[Any]:
    """The classes that the modules of ``linode.api`` define, whichever modules there are."""
    registry.load()
    for name in sorted(sys.modules):
        if name.startswith(f"{api.__name__}."):
            for each in vars(sys.modules[name]).values():
                if isinstance(each, type) and each.__module__ == name:
                    yield each


@functools.cache
def families() -> tuple[Family, ...]:
    """All families."""
    return tuple(dict.fromkeys(family for each in _classes() if (family := _family(each))))


@functools.cache
def fields_of(family: Family) -> tuple[Any, ...]:
    """The classes of fields that *family* defines."""
    return tuple(each for each in _classes() if issubclass(each, Fields) and _family(each) == family)


def resources_of(family: Family) -> Iterator[type[Resource]]:
    """The classes of *family* whose objects have an address, or stand in a list of the API's."""
    yield from (each for each in fields_of(family) if issubclass(each, Resource))


@functools.cache
def declared() -> tuple[Declared, ...]:
    """Every operation that any family declares, once for each declaration of it."""
    found = []
    for route in routes.declared():
        owner, name = _declaration(route)
        if family := _family(owner):  # a test may have classes of its own
            found.append(Declared(family, name, where(route.method, route.path), route, _answer(route)))
    return tuple(found)


def _declaration(route: routes.Route) -> tuple[Any, str]:
    """The class or function that declares *route*, and its name."""
    if route.describe is not None:
        return route.describe, route.describe.__qualname__
    if route.operation == "list":
        (many,) = route.keys
        return many.owner, f"{many.owner.__name__}.{many.name}"
    return route.cls, f"{route.cls.__name__}.{ {'get': 'load', 'update': 'save'}.get(route.operation, 'delete') }"


def _answer(route: routes.Route) -> Any:
    """The type of what the answer is read as, of an object of the list for a list; None where it does not matter."""
    if route.describe is None:
        return route.target if route.operation == "list" else None if route.operation == "delete" else route.cls
    if forms := get_overloads(route.keys[0]):  # a verb that generates a password, and then returns it too
        return _result(forms[0])
    hint = get_args(_result(route.describe))[-1]
    return route.cls if hint is Self else hint


def _result(function: Any) -> Any:
    return annotation(function, inspect.signature(function).return_annotation)


def of_family(family: Family) -> Iterator[tuple[Declared, dict[str, Any]]]:
    """The operations that *family* declares and the API has or announces, with what the API says of them."""
    known = {**announced(), **operations()}
    for each in declared():
        if each.family == family and each.key in known:
            yield each, known[each.key]
