"""Nulls that mean the same as a missing member.

Clients in some languages send null for every list and object without a value. The API treats it like a missing member;
this is on record for lists of domains and for the objects of interfaces, and is a guess for all others.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, NotRequired, Required, Union, get_args, get_origin, is_typeddict

from ..core import kinds
from . import checks

__all__ = ["without_nulls"]

_NONE = type(None)
_LISTS = (list, Sequence, Iterable)
_DICTS = (dict, Mapping)


def without_nulls(members: Mapping[str, Any], declared: checks.Types, *, every: bool = False) -> dict[str, Any]:
    """*members* without the nulls of lists and objects that cannot be null, at any depth.

    With *every*, other members that cannot be null are left out as well, at the top level.
    """
    found: dict[str, Any] = {}
    for name, value in members.items():
        hint = declared.get(name)
        if value is not None:
            found[name] = _inside(value, hint)
        elif hint is None or checks.nullable(hint) or not (every or _is_collection(hint)):
            found[name] = None
    return found


def _inside(value: Any, hint: Any) -> Any:
    """*value*, of the type *hint*, without such nulls at any depth."""
    fitting = [each for each in _alternatives(hint) if checks.fits(value, each)]
    if not fitting:
        return value
    hint = fitting[0]
    if isinstance(value, list) and get_args(hint):
        return [_inside(each, get_args(hint)[0]) for each in value]
    if isinstance(value, dict) and _is_named(hint):
        return without_nulls(value, checks.members_of(hint) if is_typeddict(hint) else checks.settable(hint))
    if isinstance(value, dict) and get_args(hint):
        return {name: _inside(each, get_args(hint)[1]) for name, each in value.items()}
    return value


def _is_collection(hint: Any) -> bool:
    """Whether a value of the type *hint* can be a list or an object."""
    found = [get_origin(each) or each for each in _alternatives(hint)]
    return any(each in (*_LISTS, *_DICTS) or _is_named(each) for each in found)


def _is_named(hint: Any) -> bool:
    return is_typeddict(hint) or (isinstance(hint, type) and issubclass(hint, kinds.Struct))


def _alternatives(hint: Any) -> list[Any]:
    """The types in the union *hint*, or *hint* alone, without None."""
    origin = get_origin(hint)
    if origin in (Annotated, Required, NotRequired):
        return _alternatives(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return [found for each in get_args(hint) for found in _alternatives(each) if found is not _NONE]
    return [hint]
