"""Checks of bodies against the declared types: all reasons at once, in the API's words."""

from __future__ import annotations

import functools
import inspect
import re
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    is_typeddict,
)

from linode._model import Bounds, Nested, Resource

from ..core import kinds
from ..core.refusals import missing
from ..core.world import World
from .registry import CHOICES, WORDS
from .rules import not_valid

__all__ = [
    "Reason",
    "Types",
    "check",
    "declared_of",
    "fits",
    "from_text",
    "members_of",
    "named_in",
    "nullable",
    "parameters",
    "settable",
]

Reason: TypeAlias = tuple[str, str | None]
Types: TypeAlias = Mapping[str, Any]
"""The declared types of the members of a body, by their names."""

_WORDS = {str: "String", int: "Integer", float: "Number", bool: "Boolean", list: "Array", dict: "Object"}
_NONE = type(None)
TAGS, LEAST_OF_A_TAG, MOST_OF_A_TAG = "tags", 3, 50


def parameters(function: Callable[..., Any]) -> tuple[dict[str, Any], list[str]]:
    """The types of the parameters of *function*, including its ``Unpack[TypedDict]``, and the required names."""
    types_: dict[str, Any] = {}
    required: list[str] = []
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        hint = kinds.named(parameter.annotation, function.__module__)
        if parameter.kind is parameter.VAR_KEYWORD:
            found = members_of(get_args(hint)[0])
            found.pop("extra", None)
            types_ |= found
        elif parameter.kind is not parameter.VAR_POSITIONAL:
            types_[parameter.name] = hint
            if parameter.default is parameter.empty:
                required.append(parameter.name)
    return types_, required


def from_text(value: Any, hint: Any) -> Any:
    """Convert the string *value* of a URL to the type *hint*; unchanged if it cannot be converted."""
    if not isinstance(value, str):
        return value
    plain = [hint, *get_args(hint), *(inner for each in get_args(hint) for inner in get_args(each))]
    if int in plain and value.isdecimal():
        return int(value)
    if bool in plain and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value


@functools.cache
def _members_of(cls: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, hint in cls.__annotations__.items():
        late = isinstance(hint, ForwardRef)
        found[name] = kinds.named(hint.__forward_arg__, hint.__forward_module__ or cls.__module__) if late else hint
    return found


def members_of(cls: Any) -> dict[str, Any]:
    """The types of the members of a TypedDict, by name."""
    return dict(_members_of(cls))


def required_of(cls: Any) -> Iterator[str]:
    """The required members of a TypedDict."""
    for name, hint in _members_of(cls).items():
        if get_origin(hint) is Required or (name in cls.__required_keys__ and get_origin(hint) is not NotRequired):
            yield name


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
    reasons: list[Reason] = missing(body, required)
    absent = {field for _, field in reasons}
    for name, value in body.items():
        if name in declared and name not in absent:
            found = _check(world if name not in unchecked else None, value, declared[name], name)
            reasons += found or _wrong_tags(name, value, declared[name], name)
    return reasons


def _wrong_tags(name: str, value: Any, hint: Any, field: str) -> list[Reason]:
    """The reasons to refuse tags at *field*, which have the same bounds unless their declaration has its own."""
    plain = get_args(hint) == (str,)
    if name != TAGS or not plain or all(MOST_OF_A_TAG >= len(tag) >= LEAST_OF_A_TAG for tag in value):
        return []
    return [(f"Length must be {LEAST_OF_A_TAG}-{MOST_OF_A_TAG} characters", field)]


def nullable(hint: Any) -> bool:
    """Whether a member of the type *hint* may be null."""
    return not _check(None, None, hint, "")


def _check(world: World | None, value: Any, hint: Any, field: str) -> list[Reason]:  # noqa: PLR0911  a case a line
    """The reasons to refuse *value* at *field*; IDs are looked up in *world* unless it is None."""
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *notes = get_args(hint)
        wrong = _check(world, value, inner, field)
        out = [] if wrong or value is None else _bounds(value, notes, field)
        return [WORDS[hint]] if out and hint in WORDS else wrong or out
    if origin in (Required, NotRequired):
        return _check(world, value, get_args(hint)[0], field)
    if origin in (Union, types.UnionType):
        return _union(world, value, get_args(hint), field)
    if origin is Literal:
        reason, named = CHOICES.get(get_args(hint)) or (f"Must be one of {', '.join(map(str, get_args(hint)))}", True)
        return [] if value in get_args(hint) else [(reason, field if named else None)]
    if origin in (list, Sequence, Iterable) or hint is list:
        return _items(world, value, get_args(hint), field)
    if is_typeddict(hint) or (isinstance(hint, type) and issubclass(hint, kinds.Struct)):
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
    named = [cls for hint in hints for cls in _resource(hint)]
    plain = [hint for hint in hints if hint is not _NONE and not _resource(hint)]
    tried = [_check(world, value, hint, field) for hint in plain]
    best: list[Reason] = [] if any(not each for each in tried) else min(tried, key=len, default=[])
    if best:
        fitting = [each for hint, each in zip(plain, tried, strict=True) if fits(value, hint)]
        return fitting[0] if fitting else best
    return _lookup(world, value, named, field)


def _resource(hint: Any) -> list[type[Resource]]:
    return [hint] if isinstance(hint, type) and issubclass(hint, Resource) else []


def fits(value: Any, hint: Any) -> bool:
    """Whether *value* has the JSON type of *hint*, regardless of bounds."""
    origin = get_origin(hint)
    if origin is Annotated:
        return fits(value, get_args(hint)[0])
    if origin in (list, Sequence, Iterable):
        return isinstance(value, list)
    if origin in (dict, Mapping) or is_typeddict(hint) or (isinstance(hint, type) and issubclass(hint, kinds.Struct)):
        return isinstance(value, dict)
    return isinstance(hint, type) and type(value) is hint


def _lookup(world: World | None, value: Any, named: Sequence[type[Resource]], field: str) -> list[Reason]:
    """The reason to refuse the ID *value* if no row has it; only for classes whose IDs are unique without a parent."""
    roots = [cls for cls in named if not cls._parent_names]
    if world is None or not roots or not isinstance(value, (str, int)):
        return []
    if any(world.has(cls, value) for cls in roots):
        return []
    return [(not_valid(roots[0], field), field)]


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
    reasons: list[Reason] = missing(value, wanted, f"{field}.")
    for name, each in value.items():
        if name in declared and not (each is None and any(at == f"{field}.{name}" for _, at in reasons)):
            at = f"{field}.{name}"
            reasons += _check(world, each, declared[name], at) or _wrong_tags(name, each, declared[name], at)
    return reasons


def declared_of(cls: Any) -> dict[str, Any]:
    """The types of the members of the TypedDict, or of the settable members of the class of fields, *cls*, by name."""
    return _members_of(cls) if is_typeddict(cls) else settable(cls) if hasattr(cls, "_fields") else {}


@functools.cache
def settable(cls: Any) -> dict[str, Any]:
    """The types of the settable members of a class of fields, by their JSON keys."""
    found: dict[str, Any] = {}
    for field in cls._fields.values():
        if isinstance(field, Nested):
            if field.editable:
                found[field.key] = field.argument()
        elif field.settable:
            hint = field.argument()
            found[field.key] = Union[hint, int, str] if kinds.classes(hint) else hint  # noqa: UP007  a class made here
    return found


def named_in(value: Any, hint: Any, name: str = "") -> Iterator[tuple[type[Resource], Any]]:
    """The classes and IDs of objects that *value*, a member *name* of the type *hint*, refers to, at any depth.

    If the type is just a number, the class follows from the member's name: ``disk_id``.
    """
    origin = get_origin(hint)
    if origin in (Annotated, Required, NotRequired):
        yield from named_in(value, get_args(hint)[0], name)
    elif origin in (Union, types.UnionType):
        for each in get_args(hint):
            yield from named_in(value, each, name)
    elif isinstance(value, list):
        for each in value:
            yield from named_in(each, next(iter(get_args(hint)), None))
    elif isinstance(value, dict):
        declared = declared_of(hint)
        for key, each in value.items():
            yield from named_in(each, declared.get(key, get_args(hint)[-1] if get_args(hint) else None), key)
    elif isinstance(value, (int, str)):
        known = _by_member().get(name)
        for cls in _resource(hint) or ([known] if known is not None else []):
            yield cls, value


@functools.cache
def _by_member() -> dict[str, type[Resource]]:
    """The classes with numeric IDs, by the names of members that refer to them."""
    return {f"{kinds.snake(cls.__name__)}_id": cls for cls in kinds.resources() if kinds.numbered(cls)}


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
    return re.compile(pattern)


def _matches(pattern: str, value: str) -> bool:
    return _compiled(pattern).search(value) is not None


def _range(low: Any, high: Any) -> str:
    if low is None or low == high == 0:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"{low}-{high}"
