"""Compares what a class declares with what the API's own description says of the same object."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from linode._model import Many, Meta, Parent, Resource
from linode._model.fields import Nested
from linode._model.relations import Related

PLAIN = {"string": str, "integer": int, "boolean": bool, "number": float}
BOUNDS = {"min": "ge", "max": "le", "minLength": "min_length", "maxLength": "max_length", "pattern": "pattern"}

_LIKE = {list: Sequence}
"""What a verb takes in place of what a field gives."""


def differences(cls: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """Each difference between *cls* and *schema*, as ``Linode.alerts.cpu: what``."""
    where = where or cls.__name__
    for key, fact in schema["properties"].items():
        whole = {**schemas[fact["$ref"]], **fact} if "$ref" in fact else fact
        yield from _member_differences(cls, key, whole, schemas, f"{where}.{key}")
    for field in cls._fields.values():
        if field.key not in schema["properties"]:
            yield f"{where}.{field.key}: the API does not have it"


def answer_differences(answers: Iterable[tuple[Any, str]], schemas: Mapping[str, Any]) -> list[str]:
    """Where a class reads less, or otherwise, than an operation answers; what only another one answers may be there."""
    found = [each for cls, shape in answers for each in differences(cls, schemas[shape], schemas)]
    return [each for each in dict.fromkeys(found) if not each.endswith("the API does not have it")]


def _member_differences(cls: Any, key: str, fact: Any, schemas: Any, where: str) -> Iterator[str]:
    fields = [field for field in cls._fields.values() if field.key == key]
    if not fields:
        named = {name: member for base in cls.__mro__ for name, member in vars(base).items()}
        if not isinstance(named.get(key), (Many, Parent)):
            yield f"{where}: missing"
        return
    for field in fields:
        said = fact if field.settable else {name: each for name, each in fact.items() if name not in BOUNDS}
        yield from hint_differences(field.argument(), said, where, related=isinstance(field, Related))
    yield from _inner_differences(fields[0], fact, schemas, where)


def _inner_differences(field: Any, fact: Any, schemas: Any, where: str) -> Iterator[str]:
    items = fact.get("items", {})
    inner = {**schemas[items["$ref"]], **items} if "$ref" in items else items if "properties" in items else fact
    struct = next((each for each in parts(field.argument()) if hasattr(each, "_fields")), None)
    if struct is None or where.count(".") > 6:
        return
    if "properties" in inner and not isinstance(field, Related):
        yield from differences(struct, inner, schemas, where)


def hint_differences(hint: Any, fact: Any, where: str, *, related: bool = False) -> Iterator[str]:
    """Where the type *hint* says something else of a value than *fact*."""
    found = parts(hint)
    if fact.get("nullable", False) != (type(None) in found):
        yield f"{where}: {'can' if fact.get('nullable') else 'cannot'} be null"
    if "enum" in fact and (choices := {each for part in found for each in choices_of(part)}) != set(fact["enum"]):
        yield f"{where}: choices {sorted(choices ^ set(fact['enum']))}"
    kinds = {plain(part) for part in found}
    if not related and (expected := _plain(fact)) and not kinds & {expected, _LIKE.get(expected)}:
        yield f"{where}: is {expected.__name__}"
    for name, bound in BOUNDS.items():
        if name in fact and fact[name] not in [getattr(meta, bound) for meta in metas(hint)]:
            yield f"{where}: {name} is {fact[name]}"


def _plain(fact: Any) -> Any:
    if fact.get("format") == "date-time":
        return datetime
    if fact.get("type") == "array":
        return list
    return PLAIN.get(fact.get("type"))


def parts(hint: Any) -> list[Any]:
    """*hint*, or what it is a union of; behind its bounds, and within a list what is in it too."""
    origin = get_origin(hint)
    if origin is Annotated:
        return parts(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return [part for each in get_args(hint) for part in parts(each)]
    if origin in (list, Sequence):
        return [hint, *[part for part in parts(get_args(hint)[0]) if part is not type(None)]]
    return [hint]


def plain(part: Any) -> Any:
    """The plain type of *part*: that of its choices, of a list, of itself."""
    if get_origin(part) is Literal:
        return type(get_args(part)[0])
    return get_origin(part) or part


def choices_of(part: Any) -> tuple[Any, ...]:
    """The values of *part*, where it is a choice."""
    return get_args(part) if get_origin(part) is Literal else ()


def metas(hint: Any) -> list[Meta]:
    """The bounds of *hint*, wherever they stand in it."""
    own = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Meta)]
    return own + [meta for each in get_args(hint) for meta in metas(each)]


def settable(cls: type[Resource]) -> set[str]:
    """The keys of the fields that can be set, those with something settable in them among them."""
    return {
        field.key for field in cls._fields.values() if field.settable or (isinstance(field, Nested) and field.editable)
    }
