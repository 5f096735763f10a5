"""Reports of a job's progress to the caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

__all__ = ["Progress"]

Progress: TypeAlias = Callable[[Any, int, str], None]
"""Called with the object, the percentage of its job, and its status."""


def reporter(progress: Progress | bool) -> tuple[Progress, Callable[[], None]]:
    """The callback for *progress*, and a function that closes it; True draws a progress bar."""
    if progress is True:
        from linode.progress import ProgressBar

        bar = ProgressBar()
        return bar, bar.close
    return (progress or (lambda _obj, _percent, _status: None)), (lambda: None)
