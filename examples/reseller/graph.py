"""The traffic of a day as a picture: where its lines and ticks lie. The template ``traffic.svg`` draws it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

LEFT, RIGHT, TOP, BOTTOM = 96, 628, 36, 212  # the frame of the lines, in a picture of 640 by 240 with the unit above
UNITS = ((1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s"), (1.0, "bit/s"))
EDGE = 36  # half of a time in the largest letters: nearer to an end it would cover a rate, or be cut
DAY, HOURS = 24 * 3600, 4 * 3600  # what is shown, and how often the time is told, in seconds


class Graph(NamedTuple):
    """Two lines (``d`` of an SVG path each) between two axes with ticks (where, and what it says), and all in words."""

    received: str
    sent: str
    times: list[tuple[float, str]]
    rates: list[tuple[float, str]]
    unit: str
    words: str


def draw(received: list[list[float]], sent: list[list[float]], now: float) -> Graph:
    """The 24 hours until *now*; series are pairs of milliseconds since 1970 and bits a second, as the API has them."""
    begin = now - DAY
    into, out = ([(at / 1000, rate) for at, rate in series if at / 1000 >= begin] for series in (received, sent))
    top = _round_up(max((rate for _, rate in [*into, *out]), default=0.0))
    size, unit = next((size, unit) for size, unit in UNITS if top >= size)

    def x(at: float) -> float:
        return round(LEFT + (at - begin) / DAY * (RIGHT - LEFT), 1)

    def y(rate: float) -> float:
        return round(BOTTOM - rate / top * (BOTTOM - TOP), 1)

    def line(points: list[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{x(at)} {y(rate)}" for at, rate in points) if points else ""

    hours = [(begin // HOURS + step) * HOURS for step in range(1, DAY // HOURS + 1)]
    shown = [at for at in hours if LEFT + EDGE <= x(at) <= RIGHT - EDGE]
    return Graph(
        received=line(into),
        sent=line(out),
        times=[(x(at), f"{datetime.fromtimestamp(at, UTC):%H:%M}") for at in shown],
        rates=[(y(top * part / 4), f"{top * part / 4 / size:g}") for part in range(5)],
        unit=unit,
        words=f"{_words('Received', into)} {_words('Sent', out)}",
    )


def _round_up(most: float) -> float:
    """The end of an axis that reaches *most*: 1, 2, 4 or 8 times a power of ten, a kilobit at least."""
    top = 1000.0
    while top < most:
        top *= 2 if f"{top:.0f}"[0] in "124" else 1.25
    return top


def _words(what: str, points: list[tuple[float, float]]) -> str:
    def rate(value: float) -> str:
        size, unit = next(((size, unit) for size, unit in UNITS if value >= size), UNITS[-1])
        return f"{value / size:.3g} {unit}"

    rates = [value for _, value in points] or [0.0]
    return f"{what}: {rate(sum(rates) / len(rates))} on average, {rate(max(rates))} at most."
