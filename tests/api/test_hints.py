"""The comparison of a declared type with a fact finds what it is for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Required, TypedDict

import pytest
from deviations import unexplained, unreasoned, unused
from hints import body_differences, differences

from linode import Region
from linode._model import Bounds

TEXT = {"type": "string"}


class Range(TypedDict, total=False):
    """What a body may hold."""

    range: Required[str]
    prefix: Annotated[int, Bounds(ge=1, le=64)] | None


RANGE = {"range": {**TEXT, "required": True}, "prefix": {"type": "integer", "min": 1, "max": 64, "nullable": True}}


@pytest.mark.parametrize(
    ("hint", "fact", "found"),
    [
        (str, TEXT, []),
        (int, TEXT, ["f: is str"]),
        (int | str, {**TEXT, "also": ["integer"]}, []),
        (str, {"type": "boolean"}, ["f: is bool"]),
        (str, {**TEXT, "format": "date-time"}, ["f: is datetime"]),
        (datetime, {**TEXT, "format": "date-time"}, []),
        (list[str], {"type": "array", "items": TEXT}, []),
        (list[int], {"type": "array", "items": TEXT}, ["f[]: is str"]),
        (str, {"type": "array", "items": TEXT}, ["f: is list"]),
        (dict[str, Any], {"type": "object"}, []),
        (Literal["a", "b"], {**TEXT, "enum": ["a", "b"]}, []),
        (Literal["a", "b"], {**TEXT, "enum": ["b", "c"]}, ["f: choices lack c", "f: choices add a"]),
        (str, {**TEXT, "enum": ["a"]}, ["f: choices lack a"]),
        (Annotated[str, Bounds(min_length=1)], {**TEXT, "minLength": 1}, []),
        (Annotated[str, Bounds(min_length=2)], {**TEXT, "minLength": 1}, ["f: minLength is 1"]),
        (str, {**TEXT, "maxLength": 64}, ["f: maxLength is 64"]),
        (Annotated[str, Bounds(max_length=9)], TEXT, ["f: max_length 9 is not the API's"]),
        (list[str], {"type": "array", "items": TEXT, "minItems": 1}, ["f: minItems is 1"]),
        (list[str], {"type": "array", "items": {**TEXT, "pattern": "a"}}, ["f[]: pattern is a"]),
        (Annotated[int, Bounds(ge=1)] | None, {"type": "integer", "min": 1}, []),
    ],
)
def test_what_differs_is_told(hint, fact, found):
    """Types, choices and bounds, in lists too; nothing where both say the same."""
    assert list(differences(hint, fact, "f")) == found


@pytest.mark.parametrize(
    ("given", "needed", "facts", "found"),
    [
        ({"a": str}, {"a"}, {"a": {**TEXT, "required": True}}, []),
        ({"a": str}, set(), {}, ["b.a: not in the body"]),
        ({}, set(), {"a": TEXT}, ["b.a: missing"]),
        ({"a": str}, set(), {"a": {**TEXT, "required": True}}, ["b.a: required by the API"]),
        ({"a": str, "c": str}, {"a"}, {"a": TEXT, "c": TEXT}, ["b.a: not required by the API"]),
        ({"a": str}, {"a"}, {"a": TEXT}, []),
        ({"a": str}, set(), {"a": {**TEXT, "nullable": True}}, ["b.a: can be null"]),
        ({"a": str | None}, set(), {"a": TEXT}, ["b.a: cannot be null"]),
        ({"a": Region | str}, set(), {"a": TEXT}, []),
        ({"a": Range}, set(), {"a": {"type": "object", "properties": RANGE}}, []),
        (
            {"a": list[Range]},
            set(),
            {"a": {"type": "array", "items": {"type": "object", "properties": {"range": TEXT}}}},
            ["b.a[].prefix: not in the body", "b.a[].range: not required by the API"],
        ),
    ],
)
def test_bodies_are_compared_all_the_way_down(given, needed, facts, found):
    """Their members, which of them are required and which may be null, and what is in them."""
    assert list(body_differences(given, needed, facts, "b")) == found


def test_deviations_explain_what_they_name():
    """The star stands for anything, other characters for themselves; a reason has words."""
    known = {"A.*: missing": "not sent", "B[]: is str": "", "C: x": "unknown"}
    assert unexplained(["A.b: missing", "A.b: is str", "B[]: is str"], known) == ["A.b: is str"]
    assert unused(["A.b: missing", "B[]: is str"], known) == ["C: x"]
    assert unreasoned(known) == ["B[]: is str", "C: x"]
