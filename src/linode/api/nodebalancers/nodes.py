"""Nodes of NodeBalancers: the back ends that they route to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Required, TypeAlias, TypedDict

from linode._model import Bounds, Field, IDField, Options, Parent, ReadOnly
from linode.waiting.waitable import Waitable

if TYPE_CHECKING:
    from ..vpcs.subnets import VPCSubnet
    from .configs import NodeBalancerConfig
    from .nodebalancers import NodeBalancer

NodeLabel: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=32, pattern="[a-zA-Z0-9-_.]{3,32}")]
NodeMode: TypeAlias = Literal["accept", "reject", "drain", "backup"] | str
NodeWeight: TypeAlias = Annotated[int, Bounds(ge=1, le=255)]


class NodeBalancerNodeOptions(Options, total=False):
    """Options of `NodeBalancerConfig.create_node` besides the label and the address."""

    mode: NodeMode
    """Mode: ``accept`` (the default) connections, ``reject`` them, ``drain`` keeps those that are open, ``backup``
    accepts them when all other nodes are down. Nodes of UDP have none."""
    weight: NodeWeight
    """Share of the connections, relative to the other nodes: 1 to 255; 50 by default."""
    subnet_id: VPCSubnet | int
    """Subnet of an address in the VPC of the NodeBalancer."""


class NewNodeBalancerNode(TypedDict, total=False):
    """A node of a configuration of a new NodeBalancer."""

    label: Required[NodeLabel]
    address: Required[str]
    """Private IPv4 address or VPC address and port, such as ``192.168.128.1:80``, or ``[2600:3c00::1]:80`` for IPv6."""
    mode: NodeMode
    """Mode; see `NodeBalancerNode.mode`."""
    weight: NodeWeight
    """Share of the connections: 1 to 255; 50 by default."""
    subnet_id: VPCSubnet | int
    """Subnet of an address in the VPC of the NodeBalancer."""


class RebuiltNodeBalancerNode(TypedDict, total=False):
    """A node of a rebuilt configuration: a new one, or an existing one by its ID."""

    id: NodeBalancerNode | int
    """The existing node to keep, or its ID, with the changes given; a new node has none."""
    label: NodeLabel
    """Label; required for a new node."""
    address: str
    """Address and port; required for a new node."""
    mode: NodeMode
    """Mode; see `NodeBalancerNode.mode`."""
    weight: NodeWeight
    """Share of the connections: 1 to 255; 50 by default."""
    subnet_id: VPCSubnet | int
    """Subnet of an address in the VPC of the NodeBalancer."""


class NodeBalancerNode(Waitable):
    """A back end of a configuration of a NodeBalancer: an address of a Linode, and a port.

    ``NodeBalancerNode(client, 9, 7, 123)`` is node 9 of configuration 7 of NodeBalancer 123.
    """

    path = "/nodebalancers/{nodebalancer}/configs/{config}/nodes/{id}"
    scope = "nodebalancers"
    wait_status = "UP"

    config: Parent[NodeBalancerConfig]
    nodebalancer: Parent[NodeBalancer]
    id: ReadOnly[int]
    label: Field[NodeLabel]
    """Label: 3 to 32 letters, digits, ``-``, ``_`` and ``.``."""
    address: Field[str]
    """Address and port: a private IPv4 address, a VPC address, or a public IPv6 address in brackets."""
    subnet_id: IDField[VPCSubnet]
    """ID of the VPC's subnet, to be set together with an `address` in a VPC. The API does not return it."""
    status: ReadOnly[Literal["Unknown", "UP", "DOWN", "unknown"] | str]
    """Result of the last health check; ``Unknown`` before the first one."""
    mode: Field[Literal["accept", "reject", "drain", "backup", "none"] | str]
    """Mode: ``accept`` connections, ``reject`` them, ``drain`` keeps those that are open, ``backup`` accepts them
    when all other nodes are down; ``none`` for UDP."""
    weight: Field[NodeWeight]
    """Share of the connections, relative to the other nodes: 1 to 255."""
    config_id: ReadOnly[int]
    nodebalancer_id: ReadOnly[int]
    vpc_config_id: ReadOnly[int | None]
    """ID of the `NodeBalancerVPCConfig` through which the node is reached; None for an address outside of VPCs."""
