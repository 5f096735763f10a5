"""The rules of the comparison that look at the library: what it sends by itself, and what it describes."""

from __future__ import annotations

import pytest
from answers import _field_differs
from declarations import Declared
from facts import where
from method_requests import never_sends, sends_itself, sends_no_null

from distil_facts import members
from linode import Region, Volume
from linode._model import BaseClient, Call, Field, Struct, body
from linode.sandbox.engine.routes import Route


class Settings(Struct):
    """Fields that can be None, and one that cannot."""

    open: Field[str | None]
    needed: Field[str]


PARTIAL = {"type": "string", "partial": True}


@pytest.mark.parametrize(
    ("name", "fact", "found"),
    [
        ("open", {"type": "string"}, ["f: cannot be null"]),
        ("open", {"type": "string", "nullable": True}, []),
        ("open", PARTIAL, []),
        ("needed", {"type": "string"}, []),
        ("needed", {"type": "string", "nullable": True}, ["f: can be null"]),
        ("needed", PARTIAL, []),
    ],
)
def test_a_member_that_not_every_answer_has_can_be_none(name, fact, found):
    """A field is None where the facts allow null, and may be where they do not promise the member to everybody."""
    assert [*_field_differs(Settings._fields[name], [fact], left_out=False, name="f")] == found


def test_the_facts_tell_which_members_not_every_answer_has():
    """Variants, betas and members outside of the document are marked, at any depth; documented members are not."""
    shown = {
        "documented": {"type": "string", "src": "py+doc"},
        "unlisted": {"type": "string", "unlisted": True},
        "recorded": {"type": "array", "src": "recorded", "items": {"type": "object", "properties": {"a": {}}}},
        "beta": {"type": "string", "api_version": "v4beta"},
        "announced": {"type": "string", "stage": "BETA"},
        "payment": {
            "type": "object",
            "properties": {"id": {}, "card": {}},
            "variants": [{"title": "Card", "fields": ["id", "card"]}, {"title": "Other", "fields": ["id"]}],
        },
    }
    found = members(shown)
    marked = {name for name, fact in found.items() if fact.get("partial")}
    assert marked == {"unlisted", "recorded", "beta", "announced"}
    assert found["payment"]["properties"] == {"id": {}, "card": {"partial": True}}
    assert "partial" not in found["recorded"]["items"]["properties"]["a"]


def always(client, kind: str = "a", other: str | None = None) -> Call[None]:
    return Call("POST", "/x", body(kind=kind))


def as_null(client, kind: str | None = None) -> Call[None]:
    return Call("POST", "/x", body(kind=kind))


def left_out(client, kind: str | None = None, master: bool = True) -> Call[None]:
    members = {} if kind is None else {"kind": kind}
    return Call("POST", "/x", body(**members, type="a" if master else "b"))


def by_object(client, thing: Volume | int, kind: str | None = None) -> Call[None]:
    found = kind or ("volume" if isinstance(thing, Volume) else None)
    return Call("POST", "/x", body(thing=thing, kind=found or ...))


def by_one_of_two(client, thing: Volume | Region, kind: str | None = None) -> Call[None]:
    found = kind or ("volume" if isinstance(thing, Volume) else None)
    return Call("POST", "/x", body(thing=thing, kind=found or ...))


def only_when_true(client, master: bool = False) -> Call[None]:
    return Call("POST", "/x", body(**({"master": True} if master else {})))


def in_a_header(client, token: str, thing: str) -> Call[None]:
    return Call("POST", "/x", body(thing=thing), token=token)


def declared(describe, *given):
    """The operation that *describe* declares."""
    sent = describe(BaseClient(), *given).json
    route = Route("POST", "/x", "verb", None, None, (), describe, sent)
    return Declared("volumes", describe.__name__, where("POST", "/x"), route, None)


@pytest.mark.parametrize(
    ("rule", "each", "key", "holds"),
    [
        (sends_itself, declared(always), "kind", True),
        (sends_itself, declared(always), "other", False),
        (sends_itself, declared(as_null), "kind", False),
        (sends_itself, declared(left_out), "kind", False),
        (sends_itself, declared(by_object, "{thing}"), "kind", True),
        (sends_itself, declared(by_one_of_two, "{thing}"), "kind", False),
        (sends_no_null, declared(always), "kind", False),
        (sends_no_null, declared(as_null), "kind", False),
        (sends_no_null, declared(left_out), "kind", True),
        (never_sends, declared(always), "kind", False),
        (never_sends, declared(left_out), "master", True),
        (never_sends, declared(left_out), "kind", False),
        (never_sends, declared(only_when_true), "master", False),
        (never_sends, declared(in_a_header, "{token}", "{thing}"), "token", True),
        (never_sends, declared(in_a_header, "{token}", "{thing}"), "thing", False),
    ],
)
def test_what_the_library_sends_is_looked_at(rule, each, key, holds):
    """A default counts when it is sent, None when it is not, a parameter when nothing is sent by its name."""
    assert rule(each, key) is holds
