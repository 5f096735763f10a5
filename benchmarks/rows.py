"""The rows of the table: what is measured, against what, and what must be reached."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ROWS", "Limit", "Row"]


class Limit(NamedTuple):
    """A limit for a figure.

    The library's ``figure`` may be at most ``most`` (at least ``least``): as a multiple of the figure of the contender
    ``over``, as the difference to that of ``above``, or by itself.
    """

    figure: str
    most: float = float("inf")
    least: float = float("-inf")
    over: str | None = None
    above: str | None = None


class Row(NamedTuple):
    """A row: the ``name`` that ``--only`` takes, the ``work``, who does it, where, and its limits."""

    name: str
    work: str
    contenders: tuple[str, ...]
    limits: tuple[Limit, ...]
    at: str = "near"
    """``near`` and ``far``: the server, without and with 100 ms of latency; ``sandbox``; ``port``: a sandbox
    whose clock is fast; ``world``: sandboxes in the contender's process; ``start``: a fresh Python; ``command``: a
    fresh ``linode-sandbox``; ``reads``: one Linode of a sandbox."""
    task: str = ""
    """The name that the contenders use, if it is not the row's name."""


ALL = ("ours", "floor", "incumbent")
ROWS = (
    Row(
        "listed",
        "10,000 Linodes listed and held",
        ALL,
        (
            Limit("time", 0.5, over="floor"),
            Limit("time", 1 / 40, over="incumbent"),
            Limit("memory", 1.0, over="floor"),
        ),
    ),
    Row(
        "read",
        "the same, 6 attributes of each read once",
        ALL,
        (Limit("time", 1.1, over="floor"), Limit("time", 1 / 15, over="incumbent")),
    ),
    Row(
        "far",
        "10,000 Linodes listed at 100 ms a request",
        ("ours", "incumbent"),
        (Limit("time", 0.5),),
        "far",
        "listed",
    ),
    Row(
        "got",
        "1,000 single GETs, one after the other",
        ALL,
        (Limit("time", 1.15, over="floor"), Limit("time", 1 / 3, over="incumbent")),
    ),
    Row("threaded", "2,000 GETs by 16 threads", ("ours", "floor"), (Limit("time", 1.25, over="floor"),)),
    Row("awaited", "500 GETs, async, 16 in flight", ("ours", "floor"), (Limit("time", 1.2, over="floor"),)),
    Row("attribute", "an attribute read again", ("ours",), (Limit("time", 150e-9),)),
    Row("relation", "a list of a client, or the parent of an object", ("ours",), (Limit("time", 6e-6),)),
    Row("date", "the first read of a date", ("ours",), (Limit("time", 2e-6),)),
    Row("import", "import the library", ("ours", "bare", "incumbent"), (Limit("time", 0.015, above="bare"),), "start"),
    Row(
        "first",
        'the first LinodeClient("t"); families are loaded when they are used',
        ("ours", "bare", "incumbent"),
        (Limit("time", 0.060, above="bare"),),
        "start",
    ),
    Row(
        "client",
        'the first LinodeClient("t"), every family loaded',
        ("ours", "bare", "incumbent"),
        (Limit("time", 0.080, above="bare"),),
        "start",
    ),
    Row(
        "waited",
        "waiting for 500 Linodes to boot, a look every 5 s",
        ("ours", "incumbent"),
        (Limit("requests", 1 / 50, over="incumbent"),),
        "sandbox",
    ),
    Row(
        "paced",
        "10,000 calls under 1,600 a minute, 4 clients",
        ("ours",),
        (Limit("share", least=0.97), Limit("refused", 0)),
        "simulation",
    ),
    Row(
        "processes",
        "10,000 calls under 1,600 a minute, 4 processes at a sandbox on a port",
        ("ours",),
        (Limit("share", least=0.97), Limit("used", least=0.97), Limit("refused", 0)),
        "port",
    ),
    Row(
        "ready",
        "linode-sandbox, from its start until it is ready",
        ("ours",),
        (Limit("time", 0.5), Limit("memory", 60e6)),
        "command",
    ),
    Row("handled", "a Linode read in process, through the gateway", ("ours",), (Limit("rate", least=12_000),), "reads"),
    Row("loaded", "the same, through a client", ("ours",), (Limit("rate", least=8_000),), "reads"),
    Row("socket", "the same, over one connection to a port", ("ours",), (Limit("rate", least=1_700),), "reads"),
    Row(
        "large",
        "requests to a sandbox with 100,000 Linodes, in times of one with 100",
        ("ours",),
        (*(Limit(figure, 1.5) for figure in ("page", "filter", "get", "create", "change")), Limit("memory", 400e6)),
        "world",
    ),
)
