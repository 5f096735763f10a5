"""Every member of a body that the API lets be null may be null in the sandbox."""

from __future__ import annotations

import functools
from typing import Union

import pytest
from declarations import declared
from facts import operations, resolved

from linode.sandbox.engine import bodies, checks, hints

REFUSED = {"POST /linode/instances/{}/rebuild": "image"}
"""Null is refused in the API's own words, by behaviour: ``You must specify an image``."""


def nullable(fact, types, at=""):
    """The members of the body *fact* that may be null: the path, and the body in which each is null alone."""
    for name, member in fact.items():
        if not isinstance(member, dict) or name not in types:
            continue
        inner, hint, lists = resolved(member), types[name], 0
        if inner.get("nullable"):
            yield f"{at}{name}", {name: None}
        while "items" in inner and hint is not None:
            inner, hint, lists = resolved(inner["items"]), hints.item_type(hint), lists + 1
        below = {}
        for arm in hints.arms(hint):
            for key, each in hints.declared_of(arm).items():
                below[key] = Union[below[key], each] if key in below else each  # noqa: UP007 - a type made here
        for path, value in nullable(inner.get("properties", {}), below, f"{at}{name}."):
            yield path, {name: functools.reduce(lambda inner, _: [inner], range(lists), value)}


def cases():
    for each in declared():
        fact = operations().get(each.key, {})
        variants = [fact.get("request"), *(fact.get("request_variants") or ())]
        for variant in variants:
            if isinstance(variant, dict):
                for path, body in nullable(variant.get("properties", variant), each.route.types):
                    if REFUSED.get(str(each.key)) != path:
                        yield pytest.param(each.route, body, id=f"{each.key} {path}")


CASES = list({each.id: each for each in cases()}.values())


@pytest.mark.parametrize(("route", "body"), CASES)
def test_null_passes(route, body):
    """As a value, or as a missing member; members that are required beside it are no part of this."""
    left = () if route.kind is None or route.operation != "update" else route.kind.operations.left_by_null
    found = bodies.significant_members(body, route.types, every=route.operation != "update", left_by_null=left)
    reasons = checks.check(None, found, route.types)
    assert [each for each in reasons if not each[0].endswith("is required")] == []


def test_there_are_many():
    """The list above is not empty by mistake."""
    assert len(CASES) > 200
