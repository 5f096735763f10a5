"""Resetting, in a forked process, connections and locks that belong to its parent.

A lock that another thread holds at the fork would never be released in the child. Objects with locks register a
function that creates new ones; the library registers with the operating system only here.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from types import MethodType
from typing import Any

__all__ = ["reset_after_fork"]

_methods: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
_functions: list[Callable[[], None]] = []


def reset_after_fork(reset: Callable[[], None]) -> None:
    """Call *reset* in every child that this process forks. The object of a bound method is referenced weakly."""
    if isinstance(reset, MethodType):
        _methods[reset.__self__] = reset.__func__.__name__
    else:
        _functions.append(reset)


def _forked() -> None:
    for reset in _functions:
        reset()
    for each, name in list(_methods.items()):
        getattr(each, name)()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
