"""The registry behaviours register with: ``on``. How to use it is told in the package's docstring."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from ..core import kinds
from ..core.events import progress
from ..core.jobs import job
from ..core.kinds import Kind, Row
from ..core.refusals import NotFound, Refused
from ..core.world import World

__all__ = ["BareArray", "NotFound", "Refused", "Row", "World", "job", "on"]

F = TypeVar("F", bound=Callable[..., Any])


class BareArray(list[Any]):
    """Rows that a list shows as a bare array, without the envelope of a page."""


class Behaviour(NamedTuple):
    """What a verb or a list does, and the members whose ids it looks up, and whose absence it refuses, by itself."""

    run: Callable[..., Any]
    unchecked: tuple[str, ...] = ()


VERBS: dict[Any, Behaviour] = {}
"""By the description: ``Linode.boot``, ``Linode.volumes``."""
HOOKS: dict[tuple[str, str], Behaviour] = {("show", "Event"): Behaviour(progress)}
"""By the deed (list, get, create, update, delete, show) and the class's name."""
REFERENCES: dict[str, str] = {}
CHOICES: dict[Any, str] = {}
"""What is said, by the type, of a value that is none of a Literal's."""
MOUNTS: dict[str, Callable[..., Any]] = {}
PLAIN: set[str] = set()
"""The tables in which the generic rules may make rows."""


class _On:
    """``@on(Linode.boot)`` and its like."""

    def __call__(self, described: Any, *, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        """The function below is what the verb, or the list, *described* does."""
        return _into(VERBS, described, unchecked)

    def list(self, cls: Kind) -> Callable[[F], F]:
        """The function below gives the rows of the class's own list."""
        return self._hook("list", cls)

    def get(self, cls: Kind) -> Callable[[F], F]:
        """The function below gives what a GET of one shows."""
        return self._hook("get", cls)

    def create(self, cls: Kind, *, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        """The function below makes one."""
        return self._hook("create", cls, unchecked)

    def update(self, cls: Kind, *, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        """The function below changes one."""
        return self._hook("update", cls, unchecked)

    def delete(self, cls: Kind) -> Callable[[F], F]:
        """The function below deletes one."""
        return self._hook("delete", cls)

    def show(self, cls: Kind) -> Callable[[F], F]:
        """The function below completes the copy of a row that is about to be filtered and shown."""
        return self._hook("show", cls)

    def _hook(self, operation: str, cls: Kind, unchecked: Sequence[str] = ()) -> Callable[[F], F]:
        return _into(HOOKS, (operation, cls if isinstance(cls, str) else cls.__name__), unchecked)

    def mount(self, path: str) -> Callable[[F], F]:
        """The function below answers every request at or below *path*."""

        def register(function: F) -> F:
            MOUNTS[path] = function
            return function

        return register

    def stored(self, cls: Any, table: str) -> None:
        """Let the rows of *cls* live in *table*."""
        kinds.stored(cls, table)

    def entity(self, cls: Kind, type: str, *, label: str = "label", events: bool = False) -> None:
        """Tell how events speak of *cls*; with ``events``, the generic rules do for it, and notify what they do."""
        kinds.ENTITIES[kinds.table_of(cls)] = kinds.Entity(type, label, events)
        if events:
            self.plain(cls)

    def plain(self, *kinds_: Kind) -> None:
        """Nothing is peculiar about making one of these: the generic create will do."""
        PLAIN.update(map(kinds.table_of, kinds_))

    def reference(self, cls: Kind, reason: str) -> None:
        """What is said of an id of *cls* that does not exist."""
        REFERENCES[kinds.table_of(cls)] = reason

    def choice(self, literal: Any, reason: str) -> None:
        """What is said of a value that is none of those of the type *literal*."""
        CHOICES[literal] = reason


def _into(registry: dict[Any, Behaviour], key: Any, unchecked: Sequence[str]) -> Callable[[F], F]:
    def register(function: F) -> F:
        registry[key] = Behaviour(function, tuple(unchecked))
        return function

    return register


on = _On()


@functools.cache
def load() -> None:
    """Import every family's behaviour."""
    from linode.sandbox import families

    import_below(families)


def import_below(package: ModuleType) -> None:
    """Import every module of *package* and of the packages in it."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


def hook(operation: str, cls: Any) -> Behaviour | None:
    """What is registered for *deed* with *cls*, or with the table its rows live in."""
    found = HOOKS.get((operation, cls.__name__))
    return found or HOOKS.get((operation, kinds.table_of(cls)))
