"""The ways to the API that one test text takes: either client, to a sandbox in this process or on a port."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import copy_context
from itertools import islice
from typing import Any

import httpx2
from asking import DEBIAN, NANODE, PASSWORD, REGION
from browser import log_in

from linode import (
    AsyncLinodeClient,
    AsyncLinodeLoginClient,
    AsyncMetadataClient,
    LinodeClient,
    LinodeLoginClient,
    MetadataClient,
)
from linode._http.network import HttpTransport
from linode.sandbox import Fault, Sandbox

__all__ = ["Api", "InProcess", "OverSocket"]


class InProcess:
    """A sandbox in this process, whose clock moves with requests and pauses."""

    def __init__(self, *, step: float = 0.05) -> None:
        self.sandbox = Sandbox(seed=1, step=step)
        self.token = self.sandbox.token

    def client(self, *, awaited: bool, **options: Any) -> Any:
        return self.sandbox.async_client(**options) if awaited else self.sandbox.client(**options)

    def login(self, *, awaited: bool) -> Any:
        kind = AsyncLinodeLoginClient if awaited else LinodeLoginClient
        way: Any = self.sandbox.async_transport() if awaited else self.sandbox.transport()
        return kind("my-client-id", "my-client-secret", "http://sandbox", transport=way)

    def metadata(self, linode: Any, *, awaited: bool, **options: Any) -> Any:
        """A client of the Metadata service, as a program on *linode* has it."""
        make = self.sandbox.async_metadata_client if awaited else self.sandbox.metadata_client
        return make(linode, **options)

    def logs_in(self, url: str) -> str:
        """The address to which a user's browser is redirected from *url*."""
        return log_in(url, self.sandbox.transport())

    def fails(self, method: str, path: str, **effect: Any) -> None:
        self.sandbox.faults.append(Fault(method, path, **effect))

    def asked(self) -> list[tuple[str, str, int]]:
        return [(each.method, each.path.removeprefix("/v4"), each.status) for each in self.sandbox.requests]

    def forget(self) -> None:
        self.sandbox.requests.clear()

    def advance(self, seconds: float) -> None:
        self.sandbox.advance(seconds)


class OverSocket:
    """A sandbox on a port, whose clock runs. *http* asks it for what is no part of the API."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http
        self.token = http.headers["Authorization"].removeprefix("Bearer ")
        self._control("POST", "reset")

    def _control(self, method: str, what: str, body: Any = None) -> Any:
        return self._http.request(method, f"/sandbox/{what}", json=body).raise_for_status().json()

    def client(self, *, awaited: bool, **options: Any) -> Any:
        kind = AsyncLinodeClient if awaited else LinodeClient
        return kind(self.token, str(self._http.base_url.join("/v4")), **options)

    def login(self, *, awaited: bool) -> Any:
        kind = AsyncLinodeLoginClient if awaited else LinodeLoginClient
        return kind("my-client-id", "my-client-secret", str(self._http.base_url), timeout=0.2)

    def metadata(self, linode: Any, *, awaited: bool, **options: Any) -> Any:
        kind = AsyncMetadataClient if awaited else MetadataClient
        return kind(str(self._http.base_url.join(f"/metadata/{linode.id}/v1")), **options)

    def logs_in(self, url: str) -> str:
        with closing(HttpTransport()) as way:
            return log_in(url, way)

    def fails(self, method: str, path: str, **effect: Any) -> None:
        self._control("POST", "faults", {"method": method, "path": path, **effect})

    def asked(self) -> list[tuple[str, str, int]]:
        told = self._control("GET", "requests")["requests"]
        return [(each["method"], each["path"].removeprefix("/v4"), each["status"]) for each in told]

    def forget(self) -> None:
        self._control("DELETE", "requests")

    def advance(self, seconds: float) -> None:
        self._control("POST", "advance", {"seconds": seconds})


class Api:
    """A client, the sandbox that it asks, and what lets the same lines drive either client."""

    def __init__(self, home: InProcess | OverSocket, *, awaited: bool) -> None:
        self.home = home
        self.awaited = awaited
        self._runner = asyncio.Runner() if awaited else None
        self._clients: list[Any] = []
        self.client = self.another()

    def another(self, **options: Any) -> Any:
        """One more client, closed at the end."""
        made = self.home.client(awaited=self.awaited, **options)
        self._clients.append(made)
        return made

    def metadata(self, linode: Any, **options: Any) -> Any:
        """A client of the Metadata service, as a program on *linode* has it; closed at the end."""
        made = self.home.metadata(linode, awaited=self.awaited, **options)
        self._clients.append(made)
        return made

    def run(self, operation: Any) -> Any:
        """The result of *operation*, which an async client returns as an awaitable."""
        return self._run(operation) if self._runner is not None and inspect.isawaitable(operation) else operation

    def each(self, values: Any) -> list[Any]:
        """The objects of an iteration over *values*."""
        return list(values) if self._runner is None else self._run(_listed(values))

    def first(self, values: Any, count: int) -> list[Any]:
        """The first *count* objects of an iteration over *values*; the rest is not requested."""
        if self._runner is not None:
            return self._run(_listed(values, count))
        return list(islice(values, count))

    def _run(self, awaitable: Any) -> Any:
        assert self._runner is not None

        async def result() -> Any:
            return await awaitable

        return self._runner.run(result(), context=copy_context())  # the context variables of the test are set

    def paths(self) -> list[str]:
        """The requests since the last `forget`, as ``METHOD /path``."""
        return [f"{method} {path}" for method, path, _ in self.home.asked()]

    def linode(self, label: str, **options: Any) -> Any:
        """A Linode that is off, or, made of an image, on its way to run."""
        return self.run(self.client.create_linode(NANODE, REGION, label=label, **options))

    def running(self, label: str = "web", **options: Any) -> Any:
        """A Linode that runs."""
        linode = self.linode(label, image=DEBIAN, root_pass=PASSWORD, **options)
        self.home.advance(120)
        self.run(linode.load())
        assert linode.status == "running"
        return linode

    @contextmanager
    def closed(self) -> Iterator[Api]:
        """This, until the end of the block."""
        try:
            yield self
        finally:
            for client in self._clients:
                self.run(client.close())
            if self._runner is not None:
                self._runner.close()


async def _listed(values: Any, count: int | None = None) -> list[Any]:
    found: list[Any] = []
    if count == 0:
        return found
    async for each in values:
        found.append(each)
        if len(found) == count:
            break
    return found
