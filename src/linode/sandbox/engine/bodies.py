"""The members of a request's body that count: declared ones, and no nulls that mean the same as a missing member.

The API ignores members that it does not know: clients send back whole objects, and some send members of other classes.
This is on record for bodies, and a guess for the objects inside them; one rule holds at every depth. What is left out
here reaches no behaviour and is stored nowhere. A class's record names the exceptions (`Operations.whole`). Tags are
in order, at any depth.

Clients in some languages send null for every list and object without a value. The API treats it like a missing member;
this is on record for lists of domains and for the objects of interfaces, and is a guess for all others.
"""

from __future__ import annotations

import functools
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Union, get_args, get_origin, is_typeddict

from linode._model.hints import arms

from ..core import schema
from . import checks
from .hints import Types, declared_of, fits

__all__ = ["significant_members"]

_NONE = type(None)
_LISTS = (list, Sequence, Iterable)
_DICTS = (dict, Mapping)


def significant_members(
    members: Mapping[str, Any],
    declared: Types,
    *,
    every: bool = False,
    whole: Container[str] = (),
    left_by_null: Container[str] = (),
    at: str = "",
) -> dict[str, Any]:
    """The *declared* ones of *members*, without the nulls of lists and objects that cannot be null, at any depth.

    With *every*, other members that cannot be null are left out as well, at the top level. Undeclared members of the
    objects in *whole* stay. The nulls of the members *left_by_null*, by their paths, are left out; *at* is the path of
    *members*, and ends with a dot.
    """
    found: dict[str, Any] = {}
    for name, value in members.items():
        if name not in declared:
            continue
        hint = declared[name]
        if value is not None:
            inside = value if name in whole else _inside(value, hint, left_by_null, f"{at}{name}")
            found[name] = _in_order(name, inside)
        elif f"{at}{name}" in left_by_null:
            continue
        elif checks.nullable(hint) or not (every or _is_collection(hint)):
            found[name] = None
    return found


def _in_order(name: str, value: Any) -> Any:
    """*value*; tags are sorted and without duplicates, as the API stores them."""
    is_tags = name == checks.TAGS and isinstance(value, list) and all(isinstance(each, str) for each in value)
    return sorted(set(value)) if is_tags else value


def _inside(value: Any, hint: Any, left: Container[str], at: str) -> Any:
    """The part of *value*, of the type *hint*, that counts."""
    fitting = [each for each in _alternatives(hint) if fits(value, each)]
    if isinstance(value, list):
        return [_inside(each, _union(items), left, at) for each in value] if (items := _inner(fitting, 0)) else value
    if isinstance(value, dict):
        return _object(value, fitting, left, at)
    return value


def _object(value: dict[str, Any], hints: Sequence[Any], left: Container[str], at: str) -> dict[str, Any]:
    """The part of *value*, an object of one of the types *hints*, that counts: what any of them declares."""
    named = [_declared(each) for each in hints if _is_named(each)]
    if len(named) == len(hints) > 0:
        names = dict.fromkeys(name for each in named for name in each)
        declared = {name: _union([each[name] for each in named if name in each]) for name in names}
        return significant_members(value, declared, left_by_null=left, at=f"{at}.")
    values = _inner([each for each in hints if not _is_named(each)], 1)
    return {name: _inside(each, _union(values), left, f"{at}.*") for name, each in value.items()} if values else value


@functools.cache
def _declared(cls: Any) -> dict[str, Any]:
    """The types of the declared members of *cls*; those that cannot be set, which clients send back, are any value."""
    read_only = {each.key: Any for each in getattr(cls, "_fields", {}).values()}
    return {**read_only, **declared_of(cls)}


def _inner(hints: Sequence[Any], at: int) -> list[Any]:
    return [get_args(each)[at] for each in hints if len(get_args(each)) > at]


def _union(hints: Sequence[Any]) -> Any:
    return Union[tuple(hints)]  # noqa: UP007  a union made here


def _is_collection(hint: Any) -> bool:
    """Whether a value of the type *hint* can be a list or an object."""
    found = [get_origin(each) or each for each in _alternatives(hint)]
    return any(each in (*_LISTS, *_DICTS) or _is_named(each) for each in found)


def _is_named(hint: Any) -> bool:
    return is_typeddict(hint) or (isinstance(hint, type) and issubclass(hint, schema.Struct))


def _alternatives(hint: Any) -> list[Any]:
    """The types in the union *hint*, or *hint* alone, without None."""
    found = arms(hint)
    return [each for each in found if each is not _NONE] or found
