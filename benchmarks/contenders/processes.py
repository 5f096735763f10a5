"""Pacing with real processes: four of them, each with a client of its own, at a sandbox on a port.

All clocks go *SPEED* times as fast: that of the sandbox (``--speed``), and those of the clients, whose transport has
the time and the pauses of such a clock. So six minutes of the limit take one, and a request of 3 milliseconds counts as
20. What is sent, and over what, is real.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from measuring import main

from linode import Linode, LinodeClient
from linode._http.network import HttpTransport
from linode._http.transport import Request, Response

CALLS, PROCESSES, AT_ONCE = 10_000, 4, 4
LIMIT, MINUTE = 1_600, 60


class Hastened:
    """Connections like any client's, and a clock that goes *speed* times as fast as the real one."""

    parallel = True

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._connections = HttpTransport()
        self._lock = threading.Lock()
        self.windows: Counter[str] = Counter()
        """The calls that were served, by the end of their window of the limit."""
        self.refused = 0

    def send(self, request: Request, timeout: float | None) -> Response:
        answer = self._connections.send(request, timeout)
        with self._lock:
            if answer.status == 429:
                self.refused += 1
            else:
                self.windows[answer.headers["x-ratelimit-reset"]] += 1
        return answer

    def now(self) -> float:
        return time.monotonic() * self._speed

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self._speed)

    def close(self) -> None:
        self._connections.close()


def one(address: str, token: str, speed: str, linode_id: str) -> None:
    """A process: its share of the calls, from four threads, as fast as its client lets them."""
    transport = Hastened(float(speed))
    client = LinodeClient(token, f"{address}/v4", transport=transport)
    numbers = iter(range(CALLS // PROCESSES))
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda _number: Linode(client, int(linode_id)).load(), numbers))
    client.close()
    times = {"began": began, "ended": time.monotonic()}  # on a clock that all processes of a machine share
    print(json.dumps({**times, "windows": transport.windows, "refused": transport.refused}))


def together(address: str, token: str, speed: str) -> None:
    """All processes at once."""
    with LinodeClient(token, f"{address}/v4") as client:
        linode_id = str(client.create_linode("g6-nanode-1", "us-east").id)
    command = [sys.executable, __file__, "one", address, token, speed, linode_id]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    found = [json.loads(each.communicate()[0]) for each in running]
    took = (max(each["ended"] for each in found) - min(each["began"] for each in found)) * float(speed)
    windows: Counter[str] = sum((Counter(each["windows"]) for each in found), Counter())
    passed = [windows[end] for end in sorted(windows)][:-1]
    figures = {
        "share": sum(windows.values()) / took * MINUTE / LIMIT,
        "used": sum(passed) / (LIMIT * len(passed)),
        "refused": sum(each["refused"] for each in found),
        "time": took / float(speed),
    }
    print(json.dumps({**figures, "work": str(sum(windows.values()))}))


if __name__ == "__main__":
    main({"one": one, "together": together})
