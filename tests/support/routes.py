"""What the declarations reach, and what the API's own list of operations says, in one form: ``("GET", "/a/{}/b")``."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, get_args

import pytest

from linode._model import BaseClient, Call, Gather, Many, Resource, action, flow
from linode._model.convert import annotation

YARDSTICK = Path(__file__).parents[3] / "shared" / "api" / "v4.json"
MARK = "ID"
"""Stands for every id; becomes ``{}`` in a route."""

Route = tuple[str, str]


def yardstick() -> dict[str, Any]:
    """The API's operations and schemas, from outside the project; without them the test is skipped."""
    if not YARDSTICK.exists():
        pytest.skip("the list of the API's operations is not beside the project")
    return json.loads(YARDSTICK.read_text())


def operations(prefixes: tuple[str, ...]) -> dict[Route, dict[str, Any]]:
    """The API's operations whose path starts with one of *prefixes*."""
    found = {}
    for operation in yardstick()["operations"]:
        if operation["path"].startswith(prefixes):
            found[operation["method"], re.sub(r"\{\w+\}", "{}", operation["path"])] = operation
    return found


def families(*modules: str) -> list[Any]:
    """The classes of *modules* of ``linode.api`` that can be asked something: resources and the parts of a client."""
    found = []
    for name in modules:
        module = importlib.import_module(f"linode.api.{name}")
        found += [
            each
            for each in vars(module).values()
            if isinstance(each, type)
            and issubclass(each, (Resource, BaseClient))
            and each.__module__ == module.__name__
        ]
    return found


def declared(*modules: str, arguments: Mapping[str, Mapping[str, Any]] | None = None) -> dict[Route, list[str]]:
    """The routes that the declarations in *modules* reach, with the names that reach them.

    *arguments* gives what a verb needs where text will not do, by the verb's name: ``{"Image.upload": {...}}``.
    """
    found: dict[Route, list[str]] = {}
    for cls in families(*modules):
        for name, call in calls(cls, arguments or {}):
            path = "/".join("{}" if part == MARK else part for part in call.path.split("/"))
            found.setdefault((call.method, path), []).append(f"{cls.__name__}.{name}")
    return found


def answers(*modules: str) -> Iterator[tuple[Any, str]]:
    """For each operation that the declarations in *modules* reach: the class that reads its answer, and its shape."""
    known = operations(("/",))
    for cls in families(*modules):
        for name, call in calls(cls, {}):
            path = "/".join("{}" if part == MARK else part for part in call.path.split("/"))
            shape = ((known.get((call.method, path)) or {}).get("response") or {}).get("$ref")
            reads = cls if name in ("load", "save") else answered(members(cls)[name], cls)
            if shape and reads:
                yield reads, shape


def answered(member: Any, cls: Any) -> Any:
    """The class of fields of what *member* of *cls* gives, or of what is in its list; None where it gives another."""
    if isinstance(member, Many):
        return member.target
    *_, hint = get_args(annotation(member.__wrapped__, member.__wrapped__.__annotations__["return"]))
    hint, *_ = get_args(hint) or (hint,)
    return cls if hint is Self else hint if hasattr(hint, "_fields") else None


def calls(cls: Any, arguments: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Call[Any]]]:
    """The requests that the members of *cls* make, by the members' names."""
    instance = sample(cls)
    if isinstance(instance, Resource):
        yield from own_calls(instance)
    for name, member in members(cls).items():
        if isinstance(member, Many):
            yield name, Call("GET", member.path(getattr(instance, "url", "")))
        elif isinstance(member, action) and not isinstance(member, flow) and name not in ("load", "save", "delete"):
            given = arguments.get(f"{cls.__name__}.{name}", {})
            for call in first_calls(member.describe(instance, **required(member, given))):
                yield name, call


def sample(cls: Any) -> Any:
    """An object of *cls* whose ids are all `MARK`."""
    if not issubclass(cls, Resource):
        return cls()
    return cls(None, MARK if cls.id_key else None, *[MARK] * len(cls._parent_names))


def own_calls(instance: Resource) -> Iterator[tuple[str, Call[Any]]]:
    """Loading, saving and deleting, as far as the class says that they can be."""
    if not instance.path:
        return
    yield "load", Call("GET", instance.url)
    if instance.savable and any(
        field.settable or getattr(field, "editable", False) for field in instance._fields.values()
    ):
        yield "save", Call("PUT", instance.url)
    if instance.deletable:
        yield "delete", Call("DELETE", instance.url)


def members(cls: Any) -> dict[str, Any]:
    """The members of *cls* and of what it inherits."""
    return {name: member for base in reversed(cls.__mro__) for name, member in vars(base).items()}


def required(verb: action[Any, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Something for everything that *verb* cannot do without."""
    parameters = list(inspect.signature(verb.__wrapped__).parameters.values())[1:]
    empty = inspect.Parameter.empty
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    needed = {each.name: stand_in(each) for each in parameters if each.default is empty and each.kind not in kinds}
    return needed | dict(given)


def stand_in(parameter: inspect.Parameter) -> Any:
    """Something of the kind that *parameter* takes."""
    kind = str(parameter.annotation).partition("[")[0]
    return {"Mapping": {}, "dict": {}, "bytes": b"", "datetime": datetime(2026, 1, 1, tzinfo=UTC)}.get(kind, MARK)


def first_calls(flow: Any) -> Iterator[Call[Any]]:
    """The request, or the requests at once, that *flow* begins with."""
    step = next(iter(flow))
    if isinstance(step, Gather):
        for each in step.flows:
            yield from first_calls(each)
    elif isinstance(step, Call):
        yield step
