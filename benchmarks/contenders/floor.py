"""The floor: urllib3 and orjson, and httpx2 where it is awaited. No library above them, dicts as objects."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import urllib3
from measuring import AT_ONCE, AWAITED, GETS, THREADED, Timed, main, tell

PAGE = 500
"""The most that the API gives, which is what `linode` asks for."""
HEADERS = {"Authorization": "Bearer t"}


def getter(connections: int = 1) -> Callable[[str], Any]:
    pool = urllib3.PoolManager(headers=HEADERS, timeout=60.0, maxsize=connections)

    def get(url: str) -> Any:
        answer = pool.request("GET", url)
        if answer.status != 200:
            raise RuntimeError(f"{url}: {answer.status}")
        return orjson.loads(answer.data)

    return get


def all_of(get: Callable[[str], Any], url: str) -> list[dict[str, Any]]:
    first = get(f"{url}/linode/instances?page=1&page_size={PAGE}")
    found: list[dict[str, Any]] = first["data"]
    for number in range(2, first["pages"] + 1):
        found += get(f"{url}/linode/instances?page={number}&page_size={PAGE}")["data"]
    return found


def listed(url: str) -> None:
    get = getter()
    get(f"{url}/linode/instances/1")
    with Timed() as timed:
        linodes = all_of(get, url)
    tell(timed, ((each["id"], each["label"]) for each in linodes))


def read(url: str) -> None:
    get = getter()
    get(f"{url}/linode/instances/1")
    with Timed() as timed:
        linodes = all_of(get, url)
        rows = [(e["id"], e["label"], e["status"], e["region"], e["type"], e["ipv4"]) for e in linodes]
    tell(timed, rows)


def got(url: str) -> None:
    get = getter()
    get(f"{url}/linode/instances/1")
    with Timed() as timed:
        linodes = [get(f"{url}/linode/instances/{number}") for number in range(1, GETS + 1)]
    tell(timed, ((each["id"], each["label"]) for each in linodes))


def threaded(url: str) -> None:
    get = getter(AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda number: get(f"{url}/linode/instances/{number}"), range(1, 4 * AT_ONCE + 1)))
        with Timed() as timed:
            linodes = list(pool.map(lambda number: get(f"{url}/linode/instances/{number}"), range(1, THREADED + 1)))
    tell(timed, ((each["id"], each["label"]) for each in linodes))


def awaited(url: str) -> None:
    import httpx2

    async def work() -> None:
        async with httpx2.AsyncClient(headers=HEADERS) as http:
            gate = asyncio.Semaphore(AT_ONCE)

            async def get(number: int) -> Any:
                async with gate:
                    answer = await http.get(f"{url}/linode/instances/{number}")
                if answer.status_code != 200:
                    raise RuntimeError(f"{url}: {answer.status_code}")
                return orjson.loads(answer.content)

            await asyncio.gather(*(get(number) for number in range(1, AT_ONCE + 1)))
            with Timed() as timed:
                linodes = await asyncio.gather(*(get(number) for number in range(1, AWAITED + 1)))
        tell(timed, ((each["id"], each["label"]) for each in linodes))

    asyncio.run(work())


main({"listed": listed, "read": read, "got": got, "threaded": threaded, "awaited": awaited})
