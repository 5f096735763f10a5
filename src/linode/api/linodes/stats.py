"""Statistics of a Linode: load, day by day, and network transfer."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from linode._model import Meta, Nested, ReadOnly, Struct

__all__ = [
    "LinodeIO",
    "LinodeMonthlyTransfer",
    "LinodeNetwork",
    "LinodeStats",
    "LinodeStatsData",
    "LinodeTransfer",
]

Series: TypeAlias = list[list[float]]
"""Points in time and values there: pairs of milliseconds since 1970 and a number."""
Year: TypeAlias = Annotated[int, Meta(ge=2000, le=2037)]
Month: TypeAlias = Annotated[int, Meta(ge=1, le=12)]


class LinodeIO(Struct):
    """Work of the disks, in blocks a second."""

    io: ReadOnly[Series]
    """Blocks read and written."""
    swap: ReadOnly[Series]
    """Blocks swapped in and out."""


class LinodeNetwork(Struct):
    """Traffic of one version of IP, in bits a second."""

    in_: ReadOnly[Series] = ReadOnly("in")
    """Received; the API's word is ``in``, which Python keeps for itself."""
    out: ReadOnly[Series]
    """Sent."""
    private_in: ReadOnly[Series]
    """Received over the private network."""
    private_out: ReadOnly[Series]
    """Sent over the private network."""


class LinodeStatsData(Struct):
    """The series of a `LinodeStats`."""

    cpu: ReadOnly[Series]
    """Load of the CPUs, in percent of one."""
    io: Nested[LinodeIO]
    """Work of the disks."""
    netv4: Nested[LinodeNetwork]
    """Traffic over IPv4."""
    netv6: Nested[LinodeNetwork]
    """Traffic over IPv6."""


class LinodeStats(Struct):
    """The load of a Linode over a day or a month."""

    title: ReadOnly[str]
    """Label for people."""
    data: Nested[LinodeStatsData]
    """The series."""


class LinodeTransfer(Struct):
    """The traffic of a Linode in the running month."""

    used: ReadOnly[int]
    """Sent and received so far, in bytes."""
    quota: ReadOnly[int]
    """Transfer that this Linode adds to the account's quota, in GB."""
    billable: ReadOnly[int]
    """Billable transfer, in GB."""


class LinodeMonthlyTransfer(Struct):
    """The traffic of a Linode in one month, in bytes."""

    bytes_in: ReadOnly[int]
    """Received."""
    bytes_out: ReadOnly[int]
    """Sent."""
    bytes_total: ReadOnly[int]
    """Both."""
