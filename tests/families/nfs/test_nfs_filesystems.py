"""NFS file systems, who mounts them, their quotas and home directories, seen from a client."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION, said

from linode import NFSFilesystem
from linode.errors import ApiError, NotFoundError

TIB = 2**40


def test_a_file_system_can_be_mounted_once_it_is_active(client, space):
    made = space.create_filesystem("home", REGION, TIB, protocol_versions=["nfsv4"], tags=["nfs-test"])
    assert (made.status, made.mount_target_ips, made.mount_target_fqdn) == ("creating", [], None)
    client.wait_for(made, "active")
    assert len(made.mount_target_ips) == 1
    assert ":" in made.mount_target_ips[0]
    assert made.mount_target_fqdn is not None
    assert (made.space_id, made.region.id, made.protocol_versions) == (space.id, REGION, ["nfsv4"])
    assert (made.max_capacity_bytes, made.source_snapshot_id, made.stats.collected_at) == (TIB, None, None)


def test_file_systems_are_found_by_label_region_and_id(client, space, filesystem):
    space.create_filesystem("other", "eu-west", TIB)
    assert [each.id for each in space.filesystems(NFSFilesystem.label == "home")] == [filesystem.id]
    assert [each.label for each in space.filesystems(NFSFilesystem.region == "eu-west")] == ["other"]
    found = client.get_nfs_filesystem(filesystem.id)
    assert (found, found.space) == (filesystem, space)
    found.label = "homes"
    found.save()
    assert filesystem.load().label == "homes"
    with pytest.raises(NotFoundError):
        client.get_nfs_filesystem(999)


def test_another_capacity_takes_a_while(client, filesystem):
    filesystem.max_capacity_bytes = 2 * TIB
    filesystem.save()
    assert filesystem.status == "updating"
    filesystem.max_capacity_bytes = 3 * TIB
    with pytest.raises(ApiError, match="home is updating"):
        filesystem.save()
    filesystem.invalidate()
    client.wait_for(filesystem, "active")
    assert filesystem.max_capacity_bytes == 2 * TIB
    assert said(filesystem.space.create_filesystem, "none", REGION, 0) == [
        (
            "Must be at least 1",
            "max_capacity_bytes",
        )
    ]


def test_a_file_system_that_is_being_deleted_is_in_no_list(sandbox, space, filesystem):
    filesystem.create_quota("/", TIB, 1000)
    filesystem.delete()
    assert list(space.filesystems) == []
    assert filesystem.load().status == "deleting"
    sandbox.advance(60)
    with pytest.raises(NotFoundError):
        filesystem.load()
    with pytest.raises(NotFoundError):
        list(filesystem.quotas)


# -- access policies -------------------------------------------------------------------------------------------------


def test_a_policy_names_the_linodes_that_mount(client, filesystem):
    policy = filesystem.get_access_policy()
    assert (policy.label, policy.status, policy.linode_acl, policy.updated) == ("home", "active", [], None)
    linode = client.create_linode(NANODE, REGION, label="mounts")
    changed = filesystem.update_access_policy(enabled=True, linode_ids=[linode], squash_policy="all_squash")
    assert (changed.status, changed.squash_policy, changed.protocols) == ("updating", "all_squash", ["nfsv4"])
    (shown,) = changed.linode_acl
    assert (shown.id, shown.label, shown.url) == (linode.id, "mounts", f"/v4{linode.url}")
    assert shown.ipv6 is not None
    assert linode.ipv6.startswith(shown.ipv6)
    with pytest.raises(ApiError, match="is being updated"):
        filesystem.update_access_policy()
    client.wait_for(changed, "active")
    linode.delete()
    assert filesystem.get_access_policy().linode_acl == []
    assert said(filesystem.update_access_policy, linode_ids=[999])[0][1] == "linode_ids[0]"


# -- quotas ----------------------------------------------------------------------------------------------------------


def test_quotas_limit_directories_users_and_groups(client, filesystem):
    limits = {
        "default_user_limit": {"max_capacity_bytes": 2**30, "max_file_count": None},
        "user_limits": [{"identifier_type": "uid", "identifier": "1000", "max_capacity_bytes": 2**31}],
    }
    quota = filesystem.create_quota("/team", TIB // 2, 5000, user_group_config=limits)
    assert (quota.path_, quota.is_root, quota.quota_exceeded, quota.used_file_count) == ("/team", False, False, None)
    assert quota.user_group_config is not None
    assert quota.user_group_config.default_user_limit is not None
    assert quota.user_group_config.default_user_limit.max_capacity_bytes == 2**30
    assert quota.user_group_config.user_limits[0].identifier == "1000"
    assert quota.user_group_config.group_limits == []
    assert filesystem.create_quota("/", TIB, 10_000).is_root
    assert {each.path_ for each in filesystem.quotas} == {"/team", "/"}
    quota.max_file_count = 6000
    quota.user_group_config.default_user_limit = None
    quota.save()
    assert (quota.status, quota.max_file_count) == ("updating", 6000)
    client.wait_for(quota, "active")
    assert quota.user_group_config.default_user_limit is None
    assert quota.user_group_config.user_limits[0].max_capacity_bytes == 2**31
    assert quota.url == f"{filesystem.url}/quotas/{quota.id}"
    quota.delete()
    assert [each.path_ for each in filesystem.quotas] == ["/"]


def test_quotas_are_refused_twice_and_without_a_path(client, space, filesystem):
    filesystem.create_quota("/team", TIB, 100)
    with pytest.raises(ApiError, match="has a quota") as refused:
        filesystem.create_quota("/team", TIB, 100)
    assert refused.value.status == 409
    assert said(filesystem.create_quota, "team", TIB, 100) == [("path is not valid", "path")]
    early = space.create_filesystem("early", REGION, TIB)
    with pytest.raises(ApiError, match="early is creating"):
        early.create_quota("/", TIB, 100)


# -- home directories ------------------------------------------------------------------------------------------------


def test_home_directories_are_set_up_and_given_up(filesystem):
    with pytest.raises(NotFoundError):
        filesystem.get_home_directory()
    assert said(filesystem.update_home_directory, auto_create_dirs=True)[0][1] == "path_template"
    filesystem.update_home_directory(path_template="/home/{username}")
    changed = filesystem.update_home_directory(auto_create_dirs=True)
    assert (changed.path_template, changed.auto_create_dirs, changed.autofs_map) == ("/home/{username}", True, None)
    found = filesystem.get_home_directory()
    assert (found.filesystem_id, found.filesystem) == (filesystem.id, filesystem)
    found.delete()
    with pytest.raises(NotFoundError):
        found.load()
