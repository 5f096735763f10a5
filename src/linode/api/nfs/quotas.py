"""Quotas of an NFS file system: limits of a directory, its users and its groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from linode._model import Field, Nested, Options, Parent, ReadOnly, Struct
from linode.waiting.waitable import Waitable

if TYPE_CHECKING:
    from .filesystems import NFSFilesystem
    from .spaces import NFSSpace

NFSIdentityType: TypeAlias = Literal["uid", "username", "gid", "groupname"] | str
NFSQuotaStatus: TypeAlias = Literal["active", "updating", "error"] | str


class NewNFSLimit(TypedDict, total=False):
    """Limits of each user, or of each group."""

    max_capacity_bytes: int | None
    max_file_count: int | None


class NewNFSIdentity(TypedDict, total=False):
    """A user or a group."""

    identifier_type: NFSIdentityType
    identifier: str


class NewNFSIdentityLimit(TypedDict, total=False):
    """Limits of one user or one group."""

    identifier_type: NFSIdentityType
    identifier: str
    max_capacity_bytes: int | None
    max_file_count: int | None


class NewNFSUserGroupLimit(TypedDict, total=False):
    """Limits of one user as a member of one group."""

    user: NewNFSIdentity
    group: NewNFSIdentity
    max_capacity_bytes: int | None
    max_file_count: int | None


class NewNFSQuotaLimits(TypedDict, total=False):
    """Limits of the users and groups of a directory."""

    default_user_limit: NewNFSLimit | None
    default_group_limit: NewNFSLimit | None
    user_limits: Sequence[NewNFSIdentityLimit]
    group_limits: Sequence[NewNFSIdentityLimit]
    user_group_limits: Sequence[NewNFSUserGroupLimit]


class NFSQuotaOptions(Options, total=False):
    """Options of `NFSFilesystem.create_quota` besides the path and the limits of the directory."""

    user_group_config: NewNFSQuotaLimits
    """Limits of users and groups."""


class NFSLimit(Struct):
    """Limits of each user, or of each group."""

    max_capacity_bytes: Field[int | None]
    """Capacity in bytes; None for no limit."""
    max_file_count: Field[int | None]
    """Number of files; None for no limit."""


class NFSIdentity(Struct):
    """A user or a group."""

    identifier_type: Field[NFSIdentityType]
    """Type of the identifier: a number or a name, of a user or of a group."""
    identifier: Field[str]


class NFSIdentityLimit(Struct):
    """Limits of one user or one group."""

    identifier_type: Field[NFSIdentityType]
    """Type of the identifier: a number or a name, of a user or of a group."""
    identifier: Field[str]
    max_capacity_bytes: Field[int | None]
    """Capacity in bytes; None for no limit."""
    max_file_count: Field[int | None]
    """Number of files; None for no limit."""


class NFSUserGroupLimit(Struct):
    """Limits of one user as a member of one group."""

    user: Nested[NFSIdentity]
    """User with the limits."""
    group: Nested[NFSIdentity]
    """Group with the limits."""
    max_capacity_bytes: Field[int | None]
    """Capacity in bytes; None for no limit."""
    max_file_count: Field[int | None]
    """Number of files; None for no limit."""


class NFSQuotaLimits(Struct):
    """Limits of the users and groups of a directory."""

    default_user_limit: Field[NFSLimit | None]
    """Limits of each user without limits of its own; None for no limits."""
    default_group_limit: Field[NFSLimit | None]
    """Limits of each group without limits of its own; None for no limits."""
    user_limits: Field[list[NFSIdentityLimit]]
    """Limits of single users."""
    group_limits: Field[list[NFSIdentityLimit]]
    """Limits of single groups."""
    user_group_limits: Field[list[NFSUserGroupLimit]]
    """Limits of single users as members of single groups."""


class NFSQuota(Waitable):
    """Limits of one directory of a file system."""

    path = "/nfs/spaces/{space}/filesystems/{filesystem}/quotas/{id}"
    scope = "nfs"
    beta = True

    space: Parent[NFSSpace]
    filesystem: Parent[NFSFilesystem]
    id: ReadOnly[int]
    filesystem_id: ReadOnly[int]
    path_: ReadOnly[str] = ReadOnly("path")
    """Path of the directory; ``path`` in the API, which names the path of the class here."""
    is_root: ReadOnly[bool]
    """Whether the directory is the root of the file system."""
    max_capacity_bytes: Field[int | None]
    """Capacity in bytes."""
    used_capacity_bytes: ReadOnly[int | None]
    """Used capacity in bytes; None before it was measured."""
    quota_exceeded: ReadOnly[bool]
    """Whether a limit is exceeded."""
    max_file_count: Field[int | None]
    """Number of files."""
    used_file_count: ReadOnly[int | None]
    """Number of files in use; None before they were counted."""
    status: ReadOnly[NFSQuotaStatus]
    """Status; ``updating`` until a change applies."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]
    collected_at: ReadOnly[datetime | None]
    """Time of the measurement (UTC); None before the first one."""
    user_group_config: Nested[NFSQuotaLimits | None]
    """Limits of users and groups; None for none."""
