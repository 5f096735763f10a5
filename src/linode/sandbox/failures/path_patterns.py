"""Patterns of paths, with which faults and limits select calls."""

from __future__ import annotations

import functools
import re

__all__ = ["check", "fits", "of_path", "unversioned"]

_VERSION = re.compile(r"^/v4(beta)?(?=/)")
_WILD = {"*": "[^/]+", "**": ".*"}


def check(pattern: str) -> None:
    """Raise ValueError if *pattern* is invalid."""
    if not pattern.startswith(("/", "**")) or "?" in pattern:
        raise ValueError(f"the path {pattern!r} must begin with a slash or **, and must not have a query")


def of_path(path: str) -> str:
    """The pattern for a *path* with the names of its parameters in braces."""
    return re.sub(r"\{[^/]*\}", "*", path)


def unversioned(path: str) -> str:
    """*path*, or a pattern of one, without the API's version at its beginning."""
    return _VERSION.sub("", path)


def fits(pattern: str, path: str) -> bool:
    """Whether *path* matches *pattern*.

    ``*`` is one segment, ``**`` any number of them; the API's version, ``/v4`` or ``/v4beta``, is ignored in both.
    """
    return _compiled(unversioned(pattern)).fullmatch(unversioned(path)) is not None


@functools.lru_cache(1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join(_WILD.get(part, re.escape(part)) for part in parts))
