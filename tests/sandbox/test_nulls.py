"""Null for a list or an object, which clients in some languages send for what they leave out."""

from __future__ import annotations

from typing import Any

import pytest
from asking import ask

from linode.sandbox.core.world import World
from linode.sandbox.engine import checks, registry, routes
from linode.sandbox.engine.nulls import without_nulls

registry.load()
CHANGING = [each for each in routes.routes() if each.operation in ("create", "update", "verb") and each.types]


def is_list_or_object(hint: Any) -> bool:
    """Whether an empty list or object is of the type, whatever its bounds and needs."""
    listed, objected, neither = (checks.check(World(seed=1), {"f": each}, {"f": hint}) for each in ([], {}, object()))
    return neither not in (listed, objected) or listed != objected


@pytest.mark.parametrize("route", CHANGING, ids=lambda route: f"{route.method} {route.path}")
def test_null_passes_for_every_list_and_object(route):
    """Of every operation of every family: none is refused, and none is a change unless null has a meaning."""
    nulls = {name: None for name, hint in route.types.items() if is_list_or_object(hint)}
    left = without_nulls(nulls, route.types)
    assert checks.check(World(seed=1), left, route.types) == []
    assert all(checks.nullable(route.types[name]) for name in left)


def test_there_are_lists_and_objects_to_ask_about():
    """The test above asks about those that are known to be such."""
    types = {f"{route.method} {route.path}": route.types for route in CHANGING}
    domain = next(found for name, found in types.items() if name.startswith("PUT /domains/") and "records" not in name)
    assert {name for name, hint in domain.items() if is_list_or_object(hint)} == {"tags", "master_ips", "axfr_ips"}


@pytest.mark.parametrize(
    ("hint", "given", "left"),
    [
        (list[str], {"f": None}, {}),
        (dict[str, Any], {"f": None}, {}),
        (list[str] | None, {"f": None}, {"f": None}),
        (str, {"f": None}, {"f": None}),
        (list[str], {"f": ["a", None]}, {"f": ["a", None]}),
        (list[str] | str, {"f": None}, {}),
    ],
)
def test_only_the_nulls_of_lists_and_objects_are_left_out(hint, given, left):
    """Those that have a meaning stay, and so do those that are to be refused."""
    assert without_nulls(given, {"f": hint}) == left


def test_null_for_a_number_or_a_text_is_refused_in_a_change(sandbox):
    """It is no list that was left out."""
    ask(sandbox, "POST", "/v4/domains", {"domain": "example.com", "type": "master", "soa_email": "a@example.org"})
    status, body, _ = ask(sandbox, "PUT", "/v4/domains/123", {"ttl_sec": None, "tags": None})
    assert (status, body) == (400, {"errors": [{"reason": "Must be of type Integer", "field": "ttl_sec"}]})
