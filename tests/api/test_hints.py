"""The comparison of a declared type with a fact finds what it is for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Required, TypedDict

import pytest
from deviations import unexplained, unreasoned, unused
from hints import body_differences, differences, takes_empty

from linode import Region
from linode._model import Bounds, Field, Struct

TEXT = {"type": "string"}


class Range(TypedDict, total=False):
    """A range, as a body of a request has it."""

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
        (int, {**TEXT, "enum": [1, 2]}, ["f: choices lack 1, 2"]),
        (Literal[1, 2], {**TEXT, "enum": [1, 2]}, []),
        (Literal[1, 2], {**TEXT, "enum": ["1", "2"]}, ["f: is str", "f: choices lack 1, 2", "f: choices add 1, 2"]),
        (Literal[6, 12] | int, {**TEXT, "also": ["integer"], "enum": ["6", "12"]}, []),
        (
            Literal[6, 13] | int,
            {**TEXT, "also": ["integer"], "enum": ["6", "12"]},
            ["f: choices lack 12", "f: choices add 13"],
        ),
        (Annotated[int, Bounds(ge=1000, le=9999)], {"type": "integer", "minLength": 4, "maxLength": 4}, []),
        (
            Annotated[int, Bounds(ge=1000, le=999)],
            {"type": "integer", "minLength": 4, "maxLength": 4},
            ["f: max is 9999"],
        ),
        (int, {"type": "integer", "minLength": 4}, ["f: min is 1000"]),
        (dict[str, Any], {"type": "object", "maxLength": 9}, []),
        (list[str], {"type": "array", "maxLength": 9}, ["f: maxLength is 9"]),
        (Annotated[str, Bounds(min_length=2, pattern="^a.+$")], {**TEXT, "minLength": 1, "pattern": "^a.+$"}, []),
        (
            Annotated[str, Bounds(min_length=3, pattern="^a.+$")],
            {**TEXT, "minLength": 1, "pattern": "^a.+$"},
            ["f: minLength is 1"],
        ),
    ],
)
def test_differences_of_types_are_reported(hint, fact, found):
    """Types, choices and bounds, in lists too; nothing where both say the same."""
    assert list(differences(hint, fact, "f")) == found


@pytest.mark.parametrize(
    ("hint", "taken"),
    [
        (str, True),
        (Annotated[str, Bounds(max_length=9)] | None, True),
        (Annotated[str, Bounds(min_length=0)], True),
        (Annotated[str, Bounds(min_length=2)], False),
        (Annotated[str, Bounds(pattern="^a$")] | None, False),
    ],
)
def test_a_declaration_takes_the_empty_text_without_a_least_length_and_a_pattern(hint, taken):
    assert takes_empty(hint) is taken


@pytest.mark.parametrize(
    ("hint", "name", "fact", "found"),
    [
        (datetime, "created", TEXT, []),
        (datetime, "label", TEXT, ["o.label: is str"]),
        (datetime, "created", {**TEXT, "format": "ip"}, ["o.created: is str"]),
        (int, "id", {"type": "number"}, []),
        (int, "size", {"type": "number"}, ["o.size: is float"]),
        (Literal["v4", "v4beta"], "x", {**TEXT, "enum": ["v4"]}, ["o.x: choices add v4beta"]),
        (Region.capabilities.argument(), "x", {"type": "array", "items": {**TEXT, "enum": ["Linodes"]}}, []),
    ],
)
def test_a_name_or_a_shared_set_of_words_tells_more(hint, name, fact, found):
    """Times and IDs by their names, where the facts leave the type open; words of a field that are those of another."""
    assert list(differences(hint, fact, f"o.{name}", bounds=False)) == found


def test_words_that_are_sent_are_not_shared():
    """A body takes its own words alone."""
    fact = {"type": "array", "items": {**TEXT, "enum": ["Linodes"]}}
    assert any("choices add" in line for line in differences(Region.capabilities.argument(), fact, "f"))


class Read(Struct):
    """A nested object, read and sent."""

    a: Field[str | None]


class Sent(TypedDict, total=False):
    """The same as a body alone."""

    a: str | None


class Strict(TypedDict, total=False):
    """The same, without null."""

    a: str


@pytest.mark.parametrize(
    ("hint", "found"),
    [(Read, []), (Read | Strict, []), (Sent, ["b.o.a: cannot be null"]), (Read | Sent, ["b.o.a: cannot be null"])],
)
def test_the_null_of_a_field_is_that_of_its_answers(hint, found):
    """A field has one type where it is read and sent; a body alone has its own."""
    assert (
        list(body_differences({"o": hint}, set(), {"o": {"type": "object", "properties": {"a": TEXT}}}, "b")) == found
    )


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
    """The members of nested bodies are compared: which are required, which may be null, and their own members."""
    assert list(body_differences(given, needed, facts, "b")) == found


def test_deviations_explain_what_they_name():
    """The star stands for anything, other characters for themselves; a reason has words."""
    known = {"A.*: missing": "not sent", "B[]: is str": "", "C: x": "unknown"}
    assert unexplained(["A.b: missing", "A.b: is str", "B[]: is str"], known) == ["A.b: is str"]
    assert unused(["A.b: missing", "B[]: is str"], known) == ["C: x"]
    assert unreasoned(known) == ["B[]: is str", "C: x"]
