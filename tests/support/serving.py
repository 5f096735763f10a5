"""The sandbox on a port, in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2


@contextmanager
def served(*arguments: str, stderr: Any = None) -> Iterator[httpx2.Client]:
    """A client of a fresh sandbox, which ends with the block; it sends the sandbox's token.

    *stderr* is a file for what the sandbox says there.
    """
    command = [sys.executable, "-m", "linode.sandbox", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process:
        try:
            line = process.stdout.readline()
            found = re.fullmatch(r"ready (http://\S+:\d+) token=(\S+)\n", line)
            assert found, line
            headers = {"Authorization": f"Bearer {found[2]}"}
            with httpx2.Client(base_url=found[1], headers=headers, trust_env=False) as client:
                yield client
        finally:
            process.kill()
