"""NodeBalancers in VPCs: the subnet and the addresses from which they reach their nodes."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.nodebalancers.vpcs import NodeBalancerVPCConfig
from linode.api.vpcs.addresses import VPCIPAddress
from linode.sandbox.core.kind import Kind
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..vpcs.addresses import subnet_of, take_ipv6_range, take_range
from ..vpcs.ranges import first_gap, network_of
from .connectivity import VPC, decide

__all__ = ["connect"]

PREFIX = 30
"""Bits of the prefix of a NodeBalancer's IPv4 range."""

on.kind(Kind(of=NodeBalancerVPCConfig))


def connect(world: World, balancer: Row, vpcs: Sequence[Mapping[str, Any]]) -> None:
    """Connect a new NodeBalancer to the *vpcs* of a request, one at most.

    Raises `Refused` when a subnet is unknown or a range is not free.
    """
    if len(vpcs) > 1:
        raise Refused("A NodeBalancer has at most one VPC", field="vpcs")  # refused for certain, in own words
    for at, wanted in enumerate(vpcs):
        prefix = f"vpcs[{at}]."
        subnet = subnet_of(world, wanted["subnet_id"], balancer["region"], f"{prefix}subnet_id")
        decide(world, balancer, VPC, f"{prefix}subnet_id")
        config = world.add(
            NodeBalancerVPCConfig,
            balancer,
            nodebalancer_id=balancer["id"],
            vpc_id=world.parent(subnet)["id"],
            subnet_id=subnet["id"],
            purpose="backend",
            ipv4_range_auto_assign=bool(wanted.get("ipv4_range_auto_assign")),
        )
        range_ = _ipv4_range(world, subnet, wanted, f"{prefix}ipv4_range")
        ids = {"field": f"{prefix}ipv4_range", "nodebalancer_id": balancer["id"]}
        config["ipv4_range"] = take_range(world, subnet, PREFIX, config, range_, **ids)["address_range"]
        if wanted.get("ipv6_range") is not None:
            ids["field"] = f"{prefix}ipv6_range"
            config["ipv6_range"] = take_ipv6_range(world, subnet, config, wanted["ipv6_range"], **ids)["ipv6_range"]


def _ipv4_range(world: World, subnet: Row, wanted: Mapping[str, Any], field: str) -> str | None:
    """The /30 that is *wanted*: the range given, or one within it that is free; None for any of the subnet."""
    text: str | None = wanted.get("ipv4_range")
    if text is None:
        return None  # without either member too: a guess
    network = network_of(text, 4)
    if network is None:
        raise Refused("Must be an IPv4 network", field=field)  # recorded of subnets
    if not wanted.get("ipv4_range_auto_assign"):
        if network.prefixlen != PREFIX:
            raise Refused(f"Prefix length must be {PREFIX}", field=field)  # own words
        return text
    whole = ipaddress.IPv4Network(subnet["ipv4"])
    rows = world.read(VPCIPAddress, subnet_id=subnet["id"], _version=4)
    # The first two addresses of a subnet and its last are nobody's, and neither are the ranges that have them.
    used = [*(ipaddress.ip_network(each["address_range"] or each["address"]) for each in rows)]
    used += [ipaddress.ip_network(whole[0]), ipaddress.ip_network(whole[-1])]
    start = first_gap(int(network[0]), int(network[-1]), 1 << (32 - PREFIX), used)
    if start is None:
        raise Refused("The range has no free addresses left", field=field)  # own words
    return f"{ipaddress.IPv4Address(start)}/{PREFIX}"
