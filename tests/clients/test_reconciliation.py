"""Telling what was made from what was there before, when the answer was lost, whatever the API's clock does."""

from __future__ import annotations

import time

import pytest
from asking import NANODE, REGION
from client_kinds import Api, OverSocket
from sandbox_process import served

from linode import Linode
from linode.errors import InvalidRequestError

LOST = {"connection": "dropped", "processed": True}
NOT_DONE = {"connection": "dropped"}


@pytest.fixture(scope="module", params=[60, 1, 0.2], ids=["fast", "right", "slow"])
def hurried(request):
    """A sandbox on a port whose clock runs faster or slower than ours."""
    with served("--seed", "1", "--speed", str(request.param), "--no-limits") as http:
        yield http


@pytest.fixture(params=["sync", "async"])
def there(request, hurried):
    """A client of a new world there, which has not heard of it yet."""
    with Api(OverSocket(hurried), awaited=request.param == "async").closed() as api:
        yield api


def test_a_lost_creation_is_found_without_an_earlier_response(there):
    """The creation is its first call, and the API's clock is its own."""
    there.home.fails("POST", "/linode/instances", **LOST)
    linode = there.linode("web")
    assert there.each(there.client.get_linodes()) == [linode]


def test_a_lost_creation_is_found_later(there):
    """The answer comes too late by far, and the API's clock has gone on by more, or less, than ours."""
    client = there.another(timeout=1.0)
    there.run(client.get_linodes().total())
    there.home.fails("POST", "/linode/instances", delay=3.0)
    linode = there.run(client.create_linode(NANODE, REGION, label="web"))
    assert there.each(client.get_linodes()) == [linode]


def test_an_older_object_of_another_client_is_not_returned(there):
    """Neither by one that has heard the API's date since, nor by one that has heard nothing."""
    there.linode("web")
    there.home.advance(60)
    heard = there.another()
    there.run(heard.get_linodes().total())
    for client in (heard, there.another()):
        there.home.fails("POST", "/linode/instances", **NOT_DONE)
        with pytest.raises(InvalidRequestError, match="unique"):
            there.run(client.create_linode(NANODE, REGION, label="web"))


def test_a_stream_begins_when_it_is_created(there):
    """Events between the call and the first poll are included, and earlier ones are not."""
    there.linode("before")
    there.home.advance(60)
    there.run(there.client.get_linodes().total())
    events = there.client.events(timeout=10, poll_interval=0.1)
    linode = there.linode("web")
    time.sleep(1)
    assert there.first(events, 1)[0].entity.id == linode.id


def test_an_object_that_was_returned_is_not_returned_again(api):
    """However little time has gone by since this client made it."""
    api.linode("web")
    api.home.fails("POST", "/linode/instances", **NOT_DONE)
    with pytest.raises(InvalidRequestError, match="unique"):
        api.linode("web")


def test_a_name_that_is_free_again_is_created_anew(api):
    """A deleted object is not found, and the one that was created in its place is."""
    first = api.linode("web")
    api.run(first.delete())
    api.home.fails("POST", "/linode/instances", **LOST)
    second = api.linode("web")
    assert second != first
    assert api.each(api.client.get_linodes()) == [second]


def test_a_lost_clone_is_searched_in_the_whole_list(api):
    """Not below the address that it was ordered at."""
    linode = api.running()
    api.home.fails("POST", "/linode/instances/*/clone", **LOST)
    clone = api.run(linode.clone(region=REGION, type=NANODE, label="web2"))
    assert clone.label == "web2"
    assert api.each(api.client.get_linodes()) == [linode, clone]


def test_a_domain_is_found_by_its_name(api):
    """However it was written. One that was there before is left alone; one that was made is found."""
    old = api.run(api.client.create_domain("example.com", soa_email="a@example.com"))
    api.home.advance(60)
    other = api.another()
    api.home.fails("POST", "/domains", **NOT_DONE)
    with pytest.raises(InvalidRequestError):
        api.run(other.create_domain("example.com", soa_email="a@example.com"))
    api.home.fails("POST", "/domains", **LOST)
    new = api.run(other.create_domain("Example.org", soa_email="a@example.org"))
    assert api.each(api.client.get_domains()) == [old, new]


def test_two_creations_do_not_return_one_object(awaited):
    """Both lose their answers, one is made: one gets it, the other the API's refusal."""
    import asyncio

    awaited.home.fails("POST", "/linode/instances", **LOST, times=2)

    async def both():
        calls = [awaited.client.create_linode(NANODE, REGION, label="web") for _ in range(2)]
        return await asyncio.gather(*calls, return_exceptions=True)

    got = awaited.run(both())
    assert sorted(type(each) for each in got if not isinstance(each, Linode)) == [InvalidRequestError]
    assert len(awaited.each(awaited.client.get_linodes())) == 1
