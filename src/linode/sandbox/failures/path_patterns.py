"""Patterns of paths, by which faults and limits choose the calls they are about."""

from __future__ import annotations

import functools
import re

__all__ = ["check", "fits", "of_path", "unversioned"]

_VERSION = re.compile(r"^/v4(beta)?(?=/)")
_WILD = {"*": "[^/]+", "**": ".*"}


def check(pattern: str) -> None:
    """Raise ValueError when *pattern* cannot be one."""
    if not pattern.startswith(("/", "**")) or "?" in pattern:
        raise ValueError(f"{pattern!r} is no pattern of a path: it begins with a slash, or is **, and has no query")


def of_path(path: str) -> str:
    """The pattern of a *path* that has the names of its parameters in braces."""
    return re.sub(r"\{[^/]*\}", "*", path)


def unversioned(path: str) -> str:
    """*path*, or a pattern of one, without the API's version at its beginning."""
    return _VERSION.sub("", path)


def fits(pattern: str, path: str) -> bool:
    """Whether *path* is as *pattern* says.

    ``*`` is one segment, ``**`` anything; the API's version, ``/v4`` or ``/v4beta``, counts in neither.
    """
    return _compiled(unversioned(pattern)).fullmatch(unversioned(path)) is not None


@functools.lru_cache(1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join(_WILD.get(part, re.escape(part)) for part in parts))
