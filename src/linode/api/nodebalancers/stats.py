"""Statistics of a NodeBalancer: connections and network traffic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from linode._model import Nested, ReadOnly, Statistics, Struct


class NodeBalancerTraffic(Struct):
    """Network traffic of a NodeBalancer: pairs of a time (milliseconds since 1970) and bits per second."""

    in_: ReadOnly[list[list[float]]] = ReadOnly("in")
    """Inbound traffic; ``in`` in the API, a keyword in Python."""
    out: ReadOnly[list[list[float]]]
    """Outbound traffic."""


class NodeBalancerStatsData(Struct):
    """The series of a `NodeBalancerStats`."""

    connections: ReadOnly[list[list[float]]]
    """Connections per second: pairs of a time (milliseconds since 1970) and a value."""
    traffic: Nested[NodeBalancerTraffic]
    """Network traffic."""


class NodeBalancerStats(Statistics, Struct):
    """Statistics of a NodeBalancer over the last 24 hours. `plot` draws them."""

    _units: ClassVar[Mapping[str, str]] = {
        "connections": "connections/s",
        "traffic.in": "bits/s",
        "traffic.out": "bits/s",
    }

    title: ReadOnly[str]
    """Title, for display."""
    data: Nested[NodeBalancerStatsData]
    """Time series."""
