"""NodeBalancers: created, changed, deleted, the firewalls that protect them, and what they cost."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.networking.ips import IPAddress
from linode.api.nodebalancers.nodebalancers import NodeBalancer, NodeBalancerType
from linode.api.regions import Region
from linode.sandbox.core.kind import Events, Grant, Kind, Lock, Operations, Refusals, Source
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..linodes.ip_rows import is_assigned
from ..networking import firewalls
from .configs import add_config
from .connectivity import VPC, decide
from .stats import transfer_of
from .vpcs import connect

__all__: list[str] = []

CAPABILITY = "NodeBalancers"
OF_BETA = ("backend_connectivity", "backend_ipv6_prefix")
"""Members that only ``v4beta`` shows."""

on.kind(
    Kind(
        of=NodeBalancer,
        events=Events("nodebalancer", notify=("update",)),
        operations=Operations(limits={NodeBalancer.stats: ((50, 60),)}),
        refusals=Refusals(unique="NodeBalancers"),  # a guess: the refusal is on record for other classes only
        grant=Grant("nodebalancer"),
        lock=Lock("nodebalancer"),
    )
)
on.kind(Kind(of=NodeBalancerType, source=Source("/nodebalancers/types")))


# -- creating --------------------------------------------------------------------------------------------------------


@on.create(NodeBalancer, unchecked=("firewall_id", "ipv4"))
def create(
    world: World,
    region: str,
    label: str | None = None,
    type: str = "common",
    ipv4: str | None = None,
    client_conn_throttle: int = 0,
    client_udp_sess_throttle: int = 0,
    backend_connectivity: str | None = None,
    configs: Sequence[Mapping[str, Any]] = (),
    firewall_id: int | None = None,
    vpcs: Sequence[Mapping[str, Any]] = (),
    tags: Sequence[str] = (),
) -> Row:
    """Create a NodeBalancer with its configurations and their nodes, of which no events of their own tell (a guess)."""
    if CAPABILITY not in world.get(Region, region)["capabilities"]:
        raise Refused("NodeBalancers are not available in this region", field="region")  # a guess at the words
    if backend_connectivity == VPC and not vpcs:
        raise Refused("vpcs is required", field="vpcs")  # the vendor's client says so; the words are a guess
    firewall = firewalls.requested_firewall(world, firewall_id, "nodebalancer")
    reserved = None if ipv4 is None else _reserved(world, region, ipv4)
    address = world.addresses.ipv4(region) if reserved is None else str(reserved["address"])
    balancer = rules.create(
        world,
        NodeBalancer,
        label=label,
        region=region,
        type=type,
        ipv4=address,
        ipv6=_ipv6(world, region, address),
        hostname=f"{address.replace('.', '-')}.ip.linodeusercontent.com",
        client_conn_throttle=client_conn_throttle,
        client_udp_sess_throttle=client_udp_sess_throttle,
        frontend_address_type="public",
        backend_connectivity="undefined",
        tags=list(tags),
    )
    balancer["label"] = label or f"balancer{balancer['id']}"
    if reserved is not None:
        reserved["_nodebalancer"] = balancer["id"]
        world.events.notify("reserved_ip_assign", reserved, balancer)
    if backend_connectivity is not None:
        decide(world, balancer, backend_connectivity, "backend_connectivity")
    connect(world, balancer, vpcs)
    world.events.notify("nodebalancer_create", balancer)
    for at, each in enumerate(configs):
        add_config(world, balancer, f"configs[{at}].", **each)
    if firewall is not None:
        firewalls.attach(world, firewall, balancer)
    return balancer


def _reserved(world: World, region: str, ipv4: str) -> Row:
    found = world.find(IPAddress, ipv4)
    if found is None or not found["reserved"] or is_assigned(found) or found["region"] != region:
        raise Refused("Must provide a single valid reserved ipv4 address", field="ipv4")  # as for a Linode: a guess
    return found


def _ipv6(world: World, region: str, ipv4: str) -> str:
    """The IPv6 address of a NodeBalancer, which ends with its IPv4 address."""
    network = int(ipaddress.IPv6Address(world.addresses.ipv6_network(region)))
    return str(ipaddress.IPv6Address(network | int(ipaddress.IPv4Address(ipv4))))


# -- changing and deleting -------------------------------------------------------------------------------------------


@on.update(NodeBalancer)
def update(world: World, balancer: Row, **changes: Any) -> Row:
    """Set the label, the throttles and the tags."""
    return rules.update_one(world, NodeBalancer, balancer, **changes)


@on.delete(NodeBalancer)
def delete(world: World, balancer: Row) -> None:
    """Delete it with its configurations and nodes; firewalls stay, and so does a reserved address."""
    firewalls.detach_all(world, balancer)
    _release(world, balancer)
    world.events.notify("nodebalancer_delete", balancer)
    world.remove(balancer)


def _release(world: World, balancer: Row) -> None:
    """Unassign the reserved address of *balancer*; any other address is given back with it."""
    address = world.find(IPAddress, balancer["ipv4"])
    if address is not None and address["reserved"]:
        address["_nodebalancer"] = None
        world.events.notify("reserved_ip_unassign", address, balancer)
    elif address is not None:  # it was reserved when the NodeBalancer was created
        world.remove(address)


@on.show(NodeBalancer, "transfer", *OF_BETA)
def _show(world: World, balancer: Row) -> Row:
    """The NodeBalancer with its traffic, and under ``v4beta`` with how it reaches its nodes."""
    hidden = () if world.beta else OF_BETA
    shown = {name: value for name, value in balancer.items() if name not in hidden}
    return {**shown, "transfer": transfer_of(world, balancer)}


@on(NodeBalancer.get_backend_acl)
def backend_acl(_world: World, balancer: Row) -> Row:
    """Show the prefix that the firewalls of the back ends must accept: a guess, as no response is on record."""
    return {"backend_ipv6_prefix": balancer["backend_ipv6_prefix"]}


# -- firewalls -------------------------------------------------------------------------------------------------------


@on(NodeBalancer.firewalls)
def listed_firewalls(world: World, balancer: Row) -> list[Row]:
    return firewalls.firewalls_of(world, balancer)


@on(NodeBalancer.set_firewalls, unchecked=("firewall_ids",))
def set_firewalls(world: World, balancer: Row, firewall_ids: Sequence[int] | None = None) -> Row:
    """Let exactly those firewalls protect it, of which one at most is enabled; shows them as a page of a list."""
    chosen = firewalls.firewalls_by_ids(world, firewall_ids)
    if sum(each["status"] == "enabled" for each in chosen) > 1:
        # Refused for certain, in words of the sandbox's own.
        raise Refused("A NodeBalancer has at most one enabled firewall", field="firewall_ids")
    return firewalls.protect_by_and_show(world, balancer, chosen)
