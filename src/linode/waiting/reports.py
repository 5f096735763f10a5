"""Reports of a job's progress to the caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

__all__ = ["Progress", "UploadProgress"]

Progress: TypeAlias = Callable[[Any, int, str], None]
"""Called with the object, the percentage of its job, and its status."""
UploadProgress: TypeAlias = Callable[[int, int], None]
"""Called with the number of bytes that were sent, and of all bytes."""


def reporter(progress: Progress | bool) -> tuple[Progress, Callable[[], None]]:
    """The callback for *progress*, and a function that closes it; True draws a progress bar."""
    if progress is True:
        from linode.progress import ProgressBar

        bar = ProgressBar()
        return bar, bar.close
    return (progress or (lambda _obj, _percent, _status: None)), (lambda: None)


def upload_reporter(obj: Any, progress: UploadProgress | bool) -> tuple[UploadProgress | None, Callable[[], None]]:
    """The callback for the *progress* of an upload of *obj*, and a function that closes it; True draws a bar."""
    if progress is not True:
        return progress or None, lambda: None
    report, close = reporter(True)

    def sent(done: int, total: int) -> None:
        report(obj, 100 * done // max(total, 1), f"{done / 10**6:.1f} of {total / 10**6:.1f} MB")

    return sent, close
