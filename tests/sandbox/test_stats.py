"""Load and traffic of Linodes in the sandbox."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from machines import machine, said, unanswered

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


def test_the_traffic_of_a_linode_is_none_of_what_its_type_gives(linode):
    """Nothing runs in the sandbox."""
    now = linode.transfer()
    assert (now.used, now.quota, now.billable) == (0, 2000, 0)
    then = linode.transfer_for(2026, 3)
    assert (then.bytes_in, then.bytes_out, then.bytes_total) == (0, 0, 0)
    assert said(linode.transfer_for, 2026, 4) == [("Must be the current month or one in the past", "month")]


def test_every_operation_on_figures_is_answered(sandbox, linode):
    """None is unknown to the sandbox."""
    ids = {"linodeId": linode.id, "year": 2026, "month": 3}
    below = "/linode/instances/{linodeId}/"
    assert unanswered(sandbox, ids, f"{below}stats", f"{below}transfer") == []
