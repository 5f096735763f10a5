"""Facts that the API is on record with, where its document says something else: ``tests/data/recorded.toml``.

An entry names an operation (``GET /entities``) or a member of a shape (``Domain.description``) and gives facts of it,
which are merged over those of the document, and ``seen``: where they were seen.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linode.sandbox.engine.routes import shape

__all__ = ["Entries", "entries", "filters", "merged", "repeated", "unsourced"]

RECORDED = Path(__file__).parents[1] / "data" / "recorded.toml"
Facts = dict[str, Any]
Entries = Mapping[str, Mapping[str, Any]]


def entries() -> Entries:
    """The entries of the file by their places."""
    return tomllib.loads(RECORDED.read_text())


def merged(facts: Facts, recorded: Entries) -> Facts:
    """A copy of *facts* with what is *recorded*. Raises LookupError for a place that the facts do not have."""
    made = copy.deepcopy(facts)
    for place, entry in recorded.items():
        found = _found(made, place, entry)
        for key, value in _said(entry).items():
            found[key] = sorted({*filters(made, found), *value}) if key == "filterable" else value
    return made


def repeated(facts: Facts, recorded: Entries) -> list[str]:
    """The facts in *recorded* that the document has by now: ``GET /entities: scopes``."""
    known = copy.deepcopy(facts)
    found = []
    for place, entry in recorded.items():
        documented = _found(known, place, entry)
        for key, value in _said(entry).items():
            if _has(documented, key, value, filters(known, documented)):
                found.append(f"{place}: {key}")
    return found


def unsourced(recorded: Entries) -> list[str]:
    """The places of *recorded* without a fact, or with a source that is no text of at least two words."""
    return [
        place
        for place, entry in recorded.items()
        if not (_said(entry) and isinstance(entry.get("seen"), str) and len(entry["seen"].split()) > 1)
    ]


def filters(facts: Facts, operation: Mapping[str, Any]) -> set[str]:
    """The members by which the list of *operation* can be filtered."""
    named = facts["schemas"].get(operation.get("response", {}).get("$ref"), {})
    return set(operation.get("filterable", named.get("filterable", ())))


def _has(documented: Mapping[str, Any], key: str, value: Any, filterable: set[str]) -> bool:
    """Whether the document says *value* of *key*, or nothing where *value* says as much."""
    return bool({*value} & filterable) if key == "filterable" else (documented.get(key) or None) == (value or None)


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "seen"}


def _found(facts: Facts, place: str, entry: Mapping[str, Any]) -> Facts:
    """The facts of the operation or the member at *place*; none of a member that the *entry* adds, with its type."""
    method, _, path = place.partition(" ")
    if path:
        for each in facts["operations"]:
            if (each["method"], shape(each["path"])) == (method, path):
                found: Facts = each
                return found
        raise LookupError(f"{place}: the facts have no such operation")
    name, *names = place.split(".")
    found = facts["schemas"].get(name, {}) if names else {}
    if not found:
        raise LookupError(f"{place}: the facts have no such shape")
    for at in names:
        members = found.get("properties", {})
        if at not in members and (at != names[-1] or not members or "type" not in entry):
            raise LookupError(f"{place}: the facts have no such member")
        found = members.setdefault(at, {})
    return found
