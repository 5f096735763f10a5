"""The control plane of a cluster, seen from a client."""

from __future__ import annotations

import re

import pytest
from asking import REGION, actions, raw, refusal, said

from linode import LKECluster, LKEControlPlaneACL
from linode.errors import InvalidRequestError, ServerError, UnexpectedResponseError

POOLS = [{"type": "g6-standard-1", "count": 1}]


def test_the_kubeconfig_and_the_endpoints_come_after_a_while(client, sandbox):
    made = client.create_lke_cluster("prod", REGION, "1.29", POOLS)
    path = f"/lke/clusters/{made.id}"
    words = "not yet available. Please try again later."
    assert raw(sandbox, "GET", f"{path}/kubeconfig") == refusal(503, (f"Cluster kubeconfig is {words}", None))
    assert raw(sandbox, "GET", f"{path}/api-endpoints") == refusal(503, (f"Cluster API Endpoints are {words}", None))
    with pytest.raises(ServerError, match="kubeconfig is not yet available"):
        made.get_kubeconfig()
    made.wait()
    text = made.get_kubeconfig()
    assert f"  name: lke{made.id}-ctx\n" in text
    assert f"- name: lke{made.id}-admin\n" in text
    first, second = (each.endpoint for each in made.api_endpoints)
    assert re.fullmatch(rf"https://[0-9a-f-]{{36}}\.{REGION}-1-gw\.linodelke\.net:443", first)
    assert second == first.replace(":443", ":6443")
    assert f"    server: {first}\n" in text


def test_a_deleted_kubeconfig_is_followed_by_a_new_one(client, cluster, sandbox):
    before = cluster.get_kubeconfig()
    cluster.delete_kubeconfig()
    assert raw(sandbox, "GET", f"/lke/clusters/{cluster.id}/kubeconfig")[0] == 503
    sandbox.advance(30)
    assert cluster.get_kubeconfig() != before
    assert actions(client)[-1] == "lke_kubeconfig_regenerate"


def test_secrets_are_regenerated_by_choice(client, cluster, sandbox):
    before = cluster.get_kubeconfig()
    cluster.regenerate(servicetoken=True)
    assert cluster.get_kubeconfig() == before
    cluster.regenerate(kubeconfig=True)
    sandbox.advance(30)
    assert cluster.get_kubeconfig() != before
    cluster.delete_service_token()
    assert actions(client)[-3:] == ["lke_cluster_regenerate", "lke_cluster_regenerate", "lke_token_rotate"]
    with pytest.raises(InvalidRequestError, match="One of kubeconfig and servicetoken must be true"):
        cluster.regenerate()


def test_a_kubeconfig_in_another_form_is_an_error_that_does_not_show_it():
    read = LKECluster.get_kubeconfig(LKECluster(None, 5)).read
    with pytest.raises(UnexpectedResponseError, match="not in base64") as caught:
        read({"kubeconfig": "s*cret"})
    assert "s*cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_standard_clusters_have_a_dashboard(cluster, enterprise):
    assert cluster.get_dashboard_url().startswith("https://")
    with pytest.raises(InvalidRequestError, match="no dashboard"):
        enterprise.get_dashboard_url()


# -- access control --------------------------------------------------------------------------------------------------


def test_the_access_control_list_is_off_at_first_and_after_it_is_deleted(client, cluster):
    def is_off():
        acl = cluster.get_acl()
        return (acl.enabled, acl.addresses.ipv4, acl.addresses.ipv6, acl.revision_id) == (False, [], [], None)

    assert is_off()
    acl = cluster.update_acl({"enabled": True, "addresses": {"ipv4": ["203.0.113.7", "198.51.100.0/24"]}})
    assert acl.enabled is True
    assert acl.addresses.ipv4 == ["203.0.113.7/32", "198.51.100.0/24"]
    assert re.fullmatch("[0-9a-f]{32}", acl.revision_id)
    cluster.delete_acl()
    assert is_off()
    cluster.delete_acl()
    assert actions(client)[-2:] == ["lke_control_plane_acl_create", "lke_control_plane_acl_delete"]


def test_the_access_control_list_is_changed_in_place(client, cluster):
    acl = cluster.update_acl({"enabled": True, "addresses": {"ipv6": ["2001:db8::1"]}})
    acl.enabled = False
    acl.addresses.ipv4 = ["192.0.2.1"]
    acl.revision_id = "mine"
    now = cluster.update_acl(acl)
    assert (now.enabled, now.revision_id) == (False, "mine")
    assert (now.addresses.ipv4, now.addresses.ipv6) == (["192.0.2.1/32"], ["2001:db8::1/128"])
    assert cluster.get_acl() == now
    assert actions(client)[-1] == "lke_control_plane_acl_update"
    assert cluster.update_acl({"enabled": True}).addresses == now.addresses
    # The vendor's tests switch a list off without addresses, and then find none.
    off = cluster.update_acl({"enabled": False})
    assert (off.addresses.ipv4, off.addresses.ipv6) == ([], [])


def test_addresses_that_are_none_are_refused(cluster):
    acl = {"addresses": {"ipv4": ["192.0.2.1", "2001:db8::1"], "ipv6": ["x"]}}
    assert said(cluster.update_acl, acl) == [
        ("addresses.ipv4[1] is not valid", "acl.addresses.ipv4[1]"),
        ("addresses.ipv6[0] is not valid", "acl.addresses.ipv6[0]"),
    ]


def test_a_cluster_is_created_and_changed_with_a_list(client, sandbox):
    acl = LKEControlPlaneACL(enabled=True)
    made = client.create_lke_cluster("prod", REGION, "1.29", POOLS, control_plane={"acl": acl})
    assert made.get_acl().enabled is True
    assert "acl" not in made.control_plane.raw
    path = f"/lke/clusters/{made.id}"
    status, _ = raw(sandbox, "PUT", path, {"control_plane": {"acl": {"enabled": False}}})
    assert (status, made.get_acl().enabled) == (200, False)
    assert raw(sandbox, "PUT", path, {"control_plane": {"acl": 5}})[0] == 400
    wrong = {"control_plane": {"acl": {"addresses": {"ipv4": ["x"]}}}}
    assert raw(sandbox, "PUT", path, wrong) == refusal(
        400, ("addresses.ipv4[0] is not valid", "control_plane.acl.addresses.ipv4[0]")
    )
