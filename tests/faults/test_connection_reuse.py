"""Connections that the sync client keeps: used again, closed in time, and none that has gone wrong."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from broken_server import TOKEN, Broken, ok

from linode import Linode, LinodeClient, Retry
from linode._http.connections import MAX_IDLE
from linode.errors import LinodeError


def right(heard):
    return ok(heard.right)


def until(condition):
    """Whether *condition* becomes true soon."""
    ends = time.monotonic() + 5
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.01)
    return True


def test_threads_use_connections_again():
    """No more of them than threads, and each answer is that of its request."""
    with Broken(right).running() as server, LinodeClient(TOKEN, f"{server.address}/v4") as client:
        with ThreadPoolExecutor(8) as pool:
            labels = list(pool.map(lambda number: Linode(client, number).load().label, range(1, 201)))
        assert labels == [f"web-{number}" for number in range(1, 201)]
        assert server.connections <= 8


def test_at_most_32_idle_connections_are_kept():
    """Forty answers at once need forty connections; when they are over, those that are too many are closed."""
    all_asked = threading.Barrier(MAX_IDLE + 8)

    def together(heard):
        if heard.target.endswith("/1"):
            return ok(heard.right)
        all_asked.wait(10)
        return ok(heard.right)

    with Broken(together).running() as server, LinodeClient(TOKEN, f"{server.address}/v4", timeout=10) as client:
        Linode(client, 1).load()  # the first call of a kind goes alone
        with ThreadPoolExecutor(MAX_IDLE + 8) as pool:
            list(pool.map(lambda number: Linode(client, number).load(), range(2, MAX_IDLE + 10)))
        assert server.connections >= MAX_IDLE + 8
        assert until(lambda: server.open <= MAX_IDLE)


def test_closing_lets_answers_end_and_keeps_nothing():
    """A call that is under way while the client is closed gets its answer, and its connection is closed then."""
    asked, go = threading.Event(), threading.Event()

    def slowly(heard):
        asked.set()
        go.wait(5)
        return ok(heard.right)

    with Broken(slowly).running() as server, ThreadPoolExecutor(1) as pool:
        client = LinodeClient(TOKEN, f"{server.address}/v4")
        call = pool.submit(lambda: Linode(client, 123).load().label)
        assert asked.wait(5)
        client.close()
        go.set()
        assert call.result(5) == "web-123"
        assert until(lambda: server.open == 0)


def test_a_connection_that_failed_is_not_kept():
    """A broken answer closes its connection, and so does an answer that is not read to its end."""
    for broken in (b"no http at all\r\n\r\n", ok(b"{" + b" " * 5000)):
        with Broken(lambda _heard, given=broken: given, times=1).running() as server:
            options = {"retry": Retry(attempts=1), "max_response_bytes": 4000}
            with LinodeClient(TOKEN, f"{server.address}/v4", **options) as client:
                try:
                    Linode(client, 123).load()
                except LinodeError:
                    assert until(lambda at=server: at.open == 0)
                else:
                    raise AssertionError("the answer was broken")
                assert Linode(client, 124).load().label == "web-124"
                assert server.connections == 2
