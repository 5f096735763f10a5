"""The VPC of an enterprise cluster: its own, or one of the account's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.vpcs.addresses import VPCIPAddress
from linode.api.vpcs.subnets import VPCSubnet
from linode.api.vpcs.vpcs import VPC
from linode.sandbox.engine.registry import Refused, Row, World

from ..vpcs.vpcs import create, delete
from .versions import STANDARD

__all__ = ["join", "leave"]

RANGE = "10.0.0.0/16"
"""The subnet of a cluster's own VPC: a guess."""


def join(world: World, cluster: Row, given: Mapping[str, Any]) -> None:
    """Put an enterprise *cluster* into the VPC and the subnet that are *given* by IDs, or into a VPC of its own.

    That a VPC alone stands for its only subnet is a guess. Raises `Refused` when they are not in its region.
    """
    if cluster["tier"] == STANDARD:
        return
    vpc_id, subnet_id = given.get("vpc_id"), given.get("subnet_id")
    if vpc_id is None and subnet_id is None:
        _make(world, cluster)
        return
    chosen = {} if subnet_id is None else {"id": subnet_id}
    subnets = world.rows(VPCSubnet, *(() if vpc_id is None else (world.get(VPC, vpc_id),)), **chosen)
    if subnet_id is None and len(subnets) != 1:
        raise Refused("subnet_id is required", field="subnet_id")
    if not subnets:
        raise Refused("subnet_id is not valid", field="subnet_id")
    vpc = world.parent(subnets[0])
    if vpc["region"] != cluster["region"]:
        raise Refused("vpc_id is not valid", field="vpc_id")
    if cluster["stack_type"] != "ipv4" and not subnets[0]["ipv6"]:
        raise Refused("The subnet has no IPv6", field="subnet_id")  # own words
    cluster |= {"vpc_id": vpc["id"], "subnet_id": subnets[0]["id"]}


def _make(world: World, cluster: Row) -> None:
    """Make a VPC for *cluster* alone: its label and its subnet are guesses."""
    label = f"lke{cluster['id']}"
    ipv6: list[Row] = [{}] if cluster["stack_type"] != "ipv4" else []
    subnet = {"label": label, "ipv4": RANGE, "ipv6": ipv6}
    vpc = create(world, label=label, region=cluster["region"], ipv6=ipv6, subnets=[subnet])
    (row,) = world.rows(VPCSubnet, vpc)
    cluster |= {"vpc_id": vpc["id"], "subnet_id": row["id"], "_own_vpc": True}


def leave(world: World, cluster: Row) -> None:
    """Delete the VPC made for *cluster*, which is gone, unless something else has an address there: a guess."""
    vpc = world.find(VPC, cluster["vpc_id"]) if cluster.get("_own_vpc") else None
    if vpc is not None and not world.read(VPCIPAddress, vpc_id=vpc["id"]):
        delete(world, vpc)
