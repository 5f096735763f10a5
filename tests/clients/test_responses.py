"""The responses behind what the library returns, over both clients."""

from __future__ import annotations

import asyncio
import threading

import pytest
from asking import NANODE, REGION

from linode import Linode, NotFoundError


def test_a_block_lists_its_responses(api):
    """With status, headers and body; what the calls return stays as it is."""
    with api.client.responses() as seen:
        made = api.run(api.client.create_linode(NANODE, REGION, label="web"))
        api.run(made.load())
    assert [(each.method, each.status) for each in seen] == [("POST", 200), ("GET", 200)]
    assert seen[0].json["id"] == made.id
    assert seen[1].json == made.raw
    assert seen[1].headers["content-type"].startswith("application/json")
    api.run(made.load())
    assert len(seen) == 2


def test_errors_and_attempts_are_listed(api):
    """The block may end with an error, whose response is the last one."""
    api.home.fails("GET", "/linode/instances/404", status=503)
    with pytest.raises(NotFoundError), api.client.responses() as seen:
        api.run(Linode(api.client, 404).load())
    assert [(each.status, each.attempt) for each in seen] == [(503, 1), (404, 2)]


def test_all_pages_are_listed(api):
    """Pages that are fetched together, in threads or tasks, are listed too."""
    small = api.client.with_options(page_size=25)
    with api.client.responses() as seen:
        assert len(api.each(small.get_regions())) > 50
    assert {each.request.query["page"] for each in seen} == {1, 2, 3}


def test_blocks_may_be_nested(api):
    """The outer one has the responses of the inner one too; each client has its own."""
    other = api.another()
    with api.client.responses() as outer, other.responses() as others:
        api.run(api.client.request("GET", "/regions"))
        with api.client.responses() as inner:
            api.run(api.client.request("GET", "/profile"))
    assert [each.path for each in outer] == ["/regions", "/profile"]
    assert [each.path for each in inner] == ["/profile"]
    assert others == []


def test_pages_in_threads_are_listed(server):
    """Slow responses, for which the sync client reads pages in threads, change nothing."""
    from client_kinds import Api, OverSocket

    with Api(OverSocket(server), awaited=False).closed() as api:
        for _ in range(2):
            api.home.fails("GET", "/regions", delay=0.1)
        seen_by: set[str] = set()
        client = api.another(page_size=25, on_response=lambda _: seen_by.add(threading.current_thread().name))
        with client.responses() as seen:
            assert len(list(client.get_regions())) > 50
        assert any(name.startswith("linode") for name in seen_by)
        assert {each.request.query["page"] for each in seen} == {1, 2, 3}


def test_other_threads_are_not_listed(api):
    """A block has its own responses alone."""
    if api.awaited:
        pytest.skip("tasks have a test of their own")
    with api.client.responses() as seen:
        thread = threading.Thread(target=lambda: api.client.request("GET", "/regions"))
        thread.start()
        thread.join()
    assert seen == []


def test_tasks_have_lists_of_their_own(awaited):
    """Tasks that run at the same time do not see the responses of each other."""

    async def path_of(path):
        with awaited.client.responses() as seen:
            await awaited.client.request("GET", path)
        return [each.path for each in seen]

    async def both():
        with awaited.client.responses() as seen:
            found = await asyncio.gather(path_of("/regions"), path_of("/profile"))
        return found, sorted(each.path for each in seen)

    assert awaited.run(both()) == ([["/regions"], ["/profile"]], ["/profile", "/regions"])
