"""Bodies of control requests: JSON, and the faults and limits that it describes."""

from __future__ import annotations

import difflib
import re
from dataclasses import asdict, fields
from typing import Any, TypeVar, get_type_hints

import msgspec

from ..._model.convert import literal_values
from ..core.refusals import Refused
from ..failures.faults import Fault
from ..failures.limits import Limit
from ..failures.operations import Operation, operation

__all__ = ["create_from", "decoded", "fault", "fault_members", "members", "refusal"]

T = TypeVar("T", Fault, Limit)
TYPES = {"int": "Integer", "float": "Number", "str": "String", "bool": "Boolean", "object": "Object", "array": "Array"}
"""The API's words for the types of members."""


def decoded(content: bytes | None) -> Any:
    """The JSON of a body; an empty body is an empty object. Raises `Refused`."""
    if not content or not content.strip():
        return {}
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("The request body is not valid JSON") from None


def members(body: Any, known: list[str]) -> dict[str, Any]:
    """The members of *body*. Raises `Refused` if one is not *known*."""
    if not isinstance(body, dict):
        raise Refused("The request body must be a JSON object")
    for name in body.keys() - known:
        near = difflib.get_close_matches(name, known, 1)
        cure = f"did you mean {near[0]}?" if near else f"the members are {', '.join(known)}"
        raise Refused(f"Unknown member; {cure}", field=name)
    return dict(body)


def create_from(cls: type[T], body: Any) -> T:
    """Create a fault or a limit from *body*. Raises `Refused`."""
    given = members(body, [each.name for each in fields(cls) if each.init])
    if isinstance(content := given.get("content"), str):
        given["content"] = content.encode()
    try:
        return msgspec.convert(given, cls, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        raise refusal(error, cls) from None


def refusal(error: msgspec.ValidationError, cls: type) -> Refused:
    """The refusal of a member that is not of the type that *cls* declares, in the words of the API."""
    words, _, place = str(error).partition(" - at `$.")
    name = place.rstrip("`").partition("[")[0]
    if words.startswith("Invalid enum value"):
        allowed = literal_values(get_type_hints(cls)[name])
        return Refused(f"Must be one of {', '.join(allowed)}", field=name)
    if expected := re.match(r"Expected `([^`]+)`", words):
        kinds = [TYPES.get(each, each) for each in expected[1].split(" | ") if each != "null"]
        inner = "have values" if "[" in place else "be"
        return Refused(f"Must {inner} of type {' or '.join(kinds)}", field=name or None)
    return Refused(words, field=name or None)


def fault(body: Any) -> Fault:
    """Create a fault from *body*, which may name an ``operation`` and a ``refusal``. Raises `Refused`."""
    if isinstance(body, dict) and "operation" in body:
        named = _operation(body)
        rest = {name: value for name, value in body.items() if name != "operation"}
        found = fault({**rest, "method": named.method, "path": named.path})
        found.operation = named.name
        return found
    if not isinstance(body, dict) or "refusal" not in body:
        return create_from(Fault, body)
    why: Any = str(body["refusal"])
    try:
        refusal = Fault.refusal(why)
    except ValueError as error:
        raise Refused(str(error), field="refusal") from error
    given = {name: value for name, value in body.items() if name != "refusal"}
    ready = ("method", "path", "status", "reason")
    return create_from(Fault, {**{name: getattr(refusal, name) for name in ready}, **given})


def _operation(body: dict[str, Any]) -> Operation:
    """The operation that *body* names. Raises `Refused`."""
    if body.keys() & {"method", "path"}:
        raise Refused("An operation has its method and path: leave them out", field="operation")
    try:
        return operation(str(body["operation"]))
    except ValueError as error:
        raise Refused(str(error), field="operation") from None


def fault_members(fault: Fault) -> dict[str, Any]:
    """The members of *fault*, for JSON."""
    content = fault.content
    return {**asdict(fault), "content": None if content is None else content.decode("utf-8", "replace")}
