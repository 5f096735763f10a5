"""The registry behaviours register with: ``on``. families/README.md shows how."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from linode._model.convert import words

from ..core import kinds
from ..core.jobs import job
from ..core.kind import KINDS, Kind
from ..core.kinds import Row, Table
from ..core.meters import CHARGES
from ..core.refusals import NotFound, Refused
from ..core.world import World

__all__ = ["BareArray", "Kind", "Names", "NotFound", "Refused", "Row", "World", "job", "on"]

F = TypeVar("F", bound=Callable[..., Any])


class BareArray(list[Any]):
    """Rows that a list shows as a bare array, without the envelope of a page."""


class Names(list[str]):
    """Texts that the API shows in the envelope of a page, like objects."""


class Behaviour(NamedTuple):
    """What an operation does.

    It looks up the ids of the *unchecked* members, and refuses their absence, by itself. *parents*: its parameters;
    those named like a parent are given that row.
    """

    run: Callable[..., Any]
    unchecked: tuple[str, ...] = ()
    parents: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    """Those that showing a row makes anew; by all others a list is filtered without showing its rows."""


VERBS: dict[Any, Behaviour] = {}
"""By the description: ``Linode.boot``, ``Linode.volumes``."""
HOOKS: dict[tuple[str, str], Behaviour] = {}
"""By the operation (list, get, create, update, delete, show) and the class's name."""
WORDS: dict[Any, tuple[str, str]] = {}
"""The refusal, and the field it names, of a value out of the bounds of a type, where the API has words of its own."""
CHOICES: dict[tuple[str, ...], tuple[str, bool]] = {}
"""The refusal, by the words of a Literal, of a value that is none of them, and whether it names the field."""
MOUNTS: dict[str, Callable[..., Any]] = {}


class _On:
    """``@on(Linode.boot)`` and its like."""

    def __call__(self, described: Any, *, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        """The function below is what the verb, or the list, *described* does."""
        return _into(VERBS, described, unchecked)

    def list(self, cls: Table) -> Callable[[F], F]:
        """The function below gives the rows of the class's own list."""
        return self._hook("list", cls)

    def find(self, cls: Table) -> Callable[[F], F]:
        """The function below gives the row of an id in a path, where not every object has a row of its own."""
        return self._hook("find", cls)

    def get(self, cls: Table) -> Callable[[F], F]:
        """The function below gives what a GET of one shows."""
        return self._hook("get", cls)

    def create(self, cls: Table, *, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        """The function below makes one."""
        return self._hook("create", cls, unchecked)

    def update(self, cls: Table, *, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        """The function below changes one."""
        return self._hook("update", cls, unchecked)

    def delete(self, cls: Table) -> Callable[[F], F]:
        """The function below deletes one."""
        return self._hook("delete", cls)

    def show(self, cls: Table, *members: str) -> Callable[[F], F]:
        """The function below completes the copy of a row that is about to be shown: it sets, or deletes, *members*."""
        return self._hook("show", cls, members=members)

    def _hook(
        self, operation: str, cls: Table, unchecked: Sequence[str] = (), members: Sequence[str] = ()
    ) -> Callable[[F], F]:
        name = cls if isinstance(cls, str) else cls.__name__
        return _into(HOOKS, (operation, name), unchecked, members)

    def charges(self, cls: type[Any]) -> Callable[[F], F]:
        """The function below tells what a row of *cls* costs as it is."""

        def register(function: F) -> F:
            CHARGES[kinds.table_of(cls)] = function
            return function

        return register

    def mount(self, path: str) -> Callable[[F], F]:
        """The function below answers every request at or below *path*."""

        def register(function: F) -> F:
            MOUNTS[path] = function
            return function

        return register

    def kind(self, kind: Kind) -> None:
        """*kind* is the record of its class. Raises ValueError when there is one already."""
        if kind.name in KINDS:
            raise ValueError(f"two records of {kind.name}")
        KINDS[kind.name] = kind
        kinds.refresh()

    def words(self, hint: Any, reason: str, *, field: str) -> None:
        """What is said, and of which field, of a value that is not within the bounds of the type *hint*."""
        WORDS[hint] = (reason, field)

    def choice(self, literal: Any, reason: str, *, named: bool = True) -> None:
        """What is said of a value that is none of those of the type *literal*; *named*: with the name of the field."""
        CHOICES[words(literal)] = reason, named


def _into(
    registry: dict[Any, Behaviour], key: Any, unchecked: Sequence[str], members: Sequence[str] = ()
) -> Callable[[F], F]:
    def register(function: F) -> F:
        taken = frozenset(inspect.signature(function).parameters)
        registry[key] = Behaviour(function, tuple(unchecked), taken, frozenset(members))
        return function

    return register


on = _On()


@functools.cache
def load() -> None:
    """Import every family's behaviour."""
    import_below("linode.api")
    import_below("linode.sandbox.families")
    kinds.refresh()


def mounts() -> dict[str, Callable[..., Any]]:
    """What answers at and below an address of its own."""
    load()
    return MOUNTS


def import_below(package: str) -> None:
    """Import every module of *package* and of the packages in it, which register themselves here."""
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)


def hook(operation: str, cls: Any) -> Behaviour | None:
    """What is registered for *operation* with *cls*, or with the table its rows live in."""
    found = HOOKS.get((operation, cls.__name__))
    return found or HOOKS.get((operation, kinds.table_of(cls)))
