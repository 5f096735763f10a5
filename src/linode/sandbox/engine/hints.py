"""The types in the declarations: of the members of a body, a TypedDict or a class of fields."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import (
    Annotated,
    Any,
    NotRequired,
    Required,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    is_typeddict,
)

from linode._model import LOCAL, Nested, Resource
from linode._model.hints import arms, member_of, named

from ..core import schema

__all__ = [
    "Types",
    "arms",
    "declared_of",
    "fits",
    "from_text",
    "inner_types",
    "item_type",
    "members_of",
    "named_in",
    "parameters",
    "required_of",
    "resource_in",
    "settable",
]

Types: TypeAlias = Mapping[str, Any]
"""The declared types of the members of a body, by their names."""


def parameters(function: Callable[..., Any]) -> tuple[dict[str, Any], list[str]]:
    """The types of the parameters of *function* that a body has, including its ``Unpack[TypedDict]``.

    Returns the names of the required ones too.
    """
    types_: dict[str, Any] = {}
    required: list[str] = []
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        hint = named(parameter.annotation, function.__module__)
        if parameter.kind is parameter.VAR_KEYWORD:
            found = members_of(get_args(hint)[0])
            found.pop("extra", None)
            types_ |= found
        elif parameter.kind is not parameter.VAR_POSITIONAL and not _is_local(hint):
            types_[parameter.name] = _sent(hint)
            if parameter.default is parameter.empty:
                required.append(parameter.name)
    return types_, required


def _is_local(hint: Any) -> bool:
    return LOCAL in getattr(hint, "__metadata__", ())


def _sent(hint: Any) -> Any:
    """The type *hint* without those of its values that no request contains."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    return Union[tuple(each for each in get_args(hint) if not _is_local(each))]  # noqa: UP007  a type made here


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
    return {name: member_of(cls, name) for name in cls.__annotations__}


def members_of(cls: Any) -> dict[str, Any]:
    """The types of the members of a TypedDict, by name."""
    return dict(_members_of(cls))


def required_of(cls: Any) -> Iterator[str]:
    """The required members of a TypedDict."""
    for name, hint in _members_of(cls).items():
        if get_origin(hint) is Required or (name in cls.__required_keys__ and get_origin(hint) is not NotRequired):
            yield name


def fits(value: Any, hint: Any) -> bool:
    """Whether *value* has the JSON type of *hint*, regardless of bounds."""
    origin = get_origin(hint)
    if origin is Annotated:
        return fits(value, get_args(hint)[0])
    if origin in (list, Sequence, Iterable):
        return isinstance(value, list)
    if origin in (dict, Mapping) or is_typeddict(hint) or (isinstance(hint, type) and issubclass(hint, schema.Struct)):
        return isinstance(value, dict)
    return isinstance(hint, type) and type(value) is hint


def resource_in(hint: Any) -> list[type[Resource]]:
    """*hint* in a list, if it is a class of objects."""
    return [hint] if isinstance(hint, type) and issubclass(hint, Resource) else []


def declared_of(cls: Any) -> dict[str, Any]:
    """The types of the members of the TypedDict, or of the settable members of the class of fields, *cls*, by name."""
    return _members_of(cls) if is_typeddict(cls) else settable(cls) if hasattr(cls, "_fields") else {}


def inner_types(hint: Any) -> dict[str, Any]:
    """The types of the members of an object of the type *hint*; none, if they may have any names."""
    return {name: each for arm in arms(hint) for name, each in declared_of(arm).items()}


def item_type(hint: Any) -> Any:
    """The type of the elements of a list of the type *hint*; None if it is not declared."""
    lists = (arm for arm in arms(hint) if get_origin(arm) in (list, Sequence, Iterable))
    return next((get_args(arm)[0] for arm in lists if get_args(arm)), None)


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
            found[field.key] = Union[hint, int, str] if schema.classes(hint) else hint  # noqa: UP007  a class made here
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
        for cls in resource_in(hint) or ([known] if known is not None else []):
            yield cls, value


@functools.cache
def _by_member() -> dict[str, type[Resource]]:
    """The classes with numeric IDs, by the names of members that refer to them."""
    return {f"{schema.snake(cls.__name__)}_id": cls for cls in schema.resources() if schema.has_numeric_ids(cls)}
