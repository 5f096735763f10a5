"""The sandbox on a port, in a process of its own."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx2


class Started(NamedTuple):
    """A sandbox that accepts connections; ``ca_file`` is that of its certificate's authority, with ``--tls``."""

    address: str
    token: str
    ca_file: str | None
    process: subprocess.Popen[str]


@contextmanager
def started(*arguments: str, stderr: Any = None, command: tuple[str, ...] = (), **options: Any) -> Iterator[Started]:
    """A fresh sandbox, which ends with the block.

    *stderr* is a file for what the sandbox says there, *command* another program than this Python's sandbox.
    """
    program = command or (sys.executable, "-m", "linode.sandbox")
    words = [*program, "--port", "0", *arguments]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=stderr, text=True, **options) as process:
        try:
            line = process.stdout.readline()
            found = re.fullmatch(r"ready (https?://\S+:\d+) token=(\S+?)(?: ca=(\S+))?\n", line)
            assert found, line
            yield Started(found[1], found[2], found[3], process)
        finally:
            process.kill()


@contextmanager
def served(*arguments: str, stderr: Any = None) -> Iterator[httpx2.Client]:
    """A client of a fresh sandbox, which ends with the block; it sends the sandbox's token.

    *stderr* is a file for what the sandbox says there.
    """
    with started(*arguments, stderr=stderr) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.token}"}
        verify = ssl.create_default_context(cafile=sandbox.ca_file) if sandbox.ca_file else True
        with httpx2.Client(base_url=sandbox.address, headers=headers, trust_env=False, verify=verify) as client:
            yield client
