"""An API that ignores ``X-Filter`` or repeats a page: whole lists, errors of ours, a bounded number of requests."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import json

import pytest
from fakes import LINODE, AwaitedFake, Fake

from linode import AsyncLinodeClient, Domain, Event, Linode, LinodeClient, Retry
from linode._http.transport import Response
from linode.errors import (
    ListChangedError,
    OutcomeUnknownError,
    TransportError,
    UnexpectedResponseError,
    WaitTimeoutError,
)

ROWS = [{**LINODE, "id": number, "label": f"web-{number}"} for number in range(1, 101)]
DATE = "Mon, 10 Nov 2025 12:00:00 GMT"


def pages_of(rows, *, repeated=None, pages=None):
    """Answers a list request with a page of *rows* and looks at no filter; *repeated*: this page whatever is asked."""

    def answer(request):
        query = dict(each.split("=") for each in request.url.partition("?")[2].split("&"))
        page, size = repeated or int(query["page"]), int(query["page_size"])
        count = pages or max(1, -(-len(rows) // size))
        results = len(rows) if pages is None else pages * size
        shown = {"data": rows[(page - 1) * size : page * size], "page": page, "pages": count, "results": results}
        return Response(200, {"Date": DATE}, json.dumps(shown).encode())

    return answer


@pytest.fixture(params=["sync", "async"])
def ask(request):
    """Gives what *operation* gives with a client whose requests *answers* answers, and the transport it went by."""

    def asked(answers, operation, **options):
        options = {"page_size": 10, **options}
        if request.param == "sync":
            fake = Fake(answers)
            return operation(LinodeClient("the-token", "http://api.test/v4", transport=fake, **options)), fake

        async def awaited():
            given = operation(AsyncLinodeClient("the-token", "http://api.test/v4", transport=fake, **options))
            return await given if inspect.isawaitable(given) else await taken(given)

        async def taken(given):
            return [each async for each in given]

        fake = AwaitedFake(answers)
        return asyncio.run(awaited()), fake

    return asked


def test_a_list_is_read_by_its_pages_alone(ask):
    """Rows outside of the gaps between pages prove that the filter is not obeyed: two readings agree instead."""
    found, fake = ask({"GET /linode/instances": pages_of(ROWS)}, lambda client: client.get_linodes().all())
    assert [each.id for each in found] == list(range(1, 101))
    assert len(fake.requests) <= 3 * 10


def test_a_slice_is_read_by_its_pages_alone():
    """The borders between pages are looked at again, without a filter."""
    fake = Fake({"GET /linode/instances": pages_of(ROWS)})
    client = LinodeClient("the-token", "http://api.test/v4", transport=fake, page_size=10)
    assert [each.id for each in client.get_linodes()[5:35]] == list(range(6, 36))
    assert len(fake.requests) <= 3 * 10


@pytest.mark.parametrize("which", [Linode.label == "web-3", Linode.id == 3, Linode.id.desc() & (Linode.tags == "a")])
def test_objects_outside_of_the_filter_are_not_returned(ask, which):
    """A filter that is not obeyed is an error: the first of all Linodes is not the one that was looked for."""
    with pytest.raises(UnexpectedResponseError, match=r"GET /linode/instances.*X-Filter"):
        ask({"GET /linode/instances": pages_of(ROWS)}, lambda client: client.get_linodes(which).all())


@pytest.mark.parametrize("pages", [2, 10, 10_000])
@pytest.mark.parametrize("family", ["linodes", "domains"])
def test_a_repeated_page_ends_in_an_error(ask, family, pages):
    """However many pages there are said to be: few requests, and an error that says what is wrong."""
    path, rows, listed = {
        "linodes": ("/linode/instances", ROWS, lambda client: client.get_linodes().all()),
        "domains": ("/domains", [{"id": each["id"], "domain": "x"} for each in ROWS], lambda c: c.get_domains().all()),
    }[family]
    answers = {f"GET {path}": pages_of(rows, repeated=1, pages=pages)}
    with pytest.raises((ListChangedError, UnexpectedResponseError), match=rf"{path}.*repeats|{path}.*changed"):
        ask(answers, listed)


def test_few_requests_prove_that_pages_are_repeated():
    """Of ten thousand pages two dozen are asked for, and again, before it is said."""
    fake = Fake({"GET /linode/instances": pages_of(ROWS, repeated=1, pages=10_000)})
    client = LinodeClient("the-token", "http://api.test/v4", transport=fake, page_size=10)
    with pytest.raises(UnexpectedResponseError):
        client.get_linodes().all()
    assert len(fake.requests) <= 100
    fake.requests.clear()
    with pytest.raises(ListChangedError):
        _ = client.get_linodes()[55]
    assert len(fake.requests) <= 100


def test_an_endless_list_ends_in_an_error(ask):
    """Each page has newer objects than the one before, whatever is asked."""
    new = itertools.count(1)

    def answer(_request):
        return {"data": [{**LINODE, "id": next(new)} for _ in range(10)], "page": 1, "pages": 2, "results": 20}

    fakes = []
    with pytest.raises((ListChangedError, UnexpectedResponseError)):
        fakes.append(ask({"GET /linode/instances": answer}, lambda client: client.get_linodes().all()))
    assert next(new) < 2000


# -- safe creation -----------------------------------------------------------------------------------------------------


def creation(rows, *, date=DATE):
    """Answers of an API that breaks the connection after a creation, and shows *rows* whatever is looked for."""
    page = json.dumps({"data": rows, "page": 1, "pages": 1, "results": len(rows)}).encode()
    headers = {} if date is None else {"Date": date}
    return {
        "POST /linode/instances": TransportError("the connection broke"),
        "GET /linode/instances": lambda _request: Response(200, headers, page),
    }


def create(client):
    return client.create_linode("g6-nanode-1", "us-east", label="web")


def test_an_ignored_filter_reconciles_nothing(ask):
    """The created object may be on any page: it is not created again, and no other object is returned."""
    fakes = []

    def operation(client):
        fakes.append(client._transport)
        return create(client)

    with pytest.raises(OutcomeUnknownError, match="POST /linode/instances"):
        ask(creation(ROWS), operation)
    assert [each.method for each in fakes[0].requests].count("POST") == 1


@pytest.mark.parametrize("created", ["2018-01-02T03:04:05", "2999-01-01T00:00:00"])
def test_without_a_date_the_outcome_is_unknown(ask, created):
    """The API's clock may be ahead of ours: an object of that name is not given out as the new one."""
    with pytest.raises(OutcomeUnknownError, match="POST /linode/instances"):
        ask(creation([{**LINODE, "created": created}], date=None), create, retry=Retry(attempts=2))


# -- events and waiting ------------------------------------------------------------------------------------------------


def event(number, **members):
    return {
        "id": number,
        "action": "linode_boot",
        "status": "finished",
        "created": "2025-11-10T11:00:00",
        "entity": {"id": 123, "type": "linode", "label": "web", "url": "/v4/linode/instances/123"},
        "percent_complete": 100,
        "secondary_entity": None,
        "message": "",
        **members,
    }


OLD = [event(number) for number in range(1, 61)]
NEW = event(61, created="2025-11-10T12:00:05", action="linode_reboot")


def test_events_come_once_and_end(ask):
    """Old events are left out, a new one comes once, and those that the filter excludes never come.

    Afterwards the stream ends.
    """
    asked = itertools.count(1)

    def answer(request):
        return pages_of(OLD if next(asked) < 20 else [*OLD, NEW, event(62, created="2025-11-10T12:00:06")])(request)

    found, fake = ask(
        {"GET /account/events": answer},
        lambda client: client.events(Event.action == "linode_reboot", timeout=20, poll_interval=2),
    )
    assert [each.id for each in found] == [61]
    assert len(fake.requests) < 300


def test_a_stream_of_ever_new_events_ends_after_its_timeout(ask):
    """Something is new at each poll; a poll comes every two seconds, and none after ten."""
    new = itertools.count(100)

    def answer(_request):
        rows = [event(next(new), created="2025-11-10T12:00:05")]
        body = json.dumps({"data": rows, "page": 1, "pages": 1, "results": 1}).encode()
        return Response(200, {"Date": DATE}, body)

    found, fake = ask({"GET /account/events": answer}, lambda client: client.events(timeout=10, poll_interval=2))
    assert 4 <= len(list(found)) <= 6
    assert len(fake.requests) <= 8


@pytest.mark.parametrize("repeated", [None, 1], ids=["by pages", "one page"])
def test_a_wait_ends_when_filters_are_ignored(ask, repeated):
    """A wait for a status that never comes ends with its own error, after few requests for each poll."""
    answers = {
        "GET /linode/instances/123": {**LINODE, "status": "booting"},
        "GET /linode/instances": pages_of([{**each, "status": "booting"} for each in ROWS]),
        "GET /account/events": pages_of(OLD, repeated=repeated, pages=repeated and 10_000),
    }
    fakes = []

    def wait(client):
        fakes.append(client._transport)
        return client.wait_for([Linode(client, 123)], "running", timeout=20, poll_interval=5)

    with pytest.raises(WaitTimeoutError):
        ask(answers, wait)
    assert len(fakes[0].requests) < 50


def test_a_job_is_found_on_the_last_page(ask):
    """An API that does not sort shows its newest event last."""

    def reboot(client):
        if client.awaited:

            async def awaited():
                return await (await Linode(client, 123).reboot()).wait(timeout=20)

            return awaited()
        return Linode(client, 123).reboot().wait(timeout=20)

    answers = {
        "POST /linode/instances/123/reboot": Response(200, {"Date": DATE}, b"{}"),
        "GET /account/events": pages_of([*OLD, NEW]),
    }
    done, fake = ask(answers, reboot)
    assert done.id == 61
    assert len(fake.requests) < 10


def test_an_object_on_no_page_is_requested_by_itself(ask):
    """A group of Linodes, of which the first page that comes shows none: each is asked for by itself."""
    there = {f"GET /linode/instances/{each['id']}": each for each in ROWS[50:53]}
    answers = {"GET /linode/instances": pages_of(ROWS, repeated=1), **there}

    def wait(client):
        return client.wait_for([Linode(client, number) for number in (51, 52, 53)], "running", timeout=20)

    _, fake = ask(answers, wait)
    assert len(fake.requests) < 10


def test_a_domain_in_capitals_is_the_one_that_was_asked_for(ask):
    """The API writes the names of domains in small letters: that is no proof of anything."""
    answers = {"GET /domains": pages_of([{"id": 1, "domain": "example.com"}])}
    found, _ = ask(answers, lambda client: client.get_domains(Domain.domain == "Example.COM").all())
    assert [each.domain for each in found] == ["example.com"]
