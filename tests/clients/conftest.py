"""One suite over both clients, in process and over a socket."""

from __future__ import annotations

import pytest
from client_kinds import Api, InProcess, OverSocket
from sandbox_process import served


@pytest.fixture(scope="module")
def speed():
    """Speed of the clock on a port; a module can override it."""
    return 25


@pytest.fixture(scope="module")
def server(speed):
    """A sandbox on a port, one for the tests of a module."""
    with served("--seed", "1", "--speed", str(speed), "--no-limits") as http:
        yield http


@pytest.fixture(params=["sync-inprocess", "async-inprocess", "sync-socket", "async-socket"])
def api(request):
    """A client of a new world."""
    client, _, place = request.param.partition("-")
    home = InProcess() if place == "inprocess" else OverSocket(request.getfixturevalue("server"))
    with Api(home, awaited=client == "async").closed() as made:
        yield made


@pytest.fixture(params=["inprocess", "socket"])
def awaited(request):
    """An awaited client of a new world."""
    home = InProcess() if request.param == "inprocess" else OverSocket(request.getfixturevalue("server"))
    with Api(home, awaited=True).closed() as made:
        yield made
