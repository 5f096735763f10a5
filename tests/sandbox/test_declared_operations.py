"""Parts of the sandbox that come from the declarations: operations, checks, scopes."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from asking import ask
from declarations import declared

from linode import Domain, Image, Region
from linode.sandbox.engine import checks, registry, routes, scopes
from linode.sandbox.engine import route as route_module

# -- routes and declarations ---------------------------------------------------------------------------------------


def test_every_operation_has_types_and_scopes_that_can_be_resolved():
    for route in routes.routes():
        assert isinstance(route.types, dict), route
        assert isinstance(route.scopes, tuple), route
        assert set(route.required) <= route.types.keys(), route


def test_what_the_sandbox_does_not_serve_is_answered_with_501(sandbox):
    """`Route.served` says what a request is answered; an id that does not exist may be told before."""
    wrong = {}
    ours = {each.route for each in declared()} & {*routes.routes()}
    for route in sorted(ours, key=lambda each: each.method == "DELETE"):  # a token may be deleted
        path = re.sub(r"\{(\w+)\}", "123", route.path)
        status, _, _ = ask(sandbox, route.method, f"/v4beta{path}", {} if route.method in ("POST", "PUT") else None)
        if status == 501 if route.served else status not in (400, 404, 501):
            wrong[f"{route.method} {route.path}"] = status
    assert wrong == {}


def test_literal_segments_come_before_parameters_and_words_of_parameters_do_not_matter():
    assert routes.methods_of(("images", "sharegroups"))["GET"].operation == "list"
    assert routes.methods_of(("images", "private%2F5"))["GET"].cls is Image
    found = routes.methods_of(("linode", "instances", "1", "disks", "2"))
    assert found.keys() == {"GET", "PUT", "DELETE"}
    assert routes.methods_of(("linode", "instances", "1", "nothing")) == {}


def test_every_behaviour_takes_what_its_operation_declares():
    registry.load()
    for route in routes.routes():
        if route.behaviour is None:
            continue
        run = route.behaviour.run
        taken = inspect.signature(run).parameters
        if any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values()):
            continue
        sent = route.types.keys() if route.operation in ("create", "update", "verb") else set()
        assert not sent - taken.keys(), f"{run.__module__}.{run.__name__} does not take all of {route}"


def test_every_member_that_a_behaviour_needs_is_required():
    """A parameter without a default in a behaviour is required in the declaration, or is in the path."""
    crashing = [
        f"{route.method} {route.path}: {name}"
        for route in routes.routes()
        if route.behaviour is not None and route.operation in ("create", "verb") and isinstance(route.sent, dict)
        for name, parameter in inspect.signature(route.behaviour.run).parameters.items()
        if name in route.types and parameter.default is parameter.empty
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        if name not in route.required and f"{{{name}}}" not in route.path
    ]
    assert crashing == []


@pytest.mark.parametrize(
    "path", ["/nfs/filesystems/one", "/networking/firewalls/123/history/rules/one", "/linode/instances/123/stats/a/b"]
)
def test_a_word_for_a_number_in_a_path_is_not_found(sandbox, client, path):
    """As an ID that does not exist is."""
    client.create_firewall("wall", {"inbound_policy": "DROP", "outbound_policy": "DROP"})
    client.create_linode("g6-nanode-1", "us-east")
    answer = ask(sandbox, "GET", f"/v4beta{path}")
    assert answer[:2] == (404, {"errors": [{"reason": "Not found"}]})


def test_an_operation_without_a_behaviour_is_refused_with_501(sandbox, registering):
    registry.load()
    registering.setattr(registry, "HOOKS", {})
    registering.setattr(registry, "VERBS", {})
    registering.setattr(route_module, "VERBS", {})
    status, body, _ = ask(sandbox, "POST", "/v4/domains", {"domain": "example.com", "type": "master"})
    assert status == 501
    assert "does not implement POST /domains" in body["errors"][0]["reason"]
    assert sandbox.world.rows(Domain) == []


# -- checks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "hint", "reasons"),
    [
        ("x", "int", [("Must be of type Integer", "f")]),
        (True, "int", [("Must be of type Integer", "f")]),
        (1, "float", []),
        (None, "str | None", []),
        (None, "str", [("Must be of type String", "f")]),
        ("b", "Literal['a', 'b']", []),
        ("c", "Literal['a', 'b']", [("Must be one of a, b", "f")]),
        (True, "Literal[1, 2]", [("Must be one of 1, 2", "f")]),
        ("ab", "Annotated[str, Bounds(min_length=3, max_length=64)]", [("Length must be 3-64 characters", "f")]),
        ("a b", "Annotated[str, Bounds(pattern='^[a-z]+$')]", [("f is not valid", "f")]),
        ("ab\n", "Annotated[str, Bounds(pattern='^[a-z]+$')]", [("f is not valid", "f")]),
        ("1a", "Annotated[str, Bounds(pattern='^[a-zA-Z][a-z]*$')]", [("Must begin with a letter", "f")]),
        ("a1", "Annotated[str, Bounds(pattern='^[a-zA-Z][a-z]*$')]", [("f is not valid", "f")]),
        (9, "Annotated[int, Bounds(ge=10, le=16384)]", [("Must be 10-16384", "f")]),
        (0, "Annotated[int, Bounds(ge=1)]", [("Must be at least 1", "f")]),
        ([], "Annotated[list[int], Bounds(min_length=1, max_length=1)]", [("Must contain one item", "f")]),
        ([1, "x"], "list[int]", [("Must be of type Integer", "f[1]")]),
        ("x", "list[int]", [("Must be of type Array", "f")]),
        ("us-east", "Region | str", []),
        ("nowhere", "Region | str", [("f is not valid", "f")]),
        (5, "Region | str", [("Must be of type String", "f")]),
        ("2026-01-02T03:04:05", "datetime", []),
        ("soon", "datetime", [("f is not valid", "f")]),
        ({"a": 1}, "dict[str, Any]", []),
        ([], "dict[str, Any]", [("Must be of type Object", "f")]),
    ],
)
def test_a_value_is_checked_against_its_declared_type_in_the_words_of_the_api(world, value, hint, reasons):
    from datetime import datetime
    from typing import Annotated, Literal

    from linode._model import Bounds

    registry.load()

    names = {
        "Annotated": Annotated,
        "Literal": Literal,
        "Bounds": Bounds,
        "Region": Region,
        "datetime": datetime,
        "Any": Any,
    }
    assert checks.check(world, {"f": value}, {"f": eval(hint, names)}) == reasons


def test_all_invalid_members_are_named_at_once_and_undeclared_ones_are_ignored(world):
    types = {"label": str, "size": int, "region": str}
    found = checks.check(world, {"label": None, "size": "x", "else": object()}, types, ("label", "region"))
    assert found == [
        ("label is required", "label"),
        ("region is required", "region"),
        ("Must be of type Integer", "size"),
    ]


def test_scopes_cover_what_they_should_and_no_more():
    assert scopes.covers("*", ["linodes:read_write"])
    assert scopes.covers("domains:read_only linodes:read_write", ["linodes:read_only"])
    assert scopes.covers("linodes:*,volumes:read_only", ["linodes:read_write", "volumes:read_only"])
    assert not scopes.covers("linodes:read_only", ["linodes:read_write"])
    assert not scopes.covers("linodes:read_write", ["linodes:read_write", "volumes:read_only"])
    assert not scopes.covers("", ["linodes:read_only"])
    assert scopes.covers("", [])
