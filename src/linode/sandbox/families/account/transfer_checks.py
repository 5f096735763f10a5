"""Reasons that prevent the transfer of a Linode to another account."""

from __future__ import annotations

from collections.abc import Iterator

from linode.api.linodes.configs import Config
from linode.api.linodes.interfaces import LinodeInterface
from linode.api.managed import ManagedService
from linode.api.networking.ips import IPAddress
from linode.api.nodebalancers.nodes import NodeBalancerNode
from linode.api.volumes import Volume
from linode.sandbox.engine.registry import Row, World
from linode.sandbox.families.linodes.config_interfaces import config_interfaces
from linode.sandbox.families.networking.firewalls import firewalls_of
from linode.sandbox.families.networking.shares import ranges_of, shared_with
from linode.sandbox.families.nodebalancers.connectivity import hosts_of

__all__ = ["obstacles"]


def obstacles(world: World, linode: Row) -> Iterator[str]:
    """Why *linode* cannot be transferred, as what a sentence about it goes on with."""
    interfaces = world.rows(LinodeInterface, linode)
    configured = [each for config in world.rows(Config, linode) for each in config_interfaces(world, config)]
    purposes = {each["purpose"] for each in configured}
    purposes |= {name for each in interfaces for name in ("vlan", "vpc") if each.get(name)}
    if world.events.busy(linode):
        yield "is busy"  # a guess
    if linode["locks"]:
        yield "is locked"
    if world.read(Volume, linode):
        yield "has attached volumes"
    if any(firewalls_of(world, each) for each in (linode, *interfaces)):
        yield "is assigned to a firewall"
    for purpose in sorted(purposes & {"vlan", "vpc"}):
        yield f"is assigned to a {purpose.upper()}"
    if any(each.get("_shared") for each in world.read(IPAddress, linode_id=linode["id"])) or shared_with(world, linode):
        yield "shares addresses"
    if ranges_of(world, linode):
        yield "has an IPv6 range"
    if any(world.read(NodeBalancerNode, _host=host) for host in hosts_of(world, linode)):
        yield "is assigned to a NodeBalancer"
    if any(world.read(ManagedService).where({"address": {"+contains": address}}) for address in linode["ipv4"]):
        yield "is assigned to a Managed service"
