"""Intended differences of a family from the API's facts: ``tests/families/<family>/deviations.toml``.

A file is lines of ``"Volume.tags: cannot be null" = "the reason"``; ``*`` in the name stands for anything.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

__all__ = ["FAMILIES", "deviations", "unexplained", "unreasoned", "unused"]

FAMILIES = Path(__file__).parents[1] / "families"


def deviations(family: str) -> dict[str, str]:
    """The deviations of *family* with their reasons; none where it has no file."""
    path = FAMILIES / family / "deviations.toml"
    return tomllib.loads(path.read_text()) if path.exists() else {}


def unexplained(found: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """The differences in *found* that no deviation explains."""
    return [each for each in dict.fromkeys(found) if not any(_matches(name, each) for name in known)]


def unused(found: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """The deviations that explain nothing of *found*."""
    there = list(found)
    return [name for name in known if not any(_matches(name, each) for each in there)]


def unreasoned(known: Mapping[str, object]) -> list[str]:
    """The deviations whose reason is no text of at least two words."""
    return [name for name, reason in known.items() if not (isinstance(reason, str) and len(reason.split()) > 1)]


def _matches(name: str, line: str) -> bool:
    return _pattern(name).fullmatch(line) is not None


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))))
