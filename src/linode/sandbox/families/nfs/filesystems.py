"""NFS file systems: created, changed, deleted, their quotas and home directories. Nobody writes to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linode.api.nfs.filesystems import NFSFilesystem, NFSHomeDirectory
from linode.api.nfs.quotas import NFSQuota
from linode.api.nfs.snapshots import NFSSnapshot
from linode.api.nfs.spaces import NFSMixin, NFSSpace
from linode.sandbox.core.kind import Access, Kind, Operations, Storage
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .access import add_filesystem_policy
from .states import begin, conflict, refuse_unless

__all__ = ["add_filesystem", "check_capacity"]

CREATE, UPDATE, DELETE, QUOTA = 60, 20, 20, 5
"""Seconds that the states last: a guess within the three minutes that clients wait."""
PROTOCOLS = ["nfsv4"]

on.kind(Kind(of=NFSFilesystem, access=Access(scopes={NFSMixin.get_nfs_filesystem: ("nfs:read_only",)})))
# That a new file system has none is a guess.
on.kind(
    Kind(of=NFSHomeDirectory, storage=Storage(id_key="_id", single=True), operations=Operations(generic=("delete",)))
)
on.kind(Kind(of=NFSQuota, operations=Operations(generic=("delete",))))


@on.create(NFSFilesystem)
def create(
    world: World,
    space: Row,
    label: str,
    region: str,
    max_capacity_bytes: int,
    protocol_versions: Sequence[str] = PROTOCOLS,
    tags: Sequence[str] = (),
) -> Row:
    """Create a file system in any region: which regions have NFS storage is not on record."""
    check_capacity(max_capacity_bytes, "max_capacity_bytes")
    members = {"protocol_versions": list(protocol_versions), "tags": list(tags)}
    return add_filesystem(world, space, label=label, region=region, max_capacity_bytes=max_capacity_bytes, **members)


def add_filesystem(world: World, space: Row, **members: Any) -> Row:
    """Add a file system of *members* to *space*, with its access policy."""
    refuse_unless(space, "creating", "active")
    filesystem = world.add(NFSFilesystem, space, space_id=space["id"], **members)
    filesystem["stats"] = {"used_capacity_bytes": None, "used_file_count": None, "collected_at": None}
    add_filesystem_policy(world, filesystem)
    begin(world, filesystem, "creating", CREATE)
    world.takes(CREATE, mount, filesystem)
    return filesystem


def check_capacity(bytes_: int, field: str) -> None:
    """Raise a refusal of a capacity that is none: the API's bounds are not on record."""
    if bytes_ < 1:
        raise Refused("Must be at least 1", field)


@job("nfs.mount", NFSFilesystem)
def mount(world: World, filesystem: Row) -> None:
    """The file system can be mounted from now on; the form of its name is the sandbox's own."""
    filesystem["mount_target_ips"] = [world.addresses.slaac(filesystem["region"])]
    filesystem["mount_target_fqdn"] = f"nfs-{filesystem['id']}.{filesystem['region']}.sandbox.invalid"


@on(NFSMixin.get_nfs_filesystem)
def by_id(world: World, filesystem_id: int) -> Row:
    """The file system of that ID."""
    return world.get(NFSFilesystem, filesystem_id)


@on.update(NFSFilesystem)
def update(world: World, filesystem: Row, **changes: Any) -> Row:
    """Change it; another capacity takes a while (a guess)."""
    refuse_unless(filesystem, "creating", "active", "updating")
    before: int = filesystem["max_capacity_bytes"]
    capacity = changes.get("max_capacity_bytes", before)
    check_capacity(capacity, "max_capacity_bytes")
    if capacity != before:
        refuse_unless(filesystem, "active")
        begin(world, filesystem, "updating", UPDATE)
    return rules.update(world, filesystem, **changes)


@on.delete(NFSFilesystem)
def delete(world: World, filesystem: Row) -> None:
    """Delete it with its snapshots and quotas, which takes a while. A locked snapshot keeps it (a guess)."""
    if world.read(NFSSnapshot, filesystem, locked=True):
        raise conflict("The file system has locked snapshots")  # in words of the sandbox's own
    begin(world, filesystem, "deleting", DELETE)


@on(NFSSpace.filesystems)
def listed(world: World, space: Row) -> Sequence[Row]:
    """The file systems of *space*: one that is being deleted is none of them."""
    return [each for each in world.rows(NFSFilesystem, space) if each["status"] != "deleting"]


# -- quotas ----------------------------------------------------------------------------------------------------------


@on.create(NFSQuota)
def create_quota(
    world: World,
    filesystem: Row,
    path: str,
    max_capacity_bytes: int,
    max_file_count: int,
    user_group_config: Row | None = None,
) -> Row:
    """Limit a directory that has no quota yet."""
    refuse_unless(filesystem, "active")
    if not path.startswith("/"):
        raise Refused("path is not valid", "path")  # a guess
    if world.read(NFSQuota, filesystem, path=path):
        raise conflict("The directory has a quota", "path")  # a guess, as for labels of snapshots
    return world.add(
        NFSQuota,
        filesystem,
        filesystem_id=filesystem["id"],
        path=path,
        is_root=path == "/",  # a guess
        status="active",
        max_capacity_bytes=max_capacity_bytes,
        max_file_count=max_file_count,
        user_group_config=_limits(user_group_config),
    )


def _limits(given: Row | None) -> Row | None:
    """The limits of users and groups with all members."""
    if given is None:
        return None
    empty = {"default_user_limit": None, "default_group_limit": None}
    return {**empty, "user_limits": [], "group_limits": [], "user_group_limits": [], **given}


@on.update(NFSQuota)
def update_quota(world: World, quota: Row, **changes: Any) -> Row:
    """Change limits; those of users and groups are replaced whole."""
    if "user_group_config" in changes:
        quota["user_group_config"] = _limits(changes.pop("user_group_config"))
    begin(world, quota, "updating", QUOTA)
    return rules.update(world, quota, **changes)


# -- home directories ------------------------------------------------------------------------------------------------


@on(NFSFilesystem.update_home_directory)
def update_home_directory(world: World, filesystem: Row, **changes: Any) -> Row:
    """Update the members that were sent; the first update requires a template (a guess)."""
    found = world.rows(NFSHomeDirectory, filesystem)
    if not found and "path_template" not in changes:
        raise Refused("path_template is required", "path_template")
    added = {"filesystem_id": filesystem["id"]}
    home = found[0] if found else world.add(NFSHomeDirectory, filesystem, **added)
    return rules.update(world, home, **changes)
