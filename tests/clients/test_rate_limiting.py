"""Pacing: as much as the account may do, and no more, whoever else draws on it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from collections import Counter
from email.utils import formatdate

import pytest

from linode import Linode, Retry
from linode._http.pipeline import Pipeline, Traffic
from linode._http.rate_limiting import RateLimiter
from linode._http.v4 import Wire
from linode._model import Call, Sleep
from linode.errors import RateLimitedError
from linode.sandbox import Limit, Sandbox
from linode.sandbox.failures.limits import Limits

ALL = Limit("*", "**", 1600)
TIGHT = Limit("POST", "/linode/instances", 20, 15)


class Account:
    """An API that counts, on a clock of its own, and processes that call it: each has a `Pace` and some tasks.

    A call takes *latency* seconds, more or less.
    """

    def __init__(self, *limits, latency=0.1, seed=0):
        self._random = random.Random(seed)
        self._limits = Limits(limits)
        self._latency = latency
        self._tasks = []
        self._count = itertools.count()
        self.now = self.began = 1_700_000_000 + self._random.random()
        self.answered = Counter()
        self.refusals = []

    def process(self, call, calls, *, tasks=1, start=0.0):
        """A process that makes *calls*, an iterator that several may share, by so many *tasks* from *start* on."""
        pace = RateLimiter(lambda: self.now)
        for _ in range(tasks):
            self._at(start + self._random.random() * self._latency, self._task(pace, call, calls))

    def run(self):
        """Let them all work to the end."""
        while self._tasks:
            self.now, _, task = heapq.heappop(self._tasks)
            if (seconds := next(task, None)) is not None:
                self._at(seconds, task)

    def _at(self, seconds, task):
        heapq.heappush(self._tasks, (self.now + seconds, next(self._count), task))

    def _task(self, pace, call, calls):
        for _ in calls:
            while True:
                for pause in pace.turn(call):
                    yield pause.seconds
                yield self._way()
                allowance = self._limits.take("token", call.method, call.path, self.now)
                headers = {name.lower(): value for name, value in allowance.headers(self.now).items()}
                headers["date"] = formatdate(self.now, usegmt=True)
                self.answered[200 if allowance.allowed else 429] += 1
                if not allowance.allowed:
                    self.refusals.append(self.now - self.began)
                yield self._way()
                pace.record(call, headers, 200 if allowance.allowed else 429)
                if allowance.allowed:
                    break
                yield float(headers["retry-after"])

    def _way(self):
        return self._latency * self._random.uniform(0.2, 0.8)

    def rate(self, limit):
        """The used share of the calls that *limit* allows."""
        return self.answered[200] / (self.now - self.began) / (limit.count / limit.seconds)


def used_by(limit, count, *, processes, tasks, latency, seed=0):
    account = Account(limit, latency=latency, seed=seed)
    calls = iter(range(count))
    for _ in range(processes):
        account.process(Call(limit.method.replace("*", "GET"), "/linode/instances"), calls, tasks=tasks)
    account.run()
    assert account.answered[200] == count
    return account.rate(limit), account.answered[429]


@pytest.mark.parametrize(
    ("processes", "tasks", "latency"), [(1, 16, 0.1), (4, 1, 0.02), (4, 1, 0.1), (4, 16, 0.1), (4, 16, 0.5)]
)
def test_clients_use_the_rate_limit_fully_and_never_exceed_it(processes, tasks, latency):
    """10,000 calls under 1,600 a minute: 97 % of the allowed rate at least, and no refusal."""
    rate, refused = used_by(ALL, 10_000, processes=processes, tasks=tasks, latency=latency)
    assert refused == 0
    assert rate >= 0.97


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("processes", [1, 4])
def test_a_low_limit(processes, seed):
    """20 in 15 seconds, one call after the other in each process: no refusal, and most of it is used."""
    rate, refused = used_by(TIGHT, 200, processes=processes, tasks=1, latency=0.5, seed=seed)
    assert refused == 0
    assert rate >= 0.8


@pytest.mark.parametrize("seed", range(4))
def test_a_low_limit_with_many_concurrent_calls(seed):
    """16 tasks of one process: the first answer is waited for before all are sent, so that none is refused."""
    rate, refused = used_by(TIGHT, 200, processes=1, tasks=16, latency=0.1, seed=seed)
    assert refused == 0
    assert rate >= 0.7


@pytest.mark.parametrize("tasks", [4, 16, 64])
@pytest.mark.parametrize("latency", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("limit", [TIGHT, Limit("POST", "/linode/instances", 200, 60)], ids=["tight", "wide"])
def test_many_processes_that_start_at_once(limit, latency, tasks):
    """Four with many tasks each, that know nothing yet: none is refused in the first stretch, and hardly any later."""
    for seed in range(4):
        account = rush(limit, starts=[0.0] * 4, tasks=tasks, latency=latency, seed=seed)
        assert [at for at in account.refusals if at < limit.seconds] == []
        assert len(account.refusals) <= 1
        assert account.rate(limit) >= 0.7


@pytest.mark.parametrize("tasks", [1, 16, 64])
@pytest.mark.parametrize("latency", [0.05, 0.3])
def test_clients_that_start_late_are_refused_once_at_most(latency, tasks):
    """A process that begins when nothing is left can only learn it by its first call; it is alone with that."""
    for seed in range(4):
        account = rush(TIGHT, starts=[0.0, 1.0, 2.0, 4.0], tasks=tasks, latency=latency, seed=seed)
        assert len(account.refusals) <= 4


def rush(limit, *, starts, tasks, latency, seed):
    account = Account(limit, latency=latency, seed=seed)
    calls = iter(range(5 * limit.count))
    for start in starts:
        account.process(Call("POST", "/linode/instances"), calls, tasks=tasks, start=start)
    account.run()
    return account


def test_equal_limits_of_different_operations_are_kept_apart():
    """Calls that wait for one limit do not delay the calls of the other."""
    images = Limit("GET", "/images", 20, 60)
    account = Account(images, TIGHT)
    account.process(Call("GET", "/images"), iter(range(20)))
    account.process(Call("POST", "/linode/instances"), iter(range(60)))
    account.run()
    assert account.answered == {200: 80}
    pace = RateLimiter(lambda: 0.0)
    for call, reset in ((Call("GET", "/images"), 1060), (Call("POST", "/linode/instances"), 1015)):
        pace.record(call, told(limit=20, left=20, reset=reset))
    pace.record(Call("GET", "/images"), told(limit=20, left=0, reset=1060))
    assert [each.seconds for each in pace.turn(Call("POST", "/linode/instances"))] == []
    assert next(pace.turn(Call("GET", "/images"))).seconds == 60


def test_a_limit_that_several_kinds_of_call_share():
    """The same number, the same end: what one kind uses, the other has not."""
    pace = RateLimiter(lambda: 0.0)
    pace.record(Call("GET", "/regions/a"), told(limit=1600, left=900, reset=1060))
    pace.record(Call("GET", "/linode/types/b"), told(limit=1600, left=0, reset=1060))
    assert next(pace.turn(Call("GET", "/regions/a"))).seconds == 60


def told(*, limit, left, reset):
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(left),
        "x-ratelimit-reset": str(reset),
        "date": formatdate(1000, usegmt=True),
    }


def test_without_rate_limit_headers_nothing_is_delayed():
    """Not even a thousand calls at once, once an answer has come."""
    pace, call = RateLimiter(lambda: 0.0), Call("GET", "/profile")
    assert list(pace.turn(call)) == []
    assert next(pace.turn(call)).seconds > 0
    pace.record(call, {})
    for _ in range(1000):
        assert list(pace.turn(call)) == []


def test_a_first_call_without_an_answer_does_not_hold_the_others_for_long():
    """After two seconds two more go, and then four."""
    clock = [0.0]
    pace, call = RateLimiter(lambda: clock[0]), Call("GET", "/profile")
    sent = []
    for second in range(8):
        clock[0] = float(second)
        sent.append(0)
        while not any(True for _ in pace.turn(call)):
            sent[-1] += 1
    assert sent == [1, 0, 2, 0, 4, 0, 8, 0]


def pipeline_of(now, retry=Retry(), limiter=None):  # noqa: B008 - immutable
    """The way of the requests of a client whose transport has the clock *now*."""
    made = Pipeline(Traffic(now), retry)
    made.wire = Wire("http://api.test/v4", "the-token")
    made.traffic.rate_limiter = limiter or made.traffic.rate_limiter
    return made


def test_requests_to_other_hosts_are_not_delayed():
    """The limits are the API's: uploads go out at once, side by side."""
    pipeline, call = pipeline_of(lambda: 0.0), Call("PUT", "https://storage.test/image", content=b"x", shape=None)
    for _ in range(3):
        assert next(pipeline.run(call)).url == call.path


def test_a_wait_above_the_maximum_is_an_error_with_its_length():
    """Before anything is sent; a wait that is short enough is made."""
    clock = [1000.0]
    pace, call = RateLimiter(lambda: clock[0]), Call("GET", "/profile")
    assert list(pace.turn(call)) == []
    pace.record(call, told(limit=100, left=0, reset=1060))
    hurried = pipeline_of(lambda: clock[0], Retry(max_rate_limit_wait=59), pace).run(call)
    with pytest.raises(RateLimitedError, match="not sent") as caught:
        next(hurried)
    assert caught.value.retry_after == 60
    assert isinstance(next(pipeline_of(lambda: clock[0], Retry(max_rate_limit_wait=61), pace).run(call)), Sleep)


def test_a_429_of_a_proxy_changes_no_limit():
    """A response without the headers does not mean that there is no limit."""
    pace, call = RateLimiter(lambda: 0.0), Call("GET", "/profile")
    assert list(pace.turn(call)) == []
    pace.record(call, {}, 502)
    assert list(pace.turn(call)) == []
    assert next(pace.turn(call)).seconds > 0


@pytest.mark.parametrize(
    "nonsense",
    [
        {"x-ratelimit-remaining": "many"},
        {"x-ratelimit-limit": "-5"},
        {"x-ratelimit-limit": "9" * 400, "x-ratelimit-remaining": "9" * 300},
        {"x-ratelimit-remaining": "1601"},
        {"x-ratelimit-reset": "nan"},
        {"x-ratelimit-reset": "inf"},
        {"x-ratelimit-reset": "99999999"},
        {"date": "yesterday"},
    ],
)
def test_invalid_rate_limit_headers_delay_nothing(nonsense):
    """As if there were none."""
    pace, call = RateLimiter(lambda: 0.0), Call("GET", "/profile")
    pace.record(call, told(limit=1600, left=0, reset=1060) | nonsense)
    assert list(pace.turn(call)) == []


def test_clients_of_one_account_in_the_sandbox():
    """The whole way, headers and all: four clients share 1,600 calls a minute, and none is ever refused."""
    with Sandbox(seed=1, limits=True, step=0.1) as sandbox:
        linode = sandbox.client().create_linode("g6-nanode-1", "us-east", label="web")
        clients = [sandbox.async_client() for _ in range(4)]
        calls = iter(range(4_000))

        async def work(client):
            mine = Linode(client, linode.id)
            for _ in calls:
                await mine.load()

        async def everybody():
            await asyncio.gather(*(work(each) for each in clients))

        began = sandbox.world.now
        asyncio.run(everybody())
        took = sandbox.world.now - began
        assert Counter(each.status for each in sandbox.requests) == {200: 4_001}
        assert 4_000 / took >= 0.97 * 1600 / 60
