"""Many tasks on one awaited client: they share it, and one that is cancelled leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc

import httpx2
import pytest
from client_kinds import Api, OverSocket

from linode import Linode, Retry
from linode._model import Call, Gather, Sleep
from linode.errors import NotFoundError

MANY = 300


def test_hundreds_of_calls_at_once(awaited):
    """Each gets its own answer, and a failure among them is its own."""
    ids = [awaited.linode(f"web{number}").id for number in range(5)]

    async def gathered():
        calls = [Linode(awaited.client, ids[number % 5]).load() for number in range(MANY)]
        missing = Linode(awaited.client, 999).load()
        return await asyncio.gather(*calls, missing, return_exceptions=True)

    *found, failed = awaited.run(gathered())
    assert [each.id for each in found] == ids * (MANY // 5)
    assert isinstance(failed, NotFoundError)


def test_hundreds_of_creations_at_once(awaited):
    """All are made, each once."""

    async def gathered():
        made = [awaited.client.create_linode("g6-nanode-1", "us-east", label=f"web{n}") for n in range(50)]
        return await asyncio.gather(*made)

    assert sorted(each.label for each in awaited.run(gathered())) == sorted(f"web{n}" for n in range(50))
    assert awaited.run(awaited.client.get_linodes().total()) == 50


def test_pauses_of_tasks_run_at_the_same_time(awaited):
    """A hundred pauses of a second take one second of the client's clock, not a hundred."""
    now = awaited.client._now

    async def pauses():
        began = now()
        await asyncio.gather(*(awaited.client.execute(paused(1.0)) for _ in range(100)))
        return now() - began

    def paused(seconds):
        yield Sleep(seconds)

    assert 1 <= awaited.run(pauses()) < 5


class Watched:
    """Flows that note when they begin to wait, and when they are closed."""

    def __init__(self):
        self.reached = asyncio.Event()
        self.closed = []

    def flow(self, name, step):
        try:
            self.reached.set()
            yield from step if hasattr(step, "send") else _only(step)
        finally:
            self.closed.append(name)


def _only(step):
    yield step


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # what a loop leaves open that ends without a close
def test_a_client_outlives_its_event_loop(awaited):
    """One that is closed leaves nothing that the next stumbles over, and two that are open do not share connections."""
    regions = len(awaited.run(awaited.client.get_regions().all()))
    for _ in range(2):
        assert asyncio.run(awaited.client.get_regions().total()) == regions
    with asyncio.Runner() as other:
        for run in (other.run, awaited.run) * 2:
            assert run(awaited.client.get_regions().total()) == regions
        other.run(awaited.client.close())
        assert awaited.run(awaited.client.get_regions().total()) == regions
    gc.collect()


async def cancel(api, tasks, reached):
    """Cancel *tasks* when they are under way."""
    await asyncio.wait_for(reached.wait(), 10)
    for _ in range(5):  # in process, a pause is over as soon as nothing else happens for long
        await asyncio.sleep(0.02 if isinstance(api.home, OverSocket) else 0)
    for task in tasks:
        task.cancel()
    for task in tasks:
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("where", ["pause", "call", "together"])
def test_a_cancelled_task_closes_its_flow(awaited, where):
    """Wherever it is, its finally blocks run, those of the flows inside it too; the client goes on."""
    linode = awaited.linode("web")
    awaited.home.fails("GET", "/linode/types", delay=30.0)

    async def cancelled():
        watched = Watched()
        call = Call("GET", "/linode/types")
        part = Gather([watched.flow("part", call), watched.flow("part", Sleep(3600))])
        step = {"pause": Sleep(3600), "call": call, "together": part}[where]
        flow = watched.flow("outer", watched.flow("inner", step))
        await cancel(awaited, [asyncio.ensure_future(awaited.client.execute(flow))], watched.reached)
        return watched.closed

    parts = ["part", "part"] if where == "together" else []
    assert awaited.run(cancelled()) == [*parts, "inner", "outer"]
    assert awaited.run(Linode(awaited.client, linode.id).load()).label == "web"


@pytest.mark.parametrize("own", [False, True], ids=["ours", "a client of one's own"])
def test_cancelled_tasks_give_their_connections_back(server, own):
    """All that there may be were in use; the next call finds one all the same."""
    with Api(OverSocket(server), awaited=True).closed() as api:
        linode = api.linode("web")
        api.home.fails("GET", "/linode/types", delay=30.0, times=200, skip=1)
        http = httpx2.AsyncClient(limits=httpx2.Limits(max_connections=1), trust_env=False) if own else None
        client = api.another(http=http, timeout=5.0, retry=Retry(attempts=1))

        api.run(client.request("GET", "/linode/types"))  # no limit holds here, it tells

        async def cancelled():
            watched = Watched()
            flows = [watched.flow("one", Call("GET", "/linode/types")) for _ in range(120)]
            await cancel(api, [asyncio.ensure_future(client.execute(each)) for each in flows], watched.reached)
            return watched.closed

        assert api.run(cancelled()) == ["one"] * 120
        assert api.run(Linode(client, linode.id).load()).label == "web"
        if http is not None:
            api.run(http.aclose())
