"""Jobs: functions that the world calls later, by names that a data file keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .refusals import SandboxError

__all__ = ["JOBS", "job", "job_called", "name_of", "refuse_unknown"]

F = TypeVar("F", bound=Callable[..., None])
JOBS: dict[str, Callable[..., None]] = {}
_NAMES: dict[Callable[..., None], str] = {}


def job(name: str) -> Callable[[F], F]:
    """Make the function below (world, plain values …) a job that `World.later` can call, also after a restart.

    Data files hold *name*, such as ``linodes.finish_boot``: it stays as it is when the function moves or is renamed.
    Raises ValueError when another job has the name.
    """

    def register(function: F) -> F:
        if name in JOBS:
            raise ValueError(f"two jobs are named {name!r}: {JOBS[name].__qualname__} and {function.__qualname__}")
        JOBS[name] = function
        _NAMES[function] = name
        return function

    return register


def name_of(function: Callable[..., None]) -> str:
    """The name of the job *function*. Raises TypeError when it is none."""
    try:
        return _NAMES[function]
    except KeyError:
        raise TypeError(f'{function.__name__} is no job; put @job("family.name") before it') from None


def job_called(name: str) -> Callable[..., None]:
    """The job of that *name*."""
    return JOBS[name]


def refuse_unknown(names: Iterable[Any], path: str | None) -> None:
    """Raise `SandboxError` when the world in the data file at *path* waits for a job that does not exist."""
    if unknown := sorted({str(name) for name in names if name is not None and name not in JOBS}):
        raise SandboxError(
            f"{path} waits for jobs that this version of the sandbox does not have: {', '.join(unknown)}; "
            "open it with the version that made it, or take another file"
        )
