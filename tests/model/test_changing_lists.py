"""Lists that change while they are walked: nothing that is there throughout is lost, nothing comes twice."""

from __future__ import annotations

import pytest
from fakes import client_of, paged
from hypothesis import given, settings
from hypothesis import strategies as st

from linode import Linode, Region
from linode.errors import ListChangedError

changes = st.lists(
    st.lists(
        st.one_of(st.tuples(st.just("delete"), st.integers(0, 200)), st.tuples(st.just("create"), st.integers(1, 9))),
        max_size=6,
    ),
    max_size=8,
)


@given(st.integers(0, 130), changes)
@settings(deadline=None, max_examples=150)
def test_a_list_that_can_be_filtered_by_id(count, plan):
    """Linodes: the gaps between pages are asked for; whatever happens, iterating is whole."""
    rows = [{"id": number, "label": "x"} for number in range(1, count + 1)]
    got, always = walked("/linode/instances", rows, plan, lambda client: client.get_linodes())
    assert len(got) == len(set(got))
    assert always <= set(got)


@given(st.integers(0, 130), changes)
@settings(deadline=None, max_examples=150)
def test_a_list_that_cannot_be_filtered_by_id(count, plan):
    """Domains: read until two readings agree; when that never happens, an error says so."""
    rows = [{"id": number, "domain": "x"} for number in range(1, count + 1)]
    try:
        got, always = walked("/domains", rows, plan, lambda client: client.get_domains().all())
    except ListChangedError:
        return
    assert len(got) == len(set(got))
    assert always <= set(got)


@given(st.integers(0, 130), changes)
@settings(deadline=None, max_examples=150)
def test_a_list_that_is_filtered_by_the_client(count, plan):
    """Regions by their label, by which the API cannot filter: all are read, as safely as without a filter."""
    rows = [{"id": number, "label": "yes" if number % 3 else "no"} for number in range(1, count + 1)]
    try:
        got, always = walked("/regions", rows, plan, lambda client: client.get_regions(Region.label == "yes"))
    except ListChangedError:
        return
    assert len(got) == len(set(got))
    assert {number for number in always if number % 3} <= set(got)


def parts(linodes):
    """All ways to have pieces of a list: each gives objects that should follow one another."""
    return {
        "beginning": lambda: linodes[:60],
        "middle": lambda: linodes[20:80],
        "whole": lambda: linodes[:],
        "end": lambda: linodes[-40:],
        "backward": lambda: list(reversed(linodes)),
        "backward slice": lambda: linodes[70:10:-1],
    }


@pytest.mark.parametrize("order", ["id", "-id", "label"])
@given(st.integers(0, 130), changes, st.sampled_from([*parts(None)]), st.integers(0, 3))
@settings(deadline=None, max_examples=150)
def test_a_slice_of_a_list_that_changes(order, count, plan, part, begun):
    """Whatever page came when: in a slice nothing comes twice, and nothing between its ends is missing."""
    rows = [{"id": number, "label": f"{number * 7919 % 10007:05}"} for number in range(1, count + 1)]
    key = (lambda number: f"{number * 7919 % 10007:05}") if order == "label" else (lambda number: number)
    ordering = {"id": (), "-id": (Linode.id.desc(),), "label": (Linode.label.asc(),)}[order]

    def walk(client):
        linodes = client.get_linodes(*ordering)
        for at in range(begun):  # some pages came earlier
            linodes[at * 25 : at * 25 + 1]
        return parts(linodes)[part]()

    try:
        got, always = walked("/linode/instances", rows, plan, walk, label=key if order == "label" else None)
    except ListChangedError:
        return
    assert len(got) == len(set(got))
    if got:
        low, high = min(map(key, got)), max(map(key, got))
        assert {each for each in always if low <= key(each) <= high} <= set(got)


@given(st.integers(1, 130), changes, st.integers(0, 129))
@settings(deadline=None, max_examples=100)
def test_objects_that_stay_are_found_in_a_list_that_changes(count, plan, wanted):
    """By `in` and by `index`."""
    rows = [{"id": number, "label": "x"} for number in range(1, count + 1)]
    number = wanted % count + 1

    def walk(client):
        linodes = client.get_linodes()
        looked = Linode(client, number)
        assert (looked in linodes) or number not in always_of()
        if looked in linodes:
            assert linodes[linodes.index(looked)] == looked
        return []

    holder = {}

    def always_of():
        return holder["always"]

    walked("/linode/instances", rows, plan, walk, holder=holder)


def walked(path, rows, plan, walk, *, label=None, holder=None):
    """The objects that *walk* yields of a list that *plan* changes meanwhile, and those that stayed."""
    always = {row["id"] for row in rows}
    if holder is not None:
        holder["always"] = always
    newest = [max(always, default=0)]
    steps = iter(plan)

    def answer(request):
        result = paged(list(rows))(request)
        for kind, number in next(steps, []):
            if kind == "create":
                made = [{"id": newest[0] + each} for each in range(1, number + 1)]
                rows.extend({**each, "label": label(each["id"])} if label else each for each in made)
                newest[0] += number
            elif rows:
                always.discard(rows.pop(number % len(rows))["id"])
        return result

    client, _ = client_of({f"GET {path}": answer}, page_size=25)  # short lists have many pages then
    return [each.id for each in walk(client)], always
