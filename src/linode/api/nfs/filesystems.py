"""NFS file systems, and the home directories in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Unpack

from linode._model import Call, Field, Many, Nested, Options, Parent, ReadOnly, Ref, Resource, Struct, action, body
from linode.waiting.waitable import Waitable

from .access import NFSFilesystemAccessPolicy, NFSFilesystemAccessPolicyOptions, NFSProtocol
from .quotas import NFSQuota, NFSQuotaOptions
from .snapshot_policies import NFSSnapshotPolicy, NFSSnapshotPolicyOptions
from .snapshots import NFSLabel, NFSSnapshot, NFSSnapshotOptions, NFSStatus

if TYPE_CHECKING:
    from ..regions import Region
    from .spaces import NFSSpace


class NFSFilesystemOptions(Options, total=False):
    """Options of `NFSSpace.create_filesystem` besides the label, the region and the capacity."""

    protocol_versions: Sequence[NFSProtocol]
    """Protocols; ``nfsv4`` is the only one."""
    tags: Sequence[str]


class NFSHomeDirectoryOptions(Options, total=False):
    """Options of `NFSFilesystem.update_home_directory`."""

    path_template: str
    auto_create_dirs: bool


class NFSFilesystemStats(Struct):
    """Use of a file system, as it was last measured."""

    used_capacity_bytes: ReadOnly[int | None]
    """Used capacity in bytes; None before it was measured."""
    used_file_count: ReadOnly[int | None]
    """Number of files; None before they were counted."""
    collected_at: ReadOnly[datetime | None]
    """Time of the measurement (UTC); None before the first one."""


class NFSHomeDirectory(Resource):
    """Home directories of users in a file system; `NFSFilesystem.update_home_directory` sets them up."""

    path = "/nfs/spaces/{space}/filesystems/{filesystem}/home-directory"
    scope = "nfs"
    beta = True
    savable = False

    space: Parent[NFSSpace]
    filesystem: Parent[NFSFilesystem]
    filesystem_id: ReadOnly[int]
    path_template: ReadOnly[str]
    """Template of the path of a user's directory."""
    auto_create_dirs: ReadOnly[bool]
    """Whether directories are created when they are first used."""
    autofs_map: ReadOnly[str | None]
    """Map for the automounter of clients; None for none."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]


class NFSFilesystem(Waitable):
    """A file system of a space, mounted over IPv6 by Linodes in a VPC (TCP port 2049)."""

    path = "/nfs/spaces/{space}/filesystems/{id}"
    scope = "nfs"
    beta = True
    filterable = ("label", "region")

    space: Parent[NFSSpace]
    id: ReadOnly[int]
    space_id: ReadOnly[int]
    label: Field[NFSLabel]
    """Label: up to 63 characters."""
    region: Ref[Region]
    protocol_versions: ReadOnly[list[NFSProtocol]]
    """Protocols."""
    status: ReadOnly[NFSStatus]
    """Status; an ``active`` file system can be mounted."""
    mount_target_ips: ReadOnly[list[str]]
    """Addresses to mount the file system from; empty until it is ``active``."""
    mount_target_fqdn: ReadOnly[str | None]
    """Domain name to mount the file system from; None until it is ``active``."""
    max_capacity_bytes: Field[int]
    """Capacity in bytes."""
    snapshot_usage_bytes: ReadOnly[int | None]
    """Capacity that snapshots use, in bytes; None before it was measured."""
    ldap_config_id: ReadOnly[str | None]
    """ID of the LDAP directory of its users; None for none."""
    source_snapshot_id: ReadOnly[int | None]
    """ID of the snapshot that the file system was cloned from; None for none."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]
    tags: Field[list[str]]
    stats: Nested[NFSFilesystemStats]
    """Use, as it was last measured."""
    quotas: Many[NFSQuota]
    """Quotas of directories."""
    snapshots: Many[NFSSnapshot]

    @action
    def get_access_policy(self) -> Call[NFSFilesystemAccessPolicy]:
        """Return the access policy: the Linodes that may mount this file system."""
        return self._gets("access-policy", NFSFilesystemAccessPolicy)

    @action
    def update_access_policy(
        self, **options: Unpack[NFSFilesystemAccessPolicyOptions]
    ) -> Call[NFSFilesystemAccessPolicy]:
        """Replace the access policy and return it; it is ``updating`` until the change applies.

        Options that are left out are reset to their defaults. Raises `ApiError` while an earlier change is being
        applied.
        """
        return self._creates(NFSFilesystemAccessPolicy, "access-policy", body(**options), method="PUT")

    @action
    def create_quota(
        self, path: str, max_capacity_bytes: int, max_file_count: int, **options: Unpack[NFSQuotaOptions]
    ) -> Call[NFSQuota]:
        """Limit the capacity (bytes) and the number of files of the directory *path*, and return the quota."""
        json = body(path=path, max_capacity_bytes=max_capacity_bytes, max_file_count=max_file_count, **options)
        return self._creates(NFSQuota, "quotas", json)

    @action
    def create_snapshot(self, label: NFSLabel, **options: Unpack[NFSSnapshotOptions]) -> Call[NFSSnapshot]:
        """Create a snapshot labeled *label* and return it; it is ``creating`` for up to some minutes.

        Raises `ApiError` when this file system has a snapshot of that label.
        """
        return self._creates(NFSSnapshot, "snapshots", body(label=label, **options))

    @action
    def get_snapshot_policy(self) -> Call[NFSSnapshotPolicy]:
        """Return the snapshot policy. Raises `NotFoundError` when there is none."""
        return self._gets("snapshot-policy", NFSSnapshotPolicy)

    @action
    def update_snapshot_policy(
        self, name_prefix: str, **options: Unpack[NFSSnapshotPolicyOptions]
    ) -> Call[NFSSnapshotPolicy]:
        """Set the snapshot policy and return it; the labels of its snapshots begin with *name_prefix*."""
        return self._creates(
            NFSSnapshotPolicy, "snapshot-policy", body(name_prefix=name_prefix, **options), method="PUT"
        )

    @action
    def get_home_directory(self) -> Call[NFSHomeDirectory]:
        """Return how the home directories of users are set up. Raises `NotFoundError` when they are not."""
        return self._gets("home-directory", NFSHomeDirectory)

    @action
    def update_home_directory(self, **options: Unpack[NFSHomeDirectoryOptions]) -> Call[NFSHomeDirectory]:
        """Set up the home directories of users; returns how they are set up."""
        return self._creates(NFSHomeDirectory, "home-directory", body(**options), method="PUT")
