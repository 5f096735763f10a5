"""`linode_api4`, as its users write it. This file runs in an environment that holds it and nothing of ours."""

from __future__ import annotations

from linode_api4 import Instance, LinodeClient
from measuring import GETS, POLL, Timed, main, spare, tell


def client_of(url: str) -> LinodeClient:
    """A client that has its connection."""
    client = LinodeClient("t", base_url=url)
    client.load(Instance, 1)
    return client


def listed(url: str) -> None:
    client = client_of(url)
    with Timed() as timed:
        linodes = list(client.linode.instances())
    tell(timed, ((each.id, each.label) for each in linodes))


def read(url: str) -> None:
    client = client_of(url)
    with Timed() as timed:
        linodes = list(client.linode.instances())
        rows = [(e.id, e.label, e.status, e.region, e.type, e.ipv4) for e in linodes]
    tell(timed, ((a, b, c, region.id, kind.id, ipv4) for a, b, c, region, kind, ipv4 in rows))


def got(url: str) -> None:
    client = client_of(url)
    with Timed() as timed:
        linodes = [client.load(Instance, number) for number in range(1, GETS + 1)]
    tell(timed, ((each.id, each.label) for each in linodes))


def waited(address: str, token: str) -> None:
    """The loop that its users write: look at each that is not there yet, sleep, look again."""
    client = LinodeClient(token, base_url=f"{address}/v4")
    linodes = list(client.linode.instances())
    spare(address, token, "DELETE", "requests")
    with Timed() as timed:
        waiting = linodes
        while waiting:
            for each in waiting:
                each.invalidate()
            waiting = [each for each in waiting if each.status != "running"]
            if waiting:
                spare(address, token, "POST", "advance", {"seconds": POLL})
    timed.figures["requests"] = len(spare(address, token, "GET", "requests")["requests"])
    tell(timed, ((each.id, each.status) for each in linodes))


main({"listed": listed, "read": read, "got": got, "waited": waited})
