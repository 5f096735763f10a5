"""Hooks: functions that a client calls before each request and after each response, over both clients."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION
from emitted_text import Kept, emissions

from linode import ConnectionFailedError, InvalidRequestError, Linode, NotFoundError, RequestInfo, Retry
from linode.errors import LinodeError, TransportError

KEPT = Kept(any="Any-nobody-may-see")


class Seen:
    """The records that the hooks of a client have got."""

    def __init__(self) -> None:
        self.requests: list[RequestInfo] = []
        self.responses: list = []

    @property
    def hooks(self) -> dict:
        return {"on_request": self.requests.append, "on_response": self.responses.append}


@pytest.fixture
def seen():
    return Seen()


def test_hooks_see_each_request_and_its_response(api, seen):
    """Method, path, query, filter, status, headers, time, attempt, body."""
    api.linode("web")
    client = api.another(**seen.hooks)
    found = api.run(client.get_linodes(Linode.label == "web").first())
    (request,), (response,) = seen.requests, seen.responses
    assert response.request is request
    assert (request.method, request.path, request.attempt) == ("GET", "/linode/instances", 1)
    assert (response.method, response.path, response.attempt) == ("GET", "/linode/instances", 1)
    assert request.url == f"{client.base_url}/linode/instances"
    assert request.filter == {"label": "web"}
    assert request.query["page"] == 1
    assert request.json is None
    assert (response.status, response.error) == (200, None)
    assert response.headers["content-type"].startswith("application/json")
    assert response.json["data"][0]["id"] == found.id
    assert 0 < response.elapsed < 10
    assert repr(request) == "<RequestInfo GET /linode/instances, attempt 1>"
    assert repr(response).startswith("<ResponseInfo GET /linode/instances 200, 0.")


def test_a_response_has_the_rate_limit(awaited, seen):
    """As a limit, the number of requests left and the time of the reset; None where the headers have none."""
    response = limited(awaited, seen, {"limit": "800", "remaining": "799", "reset": "1700000000"})
    assert response.rate_limit == (800, 799, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC))
    for wrong in ({}, {"limit": "800", "remaining": "many", "reset": "1"}, {"limit": "800", "remaining": "1"}):
        assert limited(awaited, seen, wrong).rate_limit is None


def limited(api, seen, limit):
    headers = {f"X-RateLimit-{name.title()}": value for name, value in limit.items()}
    api.home.fails("GET", "/regions", status=404, headers=headers)
    client = api.another(**seen.hooks)
    with pytest.raises(NotFoundError):
        api.run(client.request("GET", "/regions"))
    return seen.responses[-1]


def test_hooks_see_every_attempt(api, seen):
    """An error of the API is a response, an error of the transport is none."""
    api.home.fails("GET", "/regions", status=503)
    api.home.fails("GET", "/regions", connection="dropped")
    api.run(api.another(**seen.hooks).request("GET", "/regions"))
    assert [each.attempt for each in seen.requests] == [1, 2, 3]
    assert [(each.status, each.attempt) for each in seen.responses] == [(503, 1), (None, 2), (200, 3)]
    assert [type(each.error) for each in seen.responses] == [type(None), TransportError, type(None)]
    assert seen.responses[1].content == b""
    assert repr(seen.responses[1]).startswith("<ResponseInfo GET /regions TransportError, 0.")


def test_a_hook_adds_headers(api):
    """They are in the request, and in the record that later hooks get; `***` stands for secrets."""
    headers, later = {"X-Trace": "1", "X-Api-Key": KEPT.any}, []
    client = api.another(on_request=[lambda _: headers, later.append])
    api.run(client.request("GET", "/regions"))
    assert {name: later[0].headers[name] for name in headers} == {"X-Trace": "1", "X-Api-Key": "***"}
    assert later[0].headers["Authorization"] == "***"


@pytest.mark.parametrize(
    ("headers", "error", "message"),
    [
        ({"authorization": KEPT.any}, ValueError, "the library itself sets the header authorization; leave it out"),
        ({"X-A": f"{KEPT.any}\r\nX-B: 1"}, ValueError, "the value of X-A must be printable ASCII"),
        ({"X A": KEPT.any}, ValueError, "'X A' is not the name of a header"),
        ({"X-A": 1}, TypeError, "must be of type str"),
        ([KEPT.any], TypeError, "must be a mapping of names to values, not list"),
    ],
)
def test_headers_that_cannot_be_are_refused(api, headers, error, message):
    """Before anything is sent; neither the message nor a frame of the library shows a value."""
    api.home.forget()
    kept = Kept(headers=headers)
    client = api.another(on_request=lambda _: kept.headers)
    del headers
    with emissions() as shown, pytest.raises(error, match=message) as caught:
        api.run(client.request("GET", "/regions"))
    shown.fails(caught.value)
    assert shown.leaks(KEPT.any) == []
    assert api.paths() == []


@pytest.mark.parametrize("error", [KeyError("mine"), ConnectionFailedError("mine"), LinodeError("mine")])
def test_an_error_of_a_hook_reaches_the_caller(api, error):
    """An error of a hook is never retried, even if the same error of the API would be."""

    def fail(_):
        raise error

    for name, sent in (("on_request", []), ("on_response", ["GET /regions"])):
        api.home.forget()
        with pytest.raises(type(error)) as caught:
            api.run(api.another(**{name: fail}).request("GET", "/regions"))
        assert caught.value is error
        assert api.paths() == sent


def test_an_error_after_a_creation_reaches_the_caller_too(api):
    """The object is there; the client neither looks for it nor creates it again."""

    def fail(response):
        raise ConnectionFailedError("mine")

    client = api.another(on_response=fail)
    api.home.forget()
    with pytest.raises(ConnectionFailedError, match=r"^mine$"):
        api.run(client.create_linode(NANODE, REGION, label="web"))
    assert api.paths() == ["POST /linode/instances"]


def test_a_client_works_on_after_the_error_of_a_hook(api):
    """The calls that it did not send are not counted as in flight: later ones do not wait for their responses."""
    wrong = [ValueError("mine")] * 30
    client = api.another(on_request=lambda _: wrong and (_ for _ in ()).throw(wrong.pop()))
    for _ in range(30):
        with pytest.raises(ValueError, match="mine"):
            api.run(client.request("GET", "/regions"))
    assert api.run(client.request("GET", "/regions"))["results"] > 10


def test_a_record_has_no_secret(api, seen):
    """Neither the token nor a password of the body, nor what a response repeats of them in its headers."""
    api.home.fails("POST", "/linode/instances", status=400, headers={"X-Echo": f"{PASSWORD} {api.home.token}"})
    client = api.another(**seen.hooks)
    with pytest.raises(InvalidRequestError):
        api.run(client.create_linode(NANODE, REGION, image=DEBIAN, label="web", root_pass=PASSWORD))
    (request,), (response,) = seen.requests, seen.responses
    assert request.json["root_pass"] == "***"
    assert request.json["label"] == "web"
    assert response.headers["x-echo"] == "<hidden> <hidden>"
    shown = [repr(each) for each in (request, response, request.headers, request.json, response.headers)]
    assert not [each for each in shown if PASSWORD in each or api.home.token in each]


def test_hooks_of_an_async_client_may_be_async(awaited):
    """They are awaited, before the request and after the response."""
    told = []

    async def before(request):
        told.append(request.path)
        return {"X-Trace": "1"}

    async def after(response):
        told.append((response.status, response.request.headers["X-Trace"]))

    awaited.run(awaited.another(on_request=before, on_response=[after]).request("GET", "/regions"))
    assert told == ["/regions", (200, "1")]


def test_async_hooks_of_a_sync_client_are_refused(api):
    """Async hooks are refused when the client is created.

    A plain function that returns an awaitable is refused when it is called.
    """
    if api.awaited:
        pytest.skip("an async client has them")

    class Hook:
        async def __call__(self, info):
            """Nothing."""

    async def hook(info):
        """Nothing."""

    for each in (hook, Hook()):
        for name in ("on_request", "on_response"):
            with pytest.raises(TypeError, match=f"^{name} takes plain functions; only the client of linode.aio"):
                api.another(**{name: each})
            with pytest.raises(TypeError, match=f"^a function given as {name} returned an awaitable"):
                api.run(api.another(**{name: lambda info, each=each: each(info)}).request("GET", "/regions"))


def test_a_hook_that_is_no_function_is_refused(api):
    """With the name of the argument."""
    for wrong in ("a text", [1], 7):
        with pytest.raises(TypeError):
            api.another(on_request=wrong)
    with pytest.raises(TypeError, match="on_response takes functions, not int"):
        api.another(on_response=[1])
    with pytest.raises(TypeError, match="on_request takes a function or several, not int"):
        api.another(on_request=3)


def test_hooks_of_threads_and_tasks_see_all_pages(api, seen):
    """Pages that are fetched together too."""
    client = api.another(page_size=25, **seen.hooks)
    assert len(api.each(client.get_regions())) > 50
    assert {each.query["page"] for each in seen.requests} == {1, 2, 3}
    assert len(seen.responses) == len(seen.requests)


def test_an_upload_to_another_host_gets_no_headers(api, seen):
    """The hooks see it, without the path, which has a signature; the headers that they return are not sent there."""
    client = api.another(retry=Retry(attempts=1), on_request=[lambda _: {"X-Trace": "1"}, seen.requests.append])
    upload = api.run(client.upload_image("image", REGION))
    api.run(upload.send(b"no disk"))
    request = seen.requests[-1]
    assert request.path.endswith("/...")
    assert request.url == request.path
    assert "X-Trace" not in request.headers
