"""Two hundred sign up at once."""

from __future__ import annotations

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from common.queue import working
from conftest import until
from linode.sandbox import Sandbox
from reseller.models import Order, State

MANY = 200


def test_two_hundred_at_once(open_here, backend, capsys):
    """All orders are served in order, under the API's limit, and the pages show the place in the line."""
    with Sandbox(seed=1, limits=True, step=0.01) as sandbox:
        here = open_here(sandbox, **backend)
        visitors = [here.visitor() for _ in range(MANY)]
        began = time.monotonic()
        with ThreadPoolExecutor(16) as together:
            numbers = list(together.map(lambda each: each.sign_up(), visitors))
        each_second = MANY / (time.monotonic() - began)
        assert len(set(numbers)) == MANY
        seen = [visitor.sees() for visitor in visitors]
        places = [
            int(found[1]) if (found := re.search(r"number (\d+) in line, about \d+ s", each)) else 1 for each in seen
        ]
        assert sorted(places) == list(range(1, MANY + 1))
        assert "number 57 in line, about 40 seconds" in seen[places.index(57)]
        start = sandbox.world.now
        threads = 3 if backend else 1
        with working(here.shop.queue, threads), working(here.shop.care, 1):
            until(lambda: count(here, State.WAITING) == 0, 120)
        took = sandbox.world.now - start
        here.work()
        linodes = {linode.label: linode.id for linode in sandbox.client().get_linodes()}
        with here.shop.sessions() as db:
            made = [linodes[label] for label in db.scalars(select(Order.label).order_by(Order.id))]
        assert len(linodes) == count(here, State.RUNNING) == MANY
        moved = [abs(place - at) for at, place in enumerate(map(sorted(made).index, made))]
        assert max(moved) <= (0 if threads == 1 else 20)  # of several that wait for the limit any may be the next
        assert [each for each in sandbox.requests if each.status == 429] == []
        assert took >= (MANY / 20 - 1) * 15
        looks = [each for each in sandbox.requests if each.query.startswith("page=1&page_size=500")]
        assert MANY < len(looks) <= MANY + 30  # one for each order, and a few of those who look around
    with capsys.disabled():
        sys.stdout.write(f"\n{MANY} sign-ups, {each_second:.0f} a second; made in {took:.0f} s of Linode's, no 429\n")


def count(here, state):
    with here.shop.sessions() as db:
        return db.scalar(select(func.count()).where(Order.state == state))
