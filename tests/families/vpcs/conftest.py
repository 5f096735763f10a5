"""A VPC with a subnet, for all tests of the family."""

from __future__ import annotations

import pytest
from asking import machine

REGION = "us-iad"


@pytest.fixture
def vpc(client):
    """A VPC with IPv6 and one subnet, 10.0.0.0/24."""
    return client.create_vpc(
        "net",
        REGION,
        ipv6=[{"range": "auto"}],
        subnets=[{"label": "one", "ipv4": "10.0.0.0/24", "ipv6": [{"range": "auto"}]}],
    )


@pytest.fixture
def subnet(vpc):
    """The subnet of the VPC."""
    return vpc.subnets[0]


@pytest.fixture
def linode(sandbox, client):
    """A Linode in the region of the VPC, off, whose configuration has no interfaces."""
    return machine(sandbox, client, region=REGION)
