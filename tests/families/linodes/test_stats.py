"""Load and traffic of Linodes in the sandbox."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from asking import machine, said, unanswered

from linode.sandbox import Sandbox

NONE = [("Stats are unavailable at this time.", None)]
DAY = 24 * 3600


@pytest.fixture
def sandbox():
    with Sandbox(seed=1) as made:
        made.world.now = datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp()
        yield made


@pytest.fixture
def linode(sandbox):
    return machine(sandbox, sandbox.client())


def test_there_are_no_figures_of_a_new_linode(linode):
    """The API refuses to make some up."""
    assert said(linode.stats) == said(linode.stats_for, 2026, 3) == NONE


def test_figures_of_a_day_are_five_minutes_apart(sandbox, linode):
    """From when the Linode was made, of the last day at most."""
    sandbox.advance(3600)
    stats = linode.stats()
    assert stats.title == f"linode.com - {linode.label} (linode{linode.id}) - day (5 min avg)"
    first, second, *_ = [moment for moment, _ in stats.data.cpu]
    assert (second - first) == 300_000
    assert first / 1000 >= linode.created.timestamp() + 300
    assert len(stats.data.netv6.private_out) == len(stats.data.io.swap) == len(stats.data.netv4.in_) == 12
    sandbox.advance(3 * DAY)
    assert len(linode.stats().data.cpu) == 288


def test_figures_of_a_month_are_two_hours_apart(sandbox, linode):
    """Only months in which it was there have some."""
    sandbox.advance(40 * DAY)
    march = linode.stats_for(2026, 3)
    assert [moment for moment, _ in march.data.cpu][-1] == datetime(2026, 3, 31, 22, tzinfo=UTC).timestamp() * 1000
    assert len(linode.stats_for(2026, 4).data.cpu) > 200
    assert said(linode.stats_for, 2026, 2) == said(linode.stats_for, 2026, 5) == NONE
    assert said(linode.stats_for, 1999, 1) == [("Must be 2000-2037", "year")]
    assert said(linode.stats_for, 2026, 13) == [("Must be 1-12", "month")]


@pytest.fixture
def busy(sandbox):
    """A Linode that has run since noon of the tenth."""
    linode = machine(sandbox, sandbox.client(), booted=True)
    assert linode.status == "running"
    return linode


def values(points):
    """The values of the points, without their times."""
    return [value for _, value in points]


def series(stats):
    """All that a Linode does something in."""
    data = stats.data
    return [data.cpu, data.io.io, data.netv4.in_, data.netv4.out, data.netv6.in_, data.netv6.out]


def test_a_linode_that_runs_has_load_and_traffic(sandbox, busy):
    """Load and traffic vary from point to point with a daily rhythm, and one CPU has at most 100 %."""
    sandbox.advance(2 * DAY)
    stats = busy.stats()
    for points in series(stats):
        assert len(points) == 288
        assert min(values(points)) > 0
        assert len(set(values(points))) > 200
        assert max(values(points)) > 1.5 * min(values(points))
    assert max(values(stats.data.cpu)) < 100
    assert set(values(stats.data.io.swap)) == set(values(stats.data.netv4.private_out)) == {0.0}


def test_a_point_has_its_value_whenever_it_is_asked_for(sandbox, busy):
    """Also in another sandbox, and after the Linode has become a larger one; another Linode has others."""
    sandbox.advance(3600)
    before = series(busy.stats())
    busy.resize("g6-standard-2").wait()
    sandbox.advance(3600)
    after = series(busy.stats())
    assert [points[: len(old)] for points, old in zip(after, before, strict=True)] == before
    with Sandbox(seed=2) as another:
        another.world.now = datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp()
        twin, other = (machine(another, another.client(), booted=True, label=label) for label in ("one", "other"))
        another.advance(2 * DAY)
        seen = dict(map(tuple, twin.stats_for(2026, 3).data.cpu))
        assert other.stats().data.cpu != twin.stats().data.cpu
    sandbox.advance(2 * DAY)
    known = dict(map(tuple, busy.stats_for(2026, 3).data.cpu))
    both = [moment for moment in seen.keys() & known.keys() if moment > max(seen) - DAY * 1000]
    assert len(both) > 5
    assert [seen[each] for each in both] == [known[each] for each in both]


def test_a_linode_that_is_off_does_nothing(sandbox, linode, busy):
    """Neither one that never ran, nor one that was shut down, until it is booted again."""
    sandbox.advance(3600)
    assert all(set(values(points)) == {0.0} for points in series(linode.stats()))
    assert linode.transfer().used == 0
    busy.shutdown().wait()
    used = busy.transfer().used
    sandbox.advance(7200)
    assert busy.transfer().used == used > 0
    off = values(busy.stats().data.cpu)
    assert off[-23:] == [0.0] * 23
    assert min(off[:10]) > 0
    busy.boot().wait()
    sandbox.advance(3600)
    again = values(busy.stats().data.cpu)
    assert (again[: len(off)], min(again[-10:]) > 0) == (off, True)


def test_traffic_is_what_the_figures_of_the_network_add_up_to(sandbox, busy):
    """In bytes, where they are bits a second; by the month, and in this one so far."""
    sandbox.advance(40 * DAY)
    march = busy.stats_for(2026, 3).data
    then = busy.transfer_for(2026, 3)
    for net4, net6, total in (
        (march.netv4.in_, march.netv6.in_, then.bytes_in),
        (march.netv4.out, march.netv6.out, then.bytes_out),
    ):
        summed = sum(values(net4) + values(net6)) * 2 * 3600 / 8
        assert total == pytest.approx(summed, rel=0.01)
    assert then.bytes_total == then.bytes_in + then.bytes_out
    april = busy.transfer_for(2026, 4)
    now = busy.transfer()
    assert (now.quota, now.billable) == (2000, 0)
    assert now.used == pytest.approx(april.bytes_total, rel=1e-5)
    sandbox.advance(3600)
    assert now.used < busy.transfer().used < now.used * 1.1
    assert busy.transfer_for(2026, 2).bytes_total == 0
    assert said(busy.transfer_for, 2026, 5) == [("Must be the current month or one in the past", "month")]


def test_what_a_linode_ran_while_it_was_copied_is_counted(sandbox, busy):
    """A Linode is measured while it is cloned, and its clone begins without statistics."""
    sandbox.advance(3600)
    used = busy.transfer().used
    twin = busy.clone(region="us-east", type="g6-standard-1")
    sandbox.advance(5)
    assert busy.load().status == "cloning"
    assert busy.transfer().used > used
    sandbox.advance(3600)
    assert (busy.load().status, twin.transfer().used) == ("running", 0)


def test_the_figures_of_a_month_are_there_at_once(sandbox, busy):
    """A graph of hundreds of points takes milliseconds, however long the Linode has run."""
    sandbox.advance(60 * DAY)
    began = time.perf_counter()
    busy.stats_for(2026, 4)
    busy.transfer_for(2026, 4)
    assert time.perf_counter() - began < 2


def test_every_operation_on_figures_is_answered(sandbox, linode):
    """None is unknown to the sandbox."""
    ids = {"linodeId": linode.id, "year": 2026, "month": 3}
    below = "/linode/instances/{linodeId}/"
    assert unanswered(sandbox, ids, f"{below}stats", f"{below}transfer") == []
