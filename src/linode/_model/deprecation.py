"""Deprecated operations: type checkers report their use (PEP 702), and using one warns."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from .actions import action
from .calls import Flow
from .relations import Many

if TYPE_CHECKING:
    from typing_extensions import deprecated

    from .lists import ResourceList
    from .resources import Resource

__all__ = ["DeprecatedMany", "deprecated", "deprecated_action"]

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound="Resource")


if not TYPE_CHECKING:

    def deprecated(message: str) -> Callable[[Any], Any]:
        """Mark a class that the API deprecates, as `warnings.deprecated` does from Python 3.13 on.

        Making an object does not warn, since the library makes them too; the lists and verbs that return them do.
        """

        def mark(decorated: Any) -> Any:
            decorated.__deprecated__ = message
            return decorated

        return mark


class _DeprecatedAction(action[P, T]):
    """A verb that the API deprecates."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> Callable[Concatenate[Any, P], Flow[T]]: ...
        @overload
        @deprecated("the API deprecates this operation; its docstring names the successor")
        def __get__(self, instance: object, owner: Any) -> Callable[P, T]: ...
        def __get__(self, instance: object | None, owner: Any) -> Any: ...


def deprecated_action(
    message: str,
) -> Callable[[Callable[Concatenate[Any, P], Flow[T]]], _DeprecatedAction[P, T]]:
    """Declare a verb that the API deprecates; *message* names the successor, and a call warns with it."""

    def declare(describe: Callable[Concatenate[Any, P], Flow[T]]) -> _DeprecatedAction[P, T]:
        return _DeprecatedAction(describe, deprecated=f"{describe.__name__}() is deprecated: {message}")

    return declare


def _frames_of_the_library() -> int:
    """The number of the library's frames between the caller of this function's caller and the user's line."""
    count, frame = 0, sys._getframe(2)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith("linode."):
        count, frame = count + 1, frame.f_back
    return count


class DeprecatedMany(Many[M], Generic[M]):
    """A list that the API deprecates; *message* names the successor, and reading the attribute warns with it."""

    def __init__(self, tail: str, message: str) -> None:
        super().__init__(tail)
        self.message = message

    @overload
    def __get__(self, instance: None, owner: Any) -> Many[M]: ...
    @overload
    @deprecated("the API deprecates this list; its docstring names the successor")
    def __get__(self, instance: object, owner: Any) -> ResourceList[M]: ...
    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is not None:
            text = f"{self.name} is deprecated: {self.message}"
            warnings.warn(text, DeprecationWarning, stacklevel=2 + _frames_of_the_library())
        return super().__get__(instance, owner)
