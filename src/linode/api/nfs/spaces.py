"""NFS spaces: groups of file systems with common access, and one LDAP directory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Unpack

from linode._model import BaseClient, Call, Field, Many, Options, ReadOnly, action, body, segment
from linode.waiting.waitable import Waitable

from .access import NFSSpaceAccessPolicy, NFSSpaceAccessPolicyOptions
from .filesystems import NFSFilesystem, NFSFilesystemOptions
from .ldap import NFSLDAPConfig, NFSLDAPConfigOptions, NFSLDAPTestResult
from .snapshots import NFSLabel

if TYPE_CHECKING:
    from ..regions import Region


class NFSSpaceOptions(Options, total=False):
    """Options of `create_nfs_space` besides the label."""

    description: str | None
    tags: Sequence[str]


class NFSSpace(Waitable):
    """A group of NFS file systems. It can be deleted once it has none."""

    path = "/nfs/spaces/{id}"
    scope = "nfs"
    beta = True
    filterable = ("label",)

    id: ReadOnly[int]
    label: Field[NFSLabel]
    """Label: up to 63 characters; several spaces may have the same."""
    description: Field[str | None]
    status: ReadOnly[Literal["creating", "active", "deleting", "error"] | str]
    max_capacity_bytes: ReadOnly[int]
    """Capacity in bytes."""
    used_capacity_bytes: ReadOnly[int]
    """Used capacity in bytes."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]
    tags: Field[list[str]]
    filesystems: Many[NFSFilesystem]

    @action
    def create_filesystem(
        self, label: NFSLabel, region: Region | str, max_capacity_bytes: int, **options: Unpack[NFSFilesystemOptions]
    ) -> Call[NFSFilesystem]:
        """Create a file system of *max_capacity_bytes* in *region* and return it.

        It is ``creating`` for up to some minutes: wait for ``active`` before mounting it.
        """
        json = body(label=label, region=region, max_capacity_bytes=max_capacity_bytes, **options)
        return self._creates(NFSFilesystem, "filesystems", json)

    @action
    def get_access_policy(self) -> Call[NFSSpaceAccessPolicy]:
        """Return the access policy: the VPCs that may reach this space."""
        return self._gets("access-policy", NFSSpaceAccessPolicy)

    @action
    def update_access_policy(self, **options: Unpack[NFSSpaceAccessPolicyOptions]) -> Call[NFSSpaceAccessPolicy]:
        """Replace the access policy and return it; it is ``updating`` until the change applies.

        Options that are left out are reset to their defaults. Raises `ApiError` while an earlier change is being
        applied.
        """
        return self._creates(NFSSpaceAccessPolicy, "access-policy", body(**options), method="PUT")

    @action
    def get_ldap_config(self) -> Call[NFSLDAPConfig]:
        """Return the LDAP directory. Raises `NotFoundError` when there is none."""
        return self._gets("ldap-config", NFSLDAPConfig)

    @action
    def update_ldap_config(self, **options: Unpack[NFSLDAPConfigOptions]) -> Call[NFSLDAPConfig]:
        """Set the LDAP directory and return it."""
        return self._creates(NFSLDAPConfig, "ldap-config", body(**options), method="PUT")

    @action
    def test_ldap_config(self) -> Call[NFSLDAPTestResult]:
        """Test the LDAP directory and return the result. Raises `NotFoundError` when there is none."""
        return self._creates(NFSLDAPTestResult, "ldap-config/test")


class NFSMixin(BaseClient):
    """Methods of a client for NFS storage."""

    get_nfs_spaces: Many[NFSSpace] = Many("/nfs/spaces", beta=True)
    """NFS spaces of the account."""

    @action
    def create_nfs_space(self, label: NFSLabel, **options: Unpack[NFSSpaceOptions]) -> Call[NFSSpace]:
        """Create a space labeled *label* and return it; it is ``creating`` for a while."""
        return self._creates(NFSSpace, "/nfs/spaces", body(label=label, **options))

    @action
    def get_nfs_filesystem(self, filesystem_id: int) -> Call[NFSFilesystem]:
        """Return the file system with that ID, in any space."""
        return self._gets(f"/nfs/filesystems/{segment(filesystem_id)}", NFSFilesystem)
