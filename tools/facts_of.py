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
        lines = {"version": fact.get("api_version", "v4"), "scopes": " ".join(sorted(fact.get("scopes") or ()))}
        lines |= _members(fact.get("query_params") or {}, "query", shapes)
        request = fact.get("request") or {}
        lines |= _members(request.get("properties", request) if "properties" in request else request, "body", shapes)
        lines |= {"answer": fact.get("response_kind", "")}
        if fact.get("response"):
            lines |= _value(fact["response"], "answer", shapes)
        yield _key(fact["method"], fact["path"]), {place: text for place, text in lines.items() if text}


# -- OpenAPI ---------------------------------------------------------------------------------------------------------


def _of_openapi(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    shapes = {f"#/components/schemas/{name}": each for name, each in _components(document).items()}
    for path, item in document["paths"].items():
        plain = re.sub(r"^/({apiVersion}|v4beta|v4)(?=/)", "", path)
        for method in METHODS:
            if method in item:
                operation = item[method]
                parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
                yield _key(method, plain), _operation(operation, parameters, shapes)


def _components(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    return found


def _operation(operation: Mapping[str, Any], parameters: list[Any], shapes: Mapping[str, Any]) -> dict[str, str]:
    scopes = [each for entry in operation.get("security", ()) for each in entry.get("oauth", ())]
    lines = {"scopes": " ".join(sorted(scopes))}
    query = {
        each["name"]: {**each.get("schema", {}), "required": each.get("required")}
        for each in parameters
        if each.get("in") == "query" and each["name"] not in ("page", "page_size")
    }
    lines |= _members(query, "query", shapes)
    if body := _json(operation.get("requestBody")):
        whole = _resolved(body, shapes)
        needed = whole.get("required", ())
        members = {name: {**each, "required": name in needed} for name, each in whole.get("properties", {}).items()}
        lines |= _members(members, "body", shapes)
    answer = next((each for status, each in operation.get("responses", {}).items() if status.startswith("2")), None)
    if schema := _json(answer):
        lines |= _value(schema, "answer", shapes)
    return {place: text for place, text in lines.items() if text}


def _json(part: Any) -> Any:
    return ((part or {}).get("content", {}).get("application/json") or {}).get("schema")


# -- values ----------------------------------------------------------------------------------------------------------


def _resolved(fact: Mapping[str, Any], shapes: Mapping[str, Any]) -> Mapping[str, Any]:
    """*fact* with all that it refers to, and the parts of ``allOf``, joined into one."""
    found: dict[str, Any] = {}
    for part in fact.get("allOf", ()):
        inner = _resolved(part, shapes)
        found = {**found, **inner, "properties": {**found.get("properties", {}), **inner.get("properties", {})}}
    if reference := fact.get("$ref"):
        known = shapes.get(reference) or shapes.get(f"#/{reference}") or {}
        found = {**found, **_resolved(known, shapes)}
    return {**found, **{name: value for name, value in fact.items() if name not in ("$ref", "allOf")}}


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
    return ", ".join(words)
