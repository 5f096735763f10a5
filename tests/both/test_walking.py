"""Lists that change while they are walked, in the sandbox: nothing there throughout is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linode import AsyncLinodeClient, Domain, Linode, LinodeClient
from linode._http.transport import Request
from linode.errors import ListChangedError
from linode.sandbox import Sandbox

PLANS = st.lists(
    st.lists(
        st.one_of(st.tuples(st.just("delete"), st.integers(0, 200)), st.tuples(st.just("make"), st.integers(1, 5))),
        max_size=5,
    ),
    max_size=7,
)
COUNTS = st.one_of(st.integers(0, 110), st.sampled_from([25, 26, 27, 50, 51, 52, 76, 101]))


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
        """The next step of the plan, through the sandbox's door."""
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
        headers = {"Authorization": f"Bearer {self.sandbox.token}"}
        content = None if body is None else json.dumps(body).encode()
        answer = self.sandbox.gateway.handle(Request(method, f"http://sandbox/v4{path}", headers, content))
        assert answer.status == 200, answer.content
        return json.loads(answer.content)

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


def check(changing, ids):
    assert len(ids) == len(set(ids))
    assert changing.always <= set(ids)


@pytest.mark.parametrize("awaited", [False, True], ids=["sync", "async"])
@given(COUNTS, PLANS)
@settings(max_examples=60)
def test_a_list_that_can_be_filtered_by_id(awaited, count, plan):
    """Linodes, oldest first: what the borders of its pages hide is asked for."""
    changing = Changing(Linode, count, plan)
    check(changing, listed(changing, lambda client: client.get_linodes(), awaited=awaited))


@pytest.mark.parametrize("awaited", [False, True], ids=["sync", "async"])
@given(COUNTS, PLANS)
@settings(max_examples=40)
def test_the_same_from_its_end(awaited, count, plan):
    """Newest first."""
    changing = Changing(Linode, count, plan)
    check(changing, listed(changing, lambda client: client.get_linodes(Linode.id.desc()), awaited=awaited))


@pytest.mark.parametrize("awaited", [False, True], ids=["sync", "async"])
@given(COUNTS, PLANS)
@settings(max_examples=40)
def test_a_list_in_another_order(awaited, count, plan):
    """Linodes by label: new ones come in anywhere."""
    changing = Changing(Linode, count, plan)
    try:
        ids = listed(changing, lambda client: client.get_linodes(Linode.label.asc()), awaited=awaited)
    except ListChangedError:
        return
    check(changing, ids)


@pytest.mark.parametrize("awaited", [False, True], ids=["sync", "async"])
@given(COUNTS, PLANS)
@settings(max_examples=40)
def test_a_list_that_cannot(awaited, count, plan):
    """Domains: read until two readings agree, or said to be too lively."""
    changing = Changing(Domain, count, plan)
    try:
        ids = listed(changing, lambda client: client.get_domains(), awaited=awaited)
    except ListChangedError:
        return
    check(changing, ids)


@given(COUNTS, PLANS, st.slices(110))
@settings(max_examples=40)
def test_a_slice_is_of_one_list(count, plan, part):
    """Its pages belong together: nothing in it comes twice."""
    changing = Changing(Linode, count, plan)
    linodes = changing.client(awaited=False).get_linodes()
    try:
        ids = [each.id for each in linodes[part]]
    except ListChangedError:
        return
    assert len(ids) == len(set(ids))
