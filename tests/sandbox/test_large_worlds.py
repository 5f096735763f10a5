"""Rows are found by indices, which must say what looking at every row says; and what is not kept is undone exactly."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable
from typing import Any

import pytest
from asking import ask
from hypothesis import given, settings
from hypothesis import strategies as st

from linode._model import matches, ordered
from linode.api.linodes.linode import Linode
from linode.sandbox import Sandbox, SandboxError
from linode.sandbox.core.jobs import job
from linode.sandbox.core.refusals import Refused
from linode.sandbox.core.tables import Table
from linode.sandbox.core.world import World
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import HOOKS

values = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["a", "b", "ab", "c"]), st.just({"n": 1}),
    st.lists(st.sampled_from(["a", "b", 1, None]), max_size=3),
)  # fmt: skip
rows = st.fixed_dictionaries({"x": values, "y": st.sampled_from(["a", "b"]), "z": st.fixed_dictionaries({"w": values})})
operators = st.sampled_from(["+eq", "+neq", "+gt", "+gte", "+lt", "+lte", "+contains"])
conditions = st.dictionaries(
    st.sampled_from(["x", "y", "z.w"]),
    values.filter(lambda value: not isinstance(value, dict)) | st.dictionaries(operators, values, max_size=2),
    max_size=2,
)
queries = st.recursive(
    conditions,
    lambda inner: st.dictionaries(st.sampled_from(["+and", "+or"]), st.lists(inner, max_size=3), max_size=2),
    max_leaves=6,
)
steps = st.lists(
    st.tuples(st.sampled_from(["put", "drop", "keep", "undo"]), st.integers(0, 5), rows), min_size=1, max_size=12
)


@job("test_large_worlds.rename")
def rename(world: World, linode_id: int) -> None:
    world.get(Linode, linode_id)["label"] = "renamed"


def keep(table: Table, shadow: dict[str, Any]) -> dict[str, Any]:
    table.keep(table.changes())
    return dict(shadow)


@settings(max_examples=300)
@given(steps, queries, st.sampled_from(["x", "y", "z.w"]), st.booleans())
def test_an_index_finds_what_a_look_at_every_row_finds(work, query, key, descending):
    """Also in the middle of a transaction, and after one that was undone."""
    table = Table("Thing", {})
    now: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for step, number, row in work:
        name = str(number)
        table.all().where(query)  # the indices are there before the rows are
        table.all().ordered(key, descending=descending)
        if step == "put" and (taken := table.take(name)) is not None:
            taken |= row  # a row is changed in place
            now[name] = row
        elif step == "put":
            table.put(name, dict(row))
            now[name] = row
        elif step == "drop":
            table.drop(name)
            now.pop(name, None)
        elif step == "keep":
            kept = keep(table, now)
        else:
            table.undo()
            now = dict(kept)
        assert list(table.all()) == list(now.values())
        assert list(table.all().where(query)) == [row for row in now.values() if matches(row, query)]
        order = {"+order_by": key, "+order": "desc" if descending else "asc"}
        assert list(table.all().ordered(key, descending=descending)) == ordered(now.values(), order)


def test_showing_a_row_changes_no_more_than_the_members_it_names():
    """By every other member a list is filtered without showing its rows."""
    with Sandbox(seed=1) as sandbox:
        client = sandbox.client()
        client.create_linode("g6-nanode-1", "us-east", image="linode/debian12")
        sandbox.advance(5)
        for operation, table in HOOKS:
            if operation == "show":
                for row in sandbox.world.read(table):
                    kept = {name: value for name, value in row.items() if not name.startswith("_")}
                    shown = rules.show(sandbox.world, row)
                    changed = {name for name in {*kept, *shown} if kept.get(name) != shown.get(name)}
                    assert changed <= HOOKS[operation, table].members, table


def fill(world: World, count: int) -> None:
    """Give *world* many Linodes."""
    place = world.read("Region")[0]["id"]
    for begin in range(0, count, 500):
        with world.transaction():
            for number in range(begin, min(begin + 500, count)):
                label, tags = f"web-{number}", [f"t{number}"]
                world.add(Linode, label=label, region=place, type="g6-nanode-1", status="offline", tags=tags)


def seconds(work: Callable[[], Any]) -> float:
    """What *work* takes at the best of many times, which a busy machine changes least."""
    found = []
    for _ in range(41):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found[1:])


def test_a_large_world_costs_what_a_small_one_costs():
    """A page, filters, an order, a get, a create, a change and a delete among 20,000 Linodes and among 100.

    The bound leaves room for a noisy machine; what looks at every row takes a hundred times as long.
    """
    costs: list[dict[str, float]] = []
    for count in (100, 20_000):
        with Sandbox(seed=1) as sandbox:
            fill(sandbox.world, count)
            gc.collect()
            new, changed = iter(range(1000)), iter(range(1000))

            def get(path: str, filter: str = "{}", sandbox: Sandbox = sandbox) -> None:
                assert ask(sandbox, "GET", path, x_filter=filter)[0] == 200

            def send(method: str, path: str, body: Any = None, sandbox: Sandbox = sandbox) -> None:
                assert ask(sandbox, method, path, body)[0] == 200

            def made(numbers: Any = new) -> dict[str, str]:
                return {"type": "g6-nanode-1", "region": "us-east", "label": f"new-{next(numbers)}"}

            def renamed(numbers: Any) -> dict[str, str]:
                return {"label": f"old-{next(numbers)}"}

            costs.append(
                {
                    "page": seconds(lambda: get("/v4/linode/instances")),
                    "last page": seconds(lambda n=count: get(f"/v4/linode/instances?page={n // 100}")),
                    "label": seconds(lambda: get("/v4/linode/instances", '{"label": "web-57"}')),
                    "region": seconds(lambda: get("/v4/linode/instances", '{"region": "us-east"}')),
                    "tags": seconds(lambda: get("/v4/linode/instances", '{"tags": "t57"}')),
                    "ids": seconds(lambda: get("/v4/linode/instances", '{"id": {"+gt": 150, "+lt": 160}}')),
                    "order": seconds(lambda: get("/v4/linode/instances", '{"+order_by": "label", "+order": "desc"}')),
                    "get": seconds(lambda: get("/v4/linode/instances/150")),
                    "create": seconds(lambda: send("POST", "/v4/linode/instances", made())),
                    "change": seconds(
                        lambda numbers=changed: send("PUT", "/v4/linode/instances/150", renamed(numbers))
                    ),
                    "delete": seconds(
                        lambda sandbox=sandbox: send(
                            "DELETE", f"/v4/linode/instances/{sandbox.world.read(Linode)[10]['id']}"
                        )
                    ),
                }
            )  # fmt: skip
    small, large = costs
    ratios = {name: large[name] / small[name] for name in small}
    assert max(ratios.values()) < 3, ratios


def test_reads_write_nothing_to_the_data_file_and_go_on_when_it_is_full(tmp_path):
    """A write that cannot be kept is refused and undone; a job that cannot be kept waits, and the clock with it."""
    path = str(tmp_path / "world")
    with Sandbox(path) as sandbox:
        with sandbox.world.transaction():
            linode = sandbox.world.add(Linode, label="before")["id"]
            sandbox.world.later(600, rename, linode)
        database = sandbox.world._store._file._db
        written = database.total_changes
        assert ask(sandbox, "GET", "/v4/linode/instances")[0] == 200
        assert database.total_changes == written
        database.execute("PRAGMA query_only = ON")
        sandbox.world.now += 599.9  # so that the next request makes the job fall due
        for _ in range(3):
            assert ask(sandbox, "GET", f"/v4/linode/instances/{linode}")[1]["label"] == "before"
            with pytest.raises(SandboxError, match="cannot write to"):
                ask(sandbox, "PUT", f"/v4/linode/instances/{linode}", {"label": "after"})
        database.execute("PRAGMA query_only = OFF")
        assert ask(sandbox, "GET", f"/v4/linode/instances/{linode}")[1]["label"] == "renamed"
        now = sandbox.world.now
    with Sandbox(path) as sandbox:
        assert sandbox.world.now == pytest.approx(now)


def test_a_refused_request_leaves_no_trace_in_later_lists():
    with Sandbox(seed=1) as sandbox:
        fill(sandbox.world, 10)
        before = ask(sandbox, "GET", "/v4/linode/instances", x_filter='{"+order_by": "label"}')[1]
        with contextlib.suppress(Refused), sandbox.world.transaction():
            sandbox.world.rows(Linode)[3]["label"] = "aaa"
            sandbox.world.remove(sandbox.world.rows(Linode)[0])
            sandbox.world.add(Linode, label="bbb")
            raise Refused("no")
        for query in ('{"+order_by": "label"}', '{"label": {"+contains": "web"}, "+order_by": "label"}'):
            assert ask(sandbox, "GET", "/v4/linode/instances", x_filter=query)[1] == before
        assert ask(sandbox, "GET", "/v4/linode/instances", x_filter='{"label": "aaa"}')[1]["data"] == []


def test_a_sandbox_with_a_data_file_can_be_closed_twice(tmp_path):
    with Sandbox(str(tmp_path / "world")) as sandbox:
        sandbox.close()
