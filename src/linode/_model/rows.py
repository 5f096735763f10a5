"""Flat rows: the JSON of an object as one dict with a column for each value, as data frames take it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, NamedTuple, get_args

from .convert import as_datetime, struct_in
from .fields import Described

__all__ = ["align_rows", "flatten_row"]


class _Column(NamedTuple):
    """A member as its class declares it: whether it is a time, and the class of the objects nested in it."""

    is_time: bool
    struct: Any


def flatten_row(cls: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """The members *data* of a *cls* as one row: ``specs.memory`` for what is nested, a datetime (UTC) for a time.

    A list stays a list. Raises `UnexpectedResponseError` for an invalid time.
    """
    known = {} if cls is None else _columns(cls)
    row: dict[str, Any] = {}
    for key, value in data.items():
        column = known.get(key, _UNKNOWN)
        if isinstance(value, Mapping):
            row.update((f"{key}.{inner}", each) for inner, each in flatten_row(column.struct, value).items())
        elif column.is_time and isinstance(value, str):
            row[key] = as_datetime(value)
        else:
            row[key] = deepcopy(value)
    return row


def align_rows(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """*rows* with the same columns in the same order; None where a row has no value.

    A nested object that some rows lack has the columns of the others, not one of its own.
    """
    found = list(rows)
    columns = list(dict.fromkeys(key for row in found for key in row))
    nested = {key.rpartition(".")[0] for key in columns}
    kept = [key for key in columns if key not in nested or any(row.get(key) is not None for row in found)]
    return [{key: row.get(key) for key in kept} for row in found]


_UNKNOWN = _Column(is_time=False, struct=None)


@functools.cache
def _columns(cls: Any) -> dict[str, _Column]:
    """The columns of *cls* by their keys."""
    return {field.key: _column(field) for field in cls._fields.values() if isinstance(field, Described)}


def _column(field: Described[Any]) -> _Column:
    hint = field.argument()
    return _Column(_names_time(hint), struct_in(hint))


def _names_time(hint: Any) -> bool:
    return hint is datetime or any(_names_time(each) for each in get_args(hint))
