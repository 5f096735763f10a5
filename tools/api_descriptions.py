"""Descriptions of the API in one form: from a facts file of this project, or from an OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["Description", "described"]

Description = dict[str, dict[str, str]]
"""Each operation (``GET /volumes/{}``) with its lines: a place, such as ``body.label``, and what is there."""

METHODS = ("get", "post", "put", "delete", "patch")
BOUNDS = {
    "min": "minimum",
    "max": "maximum",
    "minimum": "minimum",
    "maximum": "maximum",
    "minLength": "shortest",
    "maxLength": "longest",
    "minItems": "fewest",
    "maxItems": "most",
    "pattern": "pattern",
}
DEEPEST = 8


def described(document: Mapping[str, Any]) -> Description:
    """The description in *document*, which has ``operations`` (facts) or ``paths`` (OpenAPI). Raises ValueError."""
    if "operations" in document:
        return dict(_of_facts(document))
    if "paths" in document:
        return dict(_of_openapi(document))
    raise ValueError("the document has neither operations nor paths: it is no description of the API")


def _key(method: str, path: str) -> str:
    return f"{method.upper()} {re.sub(r'{[^}]*}', '{}', path)}"


# -- facts -----------------------------------------------------------------------------------------------------------


def _of_facts(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    shapes = {f"#/{name}": shape for name, shape in document["schemas"].items()}
    for fact in document["operations"]:
        lines = {
            "version": fact.get("api_version", "v4"),
            "stage": fact.get("stage", "").lower(),
            "deprecated": "yes" if fact.get("deprecated") else "",
            "scopes": " ".join(sorted(fact.get("scopes") or ())),
        }
        lines |= _members(fact.get("path_params") or {}, "path", shapes)
        lines |= _members(fact.get("query_params") or {}, "query", shapes)
        request = fact.get("request") or {}
        lines |= _members(request.get("properties", request) if "properties" in request else request, "body", shapes)
        if fact.get("response"):
            lines |= _value(fact["response"], "answer", shapes)
        lines |= {"answer": fact.get("response_kind", "")}
        yield _key(fact["method"], fact["path"]), {place: text for place, text in lines.items() if text}


# -- OpenAPI ---------------------------------------------------------------------------------------------------------

VERSION = re.compile(r"^/(\{apiVersion\}|v4beta|v4)(?=/)")
PAGED = {"data", "page", "pages", "results"}
"""The members of a page, which stands around the objects of a list."""
AROUND = ("page", "page_size", "apiVersion")
"""Parameters that every list, or every path, has."""


def _of_openapi(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    shapes = {f"#/components/schemas/{name}": each for name, each in _components(document).items()}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                found = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                parameters = [_followed(each, document) for each in found]
                lines = {"version": _version(path, parameters, item[method].get("servers") or item.get("servers"))}
                lines |= _operation(item[method], parameters, shapes, document)
                yield _key(method, VERSION.sub("", path)), {place: text for place, text in lines.items() if text}


def _components(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    return found


def _followed(part: Any, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """*part*, or the component of *document* that it refers to."""
    found: Any = part or {}
    while "$ref" in found:
        names = found["$ref"].removeprefix("#/").split("/")
        found = document
        for name in names:
            found = found.get(name, {})
    return found  # type: ignore[no-any-return]


def _version(path: str, parameters: list[Mapping[str, Any]], servers: Any) -> str:
    """``v4beta`` for an operation that has no other version, by its path, its parameter or its server."""
    choices = [each.get("schema", {}).get("enum") or () for each in parameters if each.get("name") == "apiVersion"]
    addresses = [each.get("url", "") for each in servers or ()]
    beta = path.startswith("/v4beta/") or ["v4beta"] in [list(each) for each in choices]
    beta = beta or (bool(addresses) and all(each.endswith("/v4beta") for each in addresses))
    return "v4beta" if beta else "v4"


def _operation(
    operation: Mapping[str, Any],
    parameters: list[Mapping[str, Any]],
    shapes: Mapping[str, Any],
    document: Mapping[str, Any],
) -> dict[str, str]:
    scopes = [each for entry in operation.get("security", ()) for each in entry.get("oauth", ())]
    lines = {
        "stage": _stage(operation),
        "deprecated": "yes" if operation.get("deprecated") else "",
        "scopes": " ".join(sorted(scopes)),
    }
    for place in ("path", "query"):
        named = [each for each in parameters if each.get("in") == place and each["name"] not in AROUND]
        lines |= _members({each["name"]: _parameter(each, place) for each in named}, place, shapes)
    if body := _json(_followed(operation.get("requestBody"), document)):
        whole = _resolved(body, shapes)
        needed = whole.get("required", ())
        members = {name: {**each, "required": name in needed} for name, each in whole.get("properties", {}).items()}
        lines |= _members(members, "body", shapes)
    answers = operation.get("responses", {}).items()
    answer = _followed(next((each for status, each in answers if status.startswith("2")), None), document)
    return lines | _answer(_json(answer), shapes)


def _parameter(parameter: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The value of *parameter*; one in the path is always required."""
    given = {name: parameter[name] for name in ("deprecated", "x-akamai") if name in parameter}
    return {**parameter.get("schema", {}), **given, "required": place == "query" and parameter.get("required")}


def _answer(schema: Any, shapes: Mapping[str, Any]) -> dict[str, str]:
    """The lines of an answer: its kind, and what the objects have that a page holds."""
    whole = _resolved(schema or {}, shapes)
    members = whole.get("properties") or {}
    if members.keys() >= PAGED:
        return _value(_resolved(members["data"], shapes).get("items") or {}, "answer", shapes) | {"answer": "page"}
    if whole.get("type") == "array":
        return _value(whole.get("items") or {}, "answer", shapes) | {"answer": "array"}
    return _value(whole, "answer", shapes) | {"answer": "object"} if members else {"answer": "empty"}


def _json(part: Any) -> Any:
    return ((part or {}).get("content", {}).get("application/json") or {}).get("schema")


# -- values ----------------------------------------------------------------------------------------------------------


def _resolved(fact: Mapping[str, Any], shapes: Mapping[str, Any]) -> Mapping[str, Any]:
    """*fact* with all that it refers to, the parts of ``allOf`` and its choices joined into one."""
    found: dict[str, Any] = {}
    for part in fact.get("allOf", ()):
        inner = _resolved(part, shapes)
        needed = [*found.get("required", ()), *(inner.get("required") or ())] if _is_object(inner) else None
        found = {**found, **inner, "properties": {**found.get("properties", {}), **inner.get("properties", {})}}
        found |= {"required": needed} if needed else {}
    for part in (*fact.get("oneOf", ()), *fact.get("anyOf", ())):  # a member of one choice is required in none
        inner = {name: value for name, value in _resolved(part, shapes).items() if name != "required"}
        found = {**inner, **found, "properties": {**inner.get("properties", {}), **found.get("properties", {})}}
    if reference := fact.get("$ref"):
        known = shapes.get(reference) or shapes.get(f"#/{reference}") or {}
        found = {**found, **_resolved(known, shapes)}
    if not found.get("properties"):
        found.pop("properties", None)
    return {**found, **{name: value for name, value in fact.items() if name not in ("$ref", "allOf", "oneOf", "anyOf")}}


def _is_object(fact: Mapping[str, Any]) -> bool:
    return isinstance(fact.get("required", []), list)


def _stage(fact: Mapping[str, Any]) -> str:
    """``beta`` and the like, as a facts file and the vendor's document have it; empty for what is released."""
    vendor = fact.get("x-akamai")
    return str(fact.get("stage") or (vendor.get("status") if isinstance(vendor, Mapping) else "") or "").lower()


def _members(facts: Mapping[str, Any], place: str, shapes: Mapping[str, Any], depth: int = 0) -> dict[str, str]:
    lines: dict[str, str] = {}
    for name, fact in facts.items():
        if isinstance(fact, Mapping):
            lines |= _value(fact, f"{place}.{name}", shapes, depth)
    return lines


def _value(fact: Mapping[str, Any], place: str, shapes: Mapping[str, Any], depth: int = 0) -> dict[str, str]:
    """The lines of a value and of what stands in it."""
    whole = _resolved(fact, shapes)
    lines = {place: _words(whole)}
    if depth < DEEPEST:
        needed = whole["required"] if isinstance(whole.get("required"), list) else ()
        inner = {
            name: {**each, "required": True} if name in needed else each
            for name, each in (whole.get("properties") or {}).items()
        }
        lines |= _members(inner, place, shapes, depth + 1)
        if isinstance(whole.get("items"), Mapping) and whole["items"]:
            lines |= _value(whole["items"], f"{place}[]", shapes, depth + 1)
    return lines


def _words(fact: Mapping[str, Any]) -> str:
    """The type of a value with its format, choices and bounds, in one line."""
    kind = fact.get("type", "object" if "properties" in fact else "any")
    kinds = [each for each in kind if each != "null"] if isinstance(kind, list) else [kind]
    words = ["/".join(kinds)]
    if fact.get("format"):
        words.append(str(fact["format"]))
    if fact.get("enum"):
        words.append(f"one of {', '.join(sorted(str(each) for each in fact['enum'] if each is not None))}")
    words += [f"{word} {fact[name]}" for name, word in BOUNDS.items() if fact.get(name) is not None]
    if fact.get("nullable") or (isinstance(kind, list) and "null" in kind):
        words.append("or null")
    if fact.get("required") is True:
        words.append("required")
    if fact.get("readOnly"):
        words.append("read-only")
    if stage := _stage(fact):
        words.append(stage)
    if fact.get("deprecated"):
        words.append("deprecated")
    return ", ".join(words)
