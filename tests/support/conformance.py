"""Compares the declarations of a family with the API's own list of operations and shapes, operation by operation.

Each difference is a line, as ``Linode.alerts.cpu: is int`` or ``POST /volumes: not declared``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from answers import answers_differ, fields_differ, filters_differ
from declarations import Declared, Family, declared, of_family, resources_of
from facts import announced, operations, resolved, where
from hints import body_differences, differences
from settled_differences import settled

__all__ = ["CHECKS"]


# -- operations ----------------------------------------------------------------------------------------------------


def operations_differ(family: Family) -> Iterator[str]:
    """Operations without a declaration, and declarations without an operation."""
    reached = {each.key for each in declared()}
    for key in operations():
        if key not in reached and _nearest(key.path) == family:
            yield f"{key}: not declared"
    for each in declared():
        if each.family == family and each.key not in {**announced(), **operations()}:
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


def ids_differ(family: Family) -> Iterator[str]:
    """Whether the id of each class is of the type that its path takes, or that it has in the answer, if they differ."""
    for each, fact in of_family(family):
        cls = each.route.cls
        if each.route.operation == "get" and cls is not None and cls.id_key and (said := fact.get("path_params")):
            *_, last = said.values()
            answered = resolved(fact.get("response", {})).get("properties", {})
            for field in cls._fields.values():
                if field.key == cls.id_key:
                    found = [*differences(field.argument(), last, f"{cls.__name__}: id", bounds=False)]
                    if not (field.key in answered and _says_the_same(field.argument(), answered[field.key])):
                        yield from found


def _says_the_same(hint: Any, fact: dict[str, Any]) -> bool:
    return not [*differences(hint, fact, "", bounds=False)]


def access_differs(family: Family) -> Iterator[str]:
    """Scopes, openness and version of each operation, and the scope that a class names."""
    for each, fact in of_family(family):
        route = each.route
        if _is_open(each, fact):
            continue
        for what, mine, its in (
            ("scopes", " ".join(sorted(route.scopes)), " ".join(sorted(fact.get("scopes", ())))),
            ("public", route.public, fact["auth"] == "none"),
            ("beta", route.beta, fact["api_version"] == "v4beta"),
        ):
            if mine != its and not (what == "scopes" and route.public):  # who needs no token needs no scope
                yield f"{each.key}: {what} {its or 'none'}"
    compared = {each.key for each, _ in of_family(family)}
    for cls in resources_of(family):
        key = where("GET", cls.path)
        if fact := operations().get(key):
            if {scope.partition(":")[0] for scope in fact.get("scopes", ())} - {cls._scope}:
                yield f"{cls.__name__}: scope"
            if cls._public != (fact["auth"] == "none") and key not in compared:
                yield f"{cls.__name__}: public"


def _is_open(each: Declared, fact: dict[str, Any]) -> bool:
    """Whether anybody can read the public ones of such objects, though the list of operations asks for a token."""
    shown = resolved(fact.get("response", {})).get("properties", {})
    beta = each.route.beta == (fact["api_version"] == "v4beta")
    return each.key.method == "GET" and each.route.public and "is_public" in shown and beta


# -- what is sent --------------------------------------------------------------------------------------------------


def bodies_differ(family: Family) -> Iterator[str]:
    """The members of each body and query: their types, choices and bounds, and which of them are required."""
    for each, fact in of_family(family):
        route = each.route
        if "request_content_type" in fact:
            continue
        facts = {**fact.get("query_params", {}), **fact.get("request", {})}
        if route.operation == "update":
            yield from (line for line in _save_differs(each, facts) if not settled(each, fact, line))
        elif route.whole:
            yield from _whole_differs(each, facts)
        else:  # a list, a get and a delete take nothing besides their path
            in_path = {part[1:-1] for part in route.path.split("/") if part.startswith("{")} - {*(route.sent or ())}
            given = {key: hint for key, hint in route.types.items() if key not in in_path}
            found = body_differences(given, set(route.required) - in_path, facts, each.name)
            saved = _is_saved_too(each)
            yield from (
                line for line in found if not settled(each, fact, line) and not (line.endswith(": missing") and saved)
            )


def _is_saved_too(each: Declared) -> bool:
    """Whether `save` sends the operation of a method as well, with the members that the method leaves out."""
    return any(other.key == each.key and other.route.operation == "update" for other in declared())


def _whole_differs(each: Declared, facts: dict[str, Any]) -> Iterator[str]:
    """A parameter that is the whole body stands for members of any name."""
    if facts.keys() != {"*"}:
        yield f"{each.name}: is the whole body"


def _save_differs(each: Declared, facts: dict[str, Any]) -> Iterator[str]:
    """A field has one type, which may allow more than can be set: `fields_differ` compares it with the answers."""
    for line in body_differences(each.route.types, set(), facts, each.name):
        if not line.endswith((": cannot be null", ": required by the API")) and ": choices add " not in line:
            yield line


CHECKS = {
    "operations": operations_differ,
    "ids": ids_differ,
    "access": access_differs,
    "bodies": bodies_differ,
    "answers": answers_differ,
    "fields": fields_differ,
    "filters": filters_differ,
}
"""The comparisons, each of which gives the differences of a family."""
