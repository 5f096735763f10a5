"""The wire of the API of 2016 (the alpha): translates today's calls into its requests and its responses into today's.

The sandbox reads the same tables in the other direction, for its gateway that serves the API of 2016.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from linode._model import Call, Page
from linode._secrets import redact_text
from linode.errors import Reason, api_error

from .alpha_tables import FAMILIES, OPERATIONS, Family, Member, Operation
from .alpha_values import Ids, missing
from .transport import Request
from .v4 import Wire

__all__ = ["AlphaWire", "Malformed", "find", "to_alpha", "to_today"]

_ABSENT = object()
_AS_THEY_ARE = Ids()
_ROOTS = frozenset(family.alpha.split("/")[1] for family in FAMILIES.values()) | {"dnszones"}


def find(path: str, *, era: str) -> dict[str, tuple[Operation, dict[str, str]]]:
    """The operations on *path* of *era* (``today`` or ``alpha``) by method, each with the IDs in the path by kind."""
    parts = path.split("/")
    found: dict[str, tuple[Operation, dict[str, str]]] = {}
    for operation in OPERATIONS:
        template = getattr(operation, era).split("/")
        if len(template) == len(parts) and all(t == p or t[:1] == "{" for t, p in zip(template, parts, strict=True)):
            ids = {t[1:-1]: p for t, p in zip(template, parts, strict=True) if t[:1] == "{"}
            found.setdefault(operation.method, (operation, ids))
    return found


class Malformed(Exception):
    """An object of 2016 has a value for ``member`` that cannot be converted."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


# -- objects -----------------------------------------------------------------------------------------------------------


def to_alpha(members: Iterable[Member], today: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    """Convert the members *members* of today's object to an object of 2016."""
    made: dict[str, Any] = {}
    for member in members:
        if (value := _look(today, member.today)) is not _ABSENT:
            _put(made, member.alpha, None if value is None else member.way.down(value, ids))
    return made


def to_today(members: Iterable[Member], alpha: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    """Convert the members *members* of an object of 2016 to today's object. Raises `Malformed`."""
    made: dict[str, Any] = {}
    for member in members:
        if (value := _look(alpha, member.alpha)) is not _ABSENT:
            try:
                _put(made, member.today, None if value is None else member.way.up(value, ids))
            except (TypeError, KeyError, AttributeError, ValueError) as error:
                raise Malformed(member.alpha) from error
    return made


def _look(data: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(data, Mapping) or name not in data:
            return _ABSENT
        data = data[name]
    return data


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *outer, last = path.split(".")
    for name in outer:
        if not isinstance(data.get(name), dict):
            data[name] = {}
        data = data[name]
    data[last] = value


# -- requests ----------------------------------------------------------------------------------------------------------


class AlphaWire(Wire):
    """Encodes requests to the API of 2016 at *base_url* with *token*. IDs are those of 2016: ``linode_123``.

    A call without an equivalent in the API of 2016 raises `UnsupportedError` before any request. Paths of that API
    (``/linodes/…``) are sent unchanged, for `LinodeClient.request`.
    """

    page_size = 25
    scheme = "token"
    filters_locally = False
    """Whether the client filters lists that the API cannot filter. The API of 2016 filters them itself."""

    def request(self, call: Call[Any]) -> Request:
        """The HTTP request for *call*."""
        if _passes(call):
            return super().request(call)
        operation, ids = _operation(call)
        query = {"page": call.query.get("page")} if operation.answer == "page" else {}
        asked = _filter(operation.family, call.filter)
        body = None if call.json is None else _body(operation, call.json)
        path = operation.alpha.format_map(ids)
        return super().request(Call(call.method, path, body, query=query, filter=asked, token=call.token))

    def _body(self, call: Call[Any], headers: dict[str, str]) -> bytes | None:
        headers["Content-Type"] = "application/json"
        return msgspec.json.encode(call.json)

    def decode(self, call: Call[Any], content: bytes) -> Any:
        """Decode *content* and convert it to the JSON of today's API."""
        if _passes(call):
            return super().decode(call, content)
        operation, _ = _operation(call)
        data = msgspec.json.decode(content, type=dict[str, Any])
        if operation.answer == "page":
            return _page(operation.family, data, call.shape)
        if "error" in data:
            why = redact_text(str(data["error"]), self.secrets(call))
            raise api_error(400, [Reason(why)], method=call.method, path=call.path, headers={})
        if operation.answer == "done":
            return {}
        data = data.get(operation.family.word, data) if len(data) == 1 else data
        if call.method == "PUT" and "id" not in data:
            return dict(call.json)  # the API of 2016 need not return the object; its members are those that were sent
        return _shown(operation.family, data)


def _passes(call: Call[Any]) -> bool:
    """Whether *call* is sent unchanged: its path is one of 2016, or its host is not the API's."""
    return call.elsewhere or call.path.split("/")[1] in _ROOTS


def _operation(call: Call[Any]) -> tuple[Operation, dict[str, str]]:
    methods = find(call.path, era="today")
    if call.method not in methods:
        raise missing(f"{call.method} {call.path}")
    return methods[call.method]


def _body(operation: Operation, today: Mapping[str, Any]) -> dict[str, Any]:
    """Convert today's body to that of 2016; nulls are left out of every request but a PUT."""
    given = {key: value for key, value in today.items() if value is not None or operation.method == "PUT"}
    for key, value in operation.only.items():
        if given.pop(key, value) != value:
            raise missing(f"{key}={not value!r} in {operation.method} {operation.alpha}")
    _refuse_unknown(operation, given)
    return {**operation.defaults, **to_alpha(operation.body, given, _AS_THEY_ARE)}


def _refuse_unknown(operation: Operation, given: Mapping[str, Any]) -> None:
    known = {member.today for member in operation.body}
    for key, value in given.items():
        nested = isinstance(value, Mapping) and any(each.startswith(f"{key}.") for each in known)
        for path in [f"{key}.{name}" for name in value] if nested else [key]:
            if path not in known:
                raise missing(f"{path!r} in {operation.method} {operation.alpha}")


def _filter(family: Family, query: Mapping[str, Any]) -> dict[str, Any]:
    """Convert today's ``X-Filter`` to that of 2016."""
    made: dict[str, Any] = {}
    for key, wanted in query.items():
        if key in ("+and", "+or"):
            made[key] = [_filter(family, each) for each in wanted]
        elif key.startswith("+"):
            raise missing(f"{key} in lists; sort the objects after reading them")
        else:
            member = next((each for each in family.members if each.today == key), None)
            if member is None or member.alpha not in family.filterable:
                raise missing(f"filter on {key!r} for {family.alpha}; it has {', '.join(_filterable(family))}")
            made[member.alpha] = _condition(member, wanted)
    return made


def _filterable(family: Family) -> list[str]:
    return sorted({each.today for each in family.members if each.alpha in family.filterable})


def _condition(member: Member, wanted: Any) -> Any:
    if not isinstance(wanted, Mapping):
        return None if wanted is None else member.way.down(wanted, _AS_THEY_ARE)
    return {"+ne" if operator == "+neq" else operator: _condition(member, each) for operator, each in wanted.items()}


# -- responses ---------------------------------------------------------------------------------------------------------


def _shown(family: Family, alpha: Any) -> dict[str, Any]:
    """Convert *alpha* to today's object; members that exist only in 2016 are kept."""
    if not isinstance(alpha, Mapping):
        raise msgspec.ValidationError(f"a {family.word} is a {type(alpha).__name__}, not an object")
    try:
        made = to_today(family.members, alpha, _AS_THEY_ARE)
    except Malformed as error:
        raise msgspec.ValidationError(f"the {error.member} of a {family.word} has an unknown form") from error
    translated = {member.alpha.partition(".")[0] for member in family.members}
    return {**{key: value for key, value in alpha.items() if key not in translated}, **made}


def _page(family: Family, data: Mapping[str, Any], shape: Any) -> Any:
    if not isinstance(found := data.get(family.plural), list):
        raise msgspec.ValidationError(f"a page without its {family.plural}")
    objects = [_shown(family, each) for each in found]
    counted = {"page": ("page", 1), "pages": ("total_pages", 1), "results": ("total_results", len(objects))}
    numbers: dict[str, int] = {name: data.get(key, default) for name, (key, default) in counted.items()}
    if wrong := [name for name, value in numbers.items() if type(value) is not int]:
        raise msgspec.ValidationError(f"the {wrong[0]} of a page is not a number")
    if shape is Page:
        return Page([msgspec.Raw(msgspec.json.encode(each)) for each in objects], **numbers)
    return {"data": objects, **numbers}
