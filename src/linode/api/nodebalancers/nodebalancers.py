"""NodeBalancers, the load balancers of Linodes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Entry, Field, Nested, ReadOnly, Resource, Struct, action
from linode._model.options import Options, body
from linode._model.relations import Many, Ref

from ..networking.firewalls import Firewall
from ..types import _PricedFields
from .configs import NewNodeBalancerConfig, NodeBalancerConfig, NodeBalancerConfigOptions
from .stats import NodeBalancerStats
from .vpcs import NewNodeBalancerVPC, NodeBalancerVPCConfig

if TYPE_CHECKING:
    from ..networking.ips import IPAddress
    from ..networking.reserved_ips import ReservedIPAddress
    from ..regions import Region

NodeBalancerClass: TypeAlias = Literal["common", "premium", "premium_40gb"] | str
NodeBalancerLabel: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=32, pattern="[a-zA-Z0-9-_]{3,32}")]
Throttle: TypeAlias = Annotated[int, Bounds(ge=0, le=20)]


class NodeBalancerOptions(Options, total=False):
    """Options of `create_nodebalancer` besides the region."""

    label: NodeBalancerLabel
    """Label, unique in the account; ``balancer`` and the ID by default."""
    type: NodeBalancerClass
    """Type, which determines the capacity; ``common`` by default."""
    ipv4: ReservedIPAddress | IPAddress | str
    """Unassigned reserved IPv4 address of the region, which stays in the account when the NodeBalancer is deleted."""
    client_conn_throttle: Throttle
    """Limit of new connections per second and client IP; 0, the default, for no limit."""
    client_udp_sess_throttle: Throttle
    """Limit of new UDP sessions per second and client IP; 0, the default, for no limit."""
    backend_connectivity: Literal["legacy", "ipv6", "vpc"] | str
    """Connectivity to the nodes: ``legacy`` for private IPv4, ``ipv6`` for public IPv6, ``vpc`` for a VPC. By default
    ``vpcs`` or the first node decides. It cannot be changed."""
    configs: Sequence[NewNodeBalancerConfig]
    """Configurations, with their nodes."""
    firewall_id: Firewall | int
    """Firewall that protects the NodeBalancer; the account's default one unless given, -1 for none."""
    vpcs: Sequence[NewNodeBalancerVPC]
    """VPC subnet of the nodes, one at most. It cannot be changed."""
    tags: Sequence[str]


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
    label: ReadOnly[str]
    type: ReadOnly[Literal["lkecluster"] | str]
    url: ReadOnly[str]


class NodeBalancer(Resource):
    """A load balancer for several Linodes."""

    path = "/nodebalancers/{id}"
    unique = "label"
    scope = "nodebalancers"
    filterable = ("ipv4", "label", "locks", "region", "tags")
    shown = ("id", "label", "region", "hostname", "ipv4", "tags")

    id: ReadOnly[int]
    label: Field[NodeBalancerLabel]
    """Label: 3 to 32 letters, digits, ``-`` and ``_``."""
    type: ReadOnly[NodeBalancerClass]
    """Type, which determines the capacity."""
    region: Ref[Region]
    hostname: ReadOnly[str]
    ipv4: ReadOnly[str]
    """IPv4 address."""
    ipv6: ReadOnly[str | None]
    """IPv6 address."""
    client_conn_throttle: Field[Throttle]
    """Limit of new connections per second and client IP; 0 for no limit."""
    client_udp_sess_throttle: Field[Throttle]
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
    `backend_connectivity` is ``ipv6``, and under ``v4``."""
    locks: ReadOnly[list[Literal["cannot_delete", "cannot_delete_with_subresources"] | str]]
    """Locks that prevent its deletion."""
    tags: Field[list[str]]
    created: ReadOnly[datetime]
    updated: ReadOnly[datetime]

    configs: Many[NodeBalancerConfig]
    firewalls: Many[Firewall]
    """Firewalls that protect the NodeBalancer."""
    vpcs: Many[NodeBalancerVPCConfig]
    """Connections to VPCs."""

    @action
    def create_config(self, **options: Unpack[NodeBalancerConfigOptions]) -> Call[NodeBalancerConfig]:
        """Create a configuration without nodes and return it; `NodeBalancerConfig.create_node` adds nodes.

        Raises `InvalidRequestError` when the port has a configuration, the certificate or the key of HTTPS is missing,
        or an option does not fit the protocol.
        """
        return self._creates(NodeBalancerConfig, "configs", body(**options))

    @action
    def set_firewalls(self, firewall_ids: Sequence[Firewall | int]) -> Call[list[Firewall]]:
        """Replace the firewalls of the NodeBalancer with *firewall_ids* (empty: none); returns the firewalls.

        Raises `InvalidRequestError` when one is unknown, or more than one is enabled.
        """
        return self._lists(Firewall, "firewalls", body(firewall_ids=list(firewall_ids)))

    @action
    def stats(self) -> Call[NodeBalancerStats]:
        """Return the statistics of the last 24 hours.

        Raises `InvalidRequestError` while there are none, soon after the NodeBalancer was created.
        """
        return self._gets("stats", NodeBalancerStats)

    @action
    def get_backend_acl(self) -> Call[NodeBalancerBackendACL]:
        """Return what the firewalls of the nodes must accept.

        Linode has announced the operation; its path and response are a guess.
        """
        return self._gets("backend-acl", NodeBalancerBackendACL)


class NodeBalancerBackendACL(Struct):
    """Addresses of a NodeBalancer's connections to the nodes, whose firewalls must accept them."""

    backend_ipv6_prefix: ReadOnly[str | None]
    """IPv6 /96 prefix; None unless the nodes have IPv6 addresses."""


class NodeBalancerType(_PricedFields, Entry):
    """A kind of NodeBalancer, with its price. The API returns kinds in a list only."""

    public = True
    filterable = ("label", "price.hourly", "price.monthly", "transfer")


class NodeBalancersMixin(BaseClient):
    """Methods of a client for NodeBalancers."""

    get_nodebalancers: Many[NodeBalancer] = Many("/nodebalancers")
    """NodeBalancers of the account."""
    get_nodebalancer_types: Many[NodeBalancerType] = Many("/nodebalancers/types")
    """Kinds of NodeBalancers on sale."""

    @action
    def create_nodebalancer(self, region: Region | str, **options: Unpack[NodeBalancerOptions]) -> Call[NodeBalancer]:
        """Create a NodeBalancer in *region*, with configurations and nodes when they are given; returns it.

        Raises `InvalidRequestError` when the region has no NodeBalancers, the label is taken, or a configuration or
        a node is not valid; nothing is created then.
        """
        return self._creates(NodeBalancer, "/nodebalancers", body(region=region, **options))
