"""Fixtures of all tests."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION
from hypothesis import settings
from login_flow import Browser

from linode.sandbox import Sandbox
from linode.sandbox.core.world import World
from linode.sandbox.engine import routes

# Two busy cores make slow examples; a deadline would report the machine, not the library.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def no_token_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own token, address and configuration reach no test."""
    for name in ("TOKEN", "URL", "CA", "API_VERSION", "CONFIG", "PROFILE"):
        monkeypatch.delenv(f"LINODE_{name}", raising=False)


@pytest.fixture
def sandbox():
    """A sandbox of its own for every test."""
    with Sandbox(seed=1) as made:
        yield made


@pytest.fixture
def world():
    """The rows of a sandbox, and nothing around them."""
    return World(seed=1)


@pytest.fixture
def registering(monkeypatch):
    """A monkeypatch for the sandbox's registry: the routes forget what they have found there, before and after."""

    def forget():
        for route in routes.routes():
            for name in ("behaviour", "kind", "served"):
                vars(route).pop(name, None)

    forget()
    yield monkeypatch
    forget()


@pytest.fixture
def browser(sandbox):
    """A person with a browser at the login service."""
    return Browser(sandbox)


@pytest.fixture
def client(sandbox):
    """A client with the sandbox's token."""
    return sandbox.client()


@pytest.fixture
def running(client):
    """A Linode that runs."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, label="running")
    client.wait_for([linode], "running")
    return linode


@pytest.fixture
def empty(client):
    """A Linode without disks."""
    linode = client.create_linode(NANODE, REGION, label="empty")
    client.wait_for([linode], "offline")
    return linode
