"""Disks and configurations as plain data, for backups and for copies from one Linode to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linode.api.linodes.configs import Config
from linode.api.linodes.disks import Disk
from linode.api.vpcs.subnets import VPCSubnet
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Row, World

from .config_interfaces import config_interfaces
from .rows import add_config, add_disk, refuse_no_room

__all__ = ["contents_of", "restore_contents"]

OF_DISK = ("id", "label", "size", "filesystem", "_image", "_least")
OF_CONFIG = ("label", "kernel", "comments", "memory_limit", "root_device", "run_level", "virt_mode")
OF_INTERFACE = ("purpose", "primary", "label", "ipam_address", "subnet_id")


def contents_of(
    world: World, linode: Row, disks: Sequence[int] | None = None, configs: Sequence[int] | None = None
) -> Row:
    """``{"disks": […], "configs": […]}``: copies of those of *linode* that are named, of all unless any are named.

    Disks that a named configuration holds come along. Raises `Refused` when *linode* has no such disk or configuration.
    """
    chosen = _named(world, Config, linode, configs, "configs") if disks is None or configs is not None else []
    held = {device["disk_id"] for config in chosen for device in config["devices"].values() if device}
    rows = _named(world, Disk, linode, disks, "disks") if disks is not None else world.read(Disk, linode)
    if configs is not None:
        wanted = held | {each["id"] for each in rows} if disks is not None else held
        rows = [each for each in world.read(Disk, linode) if each["id"] in wanted]
    return {
        "disks": [{name: disk.get(name) for name in OF_DISK} for disk in rows],
        "configs": [_plain(world, config) for config in chosen],
    }


def _named(world: World, kind: Any, linode: Row, ids: Sequence[int] | None, field: str) -> Sequence[Row]:
    if ids is None:
        return world.read(kind, linode)
    return rules.referenced_rows(world, kind, ids, linode, field=field)


def _plain(world: World, config: Row) -> Row:
    return {
        **{name: config[name] for name in OF_CONFIG},
        "helpers": dict(config["helpers"]),
        "devices": {slot: dict(device) for slot, device in config["devices"].items() if device},
        "interfaces": [_plain_interface(each) for each in config_interfaces(world, config)],
    }


def _plain_interface(interface: Row) -> Row:
    """The *interface* without its address in a VPC, because the copy gets one of its own."""
    found = {name: interface.get(name) for name in OF_INTERFACE}
    if interface["purpose"] == "vpc":
        found["ipv4"] = {"nat_1_1": interface["ipv4"]["nat_1_1"] and "any"}
    return found


def _fits(world: World, linode: Row, interface: Row) -> bool:
    """Whether *linode* can have the *interface*: that one to a VPC of another region stays behind is a guess."""
    if interface["purpose"] != "vpc":
        return True
    subnet = world.find(VPCSubnet, interface["subnet_id"])
    return subnet is not None and bool(world.parent(subnet)["region"] == linode["region"])


def restore_contents(
    world: World, linode: Row, contents: Row, *, status: str = "ready", field: str | None = None
) -> list[Row]:
    """Make the disks (in *status*) and configurations of *contents* on *linode*, volumes left out; returns the disks.

    Raises `Refused`, naming *field*, when there is not room enough.
    """
    refuse_no_room(world, linode, sum(disk["size"] for disk in contents["disks"]), field)
    made = {}
    for disk in contents["disks"]:
        row = add_disk(world, linode, disk["label"], disk["size"], filesystem=disk["filesystem"], status=status)
        row |= {"_image": disk.get("_image"), "_least": disk.get("_least")}
        made[disk["id"]] = row
    for config in contents["configs"]:
        devices = {
            slot: {"disk_id": made[device["disk_id"]]["id"]}
            for slot, device in config["devices"].items()
            if device["disk_id"] in made
        }
        interfaces = [each for each in config["interfaces"] if _fits(world, linode, each)]
        add_config(world, linode, **{**config, "devices": devices, "interfaces": interfaces})
    return list(made.values())
