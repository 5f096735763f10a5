"""Fixtures for pytest, which loads them if the package is installed: a sandbox for each test, and its clients."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from linode import LinodeClient
    from linode.aio import LinodeClient as AsyncLinodeClient

    from .sandbox import Sandbox

__all__ = ["async_linode_client", "linode_client", "sandbox"]

MARKER = "linode_sandbox"


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(faults=[Fault(...)], start=datetime(...), seed=1, limits=False, ...): "
        "options of a test's sandbox, and its initial faults",
    )


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A new sandbox for each test: the Linode API in this process, with an empty account.

    The marker ``linode_sandbox`` accepts the options of `Sandbox`, and ``faults``, a list of `Fault`.
    """
    from .sandbox import Sandbox  # noqa: PLC0415 - pytest loads plugins before every test run

    options: dict[str, Any] = {}
    for marker in request.node.iter_markers(MARKER):  # the function's marker comes before those of class and module
        options = {**marker.kwargs, **options}
    faults = options.pop("faults", ())
    with Sandbox(**{"seed": 1, **options}) as made:
        made.faults.extend(copy.copy(fault) for fault in faults)
        yield made


@pytest.fixture
def linode_client(sandbox: Sandbox) -> LinodeClient:
    """A client of the test's sandbox, with all scopes."""
    return sandbox.client()


@pytest.fixture
def async_linode_client(sandbox: Sandbox) -> AsyncLinodeClient:
    """An async client of the test's sandbox, with all scopes."""
    return sandbox.async_client()
