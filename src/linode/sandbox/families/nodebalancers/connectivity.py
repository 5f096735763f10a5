"""How NodeBalancers reach their nodes: over private IPv4 addresses, public IPv6 addresses, or a VPC."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.sandbox.engine.registry import Refused, Row, World

__all__ = ["Backend", "backend_of", "decide"]

LEGACY, IPV6, VPC = "legacy", "ipv6", "vpc"
UNDEFINED = "undefined"
ADDRESS = re.compile(r"(?:(?P<ipv4>[0-9.]+)|\[(?P<ipv6>[0-9A-Fa-f:.]+)\]):(?P<port>[1-9][0-9]{0,4})")


class Backend(NamedTuple):
    """Where a node is: the connectivity that it needs, and the address of a Linode without the port."""

    connectivity: str
    host: str


def backend_of(world: World, balancer: Row, address: str, subnet_id: int | None, prefix: str) -> Backend:
    """Find the back end at *address*, as a node names it; *prefix* is where a refusal's field begins.

    Raises `Refused` when no Linode in the region has the address, or it is of a kind that *balancer* does not reach.
    """
    field = f"{prefix}address"
    found = ADDRESS.fullmatch(address)
    if found is None or int(found["port"]) > 65535:
        raise Refused("Must be an address and a port", field=field)  # in words of the sandbox's own
    host = _text(found["ipv4"] or found["ipv6"], field)
    if subnet_id is not None:
        raise Refused("subnet_id is not valid", field=f"{prefix}subnet_id")  # the sandbox has no VPCs
    if found["ipv4"] is not None and not host.startswith("192.168."):
        raise Refused("Must begin with 192.168", field=field)  # recorded
    row = world.find(IPAddress, host)
    linode = None if row is None or row["linode_id"] is None else world.find(Linode, row["linode_id"])
    private = found["ipv4"] is not None
    if row is None or linode is None or linode["region"] != balancer["region"] or row["public"] == private:
        # A guess: that the address must be a Linode's is known, and neither the words nor that it is looked up at once.
        raise Refused("No Linode in the region of the NodeBalancer has this address", field=field)
    decide(world, balancer, LEGACY if private else IPV6, field)
    return Backend(LEGACY if private else IPV6, host)


def _text(address: str, field: str) -> str:
    """The *address* as it is usually written."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        raise Refused("Must be an address and a port", field=field) from None  # in words of the sandbox's own


def decide(world: World, balancer: Row, connectivity: str, field: str) -> None:
    """Let *balancer* reach its nodes by that *connectivity*; the first one that is named stays.

    Raises `Refused` when another one was named before, or the type of *balancer* does not have it.
    """
    decided = balancer["backend_connectivity"]
    if decided not in (UNDEFINED, connectivity):
        # Refused for certain, in own words, as below.
        raise Refused(f"The NodeBalancer reaches its nodes by {decided}, and this needs {connectivity}", field=field)
    if connectivity == LEGACY and balancer["type"] != "common":
        raise Refused("A premium NodeBalancer does not reach private IPv4 addresses", field=field)  # own words
    balancer["backend_connectivity"] = connectivity
    if connectivity == IPV6 and balancer["backend_ipv6_prefix"] is None:
        balancer["backend_ipv6_prefix"] = _prefix(world, balancer)


def _prefix(world: World, balancer: Row) -> str:
    """A /96 in the region that no other NodeBalancer has."""
    network = int(ipaddress.IPv6Address(world.ipv6_network(balancer["region"])))
    return f"{ipaddress.IPv6Address(network | 1 << 64 | int(balancer['id']) << 32)}/96"
