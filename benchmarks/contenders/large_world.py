"""A sandbox with 100,000 Linodes against one with 100: what a request costs in the one, in times of the other."""

from __future__ import annotations

import gc
import itertools
import json
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from measuring import resident

from linode import Linode
from linode._http.transport import Request
from linode.sandbox import Sandbox

SMALL, LARGE = 100, 100_000
TIMES = 60
INSTANCES = "/linode/instances"
FILTERS = (
    {"label": "web-57"},
    {"region": "us-east"},
    {"tags": "tag-57"},
    {"id": {"+gt": 150, "+lt": 160}},
    {"+order_by": "label", "+order": "desc"},
)


def filled(count: int) -> Sandbox:
    """A sandbox with *count* Linodes that are alike but for label and tag."""
    sandbox = Sandbox(seed=1)
    sandbox.client().create_linode("g6-nanode-1", "us-east", label="web-0", image="linode/debian12")
    sandbox.advance(3600)
    members = {name: value for name, value in sandbox.world.read(Linode)[0].items() if name[0] != "_" and name != "id"}
    for numbers in _batches(range(1, count)):
        with sandbox.world.transaction():
            for number in numbers:
                members |= {"label": f"web-{number}", "tags": [f"tag-{number}"]}
                sandbox.world.add(Linode, **members)
    return sandbox


def _batches(numbers: range) -> Iterator[tuple[int, ...]]:
    left = iter(numbers)
    while batch := tuple(itertools.islice(left, 100)):
        yield batch


def costs(sandbox: Sandbox) -> dict[str, float]:
    """Seconds that each kind of request takes; of filters the dearest."""
    fresh = itertools.count()
    filters = [_seconds(lambda query=query: _ask(sandbox, "GET", INSTANCES, query=query)) for query in FILTERS]
    return {
        "page": _seconds(lambda: _ask(sandbox, "GET", INSTANCES)),
        "get": _seconds(lambda: _ask(sandbox, "GET", f"{INSTANCES}/150")),
        "create": _seconds(lambda: _ask(sandbox, "POST", INSTANCES, _new(f"new-{next(fresh)}"))),
        "change": _seconds(lambda: _ask(sandbox, "PUT", f"{INSTANCES}/150", {"label": f"old-{next(fresh)}"})),
        **{f"filter {number}": found for number, found in enumerate(filters)},
    }


def _new(label: str) -> dict[str, str]:
    return {"type": "g6-nanode-1", "region": "us-east", "label": label}


def _ask(sandbox: Sandbox, method: str, path: str, body: Any = None, *, query: Any = None) -> None:
    headers = {"Authorization": f"Bearer {sandbox.token}", **({"X-Filter": json.dumps(query)} if query else {})}
    content = None if body is None else json.dumps(body).encode()
    answer = sandbox.gateway.handle(Request(method, f"http://sandbox/v4{path}", headers, content))
    if answer.status != 200:
        raise SystemExit(f"{method} {path}: {answer.status} {answer.content!r}")


def _seconds(work: Callable[[], None]) -> float:
    work()  # what is made once, such as an index, is made now
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return median(found)


if __name__ == "__main__":
    small = costs(filled(SMALL))
    gc.collect()
    before = resident()
    sandbox = filled(LARGE)
    gc.collect()
    memory = resident() - before
    large = costs(sandbox)
    ratios = {name: large[name] / small[name] for name in small}
    dearest = max(ratio for name, ratio in ratios.items() if name.startswith("filter"))
    told = {name: ratio for name, ratio in ratios.items() if not name.startswith("filter")}
    print(json.dumps({**told, "filter": dearest, "memory": memory, "work": str(LARGE)}))
