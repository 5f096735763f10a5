"""Clusters to test with."""

from __future__ import annotations

import pytest
from asking import REGION

PLAN = "g6-standard-1"


@pytest.fixture
def cluster(client):
    """A standard cluster with a pool of two nodes, which are ready."""
    made = client.create_lke_cluster("prod", REGION, "1.29", [{"type": PLAN, "count": 2}])
    made.wait()
    return made


@pytest.fixture
def pool(cluster):
    """The only pool of the cluster."""
    return cluster.pools.one()


@pytest.fixture
def enterprise(client):
    """An enterprise cluster without pools, whose control plane runs."""
    region = next(each for each in client.get_regions() if "Kubernetes Enterprise" in each.capabilities)
    return client.create_lke_cluster("large", region, "v1.31.9+lke7", [], tier="enterprise")
