"""Statistics of a Linode: CPU, disk and network usage, and network transfer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, TypeAlias

from linode._model import Bounds, Nested, ReadOnly, Statistics, Struct

_Points: TypeAlias = list[list[float]]
"""Pairs of a time (milliseconds since 1970) and a value."""
Year: TypeAlias = Annotated[int, Bounds(ge=2000, le=2037)]
Month: TypeAlias = Annotated[int, Bounds(ge=1, le=12)]


class LinodeIO(Struct):
    """Disk I/O, in blocks per second."""

    io: ReadOnly[_Points]
    """Blocks read and written."""
    swap: ReadOnly[_Points]
    """Blocks swapped in and out."""


class LinodeNetwork(Struct):
    """Network traffic of one IP version, in bits per second."""

    in_: ReadOnly[_Points] = ReadOnly("in")
    """Inbound traffic; ``in`` in the API, a keyword in Python."""
    out: ReadOnly[_Points]
    """Outbound traffic."""
    private_in: ReadOnly[_Points]
    """Inbound traffic of the private network."""
    private_out: ReadOnly[_Points]
    """Outbound traffic of the private network."""


class LinodeStatsData(Struct):
    """The series of a `LinodeStats`."""

    cpu: ReadOnly[_Points]
    """CPU usage, in percent of one CPU."""
    io: Nested[LinodeIO]
    netv4: Nested[LinodeNetwork]
    netv6: Nested[LinodeNetwork]


class LinodeStats(Statistics, Struct):
    """Statistics of a Linode over a day or a month. ``series`` has them as datetimes and values; `plot` draws them."""

    _units: ClassVar[Mapping[str, str]] = (
        {"cpu": "%"}
        | dict.fromkeys(("io.io", "io.swap"), "blocks/s")
        | {f"{net}.{way}": "bits/s" for net in ("netv4", "netv6") for way in ("in", "out", "private_in", "private_out")}
    )

    title: ReadOnly[str]
    data: Nested[LinodeStatsData]


class LinodeTransfer(Struct):
    """Network transfer of a Linode in the current month."""

    used: ReadOnly[int]
    """Transfer used so far, inbound and outbound, in bytes."""
    quota: ReadOnly[int]
    """Transfer that this Linode adds to the account's quota, in GB."""
    billable: ReadOnly[int]
    """Billable transfer, in GB."""


class LinodeMonthlyTransfer(Struct):
    """Network transfer of a Linode in one month, in bytes."""

    bytes_in: ReadOnly[int]
    """Inbound transfer."""
    bytes_out: ReadOnly[int]
    """Outbound transfer."""
    bytes_total: ReadOnly[int]
    """Total transfer."""
