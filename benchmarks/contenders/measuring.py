"""Times one piece of work of a contender in this process, and prints the result as a line of JSON."""

from __future__ import annotations

import gc
import hashlib
import json
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

COUNT = 10_000
GETS = 1_000
AWAITED = 500
THREADED = 2_000
AT_ONCE = 16
POLL = 5
"""Seconds between two looks at what is waited for."""
STATUS = Path("/proc/self/statm")


class Timed:
    """``with Timed() as timed: ...`` takes the time and how much memory is held at the end more than before."""

    def __enter__(self) -> Self:
        gc.collect()
        self.figures: dict[str, Any] = {}
        self._held = resident()
        self._began = time.perf_counter()
        return self

    def __exit__(self, *exc: object) -> None:
        self.figures["time"] = time.perf_counter() - self._began
        self.figures["memory"] = resident() - self._held


def resident() -> int:
    """Bytes of memory that this process holds."""
    if not STATUS.exists():
        sys.exit(f"the benchmarks read {STATUS}, which only Linux has")
    return int(STATUS.read_text().split()[1]) * 4096


def tell(timed: Timed, values: Iterable[Any]) -> None:
    """Print the figures, and a digest of *values*: contenders that did the same work have the same."""
    digest = hashlib.sha256()
    count = 0
    for each in values:
        digest.update(repr(each).encode())
        count += 1
    print(json.dumps({**timed.figures, "work": f"{count} of {digest.hexdigest()[:12]}"}))


def spare(address: str, token: str, method: str, path: str, body: Any = None) -> Any:
    """Ask the sandbox at *address* for what is none of the API's: it is not counted there."""
    content = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{address}/sandbox/{path}", content, headers, method=method)  # noqa: S310 - our own
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return json.load(answer)


def main(works: dict[str, Callable[..., None]]) -> None:
    """Do the work that the first argument names, with the others."""
    name, *arguments = sys.argv[1:]
    works[name](*arguments)
