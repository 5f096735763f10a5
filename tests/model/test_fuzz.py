"""Whatever an API answers, what comes out is a value or an error of this library's."""

from __future__ import annotations

import asyncio
import inspect
import json

import pytest
from fakes import LINODE, AwaitedFake, Fake
from hypothesis import given, settings
from hypothesis import strategies as st

from linode import AsyncLinodeClient, Linode, LinodeClient, Region, Retry, or_
from linode._http.transport import Response
from linode.errors import LinodeError
from linode.login import AsyncLinodeLoginClient, LinodeLoginClient

EXAMPLES = 20
texts = st.text(max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
like_a_linode = st.fixed_dictionaries({}, optional={key: st.just(value) | values for key, value in LINODE.items()})
like_a_page = st.fixed_dictionaries(
    {},
    optional={
        "data": values | st.lists(like_a_linode, max_size=3),
        **dict.fromkeys(("page", "pages", "results"), values),
    },
)
like_an_error = st.fixed_dictionaries({}, optional={"errors": values})
EVENT = {
    "id": 9,
    "action": "linode_reboot",
    "status": "finished",
    "entity": {"id": 123, "type": "linode", "label": "web", "url": "/v4/linode/instances/123"},
    "percent_complete": 100,
    "message": "done",
    "created": "2018-01-02T03:04:05",
}
like_an_event = st.fixed_dictionaries(
    {},
    optional={key: st.just(value) | values | st.sampled_from(["started", "failed", 7]) for key, value in EVENT.items()},
)
like_a_grant = st.fixed_dictionaries(
    {},
    optional={
        "access_token": st.just("abc") | values,
        "scope": st.just("linodes:read_only") | values,
        "scopes": st.just("*") | values,
        "expires_in": st.just(7200) | values,
        "refresh_token": values,
        "username": values,
        "error": values,
        "error_description": values,
    },
)
rows = st.lists(like_a_linode, max_size=3) | st.lists(like_an_event, max_size=3)
page_of_rows = st.fixed_dictionaries(
    {"data": rows}, optional=dict.fromkeys(("page", "pages", "results"), st.integers(0, 4) | values)
)
like_an_old_page = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("linodes", "datacenters", "services", "dnszones"), rows | values),
        **dict.fromkeys(("page", "total_pages", "total_results"), st.integers(0, 4) | values),
    },
)
bodies = st.binary(max_size=40) | st.one_of(
    values, like_a_linode, like_a_page, like_an_error, like_an_event, page_of_rows, like_a_grant, like_an_old_page
).map(lambda value: json.dumps(value).encode())
DATES = ["Fri, 23 Nov 2018 10:00:09 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359"]
headers = st.dictionaries(
    st.sampled_from(
        [
            "Retry-After",
            "Date",
            "X-RateLimit-Limit",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset",
            "Content-Type",
            "X-Maintenance-Mode",
        ]
    ),
    st.sampled_from(
        ["", "-1509450059", "1e999", "nan", "soon", "Fri, 99 Nov 2018 10:00:09 GMT", "0", "7", "1542967215", *DATES]
    )
    | texts,
)
responses = st.builds(
    Response,
    st.sampled_from([*[200] * 12, 204, 299, 301, 400, 401, 403, 404, 409, 418, 420, 429, 500, 502, 503, 504, 599]),
    headers,
    bodies,
)


def used(value):
    """Read every attribute of *value*."""
    for name in type(value)._fields:
        getattr(value, name)
    repr(value)


async def each_of(listed):
    return [each async for each in listed]


def ways():
    """Operations of users, as (name, function); a function takes a client and a function that runs coroutines."""
    linode = lambda client: Linode(client, 123)  # noqa: E731
    yield "load", lambda client, get: used(get(linode(client).load()))
    yield "list", lambda client, get: [used(each) for each in get(client.get_linodes().all())]
    yield "filtered here", lambda client, get: get(client.get_regions(Region.label == "web", Region.label.asc()).all())
    yield "filtered", lambda client, get: get(client.get_linodes(or_(Linode.label == "a", Linode.tags == "b")).all())
    yield "children", lambda client, get: get(linode(client).disks.all())
    yield "total", lambda client, get: get(client.get_domains().total())
    yield "create", lambda client, get: used(get(client.create_linode("t", "r", label="web")))
    yield "create nameless", lambda client, get: get(client.create_linode("t", "r"))
    yield "clone", lambda client, get: get(linode(client).clone(region="r", type="t", label="web"))
    yield "save", lambda client, get: saved(linode(client), get)
    yield "delete", lambda client, get: get(linode(client).delete())
    yield "job", lambda client, get: get(get(linode(client).reboot()).wait(timeout=20))
    yield "wait", lambda client, get: get(client.wait_for([linode(client)], "running", timeout=20))
    yield (
        "wait for many",
        lambda client, get: get(
            client.wait_for(
                [Linode(client, number) for number in range(100, 150)], "off", timeout=20, progress=print_nothing
            )
        ),
    )
    yield "events", lambda client, get: followed(client.events(timeout=20), get)
    yield "ips", lambda client, get: get(linode(client).ips())
    yield "stats", lambda client, get: get(linode(client).stats())
    yield "request", lambda client, get: get(client.request("GET", "/x"))


def print_nothing(_obj, _percent, _status):
    """A progress that nobody sees."""


def saved(linode, get):
    linode.label = "mail"
    get(linode.save())
    repr(linode)


def followed(stream, get):
    events = get(each_of(stream)) if hasattr(stream, "__aiter__") and stream._client.awaited else list(stream)
    for each in events:
        used(each)


class Bounded:
    """Gives *answers* in turn, again and again; whoever asks too often would ask for ever."""

    def __init__(self, answers):
        self.answers = answers
        self.count = 0

    def __call__(self, _request):
        self.count += 1
        assert self.count <= 2000, "this does not end"
        return self.answers[(self.count - 1) % len(self.answers)]


def attempted(operation, awaited, answers, make):
    """Run *operation* with the client that *make* returns for a fake; it may raise only errors of this library."""
    fake = (AwaitedFake if awaited else Fake)(Bounded(answers))
    with asyncio.Runner() as runner:

        async def wait_for(returned):
            return await returned

        def get(returned):
            return runner.run(wait_for(returned)) if awaited and inspect.isawaitable(returned) else returned

        try:
            operation(make(fake), get)
        except LinodeError as error:
            assert len(str(error)) < 2000
    assert sum(fake.paused) < 4000 * len(fake.requests) / 10 + 600


@pytest.mark.parametrize("awaited", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("base_url", ["http://api.test/v4", "https://api.alpha.linode.com/v4"], ids=["today", "alpha"])
@pytest.mark.parametrize("name", dict(ways()))
@given(answers=st.lists(responses, min_size=1, max_size=5))
@settings(deadline=None, max_examples=EXAMPLES)
def test_only_errors_of_this_library_come_out(name, base_url, awaited, answers):
    """Any JSON, any bytes, any status, any headers; and there is an end to it."""
    kind = AsyncLinodeClient if awaited else LinodeClient
    attempted(
        dict(ways())[name], awaited, answers, lambda fake: kind("t", base_url, transport=fake, retry=Retry(attempts=3))
    )


LOGINS = {
    "finish": lambda login, get: repr(get(login.finish_oauth("the-code"))),
    "refresh": lambda login, get: repr(get(login.refresh("the-refresh-token"))),
    "revoke": lambda login, get: get(login.revoke("the-token")),
}


@pytest.mark.parametrize("awaited", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("base_url", ["https://login.test", "https://login.alpha.test"], ids=["today", "alpha"])
@pytest.mark.parametrize("name", LOGINS)
@given(answers=st.lists(responses, min_size=1, max_size=2))
@settings(deadline=None, max_examples=EXAMPLES)
def test_logins_raise_only_errors_of_this_library(name, base_url, awaited, answers):
    """Whatever the login service says."""
    kind = AsyncLinodeLoginClient if awaited else LinodeLoginClient
    attempted(LOGINS[name], awaited, answers, lambda fake: kind("id", "the-client-secret", base_url, transport=fake))
