"""VPCs of NodeBalancers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Required, TypedDict

from linode._model import Parent, ReadOnly, Ref, Resource

if TYPE_CHECKING:
    from ..vpcs.subnets import VPCSubnet
    from ..vpcs.vpcs import VPC
    from .nodebalancers import NodeBalancer


class NewNodeBalancerVPC(TypedDict, total=False):
    """The VPC subnet of a new NodeBalancer, from which it reaches its nodes."""

    subnet_id: Required[VPCSubnet | int]
    """Subnet of a VPC in the region of the NodeBalancer."""
    ipv4_range: str
    """IPv4 /30 range of the subnet for the NodeBalancer; all four addresses must be free."""
    ipv4_range_auto_assign: bool | None
    """Whether Linode chooses the /30 range; within ``ipv4_range`` when that is given. False by default."""
    ipv6_range: str
    """IPv6 range of the subnet for the NodeBalancer."""


class NodeBalancerVPCConfig(Resource):
    """The connection of a NodeBalancer to a VPC. `NodeBalancerNode.vpc_config_id` of a node names it."""

    path = "/nodebalancers/{nodebalancer}/vpcs/{id}"
    scope = "nodebalancers"
    read_only = True

    nodebalancer: Parent[NodeBalancer]
    id: ReadOnly[int]
    nodebalancer_id: ReadOnly[int]
    vpc: Ref[VPC | None] = Ref("vpc_id")
    subnet_id: ReadOnly[int]
    """ID of the VPC's subnet."""
    ipv4_range: ReadOnly[str | None]
    """IPv4 range of the NodeBalancer in the subnet."""
    ipv4_range_auto_assign: ReadOnly[bool | None]
    """Whether Linode chose the IPv4 range."""
    ipv6_range: ReadOnly[str | None]
    """IPv6 range of the NodeBalancer in the subnet."""
    purpose: ReadOnly[Literal["frontend", "backend"] | str]
    """Purpose: ``backend`` for connections to nodes, ``frontend`` for connections of clients."""
