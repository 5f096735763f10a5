"""Checks that an API has obeyed ``X-Filter``: a proxy, a cache or a mock may drop the header.

An answer proves that the filter was not obeyed when it holds a row outside of what was asked. Only conditions on ids
and unique names prove it: the API may compare other members in ways of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from linode.errors import UnexpectedResponseError

from .filters import matches

__all__ = ["FilterIgnoredError", "violates"]

_OF_TEXTS = frozenset({"+eq", "+contains"})
"""The operators by which texts are compared here; the order of texts is the API's own."""


class FilterIgnoredError(UnexpectedResponseError):
    """The API has sent rows outside of what ``X-Filter`` asked for."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"GET {path}: the API does not obey the X-Filter header, it sent objects that were not asked for; "
            "does a proxy, a cache or a mock in between drop the header?"
        )
        self._path = path

    def __reduce__(self) -> Any:
        return type(self), (self._path,)


def violates(row: Mapping[str, Any], query: Mapping[str, Any], keys: Collection[str | None]) -> bool:
    """Whether *row* certainly does not meet *query*, the JSON of an ``X-Filter``, by its members *keys*."""
    for key, wanted in query.items():
        if key == "+and":
            broken = any(violates(row, each, keys) for each in wanted)
        elif key == "+or":
            broken = bool(wanted) and all(violates(row, each, keys) for each in wanted)
        else:
            broken = key in keys and _condition_violated(row.get(key), wanted)
        if broken:
            return True
    return False


def _condition_violated(value: Any, wanted: Any) -> bool:
    operators = wanted if isinstance(wanted, Mapping) else {"+eq": wanted}
    return any(
        not matches({"is": _plain(value)}, {"is": {operator: _plain(operand)}})
        for operator, operand in operators.items()
        if _comparable(value, operator, operand)
    )


def _comparable(value: Any, operator: str, operand: Any) -> bool:
    if isinstance(value, str) and isinstance(operand, str):
        return operator in _OF_TEXTS and operand.isascii()
    return isinstance(value, int) and isinstance(operand, int)


def _plain(value: Any) -> Any:
    """*value* without what the API does not tell apart: capital and small letters."""
    return value.lower() if isinstance(value, str) else value
