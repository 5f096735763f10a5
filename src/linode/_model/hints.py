"""The members that a type has: of a TypedDict, or of a class of fields; and the alternatives of a union."""

from __future__ import annotations

import functools
import types
from typing import Annotated, Any, ForwardRef, NotRequired, Required, Union, get_args, get_origin

from .convert import annotation

__all__ = ["arms", "member_of", "named"]


def named(hint: Any, module: str) -> Any:
    """The type for the string annotation *hint* in *module*."""
    return annotation(types.SimpleNamespace(__module__=module), hint)


@functools.cache
def member_of(cls: Any, name: str) -> Any:
    """The type of the member *name* of a TypedDict; Any if it has none of that name."""
    hint = cls.__annotations__.get(name, Any)
    late = isinstance(hint, ForwardRef)
    return named(hint.__forward_arg__, hint.__forward_module__ or cls.__module__) if late else hint


def arms(hint: Any) -> list[Any]:
    """The types of a union, or the only one."""
    if get_origin(hint) in (Annotated, Required, NotRequired):
        return arms(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return [arm for each in get_args(hint) for arm in arms(each)]
    return [hint]
