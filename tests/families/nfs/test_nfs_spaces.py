"""NFS spaces, their access policies and LDAP directories, seen from a client."""

from __future__ import annotations

import pytest
from asking import REGION, ask, said, send

from linode import NFSSpace
from linode.errors import ApiError, InvalidRequestError, NotFoundError
from linode.sandbox import Sandbox

TIB = 2**40
PLACE = "us-iad"
"""A region with VPCs."""


def test_a_space_is_created_listed_and_changed(client, space):
    other = client.create_nfs_space("projects")
    assert (other.status, other.id != space.id) == ("creating", True)  # labels may be the same
    assert (space.status, space.description, space.tags) == ("active", "of all teams", ["nfs-test"])
    client.create_nfs_space("archive")
    assert {each.id for each in client.get_nfs_spaces(NFSSpace.label == "projects")} == {space.id, other.id}
    space.label, space.description = "work", None
    space.save()
    again = client.get_nfs_spaces(NFSSpace.label == "work").one()
    assert (again.id, again.description) == (space.id, None)
    assert said(client.create_nfs_space, "x" * 64) == [("Length must be at most 63 characters", "label")]


def test_a_space_goes_after_its_file_systems(client, sandbox, space, filesystem):
    assert space.load().max_capacity_bytes == TIB
    with pytest.raises(ApiError, match="has file systems") as refused:
        space.delete()
    assert refused.value.status == 409
    filesystem.delete()
    with pytest.raises(ApiError, match="has file systems"):
        space.delete()  # the file system is still being deleted
    sandbox.advance(60)
    space.delete()
    assert space.load().status == "deleting"
    with pytest.raises(ApiError, match="projects is deleting"):
        space.create_filesystem("late", REGION, TIB)
    sandbox.advance(60)
    with pytest.raises(NotFoundError):
        space.load()


def test_nfs_is_served_below_v4beta_alone(sandbox, space):
    for path in ("/nfs/spaces", space.url, f"{space.url}/access-policy"):
        assert ask(sandbox, "GET", f"/v4{path}")[0] == 404
        assert ask(sandbox, "GET", f"/v4beta{path}")[0] == 200


def test_tokens_need_the_scope(client, sandbox, space, filesystem):
    """Looking takes nfs:read_only, changing nfs:read_write."""
    reader = client.get_profile().create_token(label="look", scopes="nfs:read_only").token
    nothing = client.get_profile().create_token(label="nothing", scopes="linodes:read_write").token
    for path in (space.url, f"/nfs/filesystems/{filesystem.id}"):
        assert send(sandbox, "GET", f"/v4beta{path}", token=reader).status == 200
        assert send(sandbox, "GET", f"/v4beta{path}", token=nothing).status == 401
    assert send(sandbox, "DELETE", f"/v4beta{filesystem.url}", token=reader).status == 401


# -- access policies -------------------------------------------------------------------------------------------------


def test_a_space_has_an_access_policy(client, space):
    policy = space.get_access_policy()
    assert (policy.space_id, policy.label, policy.status, policy.updated) == (space.id, "projects", "active", None)
    assert (policy.vpc_acl, policy.mtls_mode, policy.space) == ([], "disabled", space)
    changed = space.update_access_policy(label="teams", enabled=True, mtls_mode="optional")
    assert (changed.status, changed.label, changed.enabled) == ("updating", "teams", True)
    with pytest.raises(ApiError, match="is being updated") as refused:
        space.update_access_policy(enabled=False)
    assert refused.value.status == 409
    client.wait_for(changed, "active")
    assert changed.mtls_mode == "optional"


def test_a_change_of_a_policy_replaces_it(client, space):
    client.wait_for(space.update_access_policy(label="teams", enabled=True, mtls_mode="required"), "active")
    replaced = space.update_access_policy(mtls_ca_cert="a certificate")
    assert (replaced.label, replaced.enabled, replaced.mtls_mode) == ("projects", False, "disabled")
    assert replaced.mtls_ca_cert == "a certificate"


def test_a_policy_admits_vpcs_and_their_subnets(client, space):
    subnets = [{"label": label, "ipv4": f"10.0.{at}.0/24"} for at, label in enumerate(("one", "two"))]
    vpc = client.create_vpc("inner", PLACE, ipv6=[{"range": "auto"}], subnets=subnets)
    one, two = vpc.subnets
    other = client.create_vpc("other", PLACE, subnets=[{"label": "three", "ipv4": "10.0.0.0/24"}])
    wrong = {"id": vpc, "subnets": [one, other.subnets[0]]}
    assert said(space.update_access_policy, vpcs=[wrong]) == [("subnets is not valid", "vpcs[0].subnets[1]")]
    changed = space.update_access_policy(enabled=True, vpcs=[{"id": vpc, "subnets": [two]}, {"id": other.id}])
    first, second = changed.vpc_acl
    assert (first.id, first.label, first.url) == (vpc.id, "inner", f"/v4{vpc.url}")
    assert first.range == vpc.ipv6[0].range
    assert [(each.id, each.label) for each in first.subnets] == [(two.id, "two")]
    assert (second.id, second.range, second.subnets) == (other.id, None, [])
    other.delete()
    assert [each.id for each in space.get_access_policy().vpc_acl] == [vpc.id]


def test_policies_refuse_what_is_not_there(space):
    assert said(space.update_access_policy, vpcs=[{"id": 5}]) == [("vpcs[0].id is not valid", "vpcs[0].id")]
    with pytest.raises(InvalidRequestError, match="Must be one of required, optional, disabled"):
        space.update_access_policy(mtls_mode="always")


# -- LDAP ------------------------------------------------------------------------------------------------------------


def test_an_ldap_directory_is_set_changed_tested_and_deleted(client, space):
    with pytest.raises(NotFoundError):
        space.get_ldap_config()
    with pytest.raises(NotFoundError):
        space.test_ldap_config()
    made = space.update_ldap_config(
        url="ldaps://directory.example", base_dn="dc=example", bind_dn="cn=reader", bind_password="not-for-anybody"
    )
    assert (made.url_, made.space_id, made.status) == ("ldaps://directory.example", space.id, "updating")
    assert "bind_password" not in made.raw
    client.wait_for(made, "active")
    space.update_ldap_config(uid_attribute="uidNumber")
    found = space.get_ldap_config()
    assert (found.url_, found.uid_attribute, found.url) == (
        "ldaps://directory.example",
        "uidNumber",
        f"{space.url}/ldap-config",
    )
    tested = space.test_ldap_config()
    assert (tested.reachable, tested.bind_success, tested.verified) == (False, False, None)
    found.delete()
    with pytest.raises(NotFoundError):
        space.get_ldap_config()


def test_no_data_file_holds_the_password_of_a_directory(tmp_path):
    path = tmp_path / "world.db"
    with Sandbox(str(path)) as sandbox:
        space = sandbox.client().create_nfs_space("projects")
        space.update_ldap_config(base_dn="dc=kept", bind_password="not-for-anybody")
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"dc=kept" in kept
    assert b"not-for-anybody" not in kept
