"""An account in a sandbox, whose machines are processes of this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import dask.config
import pytest

from dask_cluster.sandbox import LocalMachines, SandboxCluster, sandbox_with_machines
from linode.aio import LinodeClient
from linode.sandbox import Sandbox

EXAMPLES = Path(__file__).parent.parent.parent


@dataclass
class Account:
    """The sandbox, its machines, and the programs that use it."""

    sandbox: Sandbox
    machines: LocalMachines
    url: str
    log: Path

    def labels(self):
        """The Linodes that there are."""
        return sorted(each.label for each in self.sandbox.client().get_linodes())

    def workers(self):
        return [each for each in self.labels() if "worker" in each]

    def is_empty(self):
        client = self.sandbox.client()
        lists = client.get_linodes(), client.get_vpcs(), client.get_firewalls()
        return not any(len(each) for each in lists) and not self.machines.processes

    def created(self):
        """The number of Linodes that were ever created."""
        return sum(each.action == "linode_create" for each in self.sandbox.client().get_events())

    def cluster(self, **options):
        """A cluster of this process, whose workers have one thread and no nanny."""
        options = {"beat": 0.5, "worker_class": "dask.distributed.Worker", "worker_options": {"nthreads": 1}, **options}
        return SandboxCluster(client=LinodeClient(self.sandbox.token, self.url), **options)

    def program(self, *arguments):
        """``python -m dask_cluster`` in a process of its own."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(EXAMPLES),
            "LINODE_TOKEN": self.sandbox.token,
            "LINODE_URL": self.url,
        }
        command = [sys.executable, "-m", "dask_cluster", *arguments]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


@pytest.fixture
def account(tmp_path):
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "1s"}),
        sandbox_with_machines(tmp_path / "machines.log") as (sandbox, machines, url),
    ):
        yield Account(sandbox, machines, url, tmp_path / "program.log")


@pytest.fixture
def silent(account):
    """The same, where only the scheduler is a process: workers never report."""
    account.machines.runs = lambda linode: linode.label.endswith("scheduler")
    return account
