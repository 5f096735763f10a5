"""A transport that answers from a table, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from linode import LinodeClient
from linode._http.transport import Request, Response
from linode._model import matches, ordered


class Fake:
    """Answers ``METHOD /path`` with what the table says: JSON, a `Response`, an error to raise, or a function."""

    parallel = False

    def __init__(self, answers: dict[str, Any] | Callable[[Request], Any]) -> None:
        self.answers = answers
        self.requests: list[Request] = []
        self.paused: list[float] = []

    def send(self, request: Request, timeout: float | None) -> Response:
        self.requests.append(request)
        answer = self.answers(request) if callable(self.answers) else self._listed(request)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Response) else Response(200, {}, json.dumps(answer).encode())

    def _listed(self, request: Request) -> Any:
        path = request.url.partition("/v4")[2]
        answer = self.answers.get(
            f"{request.method} {path}", self.answers.get(f"{request.method} {path.partition('?')[0]}")
        )
        assert answer is not None, f"unexpected {request.method} {path}"
        return answer(request) if callable(answer) else answer

    def sleep(self, seconds: float) -> None:
        self.paused.append(seconds)

    def now(self) -> float:
        return sum(self.paused)

    def close(self) -> None:
        pass

    @property
    def asked(self) -> list[str]:
        """The requests, as ``METHOD /path``."""
        return [f"{each.method} {each.url.partition('/v4')[2]}" for each in self.requests]

    @property
    def bodies(self) -> list[Any]:
        """The bodies that were sent."""
        return [json.loads(each.content) for each in self.requests if each.content]

    @property
    def filters(self) -> list[Any]:
        """The filters that were sent, None where there was none."""
        return [json.loads(each.headers["X-Filter"]) if "X-Filter" in each.headers else None for each in self.requests]


class AwaitedFake(Fake):
    """The async form of `Fake`."""

    parallel = True

    async def send(self, request: Request, timeout: float | None) -> Response:  # noqa: ASYNC109
        return super().send(request, timeout)

    async def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        await asyncio.sleep(0)

    async def close(self) -> None:
        pass


def client_of(answers: Any, **options: Any) -> tuple[LinodeClient, Fake]:
    """A client whose requests are answered by a `Fake`."""
    fake = Fake(answers)
    return LinodeClient("the-token", "http://api.test/v4", transport=fake, **options), fake


def paged(rows: list[dict[str, Any]]) -> Callable[[Request], Any]:
    """Answers a list request with a page of *rows*."""

    def answer(request: Request) -> Any:
        query = dict(each.split("=") for each in request.url.partition("?")[2].split("&"))
        page, size = int(query["page"]), int(query["page_size"])
        wanted = json.loads(request.headers.get("X-Filter", "{}"))
        found = ordered([row for row in rows if matches(row, wanted)], wanted)
        pages = max(1, -(-len(found) // size))
        return {"data": found[(page - 1) * size : page * size], "page": page, "pages": pages, "results": len(found)}

    return answer


LINODE: dict[str, Any] = {
    "id": 123,
    "label": "web",
    "group": "",
    "tags": ["a"],
    "status": "running",
    "created": "2018-01-02T03:04:05",
    "region": "us-east",
    "image": "linode/debian12",
    "type": "g6-nanode-1",
    "ipv4": ["192.0.2.1"],
    "alerts": {"cpu": 90, "io": 10000, "network_in": 10, "network_out": 10, "transfer_quota": 80},
    "backups": {"enabled": False, "schedule": {"day": None, "window": None}},
    "specs": {"memory": 1024, "disk": 25600, "vcpus": 1, "gpus": 0, "transfer": 1000},
    "brand_new_member": {"x": 1},
}
