"""The names that ``dir()`` shows: those for users."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ["public_names"]

_FACTS = (str, bool, tuple, type(None))
"""The types of what a class declares about itself: its ``path``, ``unique``, ``filterable`` and their like."""


def public_names(obj: Any, names: Iterable[str]) -> list[str]:
    """Those of *names* that are for users of *obj*: fields, relations, verbs; no internals, no facts of its class."""
    cls = type(obj)
    return sorted(
        name
        for name in names
        if name.startswith("__") or not (name.startswith("_") or isinstance(getattr(cls, name, ...), _FACTS))
    )
