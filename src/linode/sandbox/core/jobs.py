"""Jobs: functions that the world calls later, stored by name in data files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .refusals import SandboxError

__all__ = ["JOBS", "job", "job_called", "name_of", "refuse_unknown"]

F = TypeVar("F", bound=Callable[..., None])
JOBS: dict[str, Callable[..., None]] = {}
_NAMES: dict[Callable[..., None], str] = {}


def job(name: str) -> Callable[[F], F]:
    """Register the decorated function (world, plain values …) as a job for `World.later`, also after a restart.

    Data files contain *name*, such as ``linodes.finish_boot``: it must not change when the function moves or is
    renamed. Raises ValueError if another job has the name.
    """

    def register(function: F) -> F:
        if name in JOBS:
            raise ValueError(f"two jobs are named {name!r}: {JOBS[name].__qualname__} and {function.__qualname__}")
        JOBS[name] = function
        _NAMES[function] = name
        return function

    return register


def name_of(function: Callable[..., None]) -> str:
    """The name of the job *function*. Raises TypeError if it is not a job."""
    try:
        return _NAMES[function]
    except KeyError:
        raise TypeError(f'{function.__name__} is not a job; decorate it with @job("family.name")') from None


def job_called(name: str) -> Callable[..., None]:
    """The job with the name *name*."""
    return JOBS[name]


def refuse_unknown(names: Iterable[Any], path: str | None) -> None:
    """Raise `SandboxError` if the data file at *path* has a job that does not exist."""
    if unknown := sorted({str(name) for name in names if name is not None and name not in JOBS}):
        raise SandboxError(
            f"{path} has jobs that this version of the sandbox does not know: {', '.join(unknown)}; "
            "open it with the version that wrote it, or use another file"
        )
