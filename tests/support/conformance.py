"""Compares the declarations of a family with the API's own list of operations and shapes, operation by operation.

Each difference is a line, as ``Linode.alerts.cpu: is int`` or ``POST /volumes: not declared``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, get_origin

from declarations import Declared, Family, declared, families, fields_of, resources_of
from facts import filterable, operations, resolved, where
from hints import body_differences, can_be_null, differences, item_of, structs

from linode._model import Fields, Many, Nested, Parent, Resource
from linode._model.fields import Described
from linode._model.relations import Related

__all__ = ["CHECKS"]


def of_family(family: Family) -> Iterator[tuple[Declared, dict[str, Any]]]:
    """The operations that *family* declares and the API has, with what the API says of them."""
    for each in declared():
        if each.family == family and each.key in operations():
            yield each, operations()[each.key]


# -- operations ----------------------------------------------------------------------------------------------------


def operations_differ(family: Family) -> Iterator[str]:
    """Operations without a declaration, and declarations without an operation."""
    reached = {each.key for each in declared()}
    for key in operations():
        if key not in reached and _nearest(key.path) == family:
            yield f"{key}: not declared"
    for each in declared():
        if each.family == family and each.key not in operations():
            yield f"{each.key}: the API does not have it"


@functools.cache
def _addresses() -> dict[str, Family]:
    """The families by the paths that they declare, and by all that those begin with."""
    found: dict[str, Family] = {}
    for each in declared():
        segments = each.key.path.split("/")
        for end in range(len(segments), 1, -1):
            found.setdefault("/".join(segments[:end]), each.family)
    return found


def _nearest(path: str) -> Family | None:
    """The family that declares the most of *path*; None where no family begins like it."""
    while path:
        if path in _addresses():
            return _addresses()[path]
        path = path.rpartition("/")[0]
    return None


def access_differs(family: Family) -> Iterator[str]:
    """Scopes, openness and version of each operation, and the scope that a class names."""
    for each, fact in of_family(family):
        route = each.route
        for what, mine, its in (
            ("scopes", " ".join(sorted(route.scopes)), " ".join(sorted(fact.get("scopes", ())))),
            ("public", route.public, fact["auth"] == "none"),
            ("beta", route.beta, fact["api_version"] == "v4beta"),
        ):
            if mine != its:
                yield f"{each.key}: {what} {its or 'none'}"
    for cls in resources_of(family):
        if fact := operations().get(where("GET", cls.path)):
            if {scope.partition(":")[0] for scope in fact.get("scopes", ())} - {cls._scope}:
                yield f"{cls.__name__}: scope"
            if cls._public != (fact["auth"] == "none"):
                yield f"{cls.__name__}: public"


# -- what is sent --------------------------------------------------------------------------------------------------


def bodies_differ(family: Family) -> Iterator[str]:
    """The members of each body and query: their types, choices and bounds, and which of them are required."""
    for each, fact in of_family(family):
        route = each.route
        if route.operation == "list" or "request_content_type" in fact:
            continue
        facts = {**fact.get("query_params", {}), **fact.get("request", {})}
        if route.operation == "update":
            yield from _save_differs(each, facts)
        elif route.whole:
            yield from _whole_differs(each, facts)
        elif route.describe is not None:
            in_path = {part[1:-1] for part in route.path.split("/") if part.startswith("{")} - {*(route.sent or ())}
            given = {key: hint for key, hint in route.types.items() if key not in in_path}
            yield from body_differences(given, set(route.required) - in_path, facts, each.name)


def _whole_differs(each: Declared, facts: dict[str, Any]) -> Iterator[str]:
    """A parameter that is the whole body stands for members of any name."""
    if facts.keys() != {"*"}:
        yield f"{each.name}: is the whole body"


def _save_differs(each: Declared, facts: dict[str, Any]) -> Iterator[str]:
    """A field has one type, which may allow more than can be set: `fields_differ` compares it with the answers."""
    for line in body_differences(each.route.types, set(), facts, each.name):
        if not line.endswith((": cannot be null", ": required by the API")) and ": choices add " not in line:
            yield line


# -- what comes back -----------------------------------------------------------------------------------------------


def answers_differ(family: Family) -> Iterator[str]:
    """Whether each operation's answer is read as what it is, and whole."""
    for each, fact in of_family(family):
        yield from _kind_differs(each, fact)
        for cls, properties, name in _read(each, fact):
            for key in sorted(properties.keys() - {field.key for field in cls._fields.values()}):
                if not isinstance(_attribute(cls, key), (Many, Parent)):
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
        yield f"{each.name}: answers {kind} of {shape}"
    elif "$ref" in fact.get("response", {}) and get_origin(answer) is not dict and not structs(_one(each)):
        yield f"{each.name}: answers {shape}"


def _one(each: Declared) -> Any:
    """The type that one object of the answer is read as."""
    return each.answer if each.paged else item_of(each.answer) or each.answer


def _read(each: Declared, fact: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any], str]]:
    """The classes that read the answer, and what is in it, with the members that the API puts there."""
    if not (response := fact.get("response")):
        return
    whole, many = resolved(response), each.paged or item_of(each.answer) is not None
    if many and fact["response_kind"] == "object" and len(whole.get("properties", ())) == 1:
        (only,) = whole["properties"].values()  # a list below a name of its own
        whole = resolved(only.get("items", {}))
    yield from _inside(_one(each), whole, "")


def _inside(hint: Any, fact: dict[str, Any], name: str) -> Iterator[tuple[Any, dict[str, Any], str]]:
    while "items" in fact:
        hint, fact = item_of(hint), resolved(fact["items"])
    if "properties" not in fact or name.count(".") > 8:
        return
    for cls in structs(hint):
        if not issubclass(cls, Fields):
            continue
        at = name or cls.__name__
        yield cls, fact["properties"], at
        for field in cls._fields.values():
            if field.key in fact["properties"] and not isinstance(field, Related):
                yield from _inside(field.argument(), resolved(fact["properties"][field.key]), f"{at}.{field.key}")


@functools.cache
def _uses() -> dict[Any, list[tuple[str, dict[str, Any]]]]:
    """What the API puts into the objects of each class, wherever it reads something, by what tells of it."""
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
        if not uses and cls._fields and not _is_base(cls):
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


def _left_out(cls: Any, field: Described[Any], uses: list[tuple[str, dict[str, Any]]]) -> bool:
    """Whether the field can be absent for good: what can be loaded is, and then holds what that answer has."""
    loaded = [properties for operation, properties in uses if operation == "get"] if issubclass(cls, Resource) else []
    return any(field.key not in properties for properties in loaded or [properties for _, properties in uses])


def _field_differs(field: Described[Any], facts: list[dict[str, Any]], left_out: bool, name: str) -> Iterator[str]:
    hint = field.argument()
    null = left_out or any(fact.get("nullable") or fact.get("optional") for fact in facts)
    if null != can_be_null(hint):
        yield f"{name}: {'can' if null else 'cannot'} be null"
    words = {word for fact in facts for word in fact.get("enum", ())}
    found: list[str] = []
    for fact in facts:  # the bounds are those of the bodies
        whole = {**fact, "enum": sorted(words)} if words else fact
        found += differences(hint, whole, name, related=isinstance(field, Related), bounds=False)
    yield from dict.fromkeys(found)


def filters_differ(family: Family) -> Iterator[str]:
    """What each list can be filtered by, and what is settable without an operation that sets it."""
    lists = {each.answer: each.key for each in declared() if each.paged and each.route.own_list}
    for cls in resources_of(family):
        key = lists.get(cls) or where("GET", cls.path)
        if key in operations():
            for name in sorted({*cls.filterable} ^ filterable(operations()[key])):
                yield f"{cls.__name__}: filterable {name}"
    saved = {each.route.cls for each in declared() if each.route.operation == "update"}
    for cls in resources_of(family):
        for field in cls._fields.values() if cls not in saved else ():
            if field.settable or (cls.savable and isinstance(field, Nested) and field.editable):
                yield f"{cls.__name__}.{field.name}: nothing saves it"


CHECKS = {
    "operations": operations_differ,
    "access": access_differs,
    "bodies": bodies_differ,
    "answers": answers_differ,
    "fields": fields_differ,
    "filters": filters_differ,
}
"""The comparisons, each of which gives the differences of a family."""
