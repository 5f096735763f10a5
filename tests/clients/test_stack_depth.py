"""The way of a request is short: few frames to the transport, and few in a traceback."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import AwaitedFake, Fake

import linode
from linode import AsyncLinodeClient, Domain, Linode, LinodeClient
from linode._http.transport import Request, Response
from linode.errors import LinodeError

PACKAGE = str(Path(linode.__file__).parent)
ROW = {"id": 7, "label": "web", "status": "running", "domain": "example.org"}


def linodes(client):
    """A list with two pages."""
    return client.get_linodes()


def saved(client):
    domain = Domain(client, 7)
    domain.description = "new"
    return domain.save()


VERBS: dict[str, Callable[[Any], Any]] = {
    "a load": lambda client: Linode(client, 7).load(),
    "a first": lambda client: linodes(client).first(),
    "all of a list": lambda client: linodes(client).all(),
    "a verb": lambda client: Linode(client, 7).shutdown(),
    "a save": saved,
    "a deletion": lambda client: Domain(client, 7).delete(),
    "a creation": lambda client: client.create_linode("g6-nanode-1", "us-east", label="web"),
    "an ensured object": lambda client: client.ensure(client.create_domain, "example.org", soa_email="a@example.org"),
    "a request": lambda client: client.request("GET", "/linode/instances/7"),
    "a wait": lambda client: Linode(client, 7).wait(),
    "a wait for several": lambda client: client.wait_for([Linode(client, 7), Linode(client, 8)], "running"),
}
BLOCKING: dict[str, Callable[[Any], Any]] = {
    **VERBS,
    "a field": lambda client: Linode(client, 7).label,
    "a list": lambda client: list(linodes(client)),
    "a length": lambda client: len(linodes(client)),
    "an index": lambda client: linodes(client)[0],
    "an index on another page": lambda client: linodes(client)[1],
    "a slice": lambda client: linodes(client)[1:],
}


async def walked(client):
    return [each async for each in linodes(client)]


async def loaded(client):
    return await Linode(client, 7)


async def everything(client):
    return await linodes(client)


AWAITED: dict[str, Callable[[Any], Any]] = {**VERBS, "an object": loaded, "a list": everything, "a walk": walked}


def respond(request: Request) -> Any:
    """Two pages of one object, or the object."""
    path, _, query = request.url.partition("?")
    if request.method != "GET" or path.rpartition("/")[2] not in ("instances", "domains"):
        return ROW
    number = 2 if "page=2" in query else 1
    rows = [{**ROW, "id": 6 + number}]
    return {"data": rows, "page": number, "pages": 2, "results": 2}


def refuse(_: Request) -> Response:
    return Response(404, {}, b'{"errors":[{"reason":"no","field":"label"}]}')


def perform(way: str, awaited: bool, answer: Callable[[Request], Any]) -> None:
    """Take the *way*, twice: what is loaded at the first request is there at the second."""

    async def twice() -> None:
        async with AsyncLinodeClient("t", "http://api.test/v4", transport=AwaitedFake(answer)) as client:
            for _ in range(2):
                await AWAITED[way](client)

    if awaited:
        asyncio.run(twice())
        return
    with LinodeClient("t", "http://api.test/v4", transport=Fake(answer)) as client:
        for _ in range(2):
            BLOCKING[way](client)


def ours(stack) -> list[str]:
    return [f"{each.filename}:{each.name}" for each in stack if each.filename.startswith(PACKAGE)]


ALL = [*((way, False) for way in BLOCKING), *((way, True) for way in AWAITED)]
IDS = [f"{'async' if awaited else 'sync'}-{way}" for way, awaited in ALL]


@pytest.mark.parametrize(("way", "awaited"), ALL, ids=IDS)
def test_at_most_four_frames_of_the_library_lie_between_a_call_and_the_transport(way, awaited):
    """From the user's line to the transport, whose `send` is the fifth; the pages after the first one included."""
    seen = []

    def answer(request):
        seen.append(ours(traceback.extract_stack(sys._getframe())))
        return respond(request)

    perform(way, awaited, answer)
    longest = max(seen[len(seen) // 2 :], key=len)
    assert 1 <= len(longest) <= 4, longest


@pytest.mark.parametrize(("way", "awaited"), ALL, ids=IDS)
def test_a_traceback_shows_at_most_five_frames_of_the_library(way, awaited):
    """The frames of the causes of the error count as well."""
    with pytest.raises(LinodeError) as caught:
        perform(way, awaited, refuse)
    shown = []
    error: BaseException | None = caught.value
    while error is not None:
        shown += ours(traceback.extract_tb(error.__traceback__))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    assert 1 <= len(shown) <= 5, shown
