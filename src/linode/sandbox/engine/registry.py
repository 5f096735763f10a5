"""The registry of the families' behaviours: ``on``. families/README.md describes its use."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from linode._model.convert import literal_values

from ..core import schema
from ..core.jobs import job
from ..core.kind import KINDS, Kind
from ..core.meters import CHARGES
from ..core.refusals import NotFound, Refused
from ..core.schema import Row, Table
from ..core.world import World

__all__ = ["BareArray", "Names", "NotFound", "Page", "Refused", "Row", "World", "job", "on"]

F = TypeVar("F", bound=Callable[..., Any])


class BareArray(list[Any]):
    """Rows of a list that is shown as a bare array, without the envelope of a page."""


class Page(list[Any]):
    """Rows that an operation which is no list shows as a page, all of them."""


class Names(list[str]):
    """Texts that the API shows in the envelope of a page, like objects."""


class Behaviour(NamedTuple):
    """The function registered for an operation.

    It looks up the IDs in the *unchecked* members itself, and refuses missing ones. *parents* are its parameters; those
    with the name of a parent get the parent's row.
    """

    run: Callable[..., Any]
    unchecked: tuple[str, ...] = ()
    parents: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    """The members that a show function sets; filters on all others do not call it."""


VERBS: dict[Any, Behaviour] = {}
"""Behaviours by the description of their operation: ``Linode.boot``, ``Linode.volumes``."""
HOOKS: dict[tuple[str, str], Behaviour] = {}
"""Behaviours by the operation (list, find, get, create, update, delete, show) and the class's name."""
WORDS: dict[Any, tuple[str, str]] = {}
"""The refusal, and its field, of a value outside the bounds of a type, where the API's words differ from the rule."""
BOUNDS_OF_BEHAVIOUR: set[Any] = set()
"""Types whose bounds the behaviours check."""
CHOICES: dict[tuple[str, ...], tuple[str, bool]] = {}
"""The refusal of a value that is not in a Literal, by the Literal's words, and whether it names the field."""
MOUNTS: dict[str, Callable[..., Any]] = {}


class _On:
    """The decorators that register behaviours: ``@on(Linode.boot)``."""

    def __call__(self, described: Any, *, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        """Register the function for the verb, or the list, *described*."""
        return _into(VERBS, described, unchecked)

    def list(self, cls: Table) -> Callable[[F], F]:
        """Register the function that returns the rows of the class's own list."""
        return self._hook("list", cls)

    def find(self, cls: Table) -> Callable[[F], F]:
        """Register the function that returns the row for an ID in a path, for objects that are not rows themselves."""
        return self._hook("find", cls)

    def get(self, cls: Table) -> Callable[[F], F]:
        """Register the function that returns the row for a GET of one object."""
        return self._hook("get", cls)

    def create(self, cls: Table, *, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        """Register the function that creates an object."""
        return self._hook("create", cls, unchecked)

    def update(self, cls: Table, *, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        """Register the function that updates an object."""
        return self._hook("update", cls, unchecked)

    def delete(self, cls: Table) -> Callable[[F], F]:
        """Register the function that deletes an object."""
        return self._hook("delete", cls)

    def show(self, cls: Table, *members: str) -> Callable[[F], F]:
        """Register the function that sets or deletes *members* of the copy of a row before it is shown."""
        return self._hook("show", cls, members=members)

    def _hook(
        self, operation: str, cls: Table, unchecked: Sequence[str] = (), members: Sequence[str] = ()
    ) -> Callable[[F], F]:
        name = cls if isinstance(cls, str) else cls.__name__
        return _into(HOOKS, (operation, name), unchecked, members)

    def charges(self, cls: Table) -> Callable[[F], F]:
        """Register the function that returns the charges of a row of *cls*."""

        def register(function: F) -> F:
            CHARGES[schema.table_of(cls)] = function
            return function

        return register

    def mount(self, path: str) -> Callable[[F], F]:
        """Register the function that handles every request at or below *path*."""

        def register(function: F) -> F:
            MOUNTS[path] = function
            return function

        return register

    def kind(self, kind: Kind) -> None:
        """Register *kind*, the record of its class. Raises ValueError if the class has one already."""
        if kind.name in KINDS:
            raise ValueError(f"{kind.name} has two records")
        KINDS[kind.name] = kind
        schema.refresh()

    def words(self, hint: Any, reason: str, *, field: str) -> None:
        """Set the refusal, and its field, of a value outside the bounds of the type *hint*."""
        WORDS[hint] = (reason, field)

    def bounds(self, hint: Any) -> None:
        """Leave the bounds of the type *hint* to the behaviour, because they depend on more than the type."""
        BOUNDS_OF_BEHAVIOUR.add(hint)

    def choice(self, literal: Any, reason: str, *, named: bool = True) -> None:
        """Set the refusal of a value that is not in the type *literal*; *named* is whether it names the field."""
        CHOICES[literal_values(literal)] = reason, named


def _into(
    registry: dict[Any, Behaviour], key: Any, unchecked: Sequence[str], members: Sequence[str] = ()
) -> Callable[[F], F]:
    def register(function: F) -> F:
        taken = frozenset(_parameters(function))
        registry[key] = Behaviour(function, tuple(unchecked), taken, frozenset(members))
        return function

    return register


def _parameters(function: Any) -> Iterable[str]:
    """The names of the parameters of *function*; `inspect.signature` takes ten times as long, for all that start."""
    if not inspect.isfunction(function) or hasattr(function, "__wrapped__"):
        return inspect.signature(function).parameters
    code = function.__code__
    more = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + more]


on = _On()


@functools.cache
def load() -> None:
    """Import the behaviours of all families."""
    import_below("linode.api")
    import_below("linode.sandbox.families")
    schema.refresh()


def mounts() -> dict[str, Callable[..., Any]]:
    """The functions registered for paths outside the API."""
    load()
    return MOUNTS


def import_below(package: str) -> None:
    """Import every module of *package* and of its subpackages, which register themselves."""
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)


def hook(operation: str, cls: Any) -> Behaviour | None:
    """The behaviour of *operation* registered for *cls*, or for the table of its rows."""
    found = HOOKS.get((operation, cls.__name__))
    return found or HOOKS.get((operation, schema.table_of(cls)))
