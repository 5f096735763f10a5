"""The objects of a cluster in the account, without any process."""

from __future__ import annotations

import asyncio

import pytest
from dask_cloudprovider.generic.vmcluster import VMCluster

from dask_cluster import LinodeCluster
from dask_cluster.cleanup import clusters
from dask_cluster.resources import ANYWHERE, Resources
from dask_cluster.sandbox import LocalMachines, SandboxCluster
from linode import InvalidRequestError, NotFoundError
from linode.sandbox import Sandbox

ID = "0123abcd"


def create(resources, number):
    label = f"{resources.label}-worker-{number}"
    return resources.create_linode(label, "g6-nanode-1", "linode/ubuntu24.04", "#cloud-config", "auto")


@pytest.fixture
def sandbox():
    with Sandbox(seed=1, limits=True) as sandbox:
        yield sandbox


def run(story, sandbox):
    async def told():
        async with sandbox.async_client() as client:
            resources = Resources(client, ID)
            await resources.create("us-iad", 1.0, ANYWHERE, 8786)
            await story(resources)

    asyncio.run(told())


def left(sandbox):
    client = sandbox.client()
    return [*client.get_linodes(), *client.get_vpcs(), *client.get_firewalls()]


def test_machines_are_tagged_in_the_vpc_and_behind_the_firewall(sandbox):
    """Each has its tags, an address in the VPC, and the cluster's firewall before both of its interfaces."""

    async def story(resources):
        linode = await create(resources, 1)
        assert linode.tags == ["dask-0123abcd", "dask-cluster"]
        assert linode.has_user_data
        public, vpc = sandbox.client().get_linodes()[0].interfaces
        assert vpc.vpc.ipv4.addresses[0].address == "10.0.0.2"
        for each in (public, vpc):
            (firewall,) = each.firewalls
            assert firewall.label == resources.label
            assert [rule.ports for rule in firewall.rules.inbound] == ["1-65535", "8786"]
            assert firewall.rules.inbound_policy == "DROP"
        await resources.delete()

    run(story, sandbox)
    assert left(sandbox) == []


def test_a_program_that_was_asleep_creates_nothing_in_a_cluster_that_is_gone(sandbox):
    """The API refuses a Linode in a VPC that was deleted, so no clock has to be right."""

    async def story(resources):
        await create(resources, 1)
        await Resources(resources.client, ID).delete()
        with pytest.raises(InvalidRequestError):
            await create(resources, 2)
        with pytest.raises(NotFoundError):
            await resources.beat()

    run(story, sandbox)
    assert left(sandbox) == []


def test_creating_while_another_program_deletes(sandbox):
    """Each create is refused, or its Linode is deleted too."""

    async def story(resources):
        creates = [create(resources, number) for number in range(6)]
        deletes = [Resources(resources.client, ID).delete() for _ in range(2)]
        results = await asyncio.gather(*creates, *deletes, return_exceptions=True)
        assert {type(each) for each in results[:6]} <= {type(results[0]), InvalidRequestError}
        assert results[6:] == [None, None]

    run(story, sandbox)
    assert left(sandbox) == []


def test_what_is_not_a_cluster_is_left_alone(sandbox):
    """A VPC is one by its label and its description; a firewall without its VPC is what remains of one."""
    client = sandbox.client()
    client.create_vpc("dask-0000000a", "us-iad", description="made by hand")
    client.create_vpc("dask-production", "us-iad", description="LinodeCluster, beat 1, one every 1 s")
    rules = {"inbound_policy": "DROP", "outbound_policy": "ACCEPT"}
    client.create_firewall("dask-0000000b", rules)
    client.create_firewall("dask-0000000c", rules, tags=["dask-cluster"])

    async def story(resources):
        found = await clusters(resources.client)
        assert {each.label: each.patience for each in found} == {"dask-0123abcd": 4.0, "dask-0000000c": 0.0}

    run(story, sandbox)


def test_without_security_the_sources_are_named():
    """An open scheduler runs anybody's code."""
    with pytest.raises(ValueError, match="sources"):
        LinodeCluster("us-iad", security=False)


def test_two_hundred_machines_under_the_limits_of_the_account(tmp_path):
    """They come as fast as the limit of creates (20 in 15 seconds) allows, with a request each and no refusal."""

    async def story(sandbox):
        async with SandboxCluster(client=sandbox.async_client(), asynchronous=True, beat=3600) as cluster:
            for number, most in ((200, 165), (0, 5)):
                before, since = len(sandbox.requests), sandbox.now
                cluster.scale(number)
                await cluster
                assert len(sandbox.requests) - before == 200
                assert (sandbox.now - since).total_seconds() < most
                assert len(sandbox.client().get_linodes()) == number + 1
        assert {each.status for each in sandbox.requests} == {200}
        assert isinstance(cluster, VMCluster)

    with Sandbox(limits=True, step=0.1) as sandbox:
        machines = LocalMachines(sandbox, tmp_path / "log", lambda linode: linode.label.endswith("scheduler"))
        try:
            asyncio.run(story(sandbox))
        finally:
            machines.close()
    assert left(sandbox) == []
