"""Regions: the data centers, and what can be had in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from linode._model import BaseClient, Call, Entry, Many, Nested, ReadOnly, Ref, Resource, Struct, action

if TYPE_CHECKING:
    from .types import Type

__all__ = [
    "Capability",
    "Datacenter",
    "PlacementGroupLimits",
    "Region",
    "RegionAvailability",
    "RegionMonitors",
    "RegionResolvers",
    "RegionStatus",
    "RegionVPCAvailability",
    "RegionsMixin",
    "SiteType",
]

RegionStatus: TypeAlias = Literal["ok", "outage"]
"""Whether a region works."""
SiteType: TypeAlias = Literal["core", "distributed"]
"""Whether a region is a data center of the core or one of the smaller ones further out."""
Capability: TypeAlias = Literal[
    "ACLP Logs Datacenter LKE-E",
    "Akamai Cloud Load Balancer",
    "Akamai RAM Protection",
    "Backups",
    "Bare Metal",
    "Block Storage",
    "Block Storage Encryption",
    "Block Storage Migrations",
    "Block Storage Performance B1",
    "Block Storage Performance B1 Default",
    "Cloud Firewall",
    "Cloud NAT",
    "Custom VPC IPv4 Ranges",
    "Disk Encryption",
    "Distributed Plans",
    "Edge Plans",
    "GPU Linodes",
    "GPUDirect RDMA",
    "Kubernetes",
    "Kubernetes Enterprise",
    "Kubernetes Enterprise BYO VPC",
    "Kubernetes Enterprise Dual Stack",
    "LA Disk Encryption",
    "LKE HA Control Planes",
    "LKE Network Access Control List (IP ACL)",
    "Linode Interfaces",
    "Linodes",
    "Machine Images",
    "Maintenance Policy",
    "Managed Databases",
    "Metadata",
    "NETINT Quadra T1U",
    "Network LoadBalancer",
    "NodeBalancers",
    "Object Storage",
    "Placement Group",
    "Premium Plans",
    "SMTP Enabled",
    "StackScripts",
    "VPC Dual Stack",
    "VPC IPv6 Large Prefixes",
    "VPC IPv6 Stack",
    "VPCs",
    "VPCs Extra",
    "Vlans",
]
"""Capabilities of a region."""


class RegionResolvers(Struct):
    """The name servers to ask from within a region."""

    ipv4: ReadOnly[str]
    """Their IPv4 addresses, separated by commas."""
    ipv6: ReadOnly[str]
    """Their IPv6 addresses, separated by commas."""


class PlacementGroupLimits(Struct):
    """How far placement groups may grow in a region; None stands for no limit."""

    maximum_pgs_per_customer: ReadOnly[int | None]
    """Groups that one account may have there."""
    maximum_linodes_per_pg: ReadOnly[int | None]
    """Linodes in one group."""
    maximum_linodes_per_flexible_pg: ReadOnly[int | None]
    """Linodes in one group whose policy is flexible."""


class RegionMonitors(Struct):
    """The services that are watched in a region."""

    alerts: ReadOnly[list[Capability]]
    """Those on which alerts can be set."""
    metrics: ReadOnly[list[Capability]]
    """Those that record metrics."""


class Region(Resource):
    """A place where Linodes and other services run."""

    path = "/regions/{id}"
    filterable = ("country", "site_type")
    client_side = ("capabilities", "id", "label", "status")
    public = True
    read_only = True

    id: ReadOnly[str]
    """The region's short name, such as ``us-east``."""
    label: ReadOnly[str]
    """Label for people, such as ``Newark, NJ``."""
    country: ReadOnly[str]
    """The country's code of two letters, in lower case."""
    capabilities: ReadOnly[list[Capability]]
    """Capabilities."""
    site_type: ReadOnly[SiteType]
    """``core`` for a full data center, ``distributed`` for a small one near its users."""
    status: ReadOnly[RegionStatus]
    """Whether it works, or has an outage."""
    resolvers: Nested[RegionResolvers]
    """The region's name servers."""
    placement_group_limits: Nested[PlacementGroupLimits]
    """How many placement groups it takes, and how many Linodes each."""
    monitors: Nested[RegionMonitors]
    """Services that can be monitored there."""

    @action
    def availability(self) -> Call[list[RegionAvailability]]:
        """Which plans can be had in this region, and which are sold out; plans without limits are not listed."""
        return self.value("availability", list[RegionAvailability])

    @action
    def vpc_availability(self) -> Call[RegionVPCAvailability]:
        """Whether VPCs can be made in this region."""
        return self.value("vpc-availability", RegionVPCAvailability)


class RegionAvailability(Entry):
    """Whether one plan can be had in one region."""

    filterable = ("available", "plan", "region")
    public = True

    region: Ref[Region]
    """The region."""
    plan: Ref[Type]
    """The plan, which is the type of a Linode."""
    available: ReadOnly[bool]
    """Whether a Linode of that plan can be made there now."""


class RegionVPCAvailability(Entry):
    """Whether VPCs can be had in one region."""

    filterable = ("region",)
    public = True

    region: Ref[Region]
    """The region."""
    available: ReadOnly[bool]
    """Whether a VPC can be made there now."""
    available_ipv6_prefix_lengths: ReadOnly[list[int]]
    """The sizes of IPv6 ranges that a VPC can have there, as prefix lengths in bits."""


class RegionsMixin(BaseClient):
    """Methods of a client for regions."""

    get_regions: Many[Region] = Many("/regions")
    """All regions."""
    get_datacenters = get_regions
    get_regions_availability: Many[RegionAvailability] = Many("/regions/availability")
    """Which limited plans can be had in which regions."""
    get_regions_vpc_availability: Many[RegionVPCAvailability] = Many("/regions/vpc-availability")
    """Which regions have VPCs."""


Datacenter = Region
