"""Regions: the data centers, their services and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from linode._model import BaseClient, Call, Entry, Many, Nested, ReadOnly, Ref, Resource, Struct, action

if TYPE_CHECKING:
    from .object_storage.buckets import ObjectStorageBucket
    from .types import Type

RegionStatus: TypeAlias = Literal["ok", "outage"] | str
"""Status of a region."""
SiteType: TypeAlias = Literal["core", "distributed"] | str
"""Site type of a region: a core data center, or a smaller distributed site."""
Capability: TypeAlias = (
    Literal[
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
    | str
)
"""Capabilities of a region."""


class RegionResolvers(Struct):
    """The DNS resolvers of a region."""

    ipv4: ReadOnly[str]
    """IPv4 addresses, separated by commas."""
    ipv6: ReadOnly[str]
    """IPv6 addresses, separated by commas."""


class PlacementGroupLimits(Struct):
    """Limits of placement groups in a region; None for no limit."""

    maximum_pgs_per_customer: ReadOnly[int | None]
    """Placement groups per account."""
    maximum_linodes_per_pg: ReadOnly[int | None]
    """Linodes per placement group."""
    maximum_linodes_per_flexible_pg: ReadOnly[int | None]
    """Linodes per placement group with a flexible policy."""


class RegionMonitors(Struct):
    """The monitored services of a region."""

    alerts: ReadOnly[list[Capability]]
    """Services with alerts."""
    metrics: ReadOnly[list[Capability]]
    """Services with metrics."""


class Region(Resource):
    """A location of Linodes and other services."""

    path = "/regions/{id}"
    filterable = ("country", "site_type")
    client_side = ("capabilities", "id", "label", "status")
    public = True
    read_only = True

    id: ReadOnly[str]
    """ID, such as ``us-east``."""
    label: ReadOnly[str]
    """Label for people, such as ``Newark, NJ``."""
    country: ReadOnly[str]
    """Country code: two letters, in lower case."""
    capabilities: ReadOnly[list[Capability]]
    site_type: ReadOnly[SiteType]
    """Site type: ``core`` for a full data center, ``distributed`` for a smaller site near users."""
    status: ReadOnly[RegionStatus]
    """Status; ``outage`` during an outage."""
    resolvers: Nested[RegionResolvers]
    """DNS resolvers."""
    placement_group_limits: Nested[PlacementGroupLimits]
    """Limits of placement groups."""
    monitors: Nested[RegionMonitors]
    """Monitored services."""

    buckets: Many[ObjectStorageBucket] = Many("/object-storage/buckets/{}")
    """Buckets of Object Storage in this region."""

    @action
    def availability(self) -> Call[list[RegionAvailability]]:
        """Return the availability of limited plans in this region; plans without limits are not listed."""
        return self._gets("availability", list[RegionAvailability])

    @action
    def vpc_availability(self) -> Call[RegionVPCAvailability]:
        """Return the availability of VPCs in this region."""
        return self._gets("vpc-availability", RegionVPCAvailability)


class RegionAvailability(Entry):
    """The availability of a plan in a region."""

    filterable = ("available", "plan", "region")
    public = True

    region: Ref[Region]
    plan: Ref[Type]
    """Plan, as the type of a Linode."""
    available: ReadOnly[bool]
    """Whether a Linode of the plan can be created now."""


class RegionVPCAvailability(Entry):
    """The availability of VPCs in a region."""

    filterable = ("region",)
    public = True

    region: Ref[Region]
    available: ReadOnly[bool]
    """Whether a VPC can be created now."""
    available_ipv6_prefix_lengths: ReadOnly[list[int]]
    """Available sizes of a VPC's IPv6 range, as prefix lengths in bits."""


class RegionsMixin(BaseClient):
    """Methods of a client for regions."""

    get_regions: Many[Region] = Many("/regions")
    """All regions."""
    get_datacenters = get_regions
    get_regions_availability: Many[RegionAvailability] = Many("/regions/availability")
    """Availability of limited plans by region."""
    get_regions_vpc_availability: Many[RegionVPCAvailability] = Many("/regions/vpc-availability")
    """Availability of VPCs by region."""


Datacenter = Region
