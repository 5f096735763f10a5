"""Requests of the library's methods: each method is called, and the request that it describes is examined."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from declarations import Declared
from hints import parts

from linode._model import BaseClient, Call, Resource
from linode._model.convert import annotation

__all__ = ["never_sends", "sends_itself", "sends_no_null"]


def sends_itself(each: Declared, key: str) -> bool:
    """Whether the member *key* is sent, and not null, when only the required parameters are given.

    Some members are read of the object that is given. They count when objects of all the classes that the first
    parameter takes have them.
    """
    if _own(each).get(key) is not None:
        return True
    bodies = list(_given_objects(each))
    return bool(bodies) and all(body.get(key) is not None for body in bodies)


def sends_no_null(each: Declared, key: str) -> bool:
    """Whether None, the default of the parameter *key*, is never sent: it is left out, or something stands for it."""
    default = inspect.signature(each.route.describe).parameters.get(key) if each.route.describe else None
    return default is not None and default.default is None and _own(each).get(key, ...) is not None


def never_sends(each: Declared, key: str) -> bool:
    """Whether no member is sent by the name of the parameter *key*, though it is given: other members tell of it."""
    describe = each.route.describe
    parameter = inspect.signature(describe).parameters.get(key) if describe else None
    if parameter is None or parameter.kind is parameter.VAR_KEYWORD:
        return False
    if parameter.default is parameter.empty:
        return key not in _own(each)
    given = {bool: not parameter.default, tuple: (1,)}.get(type(parameter.default))
    if given is None:
        return False  # of another type nobody knows a value here
    needed = [f"{{{name}}}" for name in each.route.required]
    call = describe(_owner(each), *needed, **{key: given})
    return isinstance(call, Call) and isinstance(call.json, dict) and key not in call.json


def _owner(each: Declared) -> Any:
    return BaseClient() if each.route.cls is None else _object(each.route.cls)


def _own(each: Declared) -> Mapping[str, Any]:
    """The body when only the required parameters are given."""
    return each.route.sent if isinstance(each.route.sent, dict) else {}


@functools.cache
def _given_objects(each: Declared) -> tuple[Mapping[str, Any], ...]:
    """The body when the only required parameter is an object, for each class that it may be of."""
    return tuple(_bodies(each)) if each.route.describe else ()


def _bodies(each: Declared) -> Iterator[Mapping[str, Any]]:
    describe = each.route.describe
    _, *parameters = inspect.signature(describe).parameters.values()
    needed = [one for one in parameters if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
    if len(needed) != 1:
        return
    for cls in parts(annotation(describe, needed[0].annotation)):
        if isinstance(cls, type) and issubclass(cls, Resource):
            call = describe(_owner(each), _object(cls))
            yield call.json if isinstance(call, Call) and isinstance(call.json, dict) else {}


def _object(cls: Any) -> Any:
    """An object of *cls*, of which only the IDs are known."""
    names = cls._parent_names
    return cls(BaseClient(), *([1] if cls.id_key else [None] if names else []), *(1 for _ in names))
