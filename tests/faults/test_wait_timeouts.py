"""Waits end by their own bound and with their own error, whatever the API does, and not before."""

from __future__ import annotations

import asyncio
import itertools
import json
import time

import pytest
from broken_server import TOKEN, Broken, ok
from fakes import LINODE, AwaitedFake, Fake
from kinds import KINDS

from linode import AsyncLinodeClient, Linode, LinodeClient
from linode._http.transport import Response
from linode.errors import (
    AuthorizationError,
    RequestTimeoutError,
    UnexpectedResponseError,
    WaitTimeoutError,
)

DATE = {"Date": "Mon, 10 Nov 2025 12:00:00 GMT"}


@pytest.fixture(params=["sync", "async"])
def awaited(request):
    return request.param == "async"


def done_by(awaited, address, operation):
    """The result of *operation* with a client of *address*, which waits a minute for responses."""
    if not awaited:
        with LinodeClient(TOKEN, address) as client:
            return operation(client)

    async def work():
        async with AsyncLinodeClient(TOKEN, address) as client:
            return await operation(client)

    return asyncio.run(work())


def waits_for_one(client):
    return Linode(client, 123).wait("offline", timeout=1)


def waits_for_many(client):
    return client.wait_for([Linode(client, 123), Linode(client, 124)], "offline", timeout=1)


def waits_for_a_job(client):
    if not client.awaited:
        return Linode(client, 123).reboot().wait(timeout=1)

    async def work():
        return await (await Linode(client, 123).reboot()).wait(timeout=1)

    return work()


def but_for_orders(fault):
    """*fault*, and orders answered."""
    return lambda heard: ok(b"{}") if heard.method == "POST" else fault(heard)


@pytest.mark.parametrize("wait", [waits_for_one, waits_for_many, waits_for_a_job])
@pytest.mark.parametrize("kind", ["silence", "silence after the headers", "a body without end", "HTML with 502"])
def test_a_wait_of_a_second_ends_after_a_second(awaited, kind, wait):
    """The client's own patience is a minute and more; a poll that began at the end has a second."""
    with Broken(but_for_orders(KINDS[kind])).running() as server:
        began = time.monotonic()
        with pytest.raises(WaitTimeoutError):
            done_by(awaited, f"{server.address}/v4", wait)
        assert 0.9 < time.monotonic() - began < 4


def test_events_of_a_silent_api_end_too(awaited):
    """The stream has a second; that nothing came is an error."""

    async def all_of(events):
        return [each async for each in events]

    def follow(client):
        events = client.events(timeout=1)
        return all_of(events) if client.awaited else list(events)

    with Broken(KINDS["silence"]).running() as server:
        began = time.monotonic()
        with pytest.raises(RequestTimeoutError):
            done_by(awaited, f"{server.address}/v4", follow)
        assert time.monotonic() - began < 4


def carried_out(awaited, answers, operation):
    """The result of *operation* with a client whose requests *answers* answers at once, and the requests."""
    if not awaited:
        fake = Fake(answers)
        return operation(LinodeClient(TOKEN, "http://api.test/v4", transport=fake)), fake

    async def work():
        return await operation(AsyncLinodeClient(TOKEN, "http://api.test/v4", transport=fake))

    fake = AwaitedFake(answers)
    return asyncio.run(work()), fake


@pytest.mark.parametrize("trouble", [503, 429])
def test_failures_of_two_minutes_do_not_end_a_wait_of_ten(awaited, trouble):
    """Unavailable, or over the limit, and then all is well."""
    count = itertools.count()

    def answer(_request):
        if next(count) < 40:
            return Response(trouble, {"Retry-After": "3"}, b"{}")
        return {**LINODE, "status": "offline"}

    _, fake = carried_out(
        awaited,
        {"GET /linode/instances/123": answer, "GET /account/events": {"data": []}},
        lambda client: Linode(client, 123).wait("offline", timeout=600),
    )
    assert 100 < fake.now() < 300


def test_a_job_is_waited_for_by_its_status_where_events_may_not_be_seen(awaited):
    """The token lacks the scope: the status tells, also after a while of trouble."""
    count = itertools.count()

    def answer(_request):
        number = next(count)
        if 1 <= number < 20:
            return Response(503, {}, b"{}")
        return {**LINODE, "status": "rebooting" if number < 25 else "running"}

    answers = {
        "POST /linode/instances/123/reboot": Response(200, DATE, b"{}"),
        "GET /account/events": Response(403, DATE, json.dumps({"errors": [{"reason": "no"}]}).encode()),
        "GET /linode/instances/123": answer,
    }

    def reboot(client):
        if not client.awaited:
            return Linode(client, 123).reboot().wait(timeout=600)

        async def work():
            return await (await Linode(client, 123).reboot()).wait(timeout=600)

        return work()

    done, _ = carried_out(awaited, answers, reboot)
    assert done is None
    assert next(count) == 26


def test_permanent_errors_end_a_wait_at_once(awaited):
    """A refusal, and answers that are none of the API's."""
    for given, kind in ((Response(403, {}, b"{}"), AuthorizationError), ([1], UnexpectedResponseError)):
        with pytest.raises(kind):
            carried_out(
                awaited,
                {"GET /linode/instances/123": given},
                lambda client: Linode(client, 123).wait("offline", timeout=600),
            )
