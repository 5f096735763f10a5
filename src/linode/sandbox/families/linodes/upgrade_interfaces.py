"""Turning the interfaces of a configuration into interfaces of the Linode."""

from __future__ import annotations

from typing import Any

from linode.api.linodes.configs import Config, ConfigInterface
from linode.api.linodes.linode import Linode
from linode.api.vpcs.addresses import VPCIPAddress
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..networking import firewalls
from ..networking.shares import completed
from .config_interfaces import config_interfaces, entry_of
from .interface_rows import FAMILIES, LEADS_TO, add_interface, new_mac, show
from .ip_rows import addresses, slaac_of

__all__: list[str] = []


@on(Linode.upgrade_interfaces)
def upgrade(world: World, linode: Row, config_id: int | None = None, *, dry_run: bool = True) -> Row:
    """Do it, or only show what would come of it: then the interfaces have no numbers yet."""
    if linode["interface_generation"] == "linode":
        raise Refused("The interfaces of this Linode have been upgraded already")  # own words
    config = _config(world, linode, config_id)
    interfaces = config_interfaces(world, config)
    wanted = [_wanted(world, linode, each) for each in interfaces] or [_public(world, linode)]
    _route(wanted, next((at for at, each in enumerate(interfaces) if each["primary"]), 0))
    made = [_foreseen(world, linode, each) for each in wanted] if dry_run else _do(world, linode, wanted)
    return {"config_id": config["id"], "dry_run": dry_run, "interfaces": [entry_of(each) for each in made]}


def _config(world: World, linode: Row, config_id: int | None) -> Row:
    configs = world.rows(Config, linode)
    if config_id is not None:
        configs = [each for each in configs if each["id"] == config_id]
    if len(configs) != 1:
        several = "several configurations; config_id is required" if configs else "no such configuration"
        raise Refused(f"Linode {linode['id']} has {several}", field="config_id")  # own words
    return configs[0]


def _wanted(world: World, linode: Row, interface: Row) -> dict[str, Any]:
    """The interface of a configuration as what is asked of one of a Linode."""
    if interface["purpose"] == "vlan":
        return {"vlan": {"vlan_label": interface["label"], "ipam_address": interface["ipam_address"]}}
    return {"vpc": _vpc(interface)} if interface["purpose"] == "vpc" else _public(world, linode)


def _vpc(interface: Row) -> Row:
    """The interface of a configuration to a VPC, with its addresses, as an interface of a Linode shows it."""
    ipv4, ipv6 = interface["ipv4"], interface["ipv6"] or {"is_public": False, "slaac": [], "ranges": []}
    address = {"address": ipv4["vpc"], "primary": True, "nat_1_1_address": ipv4["nat_1_1"]}
    return {
        "vpc_id": interface["vpc_id"],
        "subnet_id": interface["subnet_id"],
        "ipv4": {"addresses": [address], "ranges": [{"range": each} for each in interface["ip_ranges"]]},
        "ipv6": ipv6,
    }


def _public(world: World, linode: Row) -> dict[str, Any]:
    """An interface to the internet with the addresses that the Linode has, besides those of interfaces to VPCs.

    That these keep what is translated to theirs is a guess.
    """
    translated = {each["nat_1_1"] for each in world.read(VPCIPAddress, linode_id=linode["id"], _version=4)}
    mine = [each for each in addresses(world, linode, public=True) if each["address"] not in translated]
    return {"public": {"ipv4": {"addresses": [_choice(each, at) for at, each in enumerate(mine)]}}}


def _choice(address: Row, at: int) -> Row:
    return {"address": address["address"], "primary": at == 0}


def _route(wanted: list[dict[str, Any]], primary: int) -> None:
    """Let the default routes go through the interface at *primary*, or the first that can have them."""
    for family in FAMILIES:
        able = [at for at, each in enumerate(wanted) if _can_route(each, family)]
        through = primary if primary in able else next(iter(able), None)
        for at, each in enumerate(wanted):
            each.setdefault("default_route", {})[family] = at == through


def _can_route(wanted: dict[str, Any], family: str) -> bool:
    return "public" in wanted or ("vpc" in wanted and (family == "ipv4" or bool(wanted["vpc"]["ipv6"]["slaac"])))


def _foreseen(world: World, linode: Row, wanted: dict[str, Any]) -> Row:
    """The interface that would come of *wanted*."""
    slaac, now = slaac_of(world, linode), world.stamp()
    members: Row = {"id": 0, "mac_address": new_mac(world), "version": 1, "created": now, "updated": now}
    members |= {**dict.fromkeys(LEADS_TO), **wanted}
    if "public" in wanted:
        listed = [{"address": slaac["address"], "prefix": slaac["prefix"]}] if slaac else []
        members["public"] = completed(world, linode, {"ipv4": wanted["public"]["ipv4"], "ipv6": {"slaac": listed}})
    return members


def _do(world: World, linode: Row, wanted: list[dict[str, Any]]) -> list[Row]:
    """Make the interfaces, and take those of all configurations away.

    Firewalls go with the public one, and with those to VPCs, which is a guess.
    """
    for config in world.read(Config, linode):
        for each in world.rows(ConfigInterface, config):
            world.remove(each)
    made = [add_interface(world, linode, **each) for each in wanted]
    linode["interface_generation"] = "linode"
    for firewall in firewalls.firewalls_of(world, linode):
        firewalls.detach(world, firewall, linode)
        for each in made:
            if each["vlan"] is None:
                firewalls.attach(world, firewall, each)
    return [show(world, dict(each)) for each in made]
