"""The network interfaces that belong to a Linode itself: their rows, made and remembered version by version."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from linode.api.linodes.interfaces import InterfaceHistory, LinodeInterface
from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.sandbox.engine.registry import Kind, Refused, Row, World, on

from ..networking import firewalls
from ..networking.shares import completed, keep_ranges
from .rows import add_ipv4, add_slaac, addresses, assigned, entry_of, give, slaac_of

__all__ = [
    "LEADS_TO",
    "NOT_IN_CONFIGS",
    "OF_INTERFACE",
    "add_interface",
    "history_of",
    "public_of",
    "remember",
    "route_through",
    "show",
    "vlan_of",
]

on.kind(
    Kind(
        of=LinodeInterface,
        event="interface",
        scopes={
            "list": ("linodes:read_write",),
            "get": ("linodes:read_write",),
            Linode.interfaces: ("linodes:read_write",),
            LinodeInterface.firewalls: ("nodebalancers:read_only",),  # so it stands in the reference
        },
    )
)
on.kind(Kind(of=InterfaceHistory, id_key="interface_history_id"))

LEADS_TO = ("public", "vpc", "vlan", "rdma_vpc")
OF_INTERFACE = (*LEADS_TO, "default_route", "firewall_id")
"""What can be said of an interface that is to be made."""
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
    """A new network interface of *linode*, of the members of a request; *field* is how refusals name it.

    Its first version is in the history; the firewall stands in front of it; an ``interface_create`` event tells of it.
    Raises `Refused` when it does not lead to exactly one thing, or wants something that is not there: the sandbox has
    no VPCs.
    """
    wanted = {name: leads_to[name] for name in LEADS_TO if leads_to.get(name) is not None}
    if len(wanted) != 1:
        raise Refused("Exactly one of public, vpc and vlan must be given", field=field)  # own words
    prefix = f"{field}." if field else ""
    if "vpc" in wanted or "rdma_vpc" in wanted:
        raise Refused("subnet_id is not valid", field=f"{prefix}{next(iter(wanted))}.subnet_id")
    firewall = None
    if firewall_id is not None or "vlan" not in wanted:
        default = "vpc_interface" if "vpc" in wanted else "public_interface"
        firewall = firewalls.choose(world, firewall_id, default, f"{prefix}firewall_id")
    mac = ":".join(["22", "00", *(world.hex(2).upper() for _ in range(4))])
    row = world.add(LinodeInterface, linode, mac_address=mac, version=1, default_route={"ipv4": False, "ipv6": False})
    row |= dict.fromkeys(LEADS_TO)
    if "vlan" in wanted:
        row["vlan"] = vlan_of(wanted["vlan"], f"{prefix}vlan.")
    else:
        row["public"] = public_of(world, linode, row, wanted["public"], f"{prefix}public.")
        route_through(world, linode, row, default_route)
    if firewall is not None:
        firewalls.attach(world, firewall, row)
    remember(world, linode, row, world.notify("interface_create", linode, row))
    return row


def vlan_of(wanted: Mapping[str, Any], prefix: str = "") -> Row:
    """The ``vlan`` member of an interface, of a request's. Raises `Refused` when it names none."""
    if not wanted.get("vlan_label"):
        raise Refused("vlan_label is required", field=f"{prefix}vlan_label")
    return {"vlan_label": wanted["vlan_label"], "ipam_address": wanted.get("ipam_address")}


def public_of(world: World, linode: Row, interface: Row, wanted: Mapping[str, Any], prefix: str = "") -> Row:
    """The ``public`` member of *interface*, of a request's; the addresses are put onto *linode* and the interface.

    The first address is primary unless another one is said to be. Raises `Refused` when an address is neither this
    Linode's and free nor reserved and unassigned, or a range is neither a new one nor the Linode's.
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
    if row is None or assigned(row) or row["region"] != linode["region"]:
        raise Refused("address is not valid", field=field)
    return give(world, row, linode)


def _slaac(world: World, linode: Row, interface: Row) -> list[Row]:
    row = slaac_of(world, linode) or add_slaac(world, linode)
    if row["interface_id"] not in (None, interface["id"]):
        return []
    row["interface_id"] = interface["id"]
    return [{"address": row["address"], "prefix": row["prefix"]}]


def route_through(world: World, linode: Row, interface: Row, wanted: Mapping[str, Any] | None = None) -> None:
    """Let the default routes that are *wanted* go through *interface*; left out: those that no other one has."""
    others = [each for each in world.rows(LinodeInterface, linode) if each["id"] != interface["id"]]
    wanted = wanted or {}
    for family in ("ipv4", "ipv6"):
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


def remember(world: World, linode: Row, interface: Row, event: Row | None = None) -> None:
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
