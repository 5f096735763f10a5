"""Other people's clients cannot tell: the official one does its work against the sandbox."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PEER = ROOT / ".venv-peer" / "bin" / "python"


@pytest.fixture
def served():
    """The address and the token of a sandbox that runs as a server, twenty times as fast as Linode."""
    command = [sys.executable, "-m", "linode.sandbox", "--port", "0", "--speed", "20"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        ready, address, token = server.stdout.readline().split()
        assert ready == "ready"
        yield address, token.removeprefix("token=")
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


def test_the_official_client_does_its_work(served):
    """List types, create, boot, wait, disks, resize, delete, a domain with records, as its users write it."""
    if not PEER.exists():
        pytest.fail("the official client is not there; `make peer` installs it")
    address, token = served
    command = [str(PEER), str(ROOT / "tests" / "peer" / "story.py"), f"{address}/v4", token]
    told = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "the story is told" in told.stdout
