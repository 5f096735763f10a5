"""Jobs: functions that the world calls later. Data files hold their names, and the rows that they are about."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .refusals import SandboxError

if TYPE_CHECKING:
    from .world import World

__all__ = ["JOBS", "call", "job", "name_of", "refuse_unknown", "stored"]

F = TypeVar("F", bound=Callable[..., None])
_ROW = "_row"
"""The member of an argument in a data file that names a row: ``{"_row": ["Linode", "123"]}``, a table and a key."""


class _Job(NamedTuple):
    function: Callable[..., None]
    takes: inspect.Signature
    rows: tuple[str, ...]
    """The names of the parameters that are rows."""
    optional: tuple[bool, ...]
    """Whether the argument may be None, for each parameter."""


JOBS: dict[str, _Job] = {}
_NAMES: dict[Callable[..., None], str] = {}


def job(name: str) -> Callable[[F], F]:
    """Register the decorated function as a job for `World.later`, also after a restart.

    It takes the world, rows and plain values. The rows are those at the time of the call: if one was deleted, the job
    is skipped, unless its parameter is annotated ``Row | None``. Deleted rows in a list of rows are left out.

    Data files contain *name*, such as ``linodes.finish_boot``: it must not change when the function moves or is
    renamed. Raises ValueError if another job has the name.
    """

    def register(function: F) -> F:
        if name in JOBS:
            taken = JOBS[name].function.__qualname__
            raise ValueError(f"two jobs are named {name!r}: {taken} and {function.__qualname__}")
        takes = inspect.signature(function)
        hints = {each.name: str(each.annotation) for each in [*takes.parameters.values()][1:]}
        rows = tuple(each for each, hint in hints.items() if hint in ("Row", "Row | None"))
        JOBS[name] = _Job(function, takes, rows, tuple("None" in hint for hint in hints.values()))
        _NAMES[function] = name
        return function

    return register


def name_of(function: Callable[..., None]) -> str:
    """The name of the job *function*. Raises TypeError if it is not a job."""
    try:
        return _NAMES[function]
    except KeyError:
        raise TypeError(f'{function.__name__} is not a job; decorate it with @job("family.name")') from None


def stored(args: Iterable[Any]) -> list[Any]:
    """The arguments of a job as data files hold them."""
    return [_stored(each) for each in args]


def _stored(value: Any) -> Any:
    if isinstance(value, dict) and "_kind" in value:
        return {_ROW: [value["_kind"], value["_key"]]}
    return stored(value) if isinstance(value, (list, tuple)) else value


def call(world: World, name: str, args: Sequence[Any]) -> None:
    """Call the job *name* with the stored *args*, unless a row that it needs was deleted."""
    known, found = JOBS[name], [_found(world, each) for each in args]
    pairs = zip(args, found, known.optional, strict=False)
    if not any(_is_row(arg) and row is None and not optional for arg, row, optional in pairs):
        known.function(world, *found)


def _found(world: World, value: Any) -> Any:
    """The value of a stored argument; None for a deleted row."""
    if isinstance(value, list):
        found = [(each, _found(world, each)) for each in value]
        return [row for each, row in found if row is not None or not _is_row(each)]
    return world.at(*value[_ROW]) if _is_row(value) else value


def _is_row(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {_ROW}


def refuse_unknown(worlds: Sequence[World], path: str | None) -> None:
    """Raise `SandboxError` if a job in the data file at *path* does not exist, or takes other arguments.

    *worlds* are those of all accounts.
    """
    queued = [(each["call"], each["args"]) for each in worlds[0].read("_Job")]
    found = [*queued, *(each for world in worlds for each in world.events.waiting())]
    if unknown := sorted({name for name, args in found if name not in JOBS or not _fits(JOBS[name], args)}):
        raise SandboxError(
            f"{path} has jobs that this version of the sandbox does not know: {', '.join(unknown)}; "
            "open it with the version that wrote it, or use another file"
        )


def _fits(known: _Job, args: Sequence[Any]) -> bool:
    """Whether the stored *args* are those of the job: files of earlier versions have IDs for rows."""
    try:
        given = known.takes.bind(None, *args).arguments
    except TypeError:
        return False
    return all(given.get(name) is None or _is_row(given[name]) for name in known.rows)
