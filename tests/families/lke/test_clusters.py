"""Clusters, seen from a client."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION, actions, add, change, said, unanswered

from linode import Linode, LKECluster, LKENodePool, LKETier, LKETierVersion, LKEVersion, NodeBalancer
from linode.errors import AuthorizationError, InvalidRequestError, NotFoundError

PLAN = "g6-standard-1"
POOLS = [{"type": PLAN, "count": 1}]


def create(client, **options):
    given = {"label": "prod", "region": REGION, "k8s_version": "1.29", "node_pools": POOLS, **options}
    return client.create_lke_cluster(**given)


# -- versions, tiers, types ------------------------------------------------------------------------------------------


def test_versions_are_listed_newest_first(client):
    assert [each.id for each in client.get_lke_versions()] == ["1.30", "1.29", "1.28"]
    assert LKEVersion(client, "1.30").load().id == "1.30"
    with pytest.raises(NotFoundError):
        LKEVersion(client, "1.99").load()


def test_tiers_have_versions_of_their_own(client):
    enterprise, standard = LKETier(client, "enterprise"), LKETier(client, "standard")
    assert enterprise.versions.first().id == "v1.33.6+lke7"
    assert [each.id for each in standard.versions][:3] == ["1.35", "1.34", "1.33"]
    found = LKETierVersion(client, "v1.33.6+lke7", "enterprise").load()
    assert (found.id, found.tier, found.raw["tier"]) == ("v1.33.6+lke7", enterprise, "enterprise")
    with pytest.raises(NotFoundError):
        LKETierVersion(client, "v1.33.6+lke7", "standard").load()
    with pytest.raises(NotFoundError):
        LKETier(client, "free").versions.first()


def test_types_tell_what_control_planes_cost(client):
    assert {each.id: each.price.monthly for each in client.get_lke_types()} == {
        "lke-sa": 0,
        "lke-ha": 60,
        "lke-e": 300,
    }


def test_every_operation_is_answered(sandbox, cluster, pool):
    ids = {
        "clusterId": cluster.id,
        "poolId": pool.id,
        "nodeId": pool.nodes[0].id,
        "tier": "standard",
        "version": "1.30",
    }
    beta = ["404 GET /lke/tiers/{tier}/versions", "404 GET /lke/tiers/{tier}/versions/{version}"]
    gone = ["404 DELETE /lke/clusters/{clusterId}/nodes/{nodeId}", "404 GET /lke/clusters/{clusterId}/nodes/{nodeId}"]
    found = unanswered(sandbox, ids, "/lke")
    assert [each for each in found if each not in (*beta, *gone)] == []


# -- creating --------------------------------------------------------------------------------------------------------


def test_a_cluster_is_ready_at_once_and_its_nodes_later(client, sandbox):
    made = create(client, tags=["web", "api"], node_pools=[{"type": PLAN, "count": 3}])
    assert (made.status, made.tier, made.k8s_version, made.tags) == ("ready", "standard", "1.29", ["api", "web"])
    assert made.control_plane.high_availability is False
    (pool,) = made.pools
    first, *others = pool.nodes
    assert {each.status for each in pool.nodes} == {"not_ready"}
    assert first.linode is not None
    assert [each.linode for each in others] == [None, None]
    began = sandbox.now
    made.wait()
    assert 60 < (sandbox.now - began).total_seconds() < 300
    assert {each.status for each in pool.load().nodes} == {"ready"}
    client.wait_for([made], "ready")
    assert actions(client)[0] == "lke_cluster_create"
    assert actions(client).count("lke_node_create") == 3
    assert [each.id for each in client.get_lke_clusters(LKECluster.tier == "standard")] == [made.id]
    assert client.get_lke_clusters(LKECluster.tags == "none").first() is None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"k8s_version": "9.9"}, ("k8s_version is not valid", "k8s_version")),
        ({"k8s_version": "v1.31.9+lke7"}, ("k8s_version is not valid", "k8s_version")),
        ({"k8s_version": ""}, ("k8s_version is required", "k8s_version")),
        ({"region": "nowhere"}, ("region is not valid", "region")),
        ({"label": "a" * 33}, ("Length must be 1-32 characters", "label")),
        ({"label": "a.b"}, ("label is not valid", "label")),
        ({"node_pools": []}, ("Must contain at least 1 items", "node_pools")),
        ({"node_pools": [{"type": PLAN, "count": 0}]}, ("Must be 1-100", "node_pools[0].count")),
        ({"node_pools": [{"type": PLAN, "count": 101}]}, ("Must be 1-100", "node_pools[0].count")),
        (
            {"node_pools": [{"type": "none", "count": 1}]},
            ("A valid plan type by that ID was not found", "node_pools[0].type"),
        ),
        ({"node_pools": [{**POOLS[0], "tags": ["a"]}]}, ("Length must be 3-50 characters", "node_pools[0].tags")),
        ({"node_pools": [{"type": PLAN}]}, ("count is required", "node_pools[0].count")),
        ({"stack_type": "ipv4"}, ("Only enterprise clusters have this", "stack_type")),
        ({"tier": "enterprise"}, ("k8s_version is not valid", "k8s_version")),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(client, options, reason):
    found = said(create, client, **options)
    assert any(field == reason[1] and words.endswith(reason[0]) for words, field in found), found
    assert len(client.get_lke_clusters()) == 0
    assert len(client.get_linodes()) == 0


def test_an_enterprise_cluster_is_billed(client, sandbox, enterprise):
    sandbox.advance(70 * 24 * 3600)
    *_, items = (invoice.items for invoice in client.get_invoices())
    assert [each.total for each in items if each.label.startswith("LKE Enterprise - large")] == [300]


def test_high_availability_is_billed(client, sandbox):
    create(client, control_plane={"high_availability": True})
    create(client, label="other")
    sandbox.advance(70 * 24 * 3600)
    *_, items = (invoice.items for invoice in client.get_invoices())
    assert [each.total for each in items if each.label.startswith("LKE High Availability - prod")] == [60]
    assert not any("LKE" in each.label and "other" in each.label for each in items)


def test_labels_are_unique(client, cluster):
    assert said(create, client) == [("Label must be unique among your clusters", "label")]


def test_sold_out_plans_are_refused_and_nothing_is_created(client, sandbox):
    sandbox.sold_out(REGION, PLAN)
    assert said(create, client)[0][0].startswith("The Linode plan you chose is not currently available")
    assert len(client.get_lke_clusters()) == 0


def test_regions_without_kubernetes_refuse_clusters(client):
    without = next(each for each in client.get_regions() if "Kubernetes" not in each.capabilities)
    assert said(create, client, region=without) == [("Kubernetes is not available in this region", "region")]


def test_the_application_platform_needs_high_availability(client):
    made = create(client, apl_enabled=True)
    assert (made.apl_enabled, made.control_plane.high_availability) == (True, True)
    assert made.apl_console_url == f"https://console.lke{made.id}.akamai-apl.net"
    assert made.apl_auth_url == f"https://auth.lke{made.id}.akamai-apl.net"
    plain = create(client, label="plain")
    assert (plain.apl_console_url, plain.apl_auth_url) == (None, None)


def test_an_enterprise_cluster_may_have_no_pools_and_pools_without_nodes(client, enterprise, sandbox):
    assert (enterprise.tier, enterprise.control_plane.high_availability) == ("enterprise", True)
    assert len(enterprise.pools) == 0
    enterprise.wait()
    pool = enterprise.create_pool(PLAN, 2, update_strategy="rolling_update")
    assert (pool.nodes, pool.k8s_version, pool.update_strategy) == ([], "v1.31.9+lke7", "rolling_update")
    assert (pool.isolation.public_ipv4, pool.isolation.public_ipv6, pool.firewall) == (True, True, None)
    pool.wait()
    assert len(pool.load().nodes) == 2
    assert enterprise.create_pool(PLAN, 0).nodes == []


# -- changing --------------------------------------------------------------------------------------------------------


def test_label_and_tags_are_changed(client, cluster):
    cluster.label = "renamed"
    cluster.tags = ["web", "api"]
    cluster.save()
    assert (cluster.load().label, cluster.tags) == ("renamed", ["api", "web"])
    assert actions(client)[-1] == "lke_cluster_update"
    cluster.label = "not valid"
    assert said(cluster.save) == [("label is not valid", "label")]


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("1.28", "A cluster can only be upgraded to the next minor version"),
        ("1.31", "A cluster can only be upgraded to the next minor version"),
        ("9.9", "k8s_version is not valid"),
    ],
)
def test_a_cluster_is_upgraded_to_the_next_minor_version_alone(cluster, version, words):
    cluster.k8s_version = version
    assert said(cluster.save) == [(words, "k8s_version")]
    cluster.k8s_version = "1.30"
    cluster.save()
    assert cluster.load().k8s_version == "1.30"


def test_high_availability_replaces_all_nodes_and_stays(cluster, pool):
    before = {each.id for each in pool.nodes}
    cluster.control_plane.high_availability = True
    cluster.save()
    cluster.wait()
    assert not before & {each.id for each in pool.load().nodes}
    cluster.control_plane.high_availability = False
    assert said(cluster.save) == [("High availability cannot be turned off", "control_plane.high_availability")]


def test_recycling_replaces_the_nodes_one_after_another(client, cluster, pool, sandbox):
    before = {each.id: each.linode.id for each in pool.nodes}
    cluster.recycle()
    now = {each.id for each in pool.load().nodes}
    assert len(now & before.keys()) == 1
    cluster.wait()
    nodes = pool.load().nodes
    assert not before.keys() & {each.id for each in nodes}
    assert not {*before.values()} & {each.linode.id for each in nodes}
    assert len(client.get_linodes()) == 2
    assert actions(client).count("lke_cluster_recycle") == 1


def test_nodes_that_cannot_be_replaced_now_are_replaced_later(cluster, pool, sandbox):
    before = {each.id for each in pool.nodes}
    sandbox.sold_out(REGION, PLAN)
    pool.recycle()
    sandbox.advance(300)
    assert {each.id for each in pool.load().nodes} == before
    sandbox.in_stock(REGION, PLAN)
    sandbox.advance(60)
    pool.wait()
    assert not before & {each.id for each in pool.load().nodes}


# -- deleting --------------------------------------------------------------------------------------------------------


def test_deleting_a_cluster_deletes_its_pools_and_linodes(client, cluster, pool, sandbox):
    other = client.create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD, label="other")
    sandbox.advance(100)
    cluster.delete()
    for gone in (cluster, pool, pool.nodes[0]):
        with pytest.raises(NotFoundError):
            gone.load()
    assert [each.id for each in client.get_linodes()] == [other.id]
    assert actions(client)[-3:] == ["lke_cluster_delete", "linode_delete", "linode_delete"]
    sandbox.advance(1000)
    assert len(client.get_linodes()) == 1


def test_a_cluster_that_is_being_made_can_be_deleted(client, sandbox):
    create(client, node_pools=[{"type": PLAN, "count": 3}]).delete()
    sandbox.advance(1000)
    assert len(client.get_linodes()) == 0


def test_nodebalancers_of_a_deleted_cluster_go_with_it(client, cluster, sandbox):
    mine, other = (client.create_nodebalancer(REGION, label=label) for label in ("mine", "other"))
    entity = {"id": cluster.id, "label": cluster.label, "type": "lkecluster", "url": f"/v4{cluster.url}"}
    change(sandbox, NodeBalancer, mine.id, lke_cluster=entity)
    cluster.delete()
    assert [each.id for each in client.get_nodebalancers()] == [other.id]


def test_a_locked_cluster_is_kept(cluster, sandbox):
    change(sandbox, LKECluster, cluster.id, locks=["cannot_delete"])
    with pytest.raises(InvalidRequestError, match="lock needs to be removed"):
        cluster.delete()


# -- users -----------------------------------------------------------------------------------------------------------


def user(sandbox, scopes="*", **options):
    with sandbox.world.transaction():
        return sandbox.client(sandbox.world.identity.issue_token("ada", scopes)["_secret"])


def test_restricted_users_see_clusters_but_create_and_change_none(client, cluster, sandbox):
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    ada = user(sandbox)
    assert [each.id for each in ada.get_lke_clusters()] == [cluster.id]
    assert LKETier(ada, "enterprise").versions.first().id == "v1.33.6+lke7"
    assert LKETierVersion(ada, "v1.33.6+lke7", "enterprise").load().id == "v1.33.6+lke7"
    seen = LKECluster(ada, cluster.id).load()
    (pool,) = seen.pools
    assert (seen.label, seen.get_acl().enabled) == (cluster.label, False)
    for refused in (
        lambda: create(ada, label="another"),
        lambda: seen.create_pool("g6-standard-1", 1),
        seen.delete,
        seen.recycle,
        seen.get_kubeconfig,
        pool.delete,
        pool.recycle,
        pool.nodes[0].delete,
    ):
        with pytest.raises(AuthorizationError, match="Unauthorized"):
            refused()
    assert client.get_lke_clusters()[0].id == cluster.id


def test_reading_a_kubeconfig_or_a_node_needs_the_scope_to_write(cluster, pool, sandbox):
    sandbox.add_user("ada", "ada@example.com")
    seen = LKECluster(user(sandbox, "lke:read_only"), cluster.id)
    assert seen.label == "prod"
    with pytest.raises(AuthorizationError, match="not authorized"):
        seen.get_kubeconfig()
    with pytest.raises(AuthorizationError, match="not authorized"):
        seen.pools.one().nodes[0].load()


def test_a_linode_knows_its_cluster(client, cluster, pool, sandbox):
    assert {each.lke_cluster for each in client.get_linodes()} == {cluster}
    assert add(sandbox, Linode)["lke_cluster_id"] is None
    assert LKENodePool(client, pool.id, cluster).load().cluster == cluster
