"""Changes of the texts in JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["each_text"]


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """A copy of the JSON *value* with each text changed, also those that are names of members."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(name): each_text(each, change) for name, each in value.items()}
    return [each_text(each, change) for each in value] if isinstance(value, list) else value
