"""The network interfaces that belong to a Linode itself: their rows, made and remembered version by version."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from linode.api.linodes.interfaces import InterfaceHistory, LinodeInterface
from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.api.vpcs.addresses import VPCIPAddress
from linode.sandbox.core.kind import Access, Events, Kind, Operations, Storage
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..networking import firewalls
from ..networking.shares import completed, keep_ranges
from ..networking.vlans import join, refuse_without_vlans
from ..vpcs.addresses import subnet_of, take_address, take_range
from ..vpcs.ranges import AUTO, prefix_of
from .config_interfaces import entry_of
from .ip_rows import add_ipv4, add_slaac, addresses, assign_address, is_assigned, slaac_of
from .vpc_interfaces import ipv6_of

__all__ = [
    "FAMILIES",
    "LEADS_TO",
    "NOT_IN_CONFIGS",
    "add_interface",
    "history_of",
    "new_mac",
    "public_of",
    "record_history",
    "routable",
    "route_through",
    "show",
    "vlan_of",
    "vpc_of",
]

on.kind(
    Kind(
        of=LinodeInterface,
        events=Events("interface"),
        operations=Operations(
            left_by_null=(
                "default_route.ipv4",
                "default_route.ipv6",
                "public.ipv4.addresses.primary",
                "public.ipv6.ranges.range",
                "vpc.ipv4.addresses.primary",
                "vpc.ipv4.ranges.range",
            )
        ),
        access=Access(
            scopes={
                "list": ("linodes:read_write",),
                "get": ("linodes:read_write",),
                Linode.interfaces: ("linodes:read_write",),
                LinodeInterface.firewalls: ("nodebalancers:read_only",),  # so it stands in the reference
            }
        ),
    )
)
on.kind(Kind(of=InterfaceHistory, storage=Storage(id_key="interface_history_id")))

FAMILIES = ("ipv4", "ipv6")
LEADS_TO = ("public", "vpc", "vlan", "rdma_vpc")
NOT_IN_CONFIGS = "This Linode's interfaces belong to its configurations; upgrade them first"  # own words


def add_interface(
    world: World,
    linode: Row,
    *,
    default_route: Mapping[str, Any] | None = None,
    firewall_id: int | None = None,
    field: str | None = None,
    **leads_to: Any,
) -> Row:
    """Add a network interface to *linode* from the members of a request; *field* is its name in refusals.

    It has a first version in the history, the firewall, and an ``interface_create`` event. Raises `Refused` unless it
    has exactly one of ``LEADS_TO``, and if an object that it refers to does not exist.
    """
    wanted = {name: leads_to[name] for name in LEADS_TO if leads_to.get(name) is not None}
    if len(wanted) != 1:
        raise Refused("Exactly one of public, vpc and vlan must be given", field=field)  # own words
    prefix = f"{field}." if field else ""
    firewall = None
    if firewall_id is not None or "public" in wanted or "vpc" in wanted:
        default = "vpc_interface" if "vpc" in wanted else "public_interface"
        firewall = firewalls.requested_firewall(world, firewall_id, default, f"{prefix}firewall_id")
    row = world.add(
        LinodeInterface, linode, mac_address=new_mac(world), version=1, default_route={"ipv4": False, "ipv6": False}
    )
    row |= dict.fromkeys(LEADS_TO)
    if "vlan" in wanted:
        row["vlan"] = vlan_of(wanted["vlan"], f"{prefix}vlan.")
        refuse_without_vlans(world, linode["region"], f"{prefix}vlan.vlan_label")
        join(world, linode, row, row["vlan"]["vlan_label"])
    elif "public" in wanted:
        row["public"] = public_of(world, linode, row, wanted["public"], f"{prefix}public.")
    else:
        name = next(iter(wanted))
        row[name] = vpc_of(world, linode, row, wanted[name], f"{prefix}{name}.", rdma=name == "rdma_vpc")
    route_through(world, linode, row, default_route)
    if firewall is not None:
        firewalls.attach(world, firewall, row)
    record_history(world, linode, row, world.events.notify("interface_create", linode, row))
    return row


def new_mac(world: World) -> str:
    """The hardware address of a new interface."""
    return ":".join(["22", "00", *(world.hex(2).upper() for _ in range(4))])


def vlan_of(wanted: Mapping[str, Any], prefix: str = "") -> Row:
    """The ``vlan`` member of an interface, of a request's. Raises `Refused` when it names none."""
    if not wanted.get("vlan_label"):
        raise Refused("vlan_label is required", field=f"{prefix}vlan_label")
    return {"vlan_label": wanted["vlan_label"], "ipam_address": wanted.get("ipam_address")}


def public_of(world: World, linode: Row, interface: Row, wanted: Mapping[str, Any], prefix: str = "") -> Row:
    """The ``public`` member of *interface* for that of a request; assigns its addresses to *linode* and the interface.

    The first address is primary unless another one is marked. Raises `Refused` if an address is neither free on this
    Linode nor reserved and unassigned, or a range is neither new nor the Linode's.
    """
    chosen = (wanted.get("ipv4") or {}).get("addresses")
    chosen = [{"address": "auto", "primary": True}] if chosen is None else list(chosen)
    rows = [
        _address(world, linode, interface, each.get("address", "auto"), f"{prefix}ipv4.addresses[{at}].address")
        for at, each in enumerate(chosen)
    ]
    for each in rows:
        each["interface_id"] = interface["id"]
    first = next((at for at, each in enumerate(chosen) if each.get("primary")), 0)
    listed = [{"address": each["address"], "primary": at == first} for at, each in enumerate(rows)]
    ipv6 = {"slaac": _slaac(world, linode, interface), "ranges": [], "shared": []}
    if (ranges := (wanted.get("ipv6") or {}).get("ranges")) is not None:
        keep_ranges(world, linode, ranges, f"{prefix}ipv6.ranges")
    return {"ipv4": {"addresses": listed, "shared": []}, "ipv6": ipv6}


def _address(world: World, linode: Row, interface: Row, wanted: str, field: str) -> Row:
    mine = [each for each in addresses(world, linode, public=True) if each["interface_id"] in (None, interface["id"])]
    if wanted == "auto":
        free = [each for each in mine if each["interface_id"] is None]
        return free[0] if free else add_ipv4(world, linode)
    row = world.find(IPAddress, wanted)
    if row is not None and row in mine:
        return row
    if row is None or is_assigned(row) or row["region"] != linode["region"]:
        raise Refused("address is not valid", field=field)
    return assign_address(world, row, linode)


def _slaac(world: World, linode: Row, interface: Row) -> list[Row]:
    row = slaac_of(world, linode) or add_slaac(world, linode)
    if row["interface_id"] not in (None, interface["id"]):
        return []
    row["interface_id"] = interface["id"]
    return [{"address": row["address"], "prefix": row["prefix"]}]


def vpc_of(
    world: World, linode: Row, interface: Row, wanted: Mapping[str, Any], prefix: str = "", *, rdma: bool = False
) -> Row:
    """The ``vpc`` or ``rdma_vpc`` member of *interface* for that of a request; allocates its addresses in the subnet.

    The first address is primary unless another one is marked. In a subnet with IPv6 it gets a range for SLAAC, unless
    the request has IPv6 members. Raises `Refused` if the subnet does not exist, another interface of *linode* is in it,
    or an address is not free.
    """
    kind = "rdma" if rdma else "regular"
    subnet = subnet_of(world, wanted.get("subnet_id"), linode["region"], f"{prefix}subnet_id", vpc_type=kind)
    if world.read(VPCIPAddress, linode_id=linode["id"], subnet_id=subnet["id"], config_id=None):
        raise Refused("Another interface of the Linode is in this subnet", field=f"{prefix}subnet_id")  # a guess
    ids = {"linode_id": linode["id"], "interface_id": interface["id"]}
    ipv4 = wanted.get("ipv4") or {}
    chosen, ranges = ipv4.get("addresses") or [{}], ipv4.get("ranges") or ()
    avoid = [*(each.get("address") for each in chosen), *(each.get("range") for each in ranges)]
    first = next((at for at, each in enumerate(chosen) if each.get("primary")), 0)
    listed = []
    for at, each in enumerate(chosen):
        field = f"{prefix}ipv4.addresses[{at}]."
        nat = None if rdma else _translated(world, linode, interface, each.get("nat_1_1_address"), field)
        address, field = each.get("address"), f"{field}address"
        row = take_address(world, subnet, interface, address, field=field, nat=nat, avoid=avoid, **ids)
        shown = {"address": row["address"], "primary": at == first}
        listed.append(shown if rdma else {**shown, "nat_1_1_address": nat})
    found: Row = {"vpc_id": subnet["_vpc"], "subnet_id": subnet["id"], "ipv4": {"addresses": listed}}
    if rdma:
        return found
    found["ipv4"]["ranges"] = [
        _range(world, subnet, interface, each.get("range") or "", f"{prefix}ipv4.ranges[{at}].range", avoid, ids)
        for at, each in enumerate(ranges)
    ]
    ipv6 = wanted.get("ipv6") or {"slaac": [{"range": AUTO}] if subnet["ipv6"] else []}
    found["ipv6"] = ipv6_of(world, linode, subnet, interface, ipv6, f"{prefix}ipv6.", ids)
    return found


def _translated(world: World, linode: Row, interface: Row, wanted: str | None, field: str) -> str | None:
    """The public address, the interface's from now on, that an address of a VPC is translated to."""
    if wanted is None:
        return None
    row = _address(world, linode, interface, wanted, f"{field}nat_1_1_address")
    row["interface_id"] = interface["id"]
    return str(row["address"])


def _range(
    world: World,
    subnet: Row,
    interface: Row,
    wanted: str,
    field: str,
    avoid: Iterable[str | None],
    ids: Mapping[str, int],
) -> Row:
    """A range of *subnet* that is routed to *interface*: the one *wanted*, or one of that size (``/28``)."""
    bits = prefix_of(wanted)
    row = take_range(world, subnet, bits, interface, None if bits else wanted, field=field, avoid=avoid, **ids)
    return {"range": row["address_range"]}


def routable(interface: Row) -> tuple[str, ...]:
    """The families of addresses whose default route can go through *interface*."""
    if interface["public"] is not None:
        return FAMILIES
    vpc = interface["vpc"]
    if vpc is None:
        return ()
    return FAMILIES if vpc["ipv6"]["slaac"] or vpc["ipv6"]["ranges"] else FAMILIES[:1]


def route_through(world: World, linode: Row, interface: Row, wanted: Mapping[str, Any] | None = None) -> None:
    """Let the default routes that are *wanted* go through *interface*; left out: those that no other one has."""
    others = [each for each in world.rows(LinodeInterface, linode) if each["id"] != interface["id"]]
    wanted = wanted or {}
    for family in routable(interface):
        taken = any(each["default_route"].get(family) for each in others)
        if wanted.get(family) or (wanted.get(family) is None and not taken):
            interface["default_route"][family] = True
            _no_other(others, family)


def _no_other(others: Iterable[Row], family: str) -> None:
    for each in others:
        each["default_route"][family] = False


@on.show(LinodeInterface, "public")
def show(world: World, interface: Row) -> Row:
    """Put in the ranges of the Linode, and what others share with it, where the interface leads to the internet."""
    if interface["public"] is not None:
        interface["public"] = completed(world, world.parent(interface), interface["public"])
    return interface


def record_history(world: World, linode: Row, interface: Row, event: Row | None = None) -> None:
    """Put *interface* as it is now into the history of the interfaces of *linode*."""
    version = {
        "interface_history_id": world.next_id("InterfaceHistory"),
        "interface_id": interface["id"],
        "linode_id": linode["id"],
        "version": interface["version"],
        "interface_data": copy.deepcopy(entry_of(show(world, dict(interface)))),
        "event_id": event and event["id"],
        "created": interface["updated"],
    }
    linode["_history"] = [*linode.get("_history", []), version]


def history_of(linode: Row) -> list[Row]:
    """All versions that the interfaces of *linode* have had, as they are shown."""
    return list(linode.get("_history", []))
