"""NodeBalancers, the load balancers of Linodes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from linode._model import BaseClient, Bounds, Field, Many, Nested, ReadOnly, Ref, Resource, Struct

if TYPE_CHECKING:
    from .regions import Region

__all__ = ["NodeBalancer", "NodeBalancerCluster", "NodeBalancerTransfer", "NodeBalancersMixin"]

NodeBalancerLabel: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=32, pattern="[a-zA-Z0-9-_]{3,32}")]
Throttle: TypeAlias = Annotated[int, Bounds(ge=0, le=20)]


class NodeBalancerTransfer(Struct):
    """Network transfer of a NodeBalancer in the current month, in MB."""

    in_: ReadOnly[float | None] = ReadOnly("in")
    """Inbound transfer; ``in`` in the API, a keyword in Python."""
    out: ReadOnly[float | None]
    """Outbound transfer."""
    total: ReadOnly[float | None]
    """Total transfer."""


class NodeBalancerCluster(Struct):
    """The Kubernetes cluster of a NodeBalancer."""

    id: ReadOnly[int]
    """Numeric ID."""
    label: ReadOnly[str]
    """Label."""
    type: ReadOnly[Literal["lkecluster"] | str]
    """Type."""
    url: ReadOnly[str]
    """Path in the API."""


class NodeBalancer(Resource):
    """A load balancer for several Linodes."""

    path = "/nodebalancers/{id}"
    unique = "label"
    scope = "nodebalancers"
    filterable = ("ipv4", "label", "locks", "region", "tags")

    id: ReadOnly[int]
    """Numeric ID."""
    label: Field[NodeBalancerLabel]
    """Label: 3 to 32 letters, digits, ``-`` and ``_``."""
    type: ReadOnly[Literal["common", "premium", "premium_40gb"] | str]
    """Type, which determines the capacity."""
    region: Ref[Region]
    """Region."""
    hostname: ReadOnly[str]
    """Host name."""
    ipv4: ReadOnly[str]
    """IPv4 address."""
    ipv6: ReadOnly[str | None]
    """IPv6 address."""
    client_conn_throttle: Field[Throttle]
    """Limit of new connections per second and client IP; 0 for no limit."""
    client_udp_sess_throttle: ReadOnly[int]
    """Limit of new UDP sessions per second and client IP; 0 for no limit."""
    transfer: Nested[NodeBalancerTransfer]
    """Network transfer of the current month."""
    lke_cluster: Nested[NodeBalancerCluster | None]
    """Kubernetes cluster that created the NodeBalancer; None for none."""
    frontend_address_type: ReadOnly[Literal["public", "vpc"] | str]
    """Address type of the front end: public, or in a VPC."""
    frontend_vpc_subnet_id: ReadOnly[int | None]
    """ID of the VPC subnet of the front end; None for a public front end."""
    backend_connectivity: ReadOnly[Literal["legacy", "ipv6", "vpc", "undefined"] | str | None]
    """Connectivity to the back ends: ``legacy`` for private IPv4, ``ipv6`` for public IPv6, ``vpc`` for a VPC;
    ``undefined`` until decided. None where the API does not send it, as under ``v4``."""
    backend_ipv6_prefix: ReadOnly[str | None]
    """IPv6 /96 prefix of connections to the back ends, whose firewalls must accept it; None unless
    `backend_connectivity` is ``ipv6``."""
    locks: ReadOnly[list[Literal["cannot_delete", "cannot_delete_with_subresources"] | str]]
    """Locks that prevent its deletion."""
    tags: Field[list[str]]
    """Tags."""
    created: ReadOnly[datetime]
    """Creation time (UTC)."""
    updated: ReadOnly[datetime]
    """Time of the last change (UTC)."""


class NodeBalancersMixin(BaseClient):
    """Methods of a client for NodeBalancers."""

    get_nodebalancers: Many[NodeBalancer] = Many("/nodebalancers")
    """NodeBalancers of the account."""
