"""Lists and fields refuse the forms of other libraries with their own."""

from __future__ import annotations

import asyncio
import re
import warnings

import pytest

from linode import Event, Linode, Type
from linode.errors import NotLoadedError
from linode.sandbox import Sandbox


@pytest.fixture
def sandbox():
    with Sandbox(seed=1) as sandbox:
        sandbox.client().create_linode("g6-nanode-1", "us-east", label="web-1")
        yield sandbox


@pytest.mark.parametrize(
    ("option", "cure"),
    [
        ("order_by", "order it by Linode.label.asc() or .desc()"),
        ("limit", "take a part of it: the_list[:10], or await the_list.part(0, 10)"),
        ("page_size", "client.with_options(page_size=100)"),
        ("region", "it takes filters, such as Linode.region == ..."),
        ("name", "it takes filters, such as Linode.label == ..."),
    ],
)
def test_an_option_of_a_list_is_refused_with_the_way_to_say_it(sandbox, option, cure):
    """Lists take filters alone."""
    with pytest.raises(TypeError) as refused:
        sandbox.client().get_linodes(**{option: 1})
    assert str(refused.value).startswith(f"a list of Linode objects has no option {option!r}; ")
    assert cure in str(refused.value)


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("label", "a Linode has it: [each.label for each in the_list]"),
        ("reboot", "a Linode has it: [each.reboot for each in the_list]"),
        ("filter", "call it with filters: the_list(Linode.label == ...)"),
        ("sort", "order it by the_list(Linode.label.asc())"),
        ("length", "write len(the_list), or await the_list.total()"),
        ("append", "the client, or the object that the list belongs to, has a verb that creates one"),
        ("totl", "did you mean 'total'?"),
    ],
)
def test_an_attribute_of_a_list_is_refused_with_the_way_to_say_it(sandbox, name, cure):
    """Also one that its objects have."""
    with pytest.raises(AttributeError) as refused:
        getattr(sandbox.client().get_linodes(), name)
    assert str(refused.value) == f"a list of Linode objects has no attribute {name!r}; {cure}"


def test_a_label_is_no_index(sandbox):
    """The error has the filter that finds the object."""
    with pytest.raises(TypeError, match=r"is an int, not str; find by a name: the_list\(Linode.label == 'web-1'\).one"):
        sandbox.client().get_linodes()["web-1"]


def test_a_field_shows_its_name_and_the_way_to_compare_it():
    """Python's operators for texts and the lack of parentheses are refused with the filter that was meant."""
    assert (repr(Linode.label), repr(Linode.specs.memory)) == ("Linode.label", "Linode.specs.memory")
    with pytest.raises(TypeError, match=r"write Linode.label.contains\('web'\) for a filter"):
        _ = "web" in Linode.label
    with pytest.raises(TypeError, match=r"put the comparison with Linode.label in parentheses"):
        Linode.label == "a" | Linode.label == "b"  # noqa: B015
    with pytest.raises(AttributeError, match=r"the field Linode.label has no attribute 'startswith'; it has asc\(\)"):
        Linode.label.startswith("web")


def test_what_the_api_cannot_filter_is_looked_for_in_the_list():
    """The error lists the fields that it can filter by, and how the rest is found."""
    with pytest.raises(
        TypeError, match=r"'type'; .*: group, id, .*; look .*: \[each for each in the_list if each.type"
    ):
        Linode.type == "g6-nanode-1"  # noqa: B015


def test_a_text_is_compared_as_the_number_or_time_that_the_field_holds(sandbox):
    """An ID from the command line is a text; the API would find nothing by it."""
    client = sandbox.client()
    assert client.get_linodes(Linode.id == "123").one().label == "web-1"
    assert len(client.get_types(Type.memory >= "1024")) == len(client.get_types(Type.memory >= 1024))
    assert len(client.get_events(Event.created >= "2026-01-01")) == len(client.get_events())
    for wrong, words in (
        (lambda: Linode.id == "web-1", "Linode.id is a number, and 'web-1' is none"),
        (lambda: Event.created >= "yesterday", "Event.created is a time, and 'yesterday' is none; write a datetime"),
    ):
        with pytest.raises(ValueError, match=words):
            wrong()


def test_an_object_that_is_compared_with_its_id_warns(sandbox):
    """A filter takes either, and the comparison of values would be false without a word."""
    linode = sandbox.client().get_linodes().one()
    for compare, words in (
        (
            lambda: linode.region == "us-east",
            "a Region is never equal to its ID, 'us-east'; compare its attribute 'id'",
        ),
        (lambda: linode in [5, 123], "a Linode is never equal to its ID, 123"),
    ):
        with pytest.warns(UserWarning, match=words):
            assert compare() is False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert linode.region != "eu-west"
        assert linode != 5


def test_what_is_not_awaited_says_so(sandbox):
    """An object or list of the sync client in an ``await`` would otherwise end in an endless recursion."""

    async def walk():
        return [each async for each in sandbox.client().get_linodes()]

    async def wait_for_it(given):
        return await given

    for wrong, cure in (
        (lambda: wait_for_it(sandbox.client().get_linodes().one()), "write obj.load() without await"),
        (lambda: wait_for_it(sandbox.client().get_linodes()), "write the_list.all() without await"),
        (walk, "write for each in the_list"),
    ):
        with pytest.raises(TypeError, match=re.escape(cure)):
            asyncio.run(wrong())


def test_a_part_of_a_list_can_be_awaited(sandbox):
    """Only the pages of the part are fetched, as by a slice of the sync client."""
    for number in range(60):
        sandbox.client().create_linode("g6-nanode-1", "us-east", label=f"node-{number}")

    async def read():
        async with sandbox.async_client(page_size=25) as client:
            linodes = client.get_linodes()
            with pytest.raises(NotLoadedError, match=r"write await the_list.part\(start, stop\)"):
                linodes[50:52]
            with pytest.raises(NotLoadedError, match=r"write await the_list.first\(\), or"):
                linodes[0]
            return await linodes.part(55, 58), await linodes.part(60, 99)

    sandbox.requests.clear()
    found, last = asyncio.run(read())
    assert [each.id for each in found] == [178, 179, 180]
    assert [each.id for each in last] == [183]
    assert [each.query for each in sandbox.requests] == ["page=1&page_size=25", "page=3&page_size=25"]
    assert sandbox.client().get_linodes().part(0, 1) == sandbox.client().get_linodes()[:1]
