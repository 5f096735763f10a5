"""``python -m dask_cluster``: a computation on four machines, and what is left of clusters in the account."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client

from linode import LinodeError
from linode.aio import LinodeClient

from .cleanup import Reaper, clusters
from .cluster import LinodeCluster
from .resources import Resources
from .sandbox import SandboxCluster, sandbox_with_machines

LOOK = 1.0
"""Seconds between two looks at the account, while it is watched."""


def count_primes(numbers: range) -> int:
    """The number of primes among *numbers*."""
    return sum(each > 1 and all(each % by for by in range(2, int(each**0.5) + 1)) for each in numbers)


def demo(cluster: LinodeCluster, most: int) -> None:
    """Count the primes below *most* on all machines."""
    with Client(cluster) as client:
        client.wait_for_workers(len(cluster.worker_spec))
        parts = [range(start, min(start + 10_000, most)) for start in range(0, most, 10_000)]
        found = sum(client.gather(client.map(count_primes, parts)))
        say(f"{len(cluster.observed)} machines: there are {found:,} primes below {most:,}")


@contextmanager
def begun(asked: argparse.Namespace) -> Iterator[LinodeCluster]:
    """A cluster in the account of LINODE_TOKEN; without one, in a sandbox."""
    if "LINODE_TOKEN" in os.environ:
        kind = SandboxCluster if asked.local else LinodeCluster
        with kind(asked.region, n_workers=asked.workers) as cluster:
            yield cluster
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        sandbox_with_machines(Path(folder) / "machines.log") as (sandbox, _machines, url),
        SandboxCluster(client=LinodeClient(sandbox.token, url), n_workers=asked.workers) as cluster,
    ):
        say("in a sandbox; nothing here is real or costs anything")
        yield cluster


async def list_all() -> None:
    """Print the clusters in the account."""
    async with LinodeClient() as client:
        for each in await clusters(client):
            linodes = await Resources(client, each.label.removeprefix("dask-")).linodes()
            say(f"{each.label}: {len(linodes)} Linodes; {each.beat or 'no VPC'}")


async def reap(labels: list[str]) -> None:
    """Delete the clusters *labels* at once, or else those that turn out to be dead."""
    async with LinodeClient() as client:
        for label in labels:
            await Resources(client, label.removeprefix("dask-")).delete()
            say(f"Deleted {label}")
        if labels:
            return
        reaper = Reaper(client)
        await reaper.reap(say)
        while reaper.unsure:
            await asyncio.sleep(LOOK)
            await reaper.reap(say)


def say(line: str) -> None:
    """Print *line* at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(prog="dask_cluster", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    demo_ = commands.add_parser(
        "demo", help="count primes on machines that are deleted then; without LINODE_TOKEN in a sandbox"
    )
    demo_.add_argument("--region", default="us-iad")
    demo_.add_argument("--workers", type=int, default=4)
    demo_.add_argument("--most", type=int, default=1_000_000)
    demo_.add_argument("--local", action="store_true", help="the API is a sandbox whose machines are processes here")
    commands.add_parser("list", help="the clusters in the account, and their Linodes")
    reap_ = commands.add_parser("reap", help="delete what dead programs left; takes two minutes, to see who lives")
    reap_.add_argument("label", nargs="*", help="delete this cluster at once, dead or not")
    asked = parser.parse_args()
    try:
        if asked.command == "demo":
            with begun(asked) as cluster:
                demo(cluster, asked.most)
        else:
            asyncio.run(list_all() if asked.command == "list" else reap(asked.label))
    except LinodeError as error:
        sys.exit(f"dask_cluster: {error}")


if __name__ == "__main__":
    main()
