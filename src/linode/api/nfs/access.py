"""Access policies of NFS: who reaches a space, and who mounts a file system."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Required, TypeAlias, TypedDict

from linode._model import Options, Parent, ReadOnly, Struct
from linode.waiting.waitable import Waitable

if TYPE_CHECKING:
    from ..linodes.linode import Linode
    from ..vpcs.subnets import VPCSubnet
    from ..vpcs.vpcs import VPC
    from .filesystems import NFSFilesystem
    from .spaces import NFSSpace

NFSProtocol: TypeAlias = Literal["nfsv4"] | str
NFSMTLSMode: TypeAlias = Literal["required", "optional", "disabled"] | str
NFSSquashPolicy: TypeAlias = Literal["none", "root_squash", "all_squash"] | str
NFSPolicyStatus: TypeAlias = Literal["creating", "active", "updating", "deleting", "error"] | str


class NFSSpaceVPC(TypedDict, total=False):
    """A VPC that may reach a space."""

    id: Required[VPC | int]
    """VPC."""
    subnets: Sequence[VPCSubnet | int]
    """Subnets that may; all subnets of the VPC when left out."""


class NFSSpaceAccessPolicyOptions(Options, total=False):
    """Options of `NFSSpace.update_access_policy`."""

    label: str
    enabled: bool
    vpcs: Sequence[NFSSpaceVPC]
    """VPCs that may reach the space."""
    mtls_ca_cert: str
    """Certificate of the authority that signs the certificates of clients, as PEM."""
    mtls_mode: NFSMTLSMode


class NFSFilesystemAccessPolicyOptions(Options, total=False):
    """Options of `NFSFilesystem.update_access_policy`."""

    label: str
    enabled: bool
    linode_ids: Sequence[Linode | int]
    """Linodes that may mount the file system."""
    squash_policy: NFSSquashPolicy
    protocols: Sequence[NFSProtocol]


class NFSAllowedSubnet(Struct):
    """A subnet that may reach a space."""

    id: ReadOnly[int]
    label: ReadOnly[str | None]
    url: ReadOnly[str | None]
    range: ReadOnly[str | None]
    """Range of addresses."""


class NFSAllowedVPC(Struct):
    """A VPC that may reach a space."""

    id: ReadOnly[int]
    label: ReadOnly[str | None]
    url: ReadOnly[str | None]
    range: ReadOnly[str | None]
    """Range of addresses."""
    subnets: ReadOnly[list[NFSAllowedSubnet]]
    """Subnets that may reach the space; empty for all subnets of the VPC."""


class NFSSpaceAccessPolicy(Waitable):
    """Networks that may reach a space; `NFSSpace.update_access_policy` replaces the policy."""

    path = "/nfs/spaces/{space}/access-policy"
    scope = "nfs"
    beta = True
    savable = deletable = False

    space: Parent[NFSSpace]
    space_id: ReadOnly[int]
    label: ReadOnly[str]
    enabled: ReadOnly[bool]
    """Whether the policy applies."""
    vpc_acl: ReadOnly[list[NFSAllowedVPC]]
    """VPCs that may reach the space."""
    mtls_ca_cert: ReadOnly[str | None]
    """Certificate of the authority that signs the certificates of clients, as PEM; None for none."""
    mtls_mode: ReadOnly[NFSMTLSMode]
    """Whether clients need a certificate."""
    status: ReadOnly[NFSPolicyStatus]
    """Status; ``updating`` until a change applies."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime | None]
    """Time of the last change (UTC); None before the first one."""


class NFSAllowedLinode(Struct):
    """A Linode that may mount a file system."""

    id: ReadOnly[int]
    label: ReadOnly[str | None]
    url: ReadOnly[str | None]
    ipv6: ReadOnly[str | None]
    """IPv6 address that the Linode mounts the file system from."""


class NFSFilesystemAccessPolicy(Waitable):
    """Linodes that may mount a file system; `NFSFilesystem.update_access_policy` replaces the policy."""

    path = "/nfs/spaces/{space}/filesystems/{filesystem}/access-policy"
    scope = "nfs"
    beta = True
    savable = deletable = False

    space: Parent[NFSSpace]
    filesystem: Parent[NFSFilesystem]
    filesystem_id: ReadOnly[int]
    label: ReadOnly[str]
    enabled: ReadOnly[bool]
    """Whether the policy applies."""
    linode_acl: ReadOnly[list[NFSAllowedLinode]]
    """Linodes that may mount the file system."""
    squash_policy: ReadOnly[NFSSquashPolicy]
    """Users of a client that the file system takes for the anonymous user: none of them, root, or all."""
    protocols: ReadOnly[list[NFSProtocol]]
    """Protocols that may be used."""
    status: ReadOnly[NFSPolicyStatus]
    """Status; ``updating`` until a change applies."""
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime | None]
    """Time of the last change (UTC); None before the first one."""
