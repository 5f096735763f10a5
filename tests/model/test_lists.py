"""Lists: lazy, immutable, paged, whole."""

from __future__ import annotations

import pytest
from fakes import client_of, paged

from linode import Datacenter, Domain, Linode, Region, Retry, and_, or_
from linode.errors import ListChangedError, UnexpectedResponseError

PATH = "GET /linode/instances"


def rows(count):
    return [{"id": number, "label": f"linode{number}"} for number in range(1, count + 1)]


def listed(count, **options):
    client, fake = client_of({PATH: paged(rows(count))}, **options)
    return client.get_linodes(), fake


def test_no_request_before_the_first_use_and_a_page_is_fetched_once():
    """Making a list costs nothing; using it again costs nothing either."""
    linodes, fake = listed(3)
    assert fake.asked == []
    assert "not loaded" in repr(linodes)
    assert len(linodes) == 3
    assert [each.id for each in linodes] == [1, 2, 3]
    assert [each.id for each in reversed(linodes)] == [3, 2, 1]
    assert linodes[0] in linodes
    assert linodes.first().id == 1
    assert len(fake.asked) == 1


def test_the_largest_page_is_asked_for():
    """Round trips decide what users feel."""
    linodes, fake = listed(1)
    len(linodes)
    assert fake.asked == ["GET /linode/instances?page=1&page_size=500"]


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1203])
def test_every_kind_of_iteration_gives_every_object_once(count):
    """Iterating, indexing, slicing with any step and `all` agree with a Python list of the same."""
    linodes, _ = listed(count)
    ids = list(range(1, count + 1))
    assert [each.id for each in linodes] == ids
    assert [each.id for each in linodes.all()] == ids
    for cut in (slice(None), slice(None, None, -1), slice(490, 510), slice(-3, None), slice(5, 2), slice(0, 9999, 7)):
        assert [each.id for each in linodes[cut]] == ids[cut]
    for index in (0, -1, count // 2):
        if count:
            assert linodes[index].id == ids[index]
    assert bool(linodes) is bool(count)


def test_an_index_past_the_end_raises_index_error():
    """As a Python list would."""
    linodes, _ = listed(2)
    for index in (2, -3):
        with pytest.raises(IndexError):
            linodes[index]


def test_an_index_far_back_fetches_its_page_alone():
    """`linodes[-1]` of many pages costs two requests."""
    linodes, fake = listed(5000)
    assert linodes[-1].id == 5000
    assert [each.partition("?")[2] for each in fake.asked] == ["page=1&page_size=500", "page=10&page_size=500"]


def test_one_wants_exactly_one():
    """`one` raises where there is none or more than one; `first` gives None where there is none."""
    assert listed(1)[0].one().id == 1
    for count in (0, 2):
        with pytest.raises(ValueError, match="not exactly one"):
            listed(count)[0].one()
    assert listed(0)[0].first() is None


def test_any_number_of_filters_are_combined_with_and():
    """Positional filters, `&`, `and_`, `|` and `or_` all reach the API as its X-Filter."""
    client, fake = client_of({PATH: paged([])})
    a, b, c = Linode.label == "a", Linode.label.contains("b"), Linode.id > 3
    len(client.get_linodes(a, b, c))
    len(client.get_linodes(a & b & c))
    len(client.get_linodes(and_(a, b, c)))
    anded = {"+and": [{"label": "a"}, {"label": {"+contains": "b"}}, {"id": {"+gt": 3}}]}
    assert fake.filters == [anded, anded, anded]
    len(client.get_linodes(or_(a, b, c)))
    len(client.get_linodes(a | b | c, Linode.label.desc()))
    ored = {"+or": anded["+and"]}
    assert fake.filters[3:] == [ored, {**ored, "+order_by": "label", "+order": "desc"}]
    len(client.get_linodes(a)(c))
    assert fake.filters[-1] == {"+and": [{"label": "a"}, {"id": {"+gt": 3}}]}


def test_combining_filters_changes_none_of_them():
    """Filters are immutable."""
    a, b, c = Linode.label == "a", Linode.label == "b", Linode.label == "c"
    both = a | b
    _ = both | c
    assert both.as_json() == {"+or": [{"label": "a"}, {"label": "b"}]}
    assert a.as_json() == {"label": "a"}


def test_fields_that_the_api_cannot_filter_are_filtered_by_the_client():
    """Regions can be filtered by label, which the API does not do: all are listed, and those that fit are kept."""
    regions = [{"id": "us-east", "label": "Newark, NJ", "country": "us"}, {"id": "eu-west", "label": "London, UK"}]
    client, fake = client_of({"GET /regions": paged(regions)})
    assert client.get_datacenters(Datacenter.label.contains("Newark"))[0].id == "us-east"
    assert fake.filters == [None]
    len(client.get_regions(Region.country == "us"))
    assert fake.filters[-1] == {"country": "us"}


@pytest.mark.parametrize("change", ["shrinks", "grows"])
def test_a_list_that_changes_while_it_is_walked_is_read_anew(change):
    """No object that was there throughout is lost or given twice."""
    all_rows = rows(1200)
    asked = []

    def answer(request):
        asked.append(request.url)
        answered = paged(list(all_rows))(request)
        if len(asked) == 1:
            if change == "shrinks":
                del all_rows[3]
            else:
                all_rows.insert(0, {"id": 9999, "label": "new"})
        return answered

    client, _ = client_of({PATH: answer})
    ids = [each.id for each in client.get_linodes()]
    assert len(ids) == len(set(ids))
    assert set(ids) >= {each["id"] for each in all_rows if each["id"] != 9999}


def test_a_list_that_keeps_changing_ends_in_an_error():
    """Silence would lose objects."""
    count = [1200]

    def answer(request):
        count[0] += 1
        return paged(rows(count[0]))(request)

    client, _ = client_of({"GET /domains": answer})
    with pytest.raises(ListChangedError):
        list(client.get_domains())


@pytest.mark.parametrize("answer", [{"data": None}, {"data": [1, "x"]}, {}, {"data": [{}]}, {"data": [{"id": None}]}])
def test_a_response_that_is_no_page_is_an_error_of_the_library(answer):
    """Whatever a list request is answered with, what comes out is an error of this library."""
    client, _ = client_of({PATH: answer})
    with pytest.raises(UnexpectedResponseError):
        _ = [each.id for each in client.get_linodes()]


def test_lists_compare_like_sequences():
    """Two readings of the same list are equal; another is not."""
    assert listed(3)[0] == listed(3)[0]
    assert listed(3)[0] != listed(2)[0]
    assert listed(2)[0] == [Linode(None, 1), Linode(None, 2)]


def test_aliases_are_the_same_lists():
    """The guide's words: zones are domains, datacenters regions."""
    client, fake = client_of({"GET /domains": paged([{"id": 1, "domain": "example.com"}])})
    assert client.get_zones()[0] == Domain(client, 1)
    assert fake.asked == ["GET /domains?page=1&page_size=500"]


@pytest.mark.parametrize(
    "page",
    [
        {"data": [], "page": 1, "pages": 3, "results": 7},
        {"data": [{"id": 1}], "page": 1, "pages": 10**15, "results": 10**15},
        {"data": [{"id": 1}], "page": 1, "pages": 2, "results": 10**15},
        {"data": [], "page": 1, "pages": 1, "results": -1},
    ],
)
def test_a_page_with_impossible_counts_is_an_error(page):
    """An impossible page is refused, and no other page is requested."""
    client, fake = client_of({"GET /linode/instances": page}, retry=Retry(attempts=1))
    with pytest.raises(UnexpectedResponseError):
        client.get_linodes().all()
    assert len(fake.asked) == 1
