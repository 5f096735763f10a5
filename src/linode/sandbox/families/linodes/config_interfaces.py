"""The network interfaces of configurations: their rows, and what those to VPCs have there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.linodes.configs import ConfigInterface
from linode.api.networking.ips import IPAddress
from linode.sandbox.engine.registry import Refused, Row, World

from ..networking.vlans import join, refuse_without_vlans
from ..vpcs.addresses import release, subnet_of, take_address, take_range
from ..vpcs.ranges import AUTO
from .vpc_interfaces import ipv6_of

__all__ = ["OF_VPCS", "add_config_interface", "config_interfaces", "entry_of", "reconnect"]

MAX_INTERFACES = 3
PURPOSES = ("public", "vlan", "vpc")
OF_VPCS = ("ipv4", "ipv6", "ip_ranges")
"""Members that only an interface of a VPC has."""
ANY = "any"


def config_interfaces(world: World, config: Row) -> list[Row]:
    """The interfaces of *config* in the order of ``_place``; the rows may be changed."""
    return sorted(world.rows(ConfigInterface, config), key=lambda each: each["_place"])


def entry_of(interface: Row) -> Row:
    """The row of an interface of a configuration without its hidden members."""
    return {name: value for name, value in interface.items() if not name.startswith("_")}


def add_config_interface(
    world: World, config: Row, purpose: str = "", *, field: str | None = None, **members: Any
) -> Row:
    """Add a network interface to *config*, after the others; *field* is its name in refusals.

    Raises `Refused` when it is one too many, when its purpose is taken or wants something that is not there.
    """
    prefix = f"{field}." if field else ""
    others = config_interfaces(world, config)
    if len(others) >= MAX_INTERFACES:
        raise Refused(f"A configuration has at most {MAX_INTERFACES} interfaces", field=field)  # own words
    if purpose not in PURPOSES:
        raise Refused(f"Must be one of {', '.join(PURPOSES)}", field=f"{prefix}purpose")
    if purpose == "public" and any(each["purpose"] == "public" for each in others):
        raise Refused("A configuration has at most one public interface", field=f"{prefix}purpose")  # own words
    if purpose == "vpc" and any(each["subnet_id"] == members.get("subnet_id") is not None for each in others):
        raise Refused("Another interface of the configuration is in this subnet", field=f"{prefix}subnet_id")  # a guess
    linode = world.parent(config)
    if purpose == "vlan":
        if not members.get("label"):
            raise Refused("label is required", field=f"{prefix}label")
        refuse_without_vlans(world, linode["region"], f"{prefix}label")
    known = {name: members.get(name) for name in ("label", "ipam_address")} if purpose == "vlan" else {}
    place = max((each["_place"] for each in others), default=0) + 1
    primary = bool(members.get("primary"))
    row = world.add(
        ConfigInterface, config, **known, purpose=purpose, primary=primary, ip_ranges=[], active=False, _place=place
    )
    if purpose == "vpc":
        connect(world, linode, row, members, prefix)
    elif purpose == "vlan":
        join(world, linode, row, members["label"])
    return row


# -- in VPCs -----------------------------------------------------------------------------------------------------------


def connect(world: World, linode: Row, interface: Row, wanted: Mapping[str, Any], prefix: str = "") -> None:
    """Assign the *wanted* addresses in a subnet to the *interface* of a configuration of *linode*.

    *prefix* is put before the names of members in refusals. Raises `Refused` if the subnet does not exist in the region
    of *linode*, or an address is not free.
    """
    subnet = subnet_of(world, wanted.get("subnet_id"), linode["region"], f"{prefix}subnet_id")
    ids = {"linode_id": linode["id"], "config_id": interface["_config"], "interface_id": interface["id"]}
    ipv4 = wanted.get("ipv4") or {}
    nat = _public_address(world, linode, interface, ipv4.get("nat_1_1"), f"{prefix}ipv4.nat_1_1")
    asked, field = wanted.get("ip_ranges") or (), f"{prefix}ipv4.vpc"
    row = take_address(world, subnet, interface, ipv4.get("vpc"), field=field, nat=nat, avoid=asked, **ids)
    ranges = [
        take_range(world, subnet, None, interface, each, field=f"{prefix}ip_ranges[{at}]", **ids)["address_range"]
        for at, each in enumerate(asked)
    ]
    ipv6 = wanted.get("ipv6")
    if ipv6 is None and subnet["ipv6"]:
        ipv6 = {"slaac": [{"range": AUTO}]}  # without being asked for it, as the vendor's tests see
    interface |= {
        "subnet_id": subnet["id"],
        "vpc_id": row["vpc_id"],
        "ipv4": {"vpc": row["address"], "nat_1_1": nat},
        "ip_ranges": ranges,
        "ipv6": ipv6_of(world, linode, subnet, interface, ipv6, f"{prefix}ipv6.", ids) if ipv6 else None,
    }


def reconnect(world: World, linode: Row, interface: Row, changes: Mapping[str, Any], prefix: str = "") -> None:
    """Update the VPC members of the *interface* of a configuration; members that are not in *changes* stay."""
    wanted: Row = {"subnet_id": changes.get("subnet_id", interface["subnet_id"])}
    moved = wanted["subnet_id"] != interface["subnet_id"]
    for name in OF_VPCS:
        before = interface[name]
        sent = changes.get(name, before)
        both = isinstance(before, dict) and isinstance(sent, Mapping)
        if not moved or sent != before:  # addresses of the subnet that it leaves mean nothing in another
            wanted[name] = {**before, **sent} if both and not moved else sent
    release(world, interface)
    connect(world, linode, interface, wanted, prefix)


def _public_address(world: World, linode: Row, interface: Row, wanted: str | None, field: str) -> str | None:
    """The public address of *linode* that a VPC address is translated to; no two of a configuration have the same."""
    if not wanted:
        return None
    others = world.read(ConfigInterface, _config=interface["_config"], purpose="vpc")
    taken = {each["ipv4"]["nat_1_1"] for each in others if each["id"] != interface["id"] and each["ipv4"]}
    rows = [world.get(IPAddress, text) for text in linode["ipv4"]]
    for each in rows:
        if each["public"] and each["address"] not in taken and wanted in (ANY, each["address"]):
            return str(each["address"])
    raise Refused("nat_1_1 is not valid", field=field)
