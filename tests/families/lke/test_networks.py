"""The VPCs of enterprise clusters, seen from a client."""

from __future__ import annotations

import pytest
from asking import said

from linode import VPC, VPCSubnet
from linode.errors import InvalidRequestError, NotFoundError

PLAN = "g6-standard-1"


@pytest.fixture
def region(client):
    """A region of enterprise clusters."""
    return next(each for each in client.get_regions() if "Kubernetes Enterprise" in each.capabilities)


@pytest.fixture
def vpc(client, region):
    """A VPC with a subnet that has five addresses for others."""
    return client.create_vpc("mine", region, subnets=[{"label": "small", "ipv4": "10.0.4.0/29"}])


def create(client, region, count=1, **options):
    pools = [{"type": PLAN, "count": count}]
    return client.create_lke_cluster("large", region, "v1.33.6+lke7", pools, tier="enterprise", **options)


def test_a_cluster_gets_a_vpc_of_its_own_that_goes_with_it(client, region):
    made = create(client, region)
    vpc = made.vpc
    assert (vpc.label, vpc.region) == (f"lke{made.id}", region)
    (subnet,) = vpc.subnets
    assert made.subnet_id == subnet.id
    assert said(vpc.delete) == [("Cannot delete a VPC with resources attached", None)]
    assert said(subnet.delete) == [("Cannot delete a subnet with resources attached", None)]
    made.wait()
    linode = made.pools[0].nodes[0].linode
    assert [each.linode for each in vpc.ips] == [linode]
    assert [each.purpose for each in linode.configs[0].interfaces] == ["public", "vpc"]
    made.delete()
    with pytest.raises(NotFoundError):
        vpc.load()


def test_a_cluster_takes_a_vpc_of_the_account_and_leaves_it(client, region, vpc):
    (subnet,) = vpc.subnets
    made = create(client, region, vpc_id=vpc, subnet_id=subnet)
    assert (made.vpc, made.subnet_id) == (vpc, subnet.id)
    made.delete()
    assert [each.id for each in client.get_vpcs()] == [vpc.id]
    assert create(client, region, vpc_id=vpc).subnet_id == subnet.id
    with pytest.raises(InvalidRequestError, match="resources attached"):
        VPCSubnet(client, subnet.id, vpc).delete()


def test_nodes_wait_until_the_subnet_has_room(client, region, vpc, sandbox):
    made = create(client, region, count=5, vpc_id=vpc)
    made.wait()
    pool = made.pools.one()
    pool.count = 6
    pool.save()
    sandbox.advance(600)
    assert [each.linode is None for each in pool.load().nodes] == [False] * 5 + [True]
    pool.nodes[0].delete()
    made.wait()
    assert len(VPC(client, vpc.id).ips) == 5


def test_a_vpc_that_is_not_there_or_elsewhere_is_refused(client, region, vpc):
    assert said(create, client, region, vpc_id=9) == [("vpc_id is not valid", "vpc_id")]
    assert said(create, client, region, vpc_id=vpc, subnet_id=9) == [("subnet_id is not valid", "subnet_id")]
    vpc.create_subnet("second", ipv4="10.0.5.0/24")
    assert said(create, client, region, vpc_id=vpc) == [("subnet_id is required", "subnet_id")]
    away = next(each for each in client.get_regions() if "VPCs" in each.capabilities and each != region)
    other = client.create_vpc("away", away, subnets=[{"label": "one", "ipv4": "10.0.4.0/24"}])
    assert said(create, client, region, vpc_id=other) == [("vpc_id is not valid", "vpc_id")]
    options = {"stack_type": "ipv4-ipv6", "subnet_id": vpc.subnets[0]}
    assert said(create, client, region, **options) == [("The subnet has no IPv6", "subnet_id")]
    standard = {"label": "prod", "region": region, "k8s_version": "1.30", "node_pools": [{"type": PLAN, "count": 1}]}
    assert said(client.create_lke_cluster, **standard, vpc_id=vpc) == [("Only enterprise clusters have this", "vpc_id")]


def test_a_cluster_of_both_families_has_a_vpc_with_ipv6(client, region):
    stacks = {"VPC IPv6 Stack", "VPC Dual Stack"}
    both = {"Kubernetes Enterprise", "VPCs"}
    place = next(
        each for each in client.get_regions() if both <= {*each.capabilities} and stacks & {*each.capabilities}
    )
    made = create(client, place, stack_type="ipv4-ipv6")
    assert made.stack_type == "ipv4-ipv6"
    assert made.vpc.subnets[0].ipv6
