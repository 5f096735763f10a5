"""The members of bodies that count: no undeclared ones at any depth, and no nulls for lists and objects left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from asking import NANODE, REGION, ask

from linode.api.linodes.linode import LinodeBackups
from linode.api.nodebalancers.nodes import NewNodeBalancerNode, RebuiltNodeBalancerNode
from linode.sandbox.core.kind import KINDS
from linode.sandbox.core.world import World
from linode.sandbox.engine import checks, registry, routes
from linode.sandbox.engine.bodies import significant_members

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
    left = significant_members(nulls, route.types)
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
    """Nulls with a meaning stay, and so do those that have to be refused."""
    assert significant_members(given, {"f": hint}) == left


# -- undeclared members ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hint", "given", "left"),
    [
        (NewNodeBalancerNode, {"label": "a", "colour": "red"}, {"label": "a"}),
        (list[NewNodeBalancerNode], [{"label": "a", "colour": "red"}, {}], [{"label": "a"}, {}]),
        (Sequence[RebuiltNodeBalancerNode] | None, [{"id": 5, "colour": "red"}], [{"id": 5}]),
        (NewNodeBalancerNode | RebuiltNodeBalancerNode, {"id": 5, "subnet_id": 6, "x": 1}, {"id": 5, "subnet_id": 6}),
        (LinodeBackups, {"enabled": True, "schedule": {"x": 1}, "x": 1}, {"enabled": True, "schedule": {}}),
        (dict[str, NewNodeBalancerNode], {"any": {"label": "a", "x": 1}}, {"any": {"label": "a"}}),
        (dict[str, Any], {"any": {"x": 1}}, {"any": {"x": 1}}),
        (NewNodeBalancerNode | dict[str, Any], {"any": {"x": 1}}, {"any": {"x": 1}}),
        (NewNodeBalancerNode, ["of another type"], ["of another type"]),
    ],
)
def test_undeclared_members_are_left_out_at_every_depth(hint, given, left):
    """Members of a union stay if one of its types has them; members that cannot be set stay, and keys of a dict."""
    assert significant_members({"f": given, "x": 1}, {"f": hint}) == {"f": left}


def test_an_undeclared_member_is_stored_nowhere(sandbox):
    """Neither by a generic update, nor in an object or a list of a behaviour's."""
    body = {"type": NANODE, "region": REGION, "label": "web", "interfaces": [{"purpose": "public", "x": 1}]}
    assert ask(sandbox, "POST", "/v4/linode/instances", body)[0] == 200
    change = {"alerts": {"cpu": 5, "x": 1}, "backups": {"schedule": {"day": "Sunday", "x": 1}, "x": 1}}
    status, shown, _ = ask(sandbox, "PUT", "/v4/linode/instances/123", change)
    assert (status, shown["alerts"]["cpu"], shown["backups"]["schedule"]["day"]) == (200, 5, "Sunday")
    assert not any("x" in each for each in (shown["alerts"], shown["backups"], shown["backups"]["schedule"]))


def test_objects_that_are_passed_whole_are_those_of_the_records():
    """Each exception to the rule is declared, and is an object in the body of an operation of its class."""
    exceptions = {kind.name: kind.operations.whole for kind in KINDS.values() if kind.operations.whole}
    assert exceptions == {"Config": ("devices",), "Firewall": ("rules",), "LKECluster": ("control_plane",)}
    for name, members in exceptions.items():
        types = [each.types for each in CHANGING if each.kind is not None and each.kind.name == name]
        assert all(any(member in each for each in types) for member in members)


# -- null for a number -----------------------------------------------------------------------------------------------


def test_null_for_a_number_or_a_text_is_refused_in_a_change(sandbox):
    """A null for a number or a string is no list that was left out."""
    ask(sandbox, "POST", "/v4/domains", {"domain": "example.com", "type": "master", "soa_email": "a@example.org"})
    status, body, _ = ask(sandbox, "PUT", "/v4/domains/123", {"ttl_sec": None, "tags": None})
    assert (status, body) == (400, {"errors": [{"reason": "Must be of type Integer", "field": "ttl_sec"}]})
