"""Checks of bodies against the declared types: all reasons at once, in the API's words."""

from __future__ import annotations

import functools
import re
import sys
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    is_typeddict,
)

from linode._model import Bounds, Resource

from ..core import schema
from ..core.refusals import missing_members
from ..core.world import World
from .hints import Types, declared_of, fits, required_of, resource_in
from .registry import BOUNDS_OF_BEHAVIOUR, CHOICES, WORDS
from .rules import invalid_id

__all__ = ["TAGS", "Reason", "check", "nullable"]

Reason: TypeAlias = tuple[str, str | None]
_WORDS = {str: "String", int: "Integer", float: "Number", bool: "Boolean", list: "Array", dict: "Object"}
_NONE = type(None)
TAGS, MIN_TAG_LENGTH, MAX_TAG_LENGTH = "tags", 3, 50


def check(
    world: World | None,
    body: Mapping[str, Any],
    declared: Types,
    required: Iterable[str] = (),
    unchecked: Sequence[str] = (),
) -> list[Reason]:
    """The reasons to refuse *body*; IDs are looked up in *world*.

    Undeclared members are ignored at every depth, as by the API (see `bodies`).
    """
    reasons: list[Reason] = missing_members(body, required)
    absent = {field for _, field in reasons}
    for name, value in body.items():
        if name in declared and name not in absent:
            found = _check(world if name not in unchecked else None, value, declared[name], name)
            reasons += found or _wrong_tags(name, value, declared[name], name)
    return reasons


def _wrong_tags(name: str, value: Any, hint: Any, field: str) -> list[Reason]:
    """The reasons to refuse tags at *field*, which have the same bounds unless their declaration has its own."""
    plain = get_args(hint) == (str,)
    if name != TAGS or not plain or all(MAX_TAG_LENGTH >= len(tag) >= MIN_TAG_LENGTH for tag in value):
        return []
    return [(f"Length must be {MIN_TAG_LENGTH}-{MAX_TAG_LENGTH} characters", field)]


def nullable(hint: Any) -> bool:
    """Whether a member of the type *hint* may be null."""
    return not _check(None, None, hint, "")


def _check(world: World | None, value: Any, hint: Any, field: str) -> list[Reason]:  # noqa: PLR0911  a case a line
    """The reasons to refuse *value* at *field*; IDs are looked up in *world* unless it is None."""
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *notes = get_args(hint)
        wrong = _check(world, value, inner, field)
        out = [] if wrong or value is None or hint in BOUNDS_OF_BEHAVIOUR else _bounds(value, notes, field)
        return [WORDS[hint]] if out and hint in WORDS else wrong or out
    if origin in (Required, NotRequired):
        return _check(world, value, get_args(hint)[0], field)
    if origin in (Union, types.UnionType):
        return _union(world, value, get_args(hint), field)
    if origin is Literal:
        reason, named = CHOICES.get(get_args(hint)) or (f"Must be one of {', '.join(map(str, get_args(hint)))}", True)
        known = any(value == word and type(value) is type(word) for word in get_args(hint))  # True is no 1
        return [] if known else [(reason, field if named else None)]
    if origin in (list, Sequence, Iterable) or hint is list:
        return _items(world, value, get_args(hint), field)
    if is_typeddict(hint) or (isinstance(hint, type) and issubclass(hint, schema.Struct)):
        return _object(world, value, hint, field)
    if origin in (dict, Mapping) or hint is dict:
        return _named(world, value, get_args(hint), field)
    return _plain(value, hint, field)


def _plain(value: Any, hint: Any, field: str) -> list[Reason]:
    if hint is datetime:
        return [] if _is_date(value) else [(f"{field} is not valid", field)]
    if hint is float:
        return [] if isinstance(value, (int, float)) and not isinstance(value, bool) else _wrong(float, field)
    if hint in (str, int, bool):
        return [] if type(value) is hint else _wrong(hint, field)
    if hint is _NONE:
        return [] if value is None else [(f"{field} is not valid", field)]
    return []


def _wrong(kind: type, field: str) -> list[Reason]:
    return [(f"Must be of type {_WORDS[kind]}", field)]


def _is_date(value: Any) -> bool:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _union(world: World | None, value: Any, hints: Sequence[Any], field: str) -> list[Reason]:
    """Check a union. A resource in it is given by its ID, and a str beside a Literal is for words added later."""
    if value is None and _NONE in hints:
        return []
    if any(get_origin(hint) is Literal for hint in hints):
        hints = [hint for hint in hints if hint is not str]  # today the API refuses other words
    named = [cls for hint in hints for cls in resource_in(hint)]
    plain = [hint for hint in hints if hint is not _NONE and not resource_in(hint)]
    tried = [_check(world, value, hint, field) for hint in plain]
    best: list[Reason] = [] if any(not each for each in tried) else min(tried, key=len, default=[])
    if best:
        fitting = [each for hint, each in zip(plain, tried, strict=True) if fits(value, hint)]
        return fitting[0] if fitting else best
    return _lookup(world, value, named, field)


def _lookup(world: World | None, value: Any, named: Sequence[type[Resource]], field: str) -> list[Reason]:
    """The reason to refuse the ID *value* if no row has it; only for classes whose IDs are unique without a parent."""
    roots = [cls for cls in named if cls is not Resource and not cls._parent_names]
    if world is None or not roots or not isinstance(value, (str, int)):
        return []
    if any(world.has(cls, value) for cls in roots):
        return []
    return [(invalid_id(roots[0], field), field)]


def _items(world: World | None, value: Any, hints: Sequence[Any], field: str) -> list[Reason]:
    if not isinstance(value, list):
        return _wrong(list, field)
    if not hints:
        return []
    return [reason for at, each in enumerate(value) for reason in _check(world, each, hints[0], f"{field}[{at}]")]


def _named(world: World | None, value: Any, hints: Sequence[Any], field: str) -> list[Reason]:
    """The reasons against the values of a dict that may have any keys."""
    if not isinstance(value, dict):
        return _wrong(dict, field)
    if not hints:
        return []
    return [reason for name, each in value.items() for reason in _check(world, each, hints[1], f"{field}.{name}")]


def _object(world: World | None, value: Any, cls: Any, field: str) -> list[Reason]:
    if not isinstance(value, dict):
        return _wrong(dict, field)
    declared = declared_of(cls)
    wanted = required_of(cls) if is_typeddict(cls) else ()
    reasons: list[Reason] = missing_members(value, wanted, f"{field}.")
    for name, each in value.items():
        if name in declared and not (each is None and any(at == f"{field}.{name}" for _, at in reasons)):
            at = f"{field}.{name}"
            reasons += _check(world, each, declared[name], at) or _wrong_tags(name, each, declared[name], at)
    return reasons


def _bounds(value: Any, notes: Sequence[Any], field: str) -> list[Reason]:
    return [reason for note in notes if isinstance(note, Bounds) for reason in _bound(value, note, field)]


def _bound(value: Any, meta: Bounds, field: str) -> Iterator[Reason]:
    if isinstance(value, (str, list)):
        words = "Length must be {} characters" if isinstance(value, str) else "Must contain {} items"
        if isinstance(value, list) and meta.min_length == meta.max_length == 1:
            words = "Must contain one item"
        if not (meta.min_length or 0) <= len(value) <= (sys.maxsize if meta.max_length is None else meta.max_length):
            yield words.format(_range(meta.min_length, meta.max_length)), field
            return
    if isinstance(value, str) and meta.pattern is not None and not _matches(meta.pattern, value):
        yield _mismatch(meta.pattern, value, field), field
    if isinstance(value, (int, float)):
        low, high = meta.ge, meta.le
        if (low is not None and value < low) or (high is not None and value > high):
            yield f"Must be {_range(low, high)}", field


def _mismatch(pattern: str, value: str, field: str) -> str:
    """The refusal of a *value* that does not match; for the first letter the API has another sentence."""
    if pattern.startswith("^[a-zA-Z]") and not re.match("[a-zA-Z]", value):
        return "Must begin with a letter"
    return f"{field.rpartition('.')[2]} is not valid"


@functools.cache
def _compiled(pattern: str) -> Any:
    """The expression: its end is the end of the text, where Python's ``$`` passes a line break too."""
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


def _matches(pattern: str, value: str) -> bool:
    return _compiled(pattern).search(value) is not None


def _range(low: Any, high: Any) -> str:
    if low is None or low == high == 0:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"{low}-{high}"
