"""What interfaces of configurations have in VPCs, and what the interfaces of both generations share there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.linodes.configs import ConfigInterface
from linode.api.linodes.interfaces import LinodeInterface
from linode.api.networking.ips import IPAddress
from linode.sandbox.engine.registry import Refused, Row, World

from ..vpcs.addresses import lose_nat, release, subnet_of, take_address, take_ipv6_range, take_range

__all__ = ["OF_VPCS", "connect", "ipv6_of", "reconnect", "untranslate"]

OF_VPCS = ("ipv4", "ipv6", "ip_ranges")
"""What only an interface to a VPC has."""
ANY = "any"
CARD = 0xF03C95FFFE000000
"""The half of an IPv6 address that stands for a network card of the sandbox, besides the number of the card."""


def connect(world: World, linode: Row, interface: Row, wanted: Mapping[str, Any], prefix: str = "") -> None:
    """Let the *interface* of a configuration of *linode* have the addresses that are *wanted* in a subnet.

    *prefix* is what the names of members begin with in refusals. Raises `Refused` when there is no such subnet in the
    region of *linode*, or an address is not free.
    """
    subnet = subnet_of(world, wanted.get("subnet_id"), linode["region"], f"{prefix}subnet_id")
    ids = {"linode_id": linode["id"], "config_id": interface["_config"], "interface_id": interface["id"]}
    ipv4 = wanted.get("ipv4") or {}
    nat = _public_address(world, linode, interface, ipv4.get("nat_1_1"), f"{prefix}ipv4.nat_1_1")
    row = take_address(world, subnet, interface, ipv4.get("vpc"), field=f"{prefix}ipv4.vpc", nat=nat, **ids)
    ranges = [
        take_range(world, subnet, None, interface, each, field=f"{prefix}ip_ranges[{at}]", **ids)["address_range"]
        for at, each in enumerate(wanted.get("ip_ranges") or ())
    ]
    ipv6 = wanted.get("ipv6")
    interface |= {
        "subnet_id": subnet["id"],
        "vpc_id": row["vpc_id"],
        "ipv4": {"vpc": row["address"], "nat_1_1": nat},
        "ip_ranges": ranges,
        # That an interface gets no IPv6 unasked, also in a subnet with IPv6, is a guess.
        "ipv6": ipv6_of(world, linode, subnet, interface, ipv6, f"{prefix}ipv6.", ids) if ipv6 else None,
    }


def reconnect(world: World, linode: Row, interface: Row, changes: Mapping[str, Any], prefix: str = "") -> None:
    """Change what the *interface* of a configuration has in a VPC; what is not among *changes* stays."""
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


def ipv6_of(
    world: World,
    linode: Row,
    subnet: Row,
    interface: Row,
    wanted: Mapping[str, Any],
    prefix: str,
    ids: Mapping[str, int | None],
) -> Row:
    """The ``ipv6`` member of an *interface*, of either generation, with the ranges that are *wanted*."""
    public = bool(wanted.get("is_public"))
    found: Row = {"is_public": public, "slaac": [], "ranges": []}
    for name in ("slaac", "ranges"):
        for at, each in enumerate(wanted.get(name) or ()):
            card = _card(linode) if name == "slaac" else None
            field = f"{prefix}{name}[{at}].range"
            row = take_ipv6_range(
                world, subnet, interface, each.get("range"), field=field, public=public, slaac=card, **ids
            )
            made = [each["slaac_address"] for each in row["ipv6_addresses"]]
            found[name].append({"range": row["ipv6_range"], **({"address": made[0]} if made else {})})
    return found


def _card(linode: Row) -> int:
    """The second half of the IPv6 addresses that *linode* makes for itself."""
    return CARD | (int(linode["id"]) & 0xFFFFFF)


def untranslate(world: World, address: str) -> None:
    """No address of a VPC is translated to the public *address*, which leaves its Linode."""
    for each in lose_nat(world, address):
        if each["config_id"] is not None:
            world.get(ConfigInterface, each["interface_id"])["ipv4"]["nat_1_1"] = None
        else:
            for own in world.get(LinodeInterface, each["interface_id"])["vpc"]["ipv4"]["addresses"]:
                own["nat_1_1_address"] = None if own["nat_1_1_address"] == address else own["nat_1_1_address"]
