"""Locks in the sandbox, and what they keep from happening."""

from __future__ import annotations

import pytest
from asking import DEBIAN, PASSWORD, REGION, actions, ask, machine, refusal, said

from linode import LinodeIP, ResourceLock
from linode.errors import AuthorizationError, NotFoundError

ALONE, WHOLE = "cannot_delete", "cannot_delete_with_subresources"


def reason(lock, what):
    return [(f"The {lock} lock needs to be removed to {what}", None)]


@pytest.fixture
def linode(sandbox, client):
    return machine(sandbox, client)


def test_an_object_is_locked_and_unlocked(client, linode):
    """The object's locks show the change at once, and events report it."""
    lock = client.create_lock(linode)
    assert (lock.lock_type, lock.entity.id, lock.entity.type, lock.entity.label) == (
        ALONE,
        linode.id,
        "linode",
        linode.label,
    )
    assert lock.entity.url == f"/v4/linode/instances/{linode.id}"
    assert linode.load().locks == [ALONE]
    assert client.get_locks() == [lock]
    assert ResourceLock(client, lock.id).load().raw == lock.raw
    linode.label = "renamed"
    linode.save()
    assert lock.load().entity.label == "renamed"
    lock.delete()
    assert (linode.load().locks, client.get_locks()) == ([], [])
    with pytest.raises(NotFoundError):
        lock.load()
    assert [each for each in actions(client) if each.startswith("lock")] == ["lock_create", "lock_delete"]


def test_locks_are_filtered(client, linode):
    """By their type, and by the object."""
    volume = client.create_volume("data", region=REGION)
    first, second = client.create_lock(linode, WHOLE), client.create_lock(volume.id, ALONE, "volume")
    assert client.get_locks(ResourceLock.lock_type == WHOLE) == [first]
    assert client.get_locks(ResourceLock.entity.type == "volume") == [second]
    of_linodes = ResourceLock.entity.type == "linode"
    assert client.get_locks(ResourceLock.entity.id == linode.id, of_linodes) == [first]
    assert client.get_locks(ResourceLock.entity.id == 999) == []


@pytest.mark.parametrize("more", [ALONE, WHOLE])
def test_an_object_has_one_lock(client, linode, more):
    """The refusal names the other one."""
    lock = client.create_lock(linode)
    words = (
        f"The cannot_delete lock (Lock ID: {lock.id}) needs to be removed to add {more} lock. "
        "Can only have one of: cannot_delete, cannot_delete_with_subresources locks"
    )
    assert said(client.create_lock, linode, more) == [(words, "lock_type")]


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        ({"entity_id": -99999876}, [("entity_id is not valid", "entity_id")]),
        ({"entity_type": "volume"}, [("entity_id is not valid", "entity_id")]),
        (
            {"entity_type": None, "entity_id": None, "lock_type": None},
            [(f"{name} is required", name) for name in ("entity_id", "entity_type", "lock_type")],
        ),
        ({"lock_type": "shut"}, [("Must be one of cannot_delete, cannot_delete_with_subresources", "lock_type")]),
    ],
)
def test_what_cannot_be_locked_is_refused(sandbox, linode, body, reasons):
    """Beta operations are those of v4beta alone."""
    whole = {"entity_id": linode.id, "entity_type": "linode", "lock_type": ALONE, **body}
    assert ask(sandbox, "POST", "/v4beta/locks", whole)[:2] == refusal(400, *reasons)
    assert ask(sandbox, "POST", "/v4/locks", whole)[0] == 404


def test_a_locked_linode_is_neither_deleted_nor_rebuilt(client, linode):
    """Objects of a locked Linode can be deleted, and all other operations work."""
    lock = client.create_lock(linode)
    assert said(linode.delete) == reason(ALONE, "delete this Linode")
    assert said(linode.rebuild, image=DEBIAN, root_pass=PASSWORD) == reason(ALONE, "do this with the Linode")
    linode.disks[1].delete()
    linode.boot()
    lock.delete()
    linode.delete()
    assert client.get_locks() == []


def test_a_lock_with_subresources_keeps_what_belongs_to_a_linode(sandbox, client, linode):
    """Disks, configurations and addresses; new ones can be had."""
    lock = client.create_lock(linode, WHOLE)
    address = LinodeIP(client, linode.create_ip().address, linode)
    for it in (linode, linode.disks[0], linode.configs[0], address):
        assert said(it.delete) == reason(WHOLE, f"delete this {type(it).__name__}")
    lock.delete()
    address.delete()
    own = machine(sandbox, client, interface_generation="linode")
    client.create_lock(own, WHOLE)
    assert said(own.interfaces[0].delete) == reason(WHOLE, "delete this LinodeInterface")


def test_a_locked_nodebalancer_and_its_configurations_are_not_deleted(client):
    """Nodes of a locked NodeBalancer are not deleted either, and a configuration is not rebuilt."""
    balancer = client.create_nodebalancer(REGION)
    config = balancer.create_config()
    lock = client.create_lock(balancer)
    assert lock.entity.type == "nodebalancer"
    assert said(balancer.delete) == reason(ALONE, "delete this NodeBalancer")
    config.rebuild([])
    lock.delete()
    client.create_lock(balancer, WHOLE)
    assert said(config.delete) == reason(WHOLE, "delete this NodeBalancerConfig")
    assert said(config.rebuild, []) == reason(WHOLE, "do this with the NodeBalancerConfig")


def test_a_locked_volume_is_not_deleted(sandbox, client):
    """A locked volume can be attached and detached."""
    volume = client.create_volume("data", region=REGION)
    sandbox.advance(60)
    client.create_lock(volume)
    assert said(volume.delete) == reason(ALONE, "delete this Volume")
    volume.resize(30)


def test_a_locked_cluster_and_a_locked_node_pool_are_not_deleted(client):
    """They have the one type of lock; a locked Linode keeps its node and its cluster as well."""
    cluster = client.create_lke_cluster("prod", REGION, "1.29", [{"type": "g6-standard-1", "count": 2}])
    pool = cluster.pools.one()
    for it, kind in ((cluster, "lkecluster"), (pool, "lkenodepool")):
        assert said(client.create_lock, it, WHOLE) == [("Must be one of cannot_delete", "lock_type")]
        lock = client.create_lock(it)
        assert (lock.entity.type, it.load().locks) == (kind, [ALONE])
        assert said(it.delete) == reason(ALONE, f"delete this {type(it).__name__}")
        lock.delete()
    cluster.wait()
    client.create_lock(pool.load().nodes[0].linode)
    assert said(pool.nodes[0].delete) == said(cluster.delete) == reason(ALONE, "delete this Linode")


def test_a_lock_goes_with_what_it_protects(sandbox, client, linode):
    """However that went."""
    client.create_lock(linode)
    with sandbox.world.transaction():
        sandbox.world.remove(sandbox.world.get("Linode", linode.id))
    assert client.get_locks() == []


def test_only_unrestricted_users_have_to_do_with_locks(sandbox, client, linode):
    """Whatever they were granted."""
    client.create_lock(linode)
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    sandbox.grant("ada", linode={linode.id: "read_write"})
    with sandbox.world.transaction():
        hers = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    lock = client.get_locks()[0]
    for act in (hers.get_locks().all, lambda: hers.create_lock(linode.id, ALONE, "linode"), hers.bind(lock).delete):
        with pytest.raises(AuthorizationError):
            act()
