"""Facts on record besides the API's document: each entry has a source, tells something new, and is needed."""

from __future__ import annotations

import functools

import pytest
from changed_facts import Changeable
from declarations import families
from facts import documented
from recorded_facts import entries, filters, merged, repeated, unsourced

SEEN = {"seen": "recorded by somebody"}


@functools.cache
def unchanged():
    """The differences from the facts with all that is on record."""
    return Changeable().differences(*families())


def test_every_entry_has_a_source_and_says_what_the_document_does_not():
    """An entry that the document has caught up with is removed."""
    assert unsourced(entries()) == []
    assert repeated(documented(), entries()) == []


@pytest.mark.parametrize("place", entries())
def test_every_entry_explains_a_difference(changeable, place):
    """Without the entry, the declarations differ from the facts in one more line."""
    with_it = unchanged()
    changeable.record({name: entry for name, entry in entries().items() if name != place})
    assert changeable.differences(*families()) - with_it


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        ("GET /entities", {"scopes": ["account:read_write"]}),
        ("GET /account/events", {"filterable": ["status"]}),
        ("GET /volumes", {"auth": "none"}),
        ("Domain.status", {"nullable": True}),
        ("Domain.colour", {"type": "string"}),
    ],
)
def test_an_entry_that_is_wrong_is_a_difference(changeable, place, entry):
    """The declarations do not say it."""
    before = unchanged()
    changeable.record({**entries(), place: {**entry, **SEEN}})
    assert changeable.differences(*families()) - before


@pytest.mark.parametrize(
    ("place", "entry", "found"),
    [
        ("GET /volumes", {"scopes": ["volumes:read_only"]}, ["GET /volumes: scopes"]),
        ("GET /regions", {"scopes": []}, ["GET /regions: scopes"]),
        ("GET /volumes", {"filterable": ["label", "size"]}, ["GET /volumes: filterable"]),
        ("Domain.description", {"nullable": True}, ["Domain.description: nullable"]),
        ("Domain.status", {"minLength": 0}, ["Domain.status: minLength"]),
        ("Domain.status", {"type": "string", "optional": True}, ["Domain.status: type"]),
        ("GET /volumes", {"filterable": ["size"]}, []),
        ("Domain.description", {"minLength": 0}, []),
        ("Domain.colour", {"type": "string"}, []),
    ],
)
def test_an_entry_that_the_document_has_already_is_reported(place, entry, found):
    assert repeated(documented(), {place: {**entry, **SEEN}}) == found


@pytest.mark.parametrize(
    "entry",
    [{"scopes": []}, {"scopes": [], "seen": ""}, {"scopes": [], "seen": "recorded"}, {"scopes": [], "seen": 1}, SEEN],
)
def test_an_entry_without_a_source_or_a_fact_is_reported(entry):
    assert unsourced({"GET /entities": entry, "GET /tags": {"scopes": [], **SEEN}}) == ["GET /entities"]


@pytest.mark.parametrize(
    "place", ["GET /entitees", "PATCH /entities", "Domayn.status", "Domain", "Domain.colour", "Domain.colour.red"]
)
def test_an_entry_for_an_unknown_operation_is_refused(place):
    """A member that is new needs its type."""
    with pytest.raises(LookupError, match=place):
        merged(documented(), {place: {"nullable": True, **SEEN}})


def test_filters_are_added_and_other_facts_replaced():
    """The document's facts stay as they are."""
    facts = documented()
    entry = {"filterable": ["size"], "scopes": ["x:read_only"], **SEEN}
    made = merged(facts, {"GET /volumes": entry})
    (now,) = (each for each in made["operations"] if (each["method"], each["path"]) == ("GET", "/volumes"))
    (before,) = (each for each in facts["operations"] if (each["method"], each["path"]) == ("GET", "/volumes"))
    assert filters(made, now) == {*filters(facts, before), "size"}
    assert (now["scopes"], before["scopes"]) == (["x:read_only"], ["volumes:read_only"])
    assert facts == documented()
