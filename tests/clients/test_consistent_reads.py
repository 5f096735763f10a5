"""Lists that change while they are walked, in the sandbox: nothing there throughout is lost, nothing comes twice."""

from __future__ import annotations

import asyncio

import pytest
from asking import raw

from linode import AsyncLinodeClient, Domain, Linode, LinodeClient
from linode.sandbox import Sandbox


class Changing:
    """A sandbox whose Linodes (or domains) come and go, as *plan* says, after each request of its clients."""

    def __init__(self, kind, count, plan):
        self.sandbox = Sandbox(seed=1)
        self.path, self._new = {
            Linode: ("/linode/instances", lambda n: {"type": "g6-nanode-1", "region": "us-east", "label": f"new{n}"}),
            Domain: ("/domains", lambda n: {"type": "master", "domain": f"new{n}.org", "soa_email": "a@new.org"}),
        }[kind]
        label = "label" if kind is Linode else "domain"
        with self.sandbox.world.transaction():
            rows = [self.sandbox.world.add(kind, **{label: f"old{n}"}, region="us-east") for n in range(count)]
        self.there = [row["id"] for row in rows]
        self.always = set(self.there)
        self._plan = iter(plan)
        self._count = 0

    def change(self):
        """The next step of the plan, as a request to the sandbox."""
        for operation, number in next(self._plan, []):
            if operation == "make":
                for _ in range(number):
                    self._count += 1
                    self.there.append(self._ask("POST", self.path, self._new(self._count))["id"])
            elif self.there:
                gone = self.there.pop(number % len(self.there))
                self.always.discard(gone)
                self._ask("DELETE", f"{self.path}/{gone}")

    def _ask(self, method, path, body=None):
        status, answer = raw(self.sandbox, method, path, body)
        assert status == 200, answer
        return answer

    def client(self, *, awaited):
        """A client with pages of 25, the least that there is."""
        if awaited:
            awaited_way = AwaitedWay(self.sandbox.async_transport(), self.change)
            return AsyncLinodeClient(self.sandbox.token, transport=awaited_way, page_size=25)
        way = Way(self.sandbox.transport(), self.change)
        return LinodeClient(self.sandbox.token, transport=way, page_size=25)


class Way:
    """A transport after whose every request something happens."""

    parallel = False

    def __init__(self, way, after):
        self._way = way
        self._after = after

    def send(self, request, timeout):
        answer = self._way.send(request, timeout)
        self._after()
        return answer

    def __getattr__(self, name):
        return getattr(self._way, name)


class AwaitedWay(Way):
    parallel = True

    async def send(self, request, timeout):  # noqa: ASYNC109
        answer = await self._way.send(request, timeout)
        self._after()
        return answer


def listed(changing, things, *, awaited):
    """The ids that iterating gives."""

    async def walk():
        return [each.id async for each in things(changing.client(awaited=True))]

    return asyncio.run(walk()) if awaited else [each.id for each in things(changing.client(awaited=False))]


@pytest.mark.parametrize("awaited", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("kind", "things"),
    [
        (Linode, lambda client: client.get_linodes()),
        (Linode, lambda client: client.get_linodes(Linode.id.desc())),
        (Linode, lambda client: client.get_linodes(Linode.label.asc())),
        (Domain, lambda client: client.get_domains()),
    ],
    ids=["by id", "from its end", "in another order", "that cannot be filtered by id"],
)
def test_a_list_is_whole_while_it_changes(kind, things, awaited):
    """On the borders of its pages objects come and go; the property itself is in tests/model/test_changing_lists.py."""
    plan = [[("delete", 0), ("make", 2)], [("delete", 30), ("delete", 24)], [("make", 3)]]
    changing = Changing(kind, 76, plan)
    ids = listed(changing, things, awaited=awaited)
    assert len(ids) == len(set(ids))
    assert len(changing.always) == 73
    assert changing.always <= set(ids)
