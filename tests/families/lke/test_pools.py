"""Pools and nodes, seen from a client."""

from __future__ import annotations

import asyncio
import re

import pytest
from asking import REGION, actions, change, refused, said

from linode import Firewall, LKENode, LKENodePool, LKETaint
from linode.errors import EventFailedError, InvalidRequestError, NotFoundError, WaitTimeoutError
from linode.sandbox import Sandbox

PLAN = "g6-standard-1"
RULES = {"inbound_policy": "DROP", "outbound_policy": "ACCEPT"}


def ids(pool):
    return [each.id for each in pool.load().nodes]


# -- nodes and their Linodes -----------------------------------------------------------------------------------------


def test_nodes_are_linodes(client, cluster, pool):
    node = pool.nodes[0]
    assert re.fullmatch(rf"{pool.id}-[0-9a-f]{{12}}", node.id)
    linode = node.linode
    assert linode.label == f"lke{cluster.id}-{node.id}"
    assert (linode.image, linode.lke_cluster, linode.type.id, linode.region.id) == (None, cluster, PLAN, REGION)
    assert (linode.status, linode.disk_encryption) == ("running", pool.disk_encryption)
    assert len(linode.ipv4) == 2
    assert (node.pool, node.cluster, node.load().pool_id) == (pool, cluster, pool.id)
    assert pool.raw["nodes"][0].keys() == {"id", "instance_id", "status"}


def test_a_custom_disk_has_a_size(sandbox, cluster):
    """In a pool of a new cluster too."""
    pool = {"type": "g6-standard-1", "count": 1, "disks": [{"type": "raw"}]}
    reason = "size is required"
    path = f"/lke/clusters/{cluster.id}/pools"
    assert refused(sandbox, "POST", path, pool) == [(reason, "disks[0].size")]
    body = {"label": "new", "region": cluster.region.id, "k8s_version": cluster.k8s_version, "node_pools": [pool]}
    assert refused(sandbox, "POST", "/lke/clusters", body) == [(reason, "node_pools[0].disks[0].size")]


def test_nodes_are_waited_for_one_by_one_or_together(client, cluster):
    made = cluster.create_pool(PLAN, 3)
    first, *others = made.nodes
    assert first.status == "not_ready"
    first.wait()
    client.wait_for(others, "ready")
    assert [each.status for each in made.load().nodes] == ["ready"] * 3
    assert all(each.linode.status == "running" for each in others)


def test_waiting_ends_with_the_timeout_and_when_the_pool_or_the_node_is_gone(client, cluster, pool):
    made = cluster.create_pool(PLAN, 1)
    reported = []
    with pytest.raises(WaitTimeoutError, match="1 without ready nodes after 20 s"):
        made.wait(timeout=20, progress=lambda *told: reported.append(told))
    assert reported[0] == (made, 0, "not_ready")
    node = made.nodes[0]
    made.delete()
    with pytest.raises(EventFailedError, match="was deleted while it was waited for"):
        made.wait()
    with pytest.raises(EventFailedError, match="was deleted while it was waited for"):
        node.wait()
    with pytest.raises(TypeError, match=r"an LKENodePool has no status to wait for; use its wait\(\)"):
        client.wait_for([pool], "ready")


def test_a_node_is_deleted_with_its_linode_and_the_pool_has_one_less(client, cluster, pool):
    node = pool.nodes[0]
    linode = node.linode
    node.delete()
    with pytest.raises(NotFoundError):
        linode.load()
    with pytest.raises(NotFoundError):
        node.load()
    assert (pool.load().count, len(pool.nodes)) == (1, 1)
    assert actions(client)[-2:] == ["lke_node_delete", "linode_delete"]
    with pytest.raises(InvalidRequestError, match="last node"):
        pool.nodes[0].delete()


def test_a_node_is_replaced_when_it_is_recycled(client, cluster, pool):
    kept, node = pool.nodes
    linode = node.linode
    node.recycle()
    assert "lke_node_recycle" in actions(client)
    assert ids(pool)[0] == kept.id
    new = pool.nodes[1]
    assert new.id != node.id
    new.wait()
    assert new.linode.id != linode.id
    assert new.linode.status == "running"
    with pytest.raises(NotFoundError):
        linode.load()


def test_a_recycled_node_leaves_its_place_to_the_new_one(pool):
    """The vendor's tests recycle the first node, and then see that the first one is not ready."""
    first, other = pool.nodes
    first.recycle()
    pool.load()
    assert [each.status for each in pool.nodes] == ["not_ready", "ready"]
    assert pool.nodes[1].id == other.id


def test_a_linode_that_is_deleted_by_hand_is_replaced(client, cluster, pool):
    lost = pool.nodes[0]
    lost.linode.delete()
    assert pool.load().count == 2
    assert lost.id not in ids(pool)
    pool.wait()
    assert {each.status for each in pool.load().nodes} == {"ready"}
    assert {each.linode.id for each in pool.nodes} == {each.id for each in client.get_linodes()}


def test_a_node_whose_linode_is_replaced_early_is_not_ready_by_the_old_one(cluster, sandbox):
    made = cluster.create_pool(PLAN, 1)
    sandbox.advance(90)
    made.load().nodes[0].linode.delete()
    sandbox.advance(20)
    assert [each.status for each in made.load().nodes] == ["not_ready"]
    made.wait()


def test_a_busy_linode_keeps_its_node(client, cluster, pool):
    node = pool.nodes[0]
    node.linode.clone(region=REGION, type=PLAN)
    with pytest.raises(InvalidRequestError, match="Linode busy"):
        node.delete()
    assert len(ids(pool)) == 2


def test_nodes_become_ready_after_a_restart(tmp_path):
    path = str(tmp_path / "world")
    with Sandbox(path, seed=1) as sandbox:
        sandbox.client().create_lke_cluster("prod", REGION, "1.29", [{"type": PLAN, "count": 2}])
    with Sandbox(path) as sandbox:
        (made,) = sandbox.client().get_lke_clusters()
        before = ids(made.pools.one())
        made.recycle()
        made.wait()
        assert not {*before} & {*ids(made.pools.one())}
        assert made.get_kubeconfig().startswith("apiVersion")


def test_waiting_is_awaited(sandbox):
    async def run():
        client = sandbox.async_client()
        made = await client.create_lke_cluster("prod", REGION, "1.29", [{"type": PLAN, "count": 2}])
        pool = await made.pools.one()
        await pool.wait()
        await made.wait()
        await (await pool.load()).nodes[0].wait()
        return [each.status for each in pool.nodes], await made.get_kubeconfig()

    statuses, kubeconfig = asyncio.run(run())
    assert (statuses, kubeconfig[:10]) == (["ready", "ready"], "apiVersion")


# -- pools -----------------------------------------------------------------------------------------------------------


def test_a_pool_has_all_that_it_was_created_with(client, cluster):
    made = cluster.create_pool(
        PLAN,
        2,
        label="workers",
        tags=["web", "api"],
        labels={"role": "worker"},
        taints=[{"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}],
        autoscaler={"enabled": True, "min": 1, "max": 5},
        disks=[{"size": 1024, "type": "ext4"}, {"size": 512, "type": "raw"}],
        disk_encryption="disabled",
    )
    assert (made.label, made.tags, made.labels) == ("workers", ["api", "web"], {"role": "worker"})
    assert [(each.key, each.value, each.effect) for each in made.taints] == [("dedicated", "gpu", "NoSchedule")]
    assert (made.autoscaler.enabled, made.autoscaler.min, made.autoscaler.max) == (True, 1, 5)
    assert [(each.size, each.type) for each in made.disks] == [(1024, "ext4"), (512, "raw")]
    assert (made.k8s_version, made.update_strategy, made.firewall) == (None, None, None)
    made.wait()
    linode = made.load().nodes[0].linode
    assert linode.disk_encryption == "disabled"
    assert sorted(each.size for each in linode.disks) == [512, 1024, linode.specs.disk - 1536]
    assert "lke_pool_create" in actions(client)
    assert [each.id for each in cluster.pools(LKENodePool.tags == "web")] == [made.id]


@pytest.mark.parametrize(
    ("members", "reasons"),
    [
        ({"count": 0}, [("Must be 1-100", "count")]),
        ({"count": 101}, [("Must be 1-100", "count")]),
        ({"type": "none"}, [("A valid plan type by that ID was not found", "type")]),
        (
            {"autoscaler": {"enabled": True}},
            [("min is required", "autoscaler.min"), ("max is required", "autoscaler.max")],
        ),
        (
            {"autoscaler": {"enabled": True, "min": 3, "max": 2}},
            [("min must not be larger than max", "autoscaler.min")],
        ),
        ({"autoscaler": {"max": 101}}, [("Must be 1-100", "autoscaler.max")]),
        ({"labels": {"a": "b" * 64}}, [("Length must be 0-63 characters", "labels.a")]),
        (
            {"taints": [{"key": "a"}]},
            [("value is required", "taints[0].value"), ("effect is required", "taints[0].effect")],
        ),
        ({"disks": [{"size": 1, "type": "raw"}] * 8}, [("Must contain at most 7 items", "disks")]),
        ({"disks": [{"size": 99999999, "type": "raw"}]}, [("The disks do not fit into the plan", "disks")]),
        ({"tags": ["a"]}, [("Length must be 3-50 characters", "tags")]),
        ({"update_strategy": "on_recycle"}, [("Only pools of enterprise clusters have this", "update_strategy")]),
        ({"firewall_id": 9}, [("firewall_id is not valid", "firewall_id")]),
    ],
)
def test_a_pool_that_cannot_be_is_refused(sandbox, cluster, members, reasons):
    found = refused(sandbox, "POST", f"/lke/clusters/{cluster.id}/pools", {"type": PLAN, "count": 1, **members})
    assert sorted(found) == sorted(reasons)
    assert len(cluster.pools) == 1


def test_a_pool_is_resized(client, cluster, pool):
    first, second = ids(pool)
    pool.count = 4
    pool.save()
    assert ids(pool)[:2] == [first, second]
    assert (len(pool.nodes), pool.autoscaler.max) == (4, 4)
    pool.wait()
    assert len(client.get_linodes()) == 4
    pool.count = 1
    pool.save()
    assert ids(pool) == [first]
    assert [each.id for each in client.get_linodes()] == [pool.nodes[0].linode.id]
    pool.count = 0
    assert said(pool.save) == [("Must be 1-100", "count")]


def test_a_pool_does_not_grow_when_its_plan_is_sold_out(cluster, pool, sandbox):
    sandbox.sold_out(REGION, PLAN)
    pool.count = 3
    assert said(pool.save)[0][0].startswith("The Linode plan you chose")
    assert len(ids(pool)) == 2


def test_labels_and_taints_are_replaced_and_nodes_are_kept(cluster, pool):
    before = ids(pool)
    pool.labels = {"a": "1", "b": "2"}
    pool.taints = [LKETaint(key="dedicated", value="x", effect="NoExecute")]
    pool.tags = ["web"]
    pool.label = "workers"
    pool.autoscaler.enabled = True
    pool.autoscaler.max = 6
    pool.save()
    pool.labels = {"c": "3"}
    pool.save()
    assert (pool.load().labels, pool.tags, pool.label) == ({"c": "3"}, ["web"], "workers")
    assert pool.raw["autoscaler"] == {"enabled": True, "min": 2, "max": 6}
    assert pool.raw["taints"] == [{"key": "dedicated", "value": "x", "effect": "NoExecute"}]
    assert ids(pool) == before
    pool.autoscaler.min = 7
    assert said(pool.save) == [("min must not be larger than max", "autoscaler.min")]


def test_a_pool_is_deleted_with_its_linodes_but_not_the_last_one(client, cluster, pool):
    made = cluster.create_pool(PLAN, 2)
    made.wait()
    made.delete()
    assert len(client.get_linodes()) == 2
    with pytest.raises(NotFoundError):
        made.load()
    assert actions(client)[-3:] == ["linode_delete", "linode_delete", "lke_pool_delete"]
    with pytest.raises(InvalidRequestError, match="last node pool"):
        pool.delete()


def test_a_locked_pool_is_kept(cluster, sandbox):
    made = cluster.create_pool(PLAN, 1)
    change(sandbox, LKENodePool, made.id, locks=["cannot_delete"])
    with pytest.raises(InvalidRequestError, match="lock needs to be removed"):
        made.delete()


def test_a_pool_is_recycled(client, cluster, pool):
    before = ids(pool)
    pool.recycle()
    pool.wait()
    assert not {*before} & {*ids(pool)}
    assert "lke_pool_recycle" in actions(client)


def test_a_node_of_another_cluster_is_not_found(client, cluster, pool):
    other = client.create_lke_cluster("other", REGION, "1.29", [{"type": PLAN, "count": 1}])
    with pytest.raises(NotFoundError):
        LKENode(client, pool.nodes[0].id, other).load()
    with pytest.raises(NotFoundError):
        LKENodePool(client, pool.id, other).load()


# -- enterprise pools ------------------------------------------------------------------------------------------------


def test_an_enterprise_pool_is_upgraded_by_its_strategy(enterprise, sandbox):
    sandbox.advance(200)
    rolling = enterprise.create_pool(PLAN, 1, update_strategy="rolling_update")
    waiting = enterprise.create_pool(PLAN, 1)
    enterprise.wait()
    before = {each.id: ids(each) for each in (rolling, waiting)}
    for each in (rolling, waiting):
        each.k8s_version = "v1.32.9+lke4"
        assert said(each.save) == [("k8s_version is not valid", "k8s_version")]
    enterprise.k8s_version = "v1.32.9+lke4"
    enterprise.save()
    for each in (rolling, waiting):
        each.save()
    assert ids(rolling) != before[rolling.id]
    assert ids(waiting) == before[waiting.id]
    assert (rolling.k8s_version, waiting.k8s_version) == ("v1.32.9+lke4", "v1.32.9+lke4")


def test_an_enterprise_pool_has_from_0_to_100_nodes(enterprise):
    """Standard ones have one at least, and both are refused with their range."""
    pool = enterprise.create_pool(PLAN, 0)
    for count in (-1, 101):
        pool.count = count
        assert said(pool.save) == [("Must be 0-100", "count")]
        assert said(enterprise.create_pool, PLAN, count) == [("Must be 0-100", "count")]


def test_a_firewall_protects_the_nodes_of_an_enterprise_pool(client, enterprise, sandbox):
    sandbox.advance(200)
    one, two = (client.create_firewall(label, RULES) for label in ("one", "two"))
    pool = enterprise.create_pool(PLAN, 1, firewall_id=one, isolation={"public_ipv4": False, "public_ipv6": False})
    pool.wait()
    linode = pool.load().nodes[0].linode
    assert (pool.firewall, [each.id for each in linode.firewalls]) == (one, [one.id])
    assert (len(linode.ipv4), linode.ipv6) == (1, None)
    pool.firewall = two
    pool.save()
    assert [each.id for each in linode.firewalls] == [two.id]
    Firewall(client, two.id).delete()
    assert pool.load().firewall is None
