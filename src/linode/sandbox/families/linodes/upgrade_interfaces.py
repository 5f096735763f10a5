"""Turning the interfaces of a configuration into interfaces of the Linode."""

from __future__ import annotations

from typing import Any

from linode.api.linodes.configs import Config, ConfigInterface
from linode.api.linodes.linode import Linode
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..networking import firewalls
from ..networking.shares import completed
from .interface_rows import LEADS_TO, add_interface, show
from .rows import addresses, config_interfaces, entry_of, slaac_of

__all__: list[str] = []


@on(Linode.upgrade_interfaces)
def upgrade(world: World, linode: Row, config_id: int | None = None, *, dry_run: bool = True) -> Row:
    """Do it, or only show what would come of it: then the interfaces have no numbers yet."""
    if linode["interface_generation"] == "linode":
        raise Refused("The interfaces of this Linode have been upgraded already")  # own words
    config = _config(world, linode, config_id)
    wanted = [_wanted(world, linode, each) for each in config_interfaces(world, config)] or [_public(world, linode)]
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
    return _public(world, linode)


def _public(world: World, linode: Row) -> dict[str, Any]:
    """An interface to the internet with the addresses that the Linode has."""
    mine = addresses(world, linode, public=True)
    return {"public": {"ipv4": {"addresses": [_choice(each, at) for at, each in enumerate(mine)]}}}


def _choice(address: Row, at: int) -> Row:
    return {"address": address["address"], "primary": at == 0}


def _foreseen(world: World, linode: Row, wanted: dict[str, Any]) -> Row:
    """The interface that would come of *wanted*."""
    slaac, now = slaac_of(world, linode), world.stamp()
    members: Row = {"id": 0, "mac_address": "", "version": 1, "created": now, "updated": now}
    members["default_route"] = dict.fromkeys(("ipv4", "ipv6"), "public" in wanted)
    members |= {**dict.fromkeys(LEADS_TO), **wanted}
    if "public" in wanted:
        listed = [{"address": slaac["address"], "prefix": slaac["prefix"]}] if slaac else []
        members["public"] = completed(world, linode, {"ipv4": wanted["public"]["ipv4"], "ipv6": {"slaac": listed}})
    return members


def _do(world: World, linode: Row, wanted: list[dict[str, Any]]) -> list[Row]:
    """Make the interfaces, and take those of all configurations away; firewalls go with the public one."""
    made = [add_interface(world, linode, **each) for each in wanted]
    for config in world.read(Config, linode):
        for each in world.rows(ConfigInterface, config):
            world.remove(each)
    linode["interface_generation"] = "linode"
    for firewall in firewalls.firewalls_of(world, linode):
        firewalls.detach(world, firewall, linode)
        for each in made:
            if each["public"] is not None:
                firewalls.attach(world, firewall, each)
    return [show(world, dict(each)) for each in made]
