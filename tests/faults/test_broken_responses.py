"""Broken answers of every kind, over a socket: only errors of ours, one object a creation, bounds, and no secret."""

from __future__ import annotations

import asyncio
import time
import traceback
import tracemalloc

import pytest
from broken_server import PASSWORD, TOKEN, Broken
from kinds import KINDS

from linode import AsyncLinodeClient, Linode, LinodeClient, Retry
from linode._http.network import AsyncHttpTransport, HttpTransport
from linode.errors import LinodeError

TIMEOUT = 0.25
ATTEMPTS = 2
SECONDS = 8.0
"""A call with its two attempts, each looked for by two, on a busy machine."""
REQUESTS = 250
MEMORY = 160 * 2**20
"""Bytes: twice the bound of an answer, and a reserve."""


class Hasty(HttpTransport):
    """Makes short pauses."""

    def sleep(self, seconds):
        super().sleep(min(seconds, 0.002))


class HastyAsync(AsyncHttpTransport):
    """The async form of `Hasty`."""

    async def sleep(self, seconds):
        await super().sleep(min(seconds, 0.002))


def read(client):
    return Linode(client, 123).load()


def listed(client):
    return client.get_linodes().all()


def create(client):
    return client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", root_pass=PASSWORD, label="new")


def create_nameless(client):
    return client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", root_pass=PASSWORD)


OPERATIONS = {"read": read, "list": listed, "create": create, "create without a name": create_nameless}


def other(client):
    """The request that follows."""
    return Linode(client, 124).load()


def carried_out(awaited, address, *operations):
    """The result or the error of each of *operations* with one client of the API at *address*."""
    options = {"timeout": TIMEOUT, "retry": Retry(attempts=ATTEMPTS, seconds=2.0, max_rate_limit_wait=2.0)}
    if not awaited:
        with LinodeClient(TOKEN, address, transport=Hasty(), **options) as client:
            return [result(operation, client) for operation in operations]

    async def all_of_them():
        async with AsyncLinodeClient(TOKEN, address, transport=HastyAsync(), **options) as client:
            return [await awaited_result(operation, client) for operation in operations]

    return asyncio.run(all_of_them())


def touched(found):
    """*found*, of which all is read that has come."""
    for each in found if isinstance(found, list) else [found]:
        assert each.raw is not None
        assert repr(each)
        for name in ("label", "status", "created", "specs", "tags"):
            if name in each.raw:
                getattr(each, name)
    return found


def result(operation, client):
    try:
        return touched(operation(client))
    except LinodeError as error:
        return error


async def awaited_result(operation, client):
    try:
        return touched(await operation(client))
    except LinodeError as error:
        return error


def shows_no_secret(error):
    """Neither in its words nor in a traceback that is rendered with the variables of all frames."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    shown = f"{error!s} {error!r} {error.args!r} {vars(error)!r} {''.join(told.format())}"
    return TOKEN not in shown and PASSWORD not in shown


LARGE = ["a bomb of 200 MB", "64 MB announced, one byte sent", "chunks for ever", "10**12 pages"]
WAYS = [("today", "sync"), ("today", "async"), ("2016", "sync")]


@pytest.mark.parametrize(("wire", "client"), WAYS)
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_response_is_broken(wire, client, kind, operation):
    """Each call ends soon, with a value or an error of the library, after few requests, and creates nothing twice."""
    began = time.monotonic()
    with Broken(KINDS[kind]).running() as server:
        place = server.address + ("/v4" if wire == "today" else "/alpha")
        (got,) = carried_out(client == "async", place, OPERATIONS[operation])
        assert time.monotonic() - began < SECONDS
    assert len(server.made) <= 1
    assert len(server.requests) <= REQUESTS
    if isinstance(got, LinodeError):
        assert shows_no_secret(got)
        assert len(str(got)) < 2000


@pytest.mark.parametrize("client", ["sync", "async"])
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_one_response_is_broken(kind, operation, client):
    """The next call gets its own answer; a creation is settled, or said to be unknown, and nothing is made twice."""
    with Broken(KINDS[kind], times=1).running() as server:
        got, after = carried_out(client == "async", f"{server.address}/v4", OPERATIONS[operation], other)
    assert not isinstance(after, LinodeError), after
    assert after.label == "web-124"
    assert len(server.made) <= 1
    if isinstance(got, LinodeError):
        assert shows_no_secret(got)
    elif operation == "create":
        assert got.id == 200


@pytest.mark.parametrize("client", ["sync", "async"])
@pytest.mark.parametrize(
    "kind", ["a bomb of 200 MB", "64 MB announced, one byte sent", "chunks for ever", "10**12 pages"]
)
def test_a_large_response_does_not_fill_the_memory(kind, client):
    """Room is made for what has come, and only for so much."""
    with Broken(KINDS[kind]).running() as server:
        tracemalloc.start()
        try:
            (got,) = carried_out(client == "async", f"{server.address}/v4", listed)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(got, LinodeError)
    assert peak < MEMORY
