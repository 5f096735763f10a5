"""Checks of the options of a sandbox, whose errors name the option and what it takes."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import Any

from .core.world import LAST_ID

__all__ = ["checked_data", "checked_numbers"]

TEXTS = {".yaml": "seed_file", ".yml": "seed_file", ".json": "load"}
"""Endings of files that are no data files, with the options that take such files."""


def checked_data(data: Any) -> str | None:
    """The path of the data file *data*. Raises TypeError, and ValueError for a seed file or an exported world."""
    if data is None:
        return None
    if not isinstance(data, str | os.PathLike):
        raise TypeError(f"data must be the path of a file that keeps the objects, not {type(data).__name__}")
    path = os.fspath(data)
    if option := TEXTS.get(PurePath(path).suffix.lower()):
        cure = f"{option}={path!r} begins with the objects in it"
        raise ValueError(f"data={path!r} is not the name of a data file, which is a database of the sandbox; {cure}")
    return path


def checked_numbers(step: Any, first_id: Any) -> None:
    """Raise TypeError or ValueError for an invalid *step* or *first_id*."""
    if isinstance(step, bool) or not isinstance(step, int | float):
        raise TypeError(f"step must be a number of seconds, not {type(step).__name__}")
    if not step >= 0:
        raise ValueError(f"step must be 0 or more, not {step}")
    if isinstance(first_id, bool) or not isinstance(first_id, int):
        raise TypeError(f"first_id must be an int, not {type(first_id).__name__}")
    if not 1 <= first_id <= LAST_ID:
        raise ValueError(f"first_id must be from 1 to {LAST_ID}, not {first_id}")
