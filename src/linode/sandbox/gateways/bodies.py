"""Bodies of control requests: JSON, and the faults and limits that it describes."""

from __future__ import annotations

import difflib
from dataclasses import asdict, fields
from typing import Any, TypeVar

import msgspec

from ..core.refusals import Refused
from ..failures.faults import Fault
from ..failures.limits import Limit
from ..failures.operations import Operation, operation

__all__ = ["decoded", "fault", "made", "members", "shown"]

T = TypeVar("T", Fault, Limit)


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
        near = difflib.get_close_matches(name, known, 1) or known
        raise Refused(f"Unknown member; did you mean {', '.join(near)}?", field=name)
    return dict(body)


def made(cls: type[T], body: Any) -> T:
    """Create a fault or a limit from *body*. Raises `Refused`."""
    given = members(body, [each.name for each in fields(cls) if each.init])
    if isinstance(content := given.get("content"), str):
        given["content"] = content.encode()
    try:
        return msgspec.convert(given, cls, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        raise Refused(str(error)) from error


def fault(body: Any) -> Fault:
    """Create a fault from *body*, which may name an ``operation`` and a ``refusal``. Raises `Refused`."""
    if isinstance(body, dict) and "operation" in body:
        named = _operation(body)
        rest = {name: value for name, value in body.items() if name != "operation"}
        found = fault({**rest, "method": named.method, "path": named.path})
        found.operation = named.name
        return found
    if not isinstance(body, dict) or "refusal" not in body:
        return made(Fault, body)
    why: Any = str(body["refusal"])
    try:
        refusal = Fault.refusal(why)
    except ValueError as error:
        raise Refused(str(error), field="refusal") from error
    given = {name: value for name, value in body.items() if name != "refusal"}
    ready = ("method", "path", "status", "reason")
    return made(Fault, {**{name: getattr(refusal, name) for name in ready}, **given})


def _operation(body: dict[str, Any]) -> Operation:
    """The operation that *body* names. Raises `Refused`."""
    if body.keys() & {"method", "path"}:
        raise Refused("An operation has its method and path: leave them out", field="operation")
    try:
        return operation(str(body["operation"]))
    except ValueError as error:
        raise Refused(str(error), field="operation") from None


def shown(fault: Fault) -> dict[str, Any]:
    """The members of *fault*, for JSON."""
    content = fault.content
    return {**asdict(fault), "content": None if content is None else content.decode("utf-8", "replace")}
