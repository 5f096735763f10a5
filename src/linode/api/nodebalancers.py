"""NodeBalancers: they spread what comes in over several Linodes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from linode._model import BaseClient, Field, Many, Meta, Nested, ReadOnly, Ref, Resource, Struct

if TYPE_CHECKING:
    from .regions import Region

__all__ = ["NodeBalancer", "NodeBalancerCluster", "NodeBalancerTransfer", "NodeBalancersMixin"]

NodeBalancerLabel: TypeAlias = Annotated[str, Meta(min_length=3, max_length=32, pattern="[a-zA-Z0-9-_]{3,32}")]
Throttle: TypeAlias = Annotated[int, Meta(ge=0, le=20)]


class NodeBalancerTransfer(Struct):
    """The traffic of a NodeBalancer in the running month, in MB."""

    in_: ReadOnly[float | None] = ReadOnly("in")
    """Received; the API's word is ``in``, which Python keeps for itself."""
    out: ReadOnly[float | None]
    """Sent."""
    total: ReadOnly[float | None]
    """Both."""


class NodeBalancerCluster(Struct):
    """The Kubernetes cluster that a NodeBalancer was made for."""

    id: ReadOnly[int]
    """Numeric ID."""
    label: ReadOnly[str]
    """Name."""
    type: ReadOnly[Literal["lkecluster"]]
    """Type."""
    url: ReadOnly[str]
    """Path in the API."""


class NodeBalancer(Resource):
    """Spreads what comes in over several Linodes."""

    path = "/nodebalancers/{id}"
    unique = "label"
    scope = "nodebalancers"
    filterable = ("ipv4", "label", "locks", "region", "tags")

    id: ReadOnly[int]
    """Numeric ID."""
    label: Field[NodeBalancerLabel]
    """Its name: 3 to 32 letters, digits, ``-`` and ``_``."""
    type: ReadOnly[Literal["common", "premium", "premium_40gb"]]
    """How much it can carry."""
    region: Ref[Region]
    """Where it is."""
    hostname: ReadOnly[str]
    """The name that leads to it."""
    ipv4: ReadOnly[str]
    """Its IPv4 address."""
    ipv6: ReadOnly[str | None]
    """Its IPv6 address."""
    client_conn_throttle: Field[Throttle]
    """New connections a second that one client may open; 0 for any number."""
    client_udp_sess_throttle: ReadOnly[int]
    """New UDP sessions a second that one client may open; 0 for any number."""
    transfer: Nested[NodeBalancerTransfer]
    """Its traffic in the running month."""
    lke_cluster: Nested[NodeBalancerCluster | None]
    """The Kubernetes cluster that it was made for."""
    frontend_address_type: ReadOnly[Literal["public", "vpc"]]
    """Whether it is reached from the internet or from a VPC."""
    frontend_vpc_subnet_id: ReadOnly[int | None]
    """The subnet of the VPC from which it is reached."""
    backend_connectivity: ReadOnly[Literal["legacy", "ipv6", "vpc", "undefined"] | None]
    """How it connects to its back ends: ``legacy`` for private IPv4, ``ipv6`` for public IPv6, ``vpc`` for a VPC;
    ``undefined`` while that is not decided yet. None where the API does not send it, as under ``v4``."""
    backend_ipv6_prefix: ReadOnly[str | None]
    """The /96 from which it connects to its back ends, whose firewalls must accept it; None unless
    `backend_connectivity` is ``ipv6``."""
    locks: ReadOnly[list[Literal["cannot_delete", "cannot_delete_with_subresources"]]]
    """Locks that prevent its deletion."""
    tags: Field[list[str]]
    """Tags."""
    created: ReadOnly[datetime]
    """Creation time (UTC)."""
    updated: ReadOnly[datetime]
    """Time of the last change (UTC)."""


class NodeBalancersMixin(BaseClient):
    """NodeBalancers, from a client."""

    get_nodebalancers: Many[NodeBalancer] = Many("/nodebalancers")
    """The NodeBalancers of the account."""
