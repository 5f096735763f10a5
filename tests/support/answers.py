"""Compares what reads the answers of a family's operations with the shapes that the API gives them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from declarations import Declared, Family, declared, families, fields_of, of_family, resources_of
from facts import filterable, operations, resolved, where
from hints import can_be_null, differences, item_of, structs

from linode._model import Fields, Many, Nested, Parent, Resource, Statistics
from linode._model.fields import Described
from linode._model.relations import Related
from linode.sandbox.core import schema

__all__ = ["answers_differ", "fields_differ", "filters_differ"]


@functools.cache
def _hint(field: Described[Any]) -> Any:
    """The declared type of *field*."""
    return field.argument()


def answers_differ(family: Family) -> Iterator[str]:
    """Whether each operation's answer is read as what it is, and whole."""
    for each, fact in of_family(family):
        yield from _kind_differs(each, fact)
        for cls, properties, name in _read(each, fact):
            known = {field.key for field in cls._fields.values()}
            for key in sorted(properties.keys() - known):
                if not isinstance(_attribute(cls, key), (Many, Parent)) and key.lower() not in known:
                    yield f"{name}.{key}: missing from {each.key}"


def _attribute(cls: Any, name: str) -> Any:
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)


def _kind_differs(each: Declared, fact: dict[str, Any]) -> Iterator[str]:
    kind, answer = fact["response_kind"], each.answer
    many = each.paged or item_of(answer) is not None
    shape = fact.get("response", {}).get("$ref", kind)
    if kind == "empty":
        if structs(answer) or many:
            yield f"{each.name}: answers nothing"
    elif (kind in ("page", "array")) != many:
        if not (kind == "object" and many and _is_named_list(each, resolved(fact.get("response", {})))):
            yield f"{each.name}: answers {kind} of {shape}"
    elif _is_another(each, fact):
        yield f"{each.name}: answers {shape}"
    elif "$ref" in fact.get("response", {}) and get_origin(answer) is not dict and not structs(_one(each)):
        whole = resolved(fact["response"])
        if (only := _only_member(whole, answer)) is whole or [*differences(answer, only, shape)]:
            yield f"{each.name}: answers {shape}"


def _is_named_list(each: Declared, whole: dict[str, Any]) -> bool:
    """Whether the answer *whole* has but one member, which is the list that is returned: it stands below a name."""
    members = [resolved(member) for member in whole.get("properties", {}).values()]
    if len(members) != 1 or "items" not in members[0]:
        return False
    return each.paged or not [*differences(each.answer, members[0], "", bounds=False)]


def _is_another(each: Declared, fact: dict[str, Any]) -> bool:
    """Whether the answer is an object that has no member of the class that reads it: then one line says so."""
    properties = resolved(fact.get("response", {})).get("properties", {})
    known = [{field.key for field in cls._fields.values()} for cls in structs(_one(each)) if issubclass(cls, Fields)]
    return len(properties) > 1 and bool(known) and not set.union(*known) & properties.keys()


def _only_member(whole: dict[str, Any], hint: Any) -> dict[str, Any]:
    """The only member of the object *whole*, where the type *hint* has no field of its name; else the object itself."""
    properties = whole.get("properties", {})
    known = {field.key for cls in structs(hint) if issubclass(cls, Fields) for field in cls._fields.values()}
    return resolved(*properties.values()) if len(properties) == 1 and not known & properties.keys() else whole


def _one(each: Declared) -> Any:
    """The type that one object of the answer is read as."""
    return each.answer if each.paged else item_of(each.answer) or each.answer


def _read(each: Declared, fact: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any], str]]:
    """The classes that read the answer, and what is in it, with the members that the API puts there."""
    if not (response := fact.get("response")) or _is_another(each, fact):
        return
    whole, many = resolved(response), each.paged or item_of(each.answer) is not None
    if many and fact["response_kind"] == "object" and len(whole.get("properties", ())) == 1:
        (only,) = whole["properties"].values()  # a list below a name of its own
        whole = resolved(only.get("items", {}))
    elif fact["response_kind"] == "object":
        whole = _only_member(whole, _one(each))
    yield from _inside(_one(each), whole, "")


def _inside(hint: Any, fact: dict[str, Any], name: str) -> Iterator[tuple[Any, dict[str, Any], str]]:
    while "items" in fact:
        hint, fact = item_of(hint), resolved(fact["items"])
    if get_origin(hint) is dict:
        yield from _by_name(get_args(hint)[-1], fact, name)
        return
    fact = next((form for form in fact.get("anyOf", ()) if "properties" in form), fact)
    if "properties" not in fact or name.count(".") > 8:
        return
    for cls in structs(hint):
        if not issubclass(cls, Fields):
            continue
        at = name or cls.__name__
        properties = _with_series(cls, fact["properties"])
        yield cls, properties, at
        for field in cls._fields.values():
            if field.key in properties and not isinstance(field, Related):
                yield from _inside(_hint(field), resolved(properties[field.key]), f"{at}.{field.key}")


def _with_series(cls: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """*properties*, those that the fields of statistics have in ``data`` below that name, as the API sends them."""
    if not issubclass(cls, Statistics) or "data" in properties:
        return properties
    (series,) = structs(_hint(cls._fields["data"]))
    inside = {field.key for field in series._fields.values()}
    data = {"type": "object", "properties": {key: fact for key, fact in properties.items() if key in inside}}
    return {**{key: fact for key, fact in properties.items() if key not in inside}, "data": data}


def _by_name(hint: Any, fact: dict[str, Any], name: str) -> Iterator[tuple[Any, dict[str, Any], str]]:
    """The members of objects of one type that the API sends by their names, some of them in sections of their own."""
    if not structs(hint):
        return
    for key, each in fact.get("properties", {}).items():
        inner = resolved(each)
        section = all("properties" in resolved(member) for member in inner.get("properties", {}).values())
        below = _by_name if inner.get("properties") and section else _inside
        yield from below(hint, inner, f"{name}.{key}")


@functools.cache
def _uses() -> dict[Any, list[tuple[str, dict[str, Any]]]]:
    """The members that the API puts into the objects of each class, by the operation that returns them."""
    found: dict[Any, list[tuple[str, dict[str, Any]]]] = {}
    for family in families():
        for each, fact in of_family(family):
            for cls, properties, name in _read(each, fact):
                operation = each.route.operation if name == cls.__name__ else "nested"
                if (operation, properties) not in found.setdefault(cls, []):
                    found[cls].append((operation, properties))
    return found


def fields_differ(family: Family) -> Iterator[str]:
    """Each field: its type and choices, and whether it can be None, in all the answers that it is read from."""
    for cls in fields_of(family):
        uses = _uses().get(cls, [])
        if not uses and cls._fields and not _is_base(cls) and not _is_in_paths(cls):
            yield f"{cls.__name__}: no operation answers with it"
        for field in cls._fields.values() if uses else ():
            facts = [properties[field.key] for _, properties in uses if field.key in properties]
            if not facts:
                yield f"{cls.__name__}.{field.key}: the API does not have it"
            else:
                yield from _field_differs(field, facts, _left_out(cls, field, uses), f"{cls.__name__}.{field.key}")


def _is_base(cls: Any) -> bool:
    """Whether fields are declared here for other classes alone."""
    return bool(cls.__subclasses__()) or not cls.__name__[0].isalpha()


def _is_in_paths(cls: Any) -> bool:
    """Whether objects of the class have an ID alone, which the paths of others name."""
    known = {field.key for field in cls._fields.values()}
    return (
        issubclass(cls, Resource)
        and known == {cls.id_key}
        and any(cls in schema.parents_of(other).values() for other in schema.resources())
    )


def _left_out(cls: Any, field: Described[Any], uses: list[tuple[str, dict[str, Any]]]) -> bool:
    """Whether the field can be absent for good: what can be loaded is, and then holds what that answer has."""
    loaded = [properties for operation, properties in uses if operation == "get"] if issubclass(cls, Resource) else []
    return any(field.key not in properties for properties in loaded or [properties for _, properties in uses])


def _field_differs(field: Described[Any], facts: list[dict[str, Any]], left_out: bool, name: str) -> Iterator[str]:
    hint = _hint(field)
    null = left_out or any(fact.get("nullable") or fact.get("optional") for fact in facts)
    partial = can_be_null(hint) and any(fact.get("partial") for fact in facts)  # left out of some answers
    if null != can_be_null(hint) and not partial:
        yield f"{name}: {'can' if null else 'cannot'} be null"
    words = {word for fact in facts for word in fact.get("enum", ())}
    found: list[str] = []
    for fact in facts:  # the bounds are those of the bodies
        whole = {**fact, "enum": sorted(words)} if words else fact
        found += differences(hint, whole, name, related=isinstance(field, Related), bounds=False)
    yield from dict.fromkeys(found)


def filters_differ(family: Family) -> Iterator[str]:
    """Differences in the filters of each list, and fields that are settable without an operation that sets them."""
    lists = {each.answer: each.key for each in declared() if each.paged and each.route.own_list}
    for cls in resources_of(family):
        key = lists.get(cls) or where("GET", cls.path)
        if key in operations():
            for name in sorted({*cls.filterable} ^ filterable(operations()[key])):
                yield f"{cls.__name__}: filterable {name}"
    saved = {each.route.cls for each in declared() if each.route.operation == "update"}
    for cls in resources_of(family):
        for field in () if any(each and issubclass(each, cls) for each in saved) else cls._fields.values():
            if field.settable or (cls.savable and isinstance(field, Nested) and field.editable):
                yield f"{cls.__name__}.{field.name}: nothing saves it"
