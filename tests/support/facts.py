"""The API's own list of operations and shapes, as ``tools/distil_facts.py`` wrote it, and what is on record besides."""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from recorded_facts import entries, filters, merged

from linode.sandbox.engine.routes import shape

__all__ = [
    "Key",
    "announced",
    "dated",
    "documented",
    "family_of",
    "filterable",
    "operations",
    "resolved",
    "schemas",
    "vocabularies",
    "where",
]

DATA = Path(__file__).parents[1] / "data" / "api.json.gz"


class Key(NamedTuple):
    """The key of an operation: ``GET /volumes/{}``."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@functools.cache
def _facts() -> dict[str, Any]:
    return merged(documented(), entries())


def documented() -> dict[str, Any]:
    """The facts without what is on record besides."""
    found: dict[str, Any] = json.loads(gzip.decompress(DATA.read_bytes()))
    return found


@functools.cache
def operations() -> dict[Key, dict[str, Any]]:
    """All operations of the API. What is only announced is left out."""
    return {key: each for key, each in _listed().items() if each.get("stage") != "COMING"}


@functools.cache
def announced() -> dict[Key, dict[str, Any]]:
    """The operations that are only announced: they may be declared, and are compared then, but need not be."""
    return {key: each for key, each in _listed().items() if each.get("stage") == "COMING"}


@functools.cache
def _listed() -> dict[Key, dict[str, Any]]:
    return {where(each["method"], each["path"]): each for each in _facts()["operations"]}


def schemas() -> dict[str, dict[str, Any]]:
    """The shapes of answers, by their names."""
    found: dict[str, dict[str, Any]] = _facts()["schemas"]
    return found


def where(method: str, path: str) -> Key:
    """The key of the operation, whatever the parameters in *path* are called."""
    return Key(method, shape(path))


def family_of(path: str) -> str:
    """The first word of *path*: ``linode``, ``volumes``."""
    return path.split("/")[1]


def resolved(fact: Mapping[str, Any]) -> dict[str, Any]:
    """*fact* with what the shape that it refers to says."""
    named = {"type": "object", "properties": schemas()[fact["$ref"]]["properties"]} if "$ref" in fact else {}
    return {**named, **fact}


def filterable(operation: Mapping[str, Any]) -> set[str]:
    """The members by which the list of *operation* can be filtered."""
    return filters(_facts(), operation)


@functools.cache
def dated() -> frozenset[str]:
    """The names of members that are times in some answer."""
    return frozenset(name for name, fact in _members() if fact.get("format") == "date-time")


@functools.cache
def vocabularies() -> frozenset[frozenset[Any]]:
    """The sets of words that members of answers are chosen from."""
    return frozenset(frozenset(fact["enum"]) for _, fact in _members() if fact.get("enum"))


def _members() -> Iterator[tuple[str, dict[str, Any]]]:
    """All members of all shapes at every depth, with their names; what is in a list has the name of the list."""
    waiting = [member for each in schemas().values() for member in each["properties"].items()]
    while waiting:
        name, fact = waiting.pop()
        yield name, fact
        waiting += fact.get("properties", {}).items()
        waiting += [(name, fact["items"])] if "items" in fact else []
