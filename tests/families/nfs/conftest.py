"""Fixtures of the tests of NFS storage."""

from __future__ import annotations

import pytest
from asking import REGION

TIB = 2**40


@pytest.fixture
def space(client):
    """A space without file systems."""
    made = client.create_nfs_space("projects", description="of all teams", tags=["nfs-test"])
    client.wait_for(made, "active")
    return made


@pytest.fixture
def filesystem(client, space):
    """A file system that can be mounted."""
    made = space.create_filesystem("home", REGION, TIB)
    client.wait_for(made, "active")
    return made
