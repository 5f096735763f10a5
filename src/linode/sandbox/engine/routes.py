"""The routes of the API: the operation of a method and a path."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

import msgspec

from ..core import schema
from ..core.kind import record
from .declared_operations import declared
from .registry import load
from .route import Route, collection, shape

__all__ = ["Route", "all_routes", "declared", "find", "methods_of", "parts_of", "routes", "shape"]


@functools.cache
def routes() -> tuple[Route, ...]:
    """The operations of the API's own host: the first of several with the same method and path."""
    found: dict[tuple[str, str], Route] = {}
    for route in declared():
        if not route.elsewhere:
            found.setdefault((route.method, shape(route.path)), route)
    return tuple(found.values())


def all_routes() -> tuple[Route, ...]:
    """The operations of the API's own host, and those that the API has on other hosts."""
    return (*routes(), *(route for route in declared() if route.elsewhere))


# -- finding ---------------------------------------------------------------------------------------------------------


@functools.cache
def tree() -> dict[str, Any]:
    """All operations by the segments of their paths; ``{}`` matches any segment, ``""`` has the methods."""
    root: dict[str, Any] = {}
    for route in (*routes(), *_unknown()):
        for path in filter(None, (shape(route.path), route.recorded(lambda kind: kind.operations.paths))):
            node = root
            for part in path.split("/")[1:]:
                node = node.setdefault(part, {})
            node.setdefault("", {}).setdefault(route.method, route)
    return root


def _unknown() -> Iterator[Route]:
    """All operations of the API; those without a declaration are not implemented."""
    listed: dict[str, dict[str, str]] = msgspec.json.decode(
        files("linode.sandbox.engine").joinpath("operations.json").read_bytes()
    )
    for version, methods in listed.items():
        for path, names in methods.items():
            for method in names.split():
                yield Route(method, path, "unknown", beta=version == "v4beta")


@functools.cache
def _slashed() -> dict[str, frozenset[str]]:
    """The parts before the slash of IDs with a slash, by the segment before them."""
    load()
    halves: dict[str, frozenset[str]] = {}
    for cls in schema.resources():
        if slashed := record(cls).storage.slashed:
            halves[collection(cls.path).rpartition("/")[2]] = frozenset(slashed)
    return halves


def parts_of(path: str) -> tuple[str, ...]:
    """The percent-encoded segments of *path*; an ID with a slash is one segment, encoded or not."""
    parts: list[str] = []
    for part in path.split("/")[1:]:
        if len(parts) > 1 and parts[-1] in _slashed().get(parts[-2], ()) and part:
            parts[-1] += f"%2F{part}"
        else:
            parts.append(part)
    return tuple(parts)


def methods_of(parts: tuple[str, ...]) -> dict[str, Route]:
    """The operations at the path of the encoded segments *parts*, by method; literal segments take precedence."""
    return _descend(tree(), parts, 0) or {}


def _descend(node: dict[str, Any], parts: tuple[str, ...], at: int) -> dict[str, Route] | None:
    if at == len(parts):
        return node.get("")
    for name in (parts[at], "{}"):
        if name in node and name and (found := _descend(node[name], parts, at + 1)):
            return found
    return None


def find(route: Route, parts: tuple[str, ...]) -> dict[str, str]:
    """The decoded values of the parameters in the path of *route*."""
    names = route.path.split("/")[1:]
    return {name[1:-1]: unquote(part) for name, part in zip(names, parts, strict=True) if name.startswith("{")}
