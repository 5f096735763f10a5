"""Deleting what dead programs left in the account.

A program shows that it lives by a counter in the description of its cluster's VPC. It is dead when the counter has
stood still for `SILENCE` of its own beats; that is observed, so no clocks are compared.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import NamedTuple

from linode.aio import VPC, Firewall, LinodeClient

from .resources import TAG, Resources

__all__ = ["Found", "Reaper", "clusters"]

SILENCE = 4
LABEL = re.compile(r"dask-[0-9a-f]{8}")
DESCRIPTION = re.compile(r"LinodeCluster, beat \d+, one every ([\d.e+]+) s")


class Found(NamedTuple):
    """A cluster in the account."""

    label: str
    beat: str
    """The description of its VPC; empty for one that has no VPC any longer, which is dead."""
    patience: float
    """Seconds for which it may be silent."""


async def clusters(client: LinodeClient) -> list[Found]:
    """The clusters in the account of *client*, also those of which only a firewall is left."""
    firewalls = [each.label for each in await client.get_firewalls(Firewall.tags == TAG)]  # a VPC comes before its own
    found = {}
    for vpc in await client.get_vpcs(VPC.label.contains("dask-")):
        beat = DESCRIPTION.fullmatch(vpc.description)
        if beat is not None and LABEL.fullmatch(vpc.label):
            found[vpc.label] = Found(vpc.label, vpc.description, SILENCE * float(beat[1]))
    left = (each for each in firewalls if each not in found and LABEL.fullmatch(each))
    return [*found.values(), *(Found(each, "", 0.0) for each in left)]


class Reaper:
    """Watches the clusters of an account, and deletes those that are dead."""

    def __init__(self, client: LinodeClient) -> None:
        self._client = client
        self._seen: dict[str, tuple[str, float]] = {}
        self._alive: set[str] = set()

    @property
    def unsure(self) -> set[str]:
        """The clusters that have been seen, but not to live."""
        return self._seen.keys() - self._alive

    async def reap(self, log: Callable[[str], object], spared: str = "") -> None:
        """Look at all clusters but *spared*, and delete those that have been silent for too long."""
        found = [each for each in await clusters(self._client) if each.label != spared]
        now, before = time.monotonic(), self._seen
        self._seen = {}
        for each in found:
            beat, since = before.get(each.label, (each.beat, now))
            if beat != each.beat:
                self._alive.add(each.label)
                since = now
            if now >= since + each.patience:
                log(f"Deleting {each.label}, which is dead")
                await Resources(self._client, each.label.removeprefix("dask-")).delete()
            else:
                self._seen[each.label] = each.beat, since
