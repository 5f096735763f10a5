"""What the tests of NodeBalancers share."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION


@pytest.fixture
def balancer(client):
    """A NodeBalancer without configurations."""
    return client.create_nodebalancer(REGION, label="front")


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
