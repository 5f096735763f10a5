"""Rules for interfaces in VPCs that apply to those of Linodes and to those of configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.linodes.configs import ConfigInterface
from linode.api.linodes.interfaces import LinodeInterface
from linode.sandbox.engine.registry import Row, World

from ..vpcs.addresses import clear_nat, take_ipv6_range

__all__ = ["ipv6_of", "remove_nat"]

CARD = 0xF03C95FFFE000000
"""The half of an IPv6 address that stands for a network card of the sandbox, besides the number of the card."""


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
    avoid = [each.get("range") for name in ("slaac", "ranges") for each in wanted.get(name) or ()]
    for name in ("slaac", "ranges"):
        for at, each in enumerate(wanted.get(name) or ()):
            card = _card(linode) if name == "slaac" else None
            field = f"{prefix}{name}[{at}].range"
            row = take_ipv6_range(
                world, subnet, interface, each.get("range"), field=field, public=public, slaac=card, avoid=avoid, **ids
            )
            made = [each["slaac_address"] for each in row["ipv6_addresses"]]
            found[name].append({"range": row["ipv6_range"], **({"address": made[0]} if made else {})})
    return found


def _card(linode: Row) -> int:
    """The second half of the IPv6 addresses that *linode* makes for itself."""
    return CARD | (int(linode["id"]) & 0xFFFFFF)


def remove_nat(world: World, address: str) -> None:
    """No address of a VPC is translated to the public *address*, which leaves its Linode."""
    for each in clear_nat(world, address):
        if each["config_id"] is not None:
            world.get(ConfigInterface, each["interface_id"])["ipv4"]["nat_1_1"] = None
        else:
            for own in world.get(LinodeInterface, each["interface_id"])["vpc"]["ipv4"]["addresses"]:
                own["nat_1_1_address"] = None if own["nat_1_1_address"] == address else own["nat_1_1_address"]
