"""Jobs: functions that the world calls later. Data files hold their names and references to the rows they take."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from . import schema
from .refusals import NotFound, SandboxError

if TYPE_CHECKING:
    from .schema import Table
    from .world import World

__all__ = ["JOBS", "call", "job", "name_of", "refuse_unknown", "stored_arguments"]

F = TypeVar("F", bound=Callable[..., None])
_ROW = "_row"
"""The member of an argument in a data file that refers to a row: ``{"_row": ["Linode", "123"]}``, a table and a key."""
_HINTS = ("Row", "Row | None", "list[Row]", "list[Row] | None")


class _Parameter(NamedTuple):
    is_row: bool
    optional: bool
    many: bool
    of: Table | None = None
    """The class of the row; None: rows of several classes."""


class _Job(NamedTuple):
    function: Callable[..., None]
    takes: inspect.Signature
    parameters: tuple[_Parameter, ...]
    fails: bool


JOBS: dict[str, _Job] = {}
_NAMES: dict[Callable[..., None], str] = {}


def job(name: str, *of: Table | None, fails: bool = False) -> Callable[[F], F]:
    """Register the decorated function as a job for `World.later`, also after a restart.

    It takes the world, then rows and plain values. Parameters annotated ``Row``, ``Row | None`` or ``list[Row]`` are
    rows, of the classes *of* in that order; None, or no classes at all, is for rows of any class. A data file holds
    references to them, and the job gets the rows as they are when it runs. If one was deleted, the job is skipped, or
    with *fails* fails with `NotFound`; ``Row | None`` is None then, and a list lacks the row.

    Data files contain *name*, such as ``linodes.finish_boot``: it must not change when the function moves or is
    renamed. Raises ValueError if another job has the name, or if there are not as many classes as rows.
    """

    def register(function: F) -> F:
        if name in JOBS:
            taken = JOBS[name].function.__qualname__
            raise ValueError(f"two jobs are named {name!r}: {taken} and {function.__qualname__}")
        takes = inspect.signature(function)
        hints = [str(each.annotation) for each in takes.parameters.values()][1:]
        rows = sum(hint in _HINTS for hint in hints)
        if of and len(of) != rows:
            raise ValueError(f"the job {name!r} names {len(of)} classes for {rows} rows")
        classes = iter(of)
        JOBS[name] = _Job(function, takes, tuple(_parameter(hint, classes) for hint in hints), fails)
        _NAMES[function] = name
        return function

    return register


def _parameter(hint: str, classes: Iterator[Table | None]) -> _Parameter:
    is_row = hint in _HINTS
    of = next(classes, None) if is_row else None
    return _Parameter(is_row, "None" in hint, hint.startswith("list"), of)


def name_of(function: Callable[..., None]) -> str:
    """The name of the job *function*. Raises TypeError if it is not a job."""
    try:
        return _NAMES[function]
    except KeyError:
        raise TypeError(f'{function.__name__} is not a job; decorate it with @job("family.name")') from None


# -- references ------------------------------------------------------------------------------------------------------


def stored_arguments(function: Callable[..., None], args: Sequence[Any]) -> list[Any]:
    """The arguments of the job *function* as data files hold them. Raises TypeError for a row of another class."""
    name = name_of(function)
    for parameter, value in zip(JOBS[name].parameters, args, strict=False):
        for row in (value or () if parameter.many else (value,)) if parameter.is_row else ():
            if not _fits(parameter, row):
                raise TypeError(f"the job {name!r} takes a row of {parameter.of}, not {row!r}")
    return [_stored(each) for each in args]


def _fits(parameter: _Parameter, row: Any) -> bool:
    if row is None:
        return parameter.optional
    kind = row.get("_kind") if isinstance(row, dict) else None
    return kind is not None and (parameter.of is None or kind == schema.table_of(parameter.of))


def _stored(value: Any) -> Any:
    if isinstance(value, dict) and "_kind" in value:
        return _reference(value["_kind"], value["_key"])
    return [_stored(each) for each in value] if isinstance(value, (list, tuple)) else value


def _reference(table: str, key: Any) -> dict[str, list[str]]:
    return {_ROW: [table, str(key)]}


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {_ROW}


def _references(known: _Job, args: Sequence[Any]) -> list[Any]:
    """The stored *args*, with references for the IDs that data files of earlier versions have instead.

    For a row that may be of several classes they have two arguments: its table and its key.
    """
    left, found = list(args), list[Any]()
    for parameter in known.parameters[: len(left)]:
        value = left.pop(0) if left else None
        if not parameter.is_row or value is None:
            found.append(value)
        elif parameter.many:
            ids = value if isinstance(value, list) else [value]
            found.append([_referred(parameter, each, args) for each in ids])
        elif parameter.of is None and isinstance(value, str) and left:
            found.append(_reference(value, left.pop(0)))
        else:
            found.append(_referred(parameter, value, args))
    return [*found, *left]


def _referred(parameter: _Parameter, value: Any, args: Sequence[Any]) -> Any:
    """The reference for the ID *value*; IDs that are unique among siblings only come after that of the parent."""
    if _is_reference(value) or parameter.of is None:
        return value
    return _reference(schema.table_of(parameter.of), schema.key_of(parameter.of, value, args[:1]))


# -- running ---------------------------------------------------------------------------------------------------------


def call(world: World, name: str, args: Sequence[Any]) -> None:
    """Call the job *name* with the stored *args*, unless a row that it needs was deleted.

    Raises `NotFound` for such a row, if the job is to fail then.
    """
    known = JOBS[name]
    found = [_found(world, each) for each in _references(known, args)]
    if all(row is not None or parameter.optional for parameter, row in _rows(known, found)):
        known.function(world, *found)
    elif known.fails:
        raise NotFound


def _rows(known: _Job, found: Sequence[Any]) -> Iterable[tuple[_Parameter, Any]]:
    return ((each, row) for each, row in zip(known.parameters, found, strict=False) if each.is_row)


def _found(world: World, value: Any) -> Any:
    """The value of a stored argument; None for a deleted row."""
    if isinstance(value, list):
        found = [(each, _found(world, each)) for each in value]
        return [row for each, row in found if row is not None or not _is_reference(each)]
    return world.at(*value[_ROW]) if _is_reference(value) else value


def refuse_unknown(worlds: Sequence[World], path: str | None) -> None:
    """Raise `SandboxError` if a job in the data file at *path* does not exist, or takes other arguments.

    *worlds* are those of all accounts.
    """
    queued = [(each["call"], each["args"]) for each in worlds[0].read("_Job")]
    found = [*queued, *(each for world in worlds for each in world.events.waiting())]
    if unknown := sorted({name for name, args in found if name not in JOBS or not _takes(JOBS[name], args)}):
        raise SandboxError(
            f"{path} has jobs that this version of the sandbox does not know: {', '.join(unknown)}; "
            "open it with the version that wrote it, or use another file"
        )


def _takes(known: _Job, args: Sequence[Any]) -> bool:
    """Whether the stored *args* are those of the job."""
    given = _references(known, args)
    try:
        known.takes.bind(None, *given)
    except TypeError:
        return False
    return all(value is None or isinstance(value, list) or _is_reference(value) for _, value in _rows(known, given))
