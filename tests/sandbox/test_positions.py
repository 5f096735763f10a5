"""Positions that are worked out when they are read are those that a list would have."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linode.sandbox.core.blocks import SIZE, Blocks
from linode.sandbox.core.positions import Difference, Ordered, contains, intersection
from linode.sandbox.core.texts import MAX_PENDING, Texts

sizes = st.integers(0, 400)


@given(sizes, st.sets(st.integers(0, 399)), st.integers(0, 400), st.integers(0, 400))
def test_positions_without_others(size, gone, start, stop):
    every = list(range(0, 3 * size, 3))
    out = sorted(3 * each for each in gone if each < size)
    left = [each for each in every if each not in out]
    found = Difference(every, out)
    assert (len(found), list(found), found[start:stop]) == (len(left), left, left[start:stop])
    assert found[::-1] == left[::-1]
    assert [each in found for each in every] == [each in left for each in every]
    if left:
        assert (found[0], found[-1]) == (left[0], left[-1])


def test_positions_without_a_long_run_of_others():
    every, out = list(range(5_000)), list(range(10, 4_000))
    assert Difference(every, out)[5:15] == [5, 6, 7, 8, 9, 4_000, 4_001, 4_002, 4_003, 4_004]


@given(st.sets(st.integers(0, 999)), st.integers(0, 999), st.integers(0, 999))
def test_positions_in_another_order(met, start, stop):
    order = random.Random(1).sample(range(1_000), 1_000)
    found = [each for each in order if each in met]
    picked = Ordered(order, sorted(met))
    assert (len(picked), list(picked), picked[start:stop]) == (len(found), found, found[start:stop])


@given(st.lists(st.sets(st.integers(0, 500)).map(sorted), min_size=1, max_size=3))
def test_common_positions(places):
    assert list(intersection(places)) == sorted(set(places[0]).intersection(*places))
    assert contains(places[0], 7) == (7 in places[0])


def test_a_sorted_sequence_stays_sorted():
    """Items are added and removed in any order, over the bounds of blocks."""
    chance, kept = random.Random(1), list(range(0, 6 * SIZE, 2))
    blocks = Blocks(chance.sample(kept, len(kept)))
    for item in chance.sample(range(1, 6 * SIZE, 2), 3 * SIZE):
        blocks.add(item)
    for item in chance.sample(range(6 * SIZE), 4 * SIZE):
        blocks.discard(item)
    kept = list(blocks)
    assert len(blocks) == len(kept) == 2 * SIZE
    assert all(before < after for before, after in pairwise(kept))
    for at in (0, 1, SIZE - 1, SIZE, 2 * SIZE - 1, 2 * SIZE):
        assert blocks.part(at, at + 700) == kept[at : at + 700]
    assert [blocks.position(each) for each in kept] == list(range(2 * SIZE))
    for item in kept:
        blocks.discard(item)
    assert (len(blocks), list(blocks), blocks.position(5)) == (0, [], 0)
    blocks.add(3)
    assert list(blocks) == [3]


@given(
    st.lists(st.text("ab\n", max_size=4), unique=True),
    st.lists(st.text("ab\n", max_size=4)),
    st.text("ab\n", max_size=2),
)
def test_texts_are_found_by_a_part(texts, more, part):
    known = Texts(texts)
    for each in more:
        known.add(each)
    assert sorted(known.having(part)) == sorted({each for each in (*texts, *more) if part in each})


def test_texts_say_when_there_are_many_new_ones():
    known = Texts(["a"])
    for at in range(MAX_PENDING):
        known.add(str(at))
    assert not known.stale
    known.add("last")
    assert known.stale


@pytest.mark.parametrize("value", [5, None, ["a"]])
def test_other_values_than_texts_have_no_parts(value):
    known = Texts([])
    known.add(tuple(value) if isinstance(value, list) else value)
    assert list(known.having("")) == []
