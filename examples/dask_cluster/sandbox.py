"""The cluster in a sandbox: local processes stand for the machines, and run what cloud-init would."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from linode import Linode
from linode.sandbox import Limit, Sandbox

from .cluster import LinodeCluster

__all__ = ["LocalMachines", "SandboxCluster", "sandbox_with_machines"]

HOST = "127.0.0.1"
DURATIONS = 0.05
"""Share of their time that the jobs of the sandbox take: a boot takes a second."""

BEATS = Limit("PUT", "/vpcs/**", 1600)
"""Instead of 20 in a minute: enough for clusters that beat once a minute, and not for one that does every second."""


class SandboxCluster(LinodeCluster):
    """A `LinodeCluster` whose machines are the processes of `LocalMachines`, all of them at the address of this one."""

    def __init__(self, region: str = "us-iad", *, beat: float = 1.0, **options: Any) -> None:
        options.setdefault("scheduler_options", {}).update(
            {"host": HOST, "port": free_port(), "dashboard_address": f"{HOST}:0"}
        )
        super().__init__(region, beat=beat, **options)

    def addresses(self, linode: Any, in_vpc: str) -> tuple[str, str | None]:  # noqa: ARG002
        """This machine's address: there is no other."""
        return HOST, None


class LocalMachines:
    """The processes that stand for the booted Linodes of *sandbox*; *runs* says for which of them there is one."""

    def __init__(self, sandbox: Sandbox, log: Path, runs: Callable[[Linode], bool] = lambda _linode: True) -> None:
        self._log = log
        self.runs = runs
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        """By the label of the Linode."""
        sandbox.on_boot(self._boot)
        sandbox.on_shutdown(self._stop)

    def _boot(self, linode: Linode, user_data: bytes | None) -> None:
        if user_data is not None and self.runs(linode):
            with self._log.open("ab") as log:
                command = command_of(user_data)
                started = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
            self.processes[linode.label] = started

    def _stop(self, linode: Linode) -> None:
        if linode.label in self.processes:
            self.kill(linode.label)

    def kill(self, label: str) -> None:
        """End a machine as a loss of power would."""
        process = self.processes.pop(label)
        os.killpg(process.pid, signal.SIGKILL)  # a nanny has a child
        process.wait()

    def close(self) -> None:
        """End all machines."""
        for label in list(self.processes):
            self.kill(label)


def command_of(user_data: bytes) -> list[str]:
    """The command that cloud-init gives to ``docker run`` at last, for this Python instead of the image's."""
    last = shlex.split(yaml.safe_load(user_data)["runcmd"][-1])
    command = last[last.index("env") :]
    return [sys.executable if each == "python" else each for each in command]


@contextmanager
def sandbox_with_machines(log: Path, **options: Any) -> Iterator[tuple[Sandbox, LocalMachines, str]]:
    """A sandbox on a port, its machines, and its address."""
    with Sandbox(speed=1, durations=DURATIONS, limits=True, **options) as sandbox:
        sandbox.limits.insert(0, BEATS)
        machines = LocalMachines(sandbox, log)
        try:
            with sandbox.serve() as address:
                yield sandbox, machines, f"{address}/v4"
        finally:
            machines.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as opened:
        opened.bind((HOST, 0))
        return int(opened.getsockname()[1])
