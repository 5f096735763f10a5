"""The control plane of a cluster: its access control list and its addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from linode._model import Entry, Field, Nested, ReadOnly, Struct


class NewLKEControlPlaneACLAddresses(TypedDict, total=False):
    """Addresses with access to a control plane."""

    ipv4: Sequence[str]
    """IPv4 addresses and networks, such as ``203.0.113.0/24``."""
    ipv6: Sequence[str]
    """IPv6 addresses and networks."""


class NewLKEControlPlaneACL(TypedDict, total=False):
    """Access control list of a control plane."""

    enabled: bool
    addresses: NewLKEControlPlaneACLAddresses


class NewLKEControlPlane(TypedDict, total=False):
    """Control plane of a new cluster."""

    high_availability: bool
    """Whether the control plane is replicated, at a price; it cannot be turned off again."""
    audit_logs_enabled: bool
    metrics_enabled: bool
    acl: LKEControlPlaneACL | NewLKEControlPlaneACL
    """Access control list; off by default."""


class LKEControlPlaneACLAddresses(Struct):
    """Addresses with access to a control plane."""

    ipv4: Field[list[str]]
    """IPv4 networks; single addresses are networks with the prefix length 32."""
    ipv6: Field[list[str]]
    """IPv6 networks; single addresses are networks with the prefix length 128."""


class LKEControlPlaneACL(Struct):
    """Access control list of a control plane."""

    enabled: Field[bool]
    """Whether only the addresses have access."""
    addresses: Nested[LKEControlPlaneACLAddresses]
    """Addresses with access."""
    revision_id: Field[str | None] = Field("revision-id")
    """ID of the revision, which the API makes unless given; ``revision-id`` in the API. None while there is no list."""


class LKEControlPlane(Struct):
    """Control plane of a cluster. `LKECluster.get_acl` returns its access control list."""

    high_availability: Field[bool]
    """Whether the control plane is replicated. Saving True replaces all nodes; the API refuses False afterwards."""
    audit_logs_enabled: Field[bool]
    """Whether audit logs are kept, in enterprise clusters."""
    metrics_enabled: Field[bool]
    """Whether metrics are kept."""


class LKEAPIEndpoint(Entry):
    """An address of the Kubernetes API of a cluster."""

    scope = "lke"

    endpoint: ReadOnly[str]
    """URL."""
