"""A server that answers as fast as it can: 10,000 Linodes, every body encoded before the first request.

``python benchmarks/server.py [--latency MILLISECONDS]`` prints its address and serves until it is ended. It knows
``GET /v4/linode/instances`` (pages, and the filters by id that a list asks for) and ``GET /v4/linode/instances/ID``,
over connections that stay open. It is no imitation of the API: the sandbox is that.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
from typing import Any, cast
from urllib.parse import parse_qs

COUNT = 10_000
SIZE = 2_475
"""Bytes of one Linode: tags fill it up."""


def linode(number: int) -> dict[str, Any]:
    """The JSON of Linode *number*, with all members that the API has today."""
    high, low = divmod(number, 250)
    return {
        "id": number,
        "label": f"web-{number:05d}",
        "group": "",
        "status": "running",
        "created": "2024-03-08T02:30:00",
        "updated": "2025-11-09T14:05:06",
        "type": "g6-standard-2",
        "ipv4": [f"192.0.{high}.{low}", f"192.168.{high}.{low}"],
        "ipv6": f"2001:db8::{number:x}/128",
        "image": "linode/debian12",
        "region": "us-east",
        "site_type": "core",
        "specs": {
            "disk": 81920,
            "memory": 4096,
            "vcpus": 2,
            "gpus": 0,
            "transfer": 4000,
            "accelerated_devices": 0,
        },
        "alerts": {"cpu": 180, "network_in": 10, "network_out": 10, "transfer_quota": 80, "io": 10000},
        "backups": {
            "enabled": True,
            "available": True,
            "schedule": {"day": "Saturday", "window": "W22"},
            "last_successful": "2025-11-09T03:00:00",
        },
        "hypervisor": "kvm",
        "watchdog_enabled": True,
        "tags": [],
        "host_uuid": "3a3ddd59d9a78bb8de041391075df44de62bfec8",
        "has_user_data": False,
        "placement_group": None,
        "disk_encryption": "enabled",
        "lke_cluster_id": None,
        "capabilities": ["Block Storage Encryption", "SMTP Enabled"],
        "interface_generation": "legacy_config",
        "maintenance_policy": "linode/migrate",
        "locks": [],
    }


def body(number: int) -> bytes:
    """The JSON of Linode *number*, `SIZE` bytes of it."""
    row = linode(number)
    missing = SIZE - len(encoded(row))
    row["tags"] = [f"tag-{at:02d}-{number:05d}-of-a-usual-len" for at in range(missing // 32)]
    last = SIZE - len(encoded(row)) - 3
    row["tags"].append("x" * last)
    return encoded(row)


def encoded(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


BODIES = [body(number) for number in range(1, COUNT + 1)]


@functools.cache
def page(number: int, size: int, low: int, high: int) -> bytes:
    """The answer with page *number* of the Linodes *low* to *high*."""
    bodies = BODIES[low - 1 : high]
    pages = max(1, -(-len(bodies) // size))
    shown = b",".join(bodies[(number - 1) * size : number * size])
    return answer(b'{"data":[%b],"page":%d,"pages":%d,"results":%d}' % (shown, number, pages, len(bodies)))


def answer(content: bytes, status: bytes = b"200 OK") -> bytes:
    """*content* as a whole HTTP answer, with the headers that the API sends."""
    return (
        b"HTTP/1.1 %b\r\nServer: nginx\r\nDate: Mon, 10 Nov 2025 12:00:00 GMT\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\nConnection: keep-alive\r\nX-OAuth-Scopes: *\r\n"
        b"X-Accepted-OAuth-Scopes: linodes:read_only\r\nCache-Control: private, max-age=60, s-maxage=60\r\n"
        b"X-Spec-Version: 4.229.0\r\n\r\n%b"
    ) % (status, len(content), content)


for first in range(1, COUNT // 100 + 1):
    for size in (100, 500):
        page(first, size, 1, COUNT)
ANSWERS = {f"/v4/linode/instances/{number}": answer(each) for number, each in enumerate(BODIES, start=1)}
NOT_FOUND = answer(b'{"errors":[{"reason":"Not found"}]}', b"404 Not Found")


def answer_to(head: str) -> bytes:
    """The answer to the request that *head* makes."""
    target = head.split(" ", 2)[1]
    if (found := ANSWERS.get(target)) is not None:
        return found
    path, _, query = target.partition("?")
    if path != "/v4/linode/instances":
        return NOT_FOUND
    asked = parse_qs(query)
    low, high = bounds(head)
    return page(int(asked.get("page", ["1"])[0]), int(asked.get("page_size", ["100"])[0]), low, high)


def bounds(head: str) -> tuple[int, int]:
    """The first and the last id that the filter of *head* lets through."""
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "x-filter" and (asked := json.loads(value)):
            wanted = asked.pop("id")
            if asked or not wanted.keys() <= {"+gt", "+lt"}:
                raise ValueError(f"this server cannot filter by {value}")
            return wanted.get("+gt", 0) + 1, wanted.get("+lt", COUNT + 1) - 1
    return 1, COUNT


class Connection(asyncio.Protocol):
    """One client. It sends GETs, without bodies, and waits for each answer."""

    latency = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            found = answer_to(head.decode("ascii"))
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self.transport.write, found)
            else:
                self.transport.write(found)


async def serve(latency: float) -> None:
    Connection.latency = latency
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0, backlog=256)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v4", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds before every answer")
    asyncio.run(serve(parser.parse_args().latency / 1000))
