"""`linode`, as its users write it."""

from __future__ import annotations

import asyncio
import timeit
from concurrent.futures import ThreadPoolExecutor

from measuring import AT_ONCE, AWAITED, GETS, POLL, THREADED, Timed, main, spare, tell

from linode import Disk, Linode, LinodeClient, aio
from linode._http.network import HttpTransport


def client_of(url: str) -> LinodeClient:
    """A client that has its connection."""
    client = LinodeClient("t", url)
    Linode(client, 1).load()
    return client


def listed(url: str) -> None:
    client = client_of(url)
    with Timed() as timed:
        linodes = client.get_linodes.all()
    tell(timed, ((each.id, each.label) for each in linodes))


def read(url: str) -> None:
    client = client_of(url)
    with Timed() as timed:
        linodes = client.get_linodes.all()
        rows = [(e.id, e.label, e.status, e.region, e.type, e.ipv4) for e in linodes]
    tell(timed, ((a, b, c, region.id, kind and kind.id, ipv4) for a, b, c, region, kind, ipv4 in rows))


def got(url: str) -> None:
    client = client_of(url)
    with Timed() as timed:
        linodes = [Linode(client, number).load() for number in range(1, GETS + 1)]
    tell(timed, ((each.id, each.label) for each in linodes))


def threaded(url: str) -> None:
    client = client_of(url)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda number: Linode(client, number).load(), range(1, 4 * AT_ONCE + 1)))
        with Timed() as timed:
            linodes = list(pool.map(lambda number: Linode(client, number).load(), range(1, THREADED + 1)))
    tell(timed, ((each.id, each.label) for each in linodes))


def awaited(url: str) -> None:
    async def work() -> None:
        async with aio.LinodeClient("t", url) as client:
            gate = asyncio.Semaphore(AT_ONCE)

            async def get(number: int) -> aio.Linode:
                async with gate:
                    return await aio.Linode(client, number)

            await asyncio.gather(*(get(number) for number in range(1, AT_ONCE + 1)))
            with Timed() as timed:
                linodes = await asyncio.gather(*(get(number) for number in range(1, AWAITED + 1)))
        tell(timed, ((each.id, each.label) for each in linodes))

    asyncio.run(work())


def attribute(url: str) -> None:
    """One read of an attribute that has been read before, and the first one of a date; in a list's object."""
    client = client_of(url)
    again = Linode(client, 1).load()
    timed = Timed()
    timed.figures = {
        "time": min(timeit.repeat("again.label", globals={"again": again}, number=100_000, repeat=20)) / 1e5
    }
    tell(timed, [again.label])


def relation(url: str) -> None:
    """The slower of a client's list that is not fetched, and of an object's parent that was given by its id."""
    client = client_of(url)
    disk = Disk(client, 5, 1)
    timed = Timed()
    timed.figures = {
        "time": max(
            min(timeit.repeat(read, globals={"client": client, "disk": disk}, number=20_000, repeat=20)) / 2e4
            for read in ("client.get_linodes", "disk.linode")
        )
    }
    tell(timed, [str(disk.linode.id)])


def date(url: str) -> None:
    client = client_of(url)
    linodes = client.get_linodes.all()
    labels = [each.label for each in linodes]
    with Timed() as timed:
        for each in linodes:
            _ = each.created
    timed.figures["time"] /= len(linodes)
    tell(timed, labels)


class Skipping(HttpTransport):
    """Lets the sandbox's time go by instead of sleeping."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__()
        self._at = address, token
        self._passed = 0.0

    def sleep(self, seconds: float) -> None:
        spare(*self._at, "POST", "advance", {"seconds": seconds})
        self._passed += seconds

    def now(self) -> float:
        return self._passed


def populated(address: str, token: str, count: str) -> None:
    """Make *count* Linodes, which begin to boot."""
    spare(address, token, "DELETE", "limits")
    with LinodeClient(token, f"{address}/v4") as client:
        for number in range(int(count)):
            client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", label=f"web-{number}")


def waited(address: str, token: str) -> None:
    client = LinodeClient(token, f"{address}/v4", transport=Skipping(address, token))
    linodes = client.get_linodes.all()
    spare(address, token, "DELETE", "requests")
    with Timed() as timed:
        client.wait_for(linodes, "running", poll_interval=POLL)
    timed.figures["requests"] = len(spare(address, token, "GET", "requests")["requests"])
    tell(timed, ((each.id, each.status) for each in linodes))


main(
    {
        "listed": listed,
        "read": read,
        "got": got,
        "threaded": threaded,
        "awaited": awaited,
        "attribute": attribute,
        "relation": relation,
        "date": date,
        "populated": populated,
        "waited": waited,
    }
)
