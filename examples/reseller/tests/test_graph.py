"""The picture of a day's traffic."""

from __future__ import annotations

import math
import re

import pytest

from linode.sandbox import Fault
from reseller.graph import BOTTOM, EDGE, LEFT, RIGHT, TOP, draw
from reseller.tests.shops import to_the_middle_of_a_month

NOW = 1_800_000_000
DAY = [NOW - 86400 + step * 300 for step in range(289)]


def series(rate):
    return [[at * 1000, rate(at)] for at in DAY]


def wave(at):
    return 3e6 + 2.5e6 * math.sin(at / 9000)


@pytest.mark.parametrize(
    ("most", "unit", "last"),
    [(0, "kbit/s", "1"), (900, "kbit/s", "1"), (3e3, "kbit/s", "4"), (5.5e6, "Mbit/s", "8"), (2e9, "Gbit/s", "2")],
)
def test_the_axis_fits(most, unit, last):
    """The axis ends at a round number above all that was measured, in the unit that suits it."""
    graph = draw(series(lambda _: most), series(lambda _: 0.0), NOW)
    assert (graph.unit, graph.rates[-1][1]) == (unit, last)
    assert graph.rates[0] == (BOTTOM, "0")
    assert graph.rates[-1][0] == TOP


def test_the_lines_stay_in_the_frame():
    """Every point lies between the axes, the newest at their right end; the ticks are four hours apart."""
    graph = draw(series(wave), series(lambda at: wave(at) / 4), NOW)
    points = [tuple(map(float, each.split())) for each in re.split("[ML]", graph.received)[1:]]
    assert len(points) == len(DAY)
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in points)
    assert (points[0][0], points[-1][0]) == (LEFT, RIGHT)
    assert "12:00 16:00 20:00 00:00 04:00" in " ".join(text for _, text in graph.times)
    mean = sum(map(wave, DAY)) / len(DAY) / 1e6
    assert f"Received: {mean:.3g} Mbit/s on average, 5.5 Mbit/s at most." in graph.words


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_no_time_of_day_covers_a_rate_or_is_cut(hour):
    """At any time of day the ticks keep away from both ends of the axis."""
    times = draw([], [], NOW + hour * 3600 + 600).times
    assert len(times) >= 5
    assert all(LEFT + EDGE <= x <= RIGHT - EDGE for x, _ in times)


def test_nothing_measured():
    """Without a point there is a frame, and no line."""
    graph = draw([], [], NOW)
    assert (graph.received, graph.sent) == ("", "")


def test_on_the_page(here):
    """A customer's page has the picture of a day, described for those who do not see it, and the month's traffic."""
    to_the_middle_of_a_month(here.sandbox)
    customer = here.visitor()
    customer.sign_up()
    here.work()
    assert "There is no traffic data yet" in customer.sees()
    here.sandbox.advance(26 * 3600)
    page = customer.get("/server").text
    svg = re.search("<svg.*</svg>", page, re.DOTALL)[0]
    assert "<title id=" in svg
    assert "style" not in svg
    linode = here.sandbox.client().get_linodes()[0]
    network = linode.stats().data.netv4
    assert f"Received: {mean(network.in_):.3g} kbit/s on average" in svg
    assert f"Sent: {mean(network.out):.3g} kbit/s on average" in svg
    month = float(re.search(r"This month: ([\d.]+) GB of 1,000 GB", page)[1])
    assert month == pytest.approx(linode.transfer().used / 1e9, abs=0.01)
    day = (mean(network.in_) + mean(network.out)) * 1e3 / 8 * 86400 / 1e9  # what the picture shows, in GB
    assert day < month < 1.5 * day


def mean(points):
    return sum(rate for _, rate in points) / len(points) / 1e3


def test_fifty_pages_in_a_minute(here):
    """When so many look that the API's limit for figures is near, pages come at once, without them."""
    customer = here.visitor()
    customer.sign_up()
    here.work()
    here.sandbox.faults.append(Fault("GET", "/linode/instances/*/stats", status=500, chance=1.0))
    seen = [customer.sees() for _ in range(41)]
    assert "The traffic is not available at the moment" in seen[-1]
    assert "State running" in seen[-1]
    asked = [each for each in here.sandbox.requests if each.path.endswith("/stats")]
    assert len(asked) <= 2 * 40
