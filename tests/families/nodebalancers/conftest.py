"""Fixtures of the tests of NodeBalancers."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION

from linode import NodeBalancer


@pytest.fixture
def balancer(client):
    """A NodeBalancer without configurations."""
    return client.create_nodebalancer(REGION, label="front")


@pytest.fixture
def reaches(sandbox):
    """The connectivity of a NodeBalancer to its nodes and its IPv6 prefix, as ``v4beta`` shows them."""
    beta = sandbox.client(base_url="http://sandbox/v4beta")

    def reaches(balancer):
        found = NodeBalancer(beta, balancer.id).load()
        return found.backend_connectivity, found.backend_ipv6_prefix

    return reaches


@pytest.fixture
def web(client):
    """A Linode that runs and has a private IPv4 address."""
    linode = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, label="web", private_ip=True)
    client.wait_for([linode], "running")
    return linode.load()


@pytest.fixture
def private(web):
    """The private address of that Linode."""
    (found,) = [each for each in web.ipv4 if each.startswith("192.168.")]
    return found
