"""Lists, over both clients: counted, walked, filtered, ordered."""

from __future__ import annotations

import pytest

from linode import Linode
from linode.errors import NotLoadedError

COUNT = 60


@pytest.fixture
def labels(api):
    """Linodes on three pages of 25."""
    labels = [f"web{number:02}" for number in range(COUNT)]
    for label in labels:
        api.linode(label, tags=["even" if int(label[3:]) % 2 == 0 else "odd"])
    api.home.forget()
    api.client = api.another(page_size=25)
    return labels


def names(linodes):
    return [each.label for each in linodes]


def test_nothing_is_asked_before_the_first_use(api):
    """A list is created, filtered and shown without a request."""
    linodes = api.client.get_linodes(Linode.label.contains("a"))
    assert "not loaded" in repr(linodes(Linode.id > 5))
    assert api.paths() == []


def test_len_of_a_list(api, labels):
    """One page tells how many there are."""
    linodes = api.client.get_linodes()
    assert api.run(linodes.total()) == len(labels)
    assert api.paths() == ["GET /linode/instances"]
    assert len(linodes) == len(labels)


def test_consistent_reads(api, labels):
    """All pages, in order, each asked for once; and one request for what their borders may hide."""
    assert names(api.each(api.client.get_linodes())) == labels
    assert api.paths() == ["GET /linode/instances"] * 4


def test_iteration_can_stop_early(api, labels):
    """An iteration that stops on the first page has requested no other page."""
    assert names(api.first(api.client.get_linodes(), 3)) == labels[:3]
    assert api.paths() == ["GET /linode/instances"]


def test_all_returns_every_object(api, labels):
    """A plain list, which the same list does not ask for again."""
    linodes = api.client.get_linodes()
    assert names(api.run(linodes.all())) == labels
    assert names(api.run(linodes.all())) == labels
    assert len(api.paths()) == 4


def test_first_and_one(api, labels):
    """The first, or None; the only one, or an error."""
    get = api.client.get_linodes
    assert api.run(get().first()).label == labels[0]
    assert api.run(get(Linode.label == "nobody").first()) is None
    assert api.run(get(Linode.label == "web07").one()).label == "web07"
    with pytest.raises(ValueError, match="has 0 objects"):
        api.run(get(Linode.label == "nobody").one())
    with pytest.raises(ValueError, match=f"has {COUNT}"):
        api.run(get().one())


def test_filters(api, labels):
    """Conditions, put together in every way, on either side of a page's end."""
    get = api.client.get_linodes
    assert names(api.each(get(Linode.label.contains("web1")))) == labels[10:20]
    assert names(api.each(get(Linode.tags == "odd"))) == labels[1::2]
    assert names(api.each(get((Linode.label == "web03") | (Linode.label == "web58")))) == ["web03", "web58"]
    assert names(api.each(get(Linode.tags == "even", Linode.label.contains("web5")))) == labels[50::2]


def test_ordering(api, labels):
    """By any field that can be filtered, up or down."""
    assert names(api.each(api.client.get_linodes(Linode.label.desc()))) == labels[::-1]
    assert names(api.each(api.client.get_linodes(Linode.id.desc()))) == labels[::-1]


def test_indices_and_slices(api, labels):
    """Of a list that is there; the sync client fetches the pages that it takes, the other says what to write."""
    linodes = api.client.get_linodes()
    if api.awaited:
        with pytest.raises(NotLoadedError, match="await"):
            _ = linodes[0]
        with pytest.raises(NotLoadedError, match="async for"):
            next(iter(linodes))
        with pytest.raises(NotLoadedError, match=r"await the_list\.all\(\)"):
            list(linodes)
        assert api.paths() == []
        api.run(linodes.all())
    assert linodes[-1].label == labels[-1]
    assert api.awaited or len(api.paths()) == 2
    assert names(linodes[5:40:7]) == labels[5:40:7]
    assert names(linodes[::-1]) == labels[::-1]
    with pytest.raises(IndexError, match="no index 60"):
        _ = linodes[COUNT]
