"""The check that a pattern of a path matches at least one operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..engine import registry, routes
from . import path_patterns

__all__ = ["check", "has_operation"]

BESIDES = ("/oauth/", "/alpha/", "/metadata/")
"""Paths without operations of today's API: the login service, the API of 2016, the Metadata service."""
EVERYWHERE = {"*", "HEAD", "OPTIONS"}


def check(method: str, pattern: str) -> None:
    """Raise ValueError if no call *method* to the sandbox can match *pattern*."""
    path = path_patterns.unversioned(pattern)
    if path.startswith(("**", *BESIDES, *registry.mounts())):
        return
    methods = set().union(*_methods(routes.tree(), routes.parts_of(path)))
    if not methods:
        raise ValueError(f"no operation of the API has the path {pattern!r}, so no call can match it")
    if method.upper() not in methods | EVERYWHERE:
        raise ValueError(f"the API has no {method.upper()} {pattern}, only {', '.join(sorted(methods))}")


def has_operation(path: str) -> bool:
    """Whether the API has an operation of the unversioned *path*."""
    return "*" not in path and any(_methods(routes.tree(), routes.parts_of(path)))


def _methods(node: dict[str, Any], parts: tuple[str, ...]) -> Iterator[set[str]]:
    """The methods of each operation below *node* whose segments match *parts*."""
    if not parts:
        yield set(node.get("", ()))
        return
    first, *rest = parts
    start, deeper, _ = first.partition("**")
    for name, child in node.items():
        if not name:
            continue
        if deeper:
            if name == "{}" or name.startswith(start.partition("*")[0]):
                yield from _all(child)
        elif name in (first, "{}") or path_patterns.fits(first, name):
            yield from _methods(child, tuple(rest))


def _all(node: dict[str, Any]) -> Iterator[set[str]]:
    for name, child in node.items():
        if name:
            yield from _all(child)
        else:
            yield set(child)
