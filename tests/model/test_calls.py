"""Flows are performed by hand here, with no clock and no socket, and by the clients."""

from __future__ import annotations

import asyncio

import pytest
from fakes import LINODE, client_of

from linode import Linode, errors
from linode._http import retries
from linode._http.reconciliation import CreationLog
from linode._http.retries import Retry
from linode._http.transport import Response
from linode._model import Call, Gather, Sleep, body
from linode.errors import (
    ApiError,
    AuthenticationError,
    AuthorizationError,
    ConnectionFailedError,
    InvalidRequestError,
    MaintenanceError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
)

GET, POST, DELETE = Call("GET", "/x"), Call("POST", "/x", {}), Call("DELETE", "/x", shape=None)


def with_retries(flow, retry, now=lambda: 0.0):
    """*flow* with its calls repeated, each attempt at one being the call itself."""

    def attempt(call, number, most, on_send):
        on_send(True)
        return (yield call)

    return retries.with_retries(flow, retry, attempt, CreationLog(now))


def failed(status, headers=None, reason="no"):
    return errors.api_error(status, [errors.Reason(reason)], method="GET", path="/x", headers=headers or {})


def test_a_keyword_of_python_has_an_underscore_behind_it():
    """In Python alone: the API's name has none."""
    assert body(global_=1, from_=2, class_=None, label_=3, extra={"is_": 4}) == {
        "global": 1,
        "from": 2,
        "class": None,
        "label_": 3,
        "is_": 4,
    }


def test_a_flow_is_driven_by_hand():
    """`next`, `send` and `throw` are all it takes."""
    flow = with_retries(GET, Retry())
    assert next(flow) == GET
    assert isinstance(flow.throw(failed(503)), Sleep)
    assert next(flow) == GET
    with pytest.raises(StopIteration) as end:
        flow.send({"ok": 1})
    assert end.value.value == {"ok": 1}


@pytest.mark.parametrize(
    ("call", "error", "again"),
    [
        (GET, failed(429), True),
        (GET, failed(408), True),
        (GET, failed(502), True),
        (GET, failed(500), False),
        (GET, failed(404), False),
        (GET, failed(400, {"content-type": "text/html"}), True),
        (GET, failed(503, {"x-maintenance-mode": "all,work"}), False),
        (GET, TransportError("reset"), True),
        (DELETE, TransportError("reset"), True),
        (POST, failed(404), False),
        (POST, failed(503, {"x-maintenance-mode": "all,work"}), False),
        (POST, failed(429), True),
        (POST, ConnectionFailedError("refused"), True),
        (GET, failed(400, reason="Linode busy."), False),
    ],
)
def test_only_safe_requests_are_retried(call, error, again):
    """A POST is repeated only when it certainly did nothing; a read whenever the API says "not now"."""
    flow = with_retries(call, Retry())
    next(flow)
    if again:
        assert isinstance(flow.throw(error), Sleep)
    else:
        with pytest.raises(type(error)):
            flow.throw(error)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_lost_response_to_a_post_is_an_unknown_outcome(status):
    """Nothing tells whether it was done before the trouble or not at all: the error says so, and what came."""
    flow = with_retries(POST, Retry())
    next(flow)
    error = failed(status)
    with pytest.raises(OutcomeUnknownError) as caught:
        flow.throw(error)
    assert caught.value.__cause__ is error


def test_a_busy_linode_is_waited_for_when_asked():
    """`Retry(busy=True)` makes `Linode busy.` a reason to wait."""
    flow = with_retries(POST, Retry(retry_busy=True))
    next(flow)
    assert isinstance(flow.throw(failed(400, reason="Linode busy.")), Sleep)


@pytest.mark.parametrize(
    ("headers", "low", "high"),
    [
        ({"retry-after": "7"}, 7, 8),
        ({"retry-after": "Fri, 23 Nov 2018 10:00:09 GMT", "date": "Fri, 23 Nov 2018 10:00:00 GMT"}, 9, 10),
        ({"retry-after": "-1509450059"}, 0.2, 0.5),
        ({"retry-after": "soon"}, 0.2, 0.5),
        ({"retry-after": "nan"}, 0.2, 0.5),
        ({}, 0.2, 0.5),
    ],
)
def test_retry_after_is_honoured_where_it_makes_sense(headers, low, high):
    """Seconds and dates are; what is absurd counts as absent."""
    flow = with_retries(GET, Retry())
    next(flow)
    assert low <= flow.throw(failed(429, headers)).seconds <= high


@pytest.mark.parametrize("error", [failed(400, reason="Linode busy."), failed(502), failed(504)])
def test_retry_after_is_ignored_while_calls_are_left(error):
    """Linode sends Retry-After with every response; recorded with a 502 and 391 calls left (23 seconds)."""
    headers = {"retry-after": "23", "x-ratelimit-limit": "400", "x-ratelimit-remaining": "391"}
    error = errors.api_error(error.status, error.reasons, method="GET", path="/x", headers=headers)
    flow = with_retries(GET, Retry(retry_busy=True))
    next(flow)
    assert flow.throw(error).seconds < 5
    assert error.retry_after is None
    used_up = errors.api_error(502, [], method="GET", path="/x", headers={**headers, "x-ratelimit-remaining": "0"})
    assert used_up.retry_after == 23


def test_an_hour_of_retry_after_is_an_error():
    """A wait past the budget ends in the API's error at once."""
    flow = with_retries(GET, Retry())
    next(flow)
    with pytest.raises(RateLimitedError):
        flow.throw(failed(429, {"retry-after": "3600"}))


def test_attempts_end():
    """After the last attempt the error is raised; the time between grows."""
    client, fake = client_of({"GET /linode/instances/123": Response(503)}, retry=Retry(attempts=4))
    with pytest.raises(ServerError):
        _ = Linode(client, 123).label
    assert len(fake.asked) == 4
    assert fake.paused == sorted(fake.paused)


def test_a_delete_whose_answer_was_lost_is_done():
    """The second attempt finds nothing to delete: the first one did it."""
    answers = iter([TransportError("reset"), Response(404, {}, b'{"errors":[{"reason":"Not found"}]}')])
    client, fake = client_of({"DELETE /linode/instances/123": lambda _: next(answers)})
    Linode(client, 123).delete()
    assert len(fake.asked) == 2


def test_errors_are_thrown_into_the_flow():
    """`try` and `except` work in a flow as anywhere."""

    def flow():
        try:
            yield from Call("GET", "/linode/instances/9")
        except NotFoundError as error:
            return error.status
        return None

    client, _ = client_of({"GET /linode/instances/9": Response(404, {}, b'{"errors":[{"reason":"Not found"}]}')})
    assert client.execute(flow()) == 404


def test_gather_returns_results_in_order_and_sleeps_go_to_the_transport():
    """The two other kinds of step."""

    def flow():
        results = yield from Gather(Call("GET", f"/n/{n}", read=lambda data: data["n"]) for n in range(5))
        yield Sleep(3)
        return results

    client, fake = client_of(lambda request: {"n": int(request.url.rpartition("/")[2])})
    assert client.execute(flow()) == [0, 1, 2, 3, 4]
    assert fake.paused == [3]


@pytest.mark.parametrize(
    ("status", "headers", "cls"),
    [
        (400, {}, InvalidRequestError),
        (401, {}, AuthenticationError),
        (403, {}, AuthorizationError),
        (404, {}, NotFoundError),
        (405, {}, ApiError),
        (420, {}, RateLimitedError),
        (429, {}, RateLimitedError),
        (500, {}, ServerError),
        (503, {"X-Maintenance-Mode": "all,work"}, MaintenanceError),
    ],
)
def test_errors_carry_all_that_the_api_said(status, headers, cls):
    """Status, every reason with its field, method and path, the headers."""
    body = b'{"errors":[{"reason":"too odd","field":"label"},{"reason":"no"}]}'
    client, _ = client_of({"PUT /linode/instances/123": Response(status, headers, body)}, retry=Retry(attempts=1))
    linode = Linode(client, 123)
    linode.label = "x"
    with pytest.raises(cls) as caught:
        linode.save()
    error = caught.value
    assert type(error) is cls
    assert error.status == status
    assert error.reasons == (("too odd", "label"), ("no", None))
    assert error.fields == {"label": ["too odd"], "": ["no"]}
    assert (error.method, error.path) == ("PUT", "/linode/instances/123")
    assert error.headers == {name.lower(): value for name, value in headers.items()}
    assert str(error) == f"PUT /linode/instances/123: [{status}] label: too odd; no"


@pytest.mark.parametrize("body", [b"<html>nope</html>", b"", b"[1]", b'{"errors":{}}', b'{"errors":[{}]}', b"\xff"])
def test_any_error_body_becomes_an_error_of_the_library(body):
    """HTML, nothing, and shapes nobody promised."""
    client, _ = client_of({"GET /linode/instances/123": Response(404, {"Content-Type": "text/html"}, body)})
    with pytest.raises(NotFoundError):
        Linode(client, 123).load()


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"id": 1', b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_any_invalid_success_becomes_an_error_of_the_library(body):
    """An undocumented response never raises an error of the decoder."""
    client, _ = client_of({"GET /linode/instances/123": Response(200, {}, body)})
    with pytest.raises(UnexpectedResponseError):
        Linode(client, 123).load()


def test_a_deletion_may_be_answered_with_nothing():
    """204 and an empty body are success where nothing is promised."""
    client, _ = client_of({"DELETE /linode/instances/123": Response(204)})
    Linode(client, 123).delete()


def test_request_sends_operations_that_the_library_does_not_know():
    """`client.request` gives the JSON as it is."""
    client, fake = client_of({"GET /brand/new": {"a": [1]}})
    assert client.request("GET", "/brand/new", query={"x": 1}, filter={"label": "y"}) == {"a": [1]}
    assert fake.asked == ["GET /brand/new?x=1"]
    assert fake.filters == [{"label": "y"}]
    with pytest.raises(ValueError, match="start with a slash"):
        client.request("GET", "brand/new")


def test_the_token_comes_from_the_environment_too(monkeypatch):
    """Without an argument LINODE_TOKEN is used; a token no header can hold is refused without being shown."""
    from linode import LinodeClient

    monkeypatch.setenv("LINODE_TOKEN", "from-the-environment")
    _, fake = client_of({"GET /linode/instances/123": LINODE})
    env = LinodeClient(base_url="http://api.test/v4", transport=fake)
    Linode(env, 123).load()
    assert fake.requests[-1].headers["Authorization"] == "Bearer from-the-environment"
    for odd in ("bad\ntoken", "", " x", "naïve"):
        with pytest.raises(ValueError, match=r"printable ASCII|is empty") as caught:
            LinodeClient(odd or "", "http://api.test/v4")
        assert odd == "" or odd not in str(caught.value)


def test_the_same_flow_is_awaited_by_the_async_client():
    """One text for both clients."""
    from fakes import Fake

    from linode.client import AsyncLinodeClient

    class Awaited(Fake):
        async def send(self, request, timeout):  # noqa: ASYNC109 - the protocol has it
            return super().send(request, timeout)

        async def sleep(self, seconds):
            super().sleep(seconds)

        async def close(self):
            pass

    async def main():
        fake = Awaited({"GET /linode/instances/123": LINODE})
        async with AsyncLinodeClient("t", "http://api.test/v4", transport=fake) as client:
            linode = Linode(client, 123)
            with pytest.raises(errors.NotLoadedError, match="await obj"):
                _ = linode.label
            assert (await linode) is linode
            return linode.label, await asyncio.gather(*(Linode(client, 123).load() for _ in range(3)))

    label, loaded = asyncio.run(main())
    assert label == "web"
    assert len(loaded) == 3


@pytest.mark.parametrize(("status", "header", "said"), [(429, "3600", "retry in 3600 s"), (420, "1e9", "1e+09 s")])
def test_the_error_has_the_time_to_wait(status, header, said):
    """An error that is not waited for tells when to come back."""
    error = failed(status, {"retry-after": header})
    assert said in str(error)
    assert error.retry_after == float(header)


@pytest.mark.parametrize(
    "header", ["-5", "nan", "inf", "1e999", "soon", "Fri, 23 Nov 2018 10:00:09 GMT", "", "9" * 9999]
)
def test_an_absurd_retry_after_is_ignored(header):
    """An absurd ``Retry-After`` is neither shown nor waited for."""
    error = failed(429, {"retry-after": header})
    assert error.retry_after is None
    assert str(error).endswith("no")


def test_slow_answers_count_as_waits():
    """After the seconds of the budget nothing is sent again, however few of them were pauses."""
    clock = [0.0]
    flow = with_retries(GET, Retry(attempts=10, seconds=30), lambda: clock[0])
    assert next(flow) == GET
    clock[0] += 20
    assert isinstance(flow.throw(TransportError("reset")), Sleep)
    assert next(flow) == GET
    clock[0] += 20
    with pytest.raises(TransportError):
        flow.throw(TransportError("reset"))


@pytest.mark.parametrize("retry", [Retry(attempts=0), Retry(seconds=-1), Retry(seconds=float("nan"))])
def test_an_invalid_retry_is_refused(retry):
    """At once, and not at the first call."""
    with pytest.raises(ValueError, match="attempts must be at least 1"):
        client_of({}, retry=retry)
