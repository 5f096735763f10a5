"""Connections from NodeBalancers to their nodes: private IPv4 addresses, public IPv6 addresses, or a VPC."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.api.nodebalancers.vpcs import NodeBalancerVPCConfig
from linode.api.vpcs.addresses import VPCIPAddress
from linode.sandbox.engine.registry import Refused, Row, World

from ..vpcs.addresses import subnet_of

__all__ = ["LEGACY", "VPC", "Backend", "backend_of", "decide", "hosts_of", "linode_at"]

LEGACY, IPV6, VPC = "legacy", "ipv6", "vpc"
UNDEFINED = "undefined"
ADDRESS = re.compile(r"(?:(?P<ipv4>[0-9.]+)|\[(?P<ipv6>[0-9A-Fa-f:.]+)\]):(?P<port>[1-9][0-9]{0,4})")


class Backend(NamedTuple):
    """The address of a node without the port, and the ID of the connection to its VPC."""

    host: str
    vpc_config_id: int | None = None


def backend_of(world: World, balancer: Row, address: str, subnet_id: int | None, prefix: str) -> Backend:
    """Find the back end at *address*, as a node names it; *prefix* is where a refusal's field begins.

    Raises `Refused` when no Linode in the region has the address, or it is of a kind that *balancer* does not reach.
    """
    field = f"{prefix}address"
    found = ADDRESS.fullmatch(address)
    if found is None or int(found["port"]) > 65535:
        raise Refused("Must be an address and a port", field=field)  # own words
    host, private = _text(found["ipv4"] or found["ipv6"], field), found["ipv4"] is not None
    if subnet_id is not None:
        return _in_vpc(world, balancer, host, subnet_id, prefix)
    if private and not host.startswith("192.168."):
        raise Refused("Must begin with 192.168", field=field)  # recorded
    row = world.find(IPAddress, host)
    if row is None or row["public"] == private:
        raise _nobody(field)
    _refuse_elsewhere(linode_at(world, host), balancer, field)
    decide(world, balancer, LEGACY if private else IPV6, field)
    return Backend(host)


def _in_vpc(world: World, balancer: Row, host: str, subnet_id: int, prefix: str) -> Backend:
    """The back end at *host* in a subnet of the VPC of *balancer*: any subnet of it will do, which is a guess."""
    subnet = subnet_of(world, subnet_id, balancer["region"], f"{prefix}subnet_id")
    vpc = world.parent(subnet)
    decide(world, balancer, VPC, f"{prefix}subnet_id")
    for config in world.read(NodeBalancerVPCConfig, balancer, vpc_id=vpc["id"]):
        key = f"{subnet_id}/{host}"
        _refuse_elsewhere(linode_at(world, key), balancer, f"{prefix}address")
        return Backend(key, config["id"])
    raise Refused("subnet_id is not valid", field=f"{prefix}subnet_id")


def _refuse_elsewhere(linode: Row | None, balancer: Row, field: str) -> None:
    if linode is None or linode["region"] != balancer["region"]:
        raise _nobody(field)


def _nobody(field: str) -> Refused:
    # A guess: that the address must be a Linode's is known, and neither the words nor that it is looked up at once.
    return Refused("No Linode in the region of the NodeBalancer has this address", field=field)


def _text(address: str, field: str) -> str:
    """The *address* as it is usually written."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        raise Refused("Must be an address and a port", field=field) from None  # own words


# -- Linodes by their addresses --------------------------------------------------------------------------------------


def linode_at(world: World, host: str) -> Row | None:
    """The Linode with the address *host*: of the region, or ``5/10.0.0.2`` for one in the subnet of that ID."""
    subnet, _, address = host.rpartition("/")
    if subnet:
        found = next(iter(world.read(VPCIPAddress, subnet_id=int(subnet), address=address)), None)
    else:
        found = world.find(IPAddress, address)
    return None if found is None or found["linode_id"] is None else world.find(Linode, found["linode_id"])


def hosts_of(world: World, linode: Row) -> list[str]:
    """The addresses of *linode* at which nodes can be, as `linode_at` takes them."""
    slaac = [linode["ipv6"].partition("/")[0]] if linode["ipv6"] else []
    rows = world.read(VPCIPAddress, linode_id=linode["id"], _version=4)
    return [*linode["ipv4"], *slaac, *(f"{each['subnet_id']}/{each['address']}" for each in rows)]


# -- what a NodeBalancer reaches -------------------------------------------------------------------------------------


def decide(world: World, balancer: Row, connectivity: str, field: str) -> None:
    """Let *balancer* reach its nodes by that *connectivity*; the first one that is named stays.

    Raises `Refused` when another one was named before, or the type of *balancer* does not have it.
    """
    decided = balancer["backend_connectivity"]
    if decided not in (UNDEFINED, connectivity):
        # Refused for certain, in own words, as below.
        raise Refused(
            f"The NodeBalancer reaches its nodes by {decided}, but this address needs {connectivity}", field=field
        )
    if connectivity == LEGACY and balancer["type"] != "common":
        raise Refused("A premium NodeBalancer does not reach private IPv4 addresses", field=field)  # own words
    balancer["backend_connectivity"] = connectivity
    if connectivity == IPV6 and balancer["backend_ipv6_prefix"] is None:
        balancer["backend_ipv6_prefix"] = _prefix(world, balancer)


def _prefix(world: World, balancer: Row) -> str:
    """A /96 in the region that no other NodeBalancer has."""
    network = int(ipaddress.IPv6Address(world.addresses.ipv6_network(balancer["region"])))
    return f"{ipaddress.IPv6Address(network | 1 << 64 | int(balancer['id']) << 32)}/96"
