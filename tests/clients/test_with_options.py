"""Options for single calls: a client that differs from another in some options and shares the rest."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION
from emitted_text import Kept, emissions
from fakes import LINODE, client_of

from linode import Linode, LinodeLoginClient, MetadataClient, RequestTimeoutError, Retry, ServerError
from linode._http.network import HttpTransport
from linode._http.transport import Response
from linode.aio import LinodeLoginClient as AsyncLinodeLoginClient
from linode.aio import MetadataClient as AsyncMetadataClient
from linode.errors import TransportError

KEPT = Kept(any="Any-nobody-may-see")


def test_options_apply_to_calls_of_the_new_client(api):
    """The client that it was made of keeps its own."""
    short = api.client.with_options(timeout=0.2, retry=Retry(attempts=1), page_size=25)
    assert type(short) is type(api.client)
    assert (short.timeout, short.retry, short.page_size) == (0.2, Retry(attempts=1), 25)
    assert (api.client.timeout, api.client.retry, api.client.page_size) == (60.0, Retry(), 500)
    api.home.fails("GET", "/regions", status=503)
    with pytest.raises(ServerError):
        api.run(short.request("GET", "/regions"))
    api.home.fails("GET", "/regions", status=503)
    api.run(api.client.request("GET", "/regions"))
    api.home.fails("GET", "/regions", delay=2.0)
    with pytest.raises(RequestTimeoutError):
        api.run(short.request("GET", "/regions"))


def test_options_that_are_not_given_stay(api):
    """Also over two steps; None is a timeout of its own."""
    patient = api.client.with_options(timeout=None).with_options(retry=Retry(attempts=2))
    assert (patient.timeout, patient.retry.attempts, patient.base_url) == (None, 2, api.client.base_url)
    assert api.run(patient.request("GET", "/profile"))["username"]


def test_an_object_keeps_the_client_that_it_came_from(api):
    """Calls on the object, and on objects that it leads to, have the options too."""
    api.linode("web")
    once = api.client.with_options(retry=Retry(attempts=1))
    found = api.run(once.get_linodes(Linode.label == "web").first())
    for thing in (found, found.region):
        api.home.fails("GET", "**", status=503)
        with pytest.raises(ServerError):
            api.run(thing.load())
    assert found.region is found.region


def test_headers_are_added(api):
    """Headers of a client that was made from another client are added as well."""
    seen = []
    client = api.another(on_request=seen.append)
    traced = client.with_options(headers={"X-Trace": "1"})
    for each in (client, traced, traced.with_options(headers={"X-More": "2"})):
        api.run(each.request("GET", "/regions"))
    added = [{name: each.headers.get(name) for name in ("X-Trace", "X-More")} for each in seen]
    assert added == [
        {"X-Trace": None, "X-More": None},
        {"X-Trace": "1", "X-More": None},
        {"X-Trace": "1", "X-More": "2"},
    ]


def test_headers_do_not_go_to_other_hosts(api):
    """Such as the one that takes the upload of an image."""
    seen = []
    client = api.another(on_request=seen.append).with_options(headers={"X-Trace": "1"})
    api.run(api.run(client.upload_image("image", REGION)).send(b"no disk"))
    assert [each.headers.get("X-Trace") for each in seen] == ["1", None]


def test_wrong_options_are_refused(api):
    """By name, as those of a client are; headers without their values."""
    for options, error in (
        ({"retry": 3}, TypeError),
        ({"retry": Retry(attempts=0)}, ValueError),
        ({"page_size": 0}, ValueError),
        ({"timout": 5}, TypeError),
        ({"headers": {"Authorization": KEPT.any}}, ValueError),
        ({"headers": {"X-Key": f"{KEPT.any}\n"}}, ValueError),
    ):
        kept = Kept(options=options)
        with emissions() as seen, pytest.raises(error) as caught:
            api.client.with_options(**kept.options)
        del options
        seen.fails(caught.value)
        assert seen.leaks(KEPT.any) == []


def test_secret_headers_are_not_shown():
    """Neither by the client nor in an error whose response repeats them."""
    plain, _ = client_of(
        lambda _: Response(400, {"X-Echo": KEPT.any}, f'{{"errors": [{{"reason": "{KEPT.any}"}}]}}'.encode())
    )
    client = plain.with_options(headers={"X-Api-Key": KEPT.any})
    with emissions() as seen:
        seen.shows(client, vars(client), client._wire)
        with seen.error():
            client.request("GET", "/regions")
    assert seen.errors == 1
    assert seen.leaks(KEPT.any) == []


def test_both_clients_see_writes_of_the_other(api):
    """A list that an object keeps is read again after a change through either."""
    made = api.linode("web")
    api.home.advance(60)
    other = Linode(api.client.with_options(timeout=5), made.id)
    assert len(api.each(made.disks)) == 0
    api.run(other.create_disk(512, label="more"))
    assert len(api.each(made.disks)) == 1


def test_a_relation_that_is_loaded_is_not_fetched_again():
    """The region of a Linode that a client has loaded comes with it; its options do not reach the other way."""
    client, fake = client_of(
        {"GET /linode/instances/123": LINODE, "GET /regions/us-east": {"id": "us-east", "country": "us"}}
    )
    assert Linode(client, 123).region.country == "us"
    for _ in range(3):
        view = client.with_options(timeout=5)
        region = Linode(view, 123).region
        assert region.country == "us"
        assert region._client is view
    assert fake.asked.count("GET /regions/us-east") == 1
    assert Linode(client, 123).region._client is client


def test_rate_limits_are_shared():
    """A client waits for the limit that the other has used up."""
    left = iter(range(50, -1, -1))

    def answer(_):
        limit = {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": str(next(left)), "X-RateLimit-Reset": "1700000060"}
        return Response(200, {**limit, "Date": "Tue, 14 Nov 2023 22:13:20 GMT"}, b"{}")

    client, fake = client_of(answer)
    for _ in range(45):
        client.request("GET", "/x")
    before = sum(fake.paused)
    client.with_options(timeout=5).request("GET", "/x")
    assert sum(fake.paused) - before > 1


def test_connections_are_shared(api):
    """Closing either closes them, and another request opens new ones."""
    view = api.client.with_options(timeout=20)
    assert view._transport is api.client._transport
    api.run(view.request("GET", "/regions"))
    if isinstance(view._transport, HttpTransport):
        assert view._transport._by_origin
    api.run(view.close())
    assert api.run(api.client.request("GET", "/regions"))["results"] > 10


def test_threads_are_shared(server):
    """Pages that are read together through many such clients are read by the threads of one."""
    from client_kinds import Api, OverSocket

    with Api(OverSocket(server), awaited=False).closed() as api:
        for number in range(3):
            api.home.fails("GET", "/regions", delay=0.1 + number / 100)
            view = api.client.with_options(page_size=25)
            assert len(list(view.get_regions())) > 50
            assert view._threads is api.client._threads


def test_a_creation_without_an_answer_is_settled(api):
    """By what both have returned: never one object for two creations."""
    made = api.run(api.client.create_linode(NANODE, REGION, label="web"))
    api.home.fails("POST", "/linode/instances", connection="dropped", processed=True)
    again = api.run(api.client.with_options(timeout=5).create_linode(NANODE, REGION, label="web-2"))
    assert again.id != made.id
    api.home.fails("GET", "/regions", connection="dropped")
    with pytest.raises(TransportError):
        api.run(api.client.with_options(retry=Retry(attempts=1)).request("GET", "/regions"))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"timeout": -3}, ValueError, "timeout=-3 must be more than 0 seconds, or None for no limit"),
        ({"timeout": 0}, ValueError, "timeout=0 must be more than 0 seconds"),
        ({"timeout": float("nan")}, ValueError, "timeout=nan must be more than 0 seconds"),
        ({"timeout": float("inf")}, ValueError, "timeout=inf must be more than 0 seconds, or None for no limit"),
        ({"timeout": "5"}, TypeError, "timeout must be a number of seconds, or None for no limit, not str"),
        ({"timeout": True}, TypeError, "timeout must be a number of seconds, or None for no limit, not bool"),
        ({"retry": Retry(attempts="3")}, TypeError, "attempts must be an int"),
        ({"retry": Retry(seconds="3")}, TypeError, "seconds must be a number of seconds"),
        ({"page_size": 0}, ValueError, "page_size=0 must be 1 to 500"),
    ],
)
def test_options_that_cannot_be_are_refused(api, options, error, message):
    """When they are given: not by the first request, nor by an error of a socket."""
    with pytest.raises(error, match=message):
        api.client.with_options(**options)
    with pytest.raises(error, match=message):
        api.another(**options)


def test_other_clients_refuse_timeouts_too():
    for make in (LinodeLoginClient, AsyncLinodeLoginClient):
        with pytest.raises(ValueError, match="timeout=-1 must be more than 0 seconds"):
            make("id", "secret", timeout=-1)
    for make in (MetadataClient, AsyncMetadataClient):
        with pytest.raises(ValueError, match="timeout=-1 must be more than 0 seconds"):
            make(timeout=-1)


def test_a_raw_request_can_ask_the_beta_version(api):
    """``beta=True`` sends it to the other version; both answer here."""
    seen = []
    client = api.another(on_request=seen.append)
    for beta in (False, True):
        api.run(client.request("GET", "/regions", beta=beta))
    assert [each.url.removesuffix("/regions").rpartition("/")[2] for each in seen] == ["v4", "v4beta"]
