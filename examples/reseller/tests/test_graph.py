"""The picture of a day's traffic."""

from __future__ import annotations

import json
import math
import re

import pytest

from linode.sandbox import Fault
from reseller.graph import BOTTOM, LEFT, RIGHT, TOP, draw

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
    assert [text for _, text in graph.times] == ["08:00", "12:00", "16:00", "20:00", "00:00", "04:00", "08:00"][-6:]
    mean = sum(map(wave, DAY)) / len(DAY) / 1e6
    assert f"Received: {mean:.3g} Mbit/s on average, 5.5 Mbit/s at most." in graph.words


def test_nothing_measured():
    """Without a point there is a frame, and no line."""
    graph = draw([], [], NOW)
    assert (graph.received, graph.sent) == ("", "")


def answer(now):
    """What the API would say of a day with traffic."""
    into = [[(now - 86400 + step * 300) * 1000, wave(step * 300)] for step in range(289)]
    out = [[at, rate / 3 + 2e5 * (at % 7)] for at, rate in into]
    network = {"in": into, "out": out, "private_in": [], "private_out": []}
    data = {"cpu": [], "io": {"io": [], "swap": []}, "netv4": network, "netv6": network}
    return json.dumps({"title": "toys", "data": data}).encode()


def test_on_the_page(here):
    """A customer's page has the picture, with a title and a description for those who do not see it, and no style."""
    customer = here.visitor()
    customer.sign_up()
    here.work()
    content = answer(int(here.sandbox.world.now))
    here.sandbox.faults.append(Fault("GET", "/linode/instances/*/stats", content=content, done=False, status=200))
    page = customer.get("/server").text
    svg = re.search("<svg.*</svg>", page, re.DOTALL)[0]
    assert "<title id=" in svg
    assert "5.5 Mbit/s at most" in svg
    assert "style" not in svg


def test_fifty_pages_in_a_minute(here):
    """When so many look that the API's limit for figures is near, pages come at once, without them."""
    customer = here.visitor()
    customer.sign_up()
    here.work()
    here.sandbox.faults.append(Fault("GET", "/linode/instances/*/stats", status=500, chance=1.0))
    seen = [customer.sees() for _ in range(41)]
    assert "The figures cannot be had just now" in seen[-1]
    assert "State running" in seen[-1]
    asked = [each for each in here.sandbox.requests if each.path.endswith("/stats")]
    assert len(asked) <= 2 * 40
