"""Linodes that change their type or their region. They are off meanwhile, or at work, and run again if they ran."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from linode.api.linodes.disks import Disk
from linode.api.linodes.interfaces import LinodeInterface
from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPv6Range
from linode.api.regions import Region
from linode.api.types import Type
from linode.api.volumes import Volume
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .create import refuse_placement, refuse_unavailable, specs_of
from .interface_rows import remember
from .load import set_status
from .power import boot_again
from .rows import add_ipv4, add_slaac, addresses, allocated, slaac_of, take

__all__: list[str] = []

RESIZE, MIGRATE, MUTATE = 25.0, 30.0, 25.0
"""Seconds until it is done; booting comes on top."""
EXTENDED = ("ext2", "ext3", "ext4")
TOO_MUCH_DISK = "Linode has allocated more disk than the new service plan allows. Delete or resize disks smaller."

Move = Literal["warm", "cold"]


@on(Linode.resize)
def resize(
    world: World, linode: Row, type: str, *, allow_auto_disk_resize: bool = True, migration_type: Move = "cold"
) -> None:
    world.refuse_busy(linode)
    if type == linode["type"]:
        raise Refused("Linode is already running this service plan.")
    refuse_unavailable(world, type, linode["region"])
    _refuse_too_much_disk(world, linode, type)
    warm = migration_type == "warm"
    world.notify("linode_resize_warm_create" if warm else "linode_resize_create", linode)
    _change_type(world, linode, "linode_resize", RESIZE, type, fit=allow_auto_disk_resize, warm=warm)


@on(Linode.mutate, idle=True)
def mutate(world: World, linode: Row, *, allow_auto_disk_resize: bool = True) -> None:
    """Change to the successor of the type."""
    successor = world.get(Type, linode["type"])["successor"]
    if successor is None:
        raise Refused("There is no upgrade for the type of this Linode")
    _refuse_too_much_disk(world, linode, successor)
    world.notify("linode_mutate_create", linode)
    _change_type(world, linode, "linode_mutate", MUTATE, successor, fit=allow_auto_disk_resize, warm=False)


def _refuse_too_much_disk(world: World, linode: Row, type: str) -> None:
    if allocated(world, linode) > world.get(Type, type)["disk"]:
        raise Refused(
            "Linode has allocated more disk than the new service plan allows. Delete or resize disks smaller."
        )


def _change_type(world: World, linode: Row, action: str, seconds: float, type: str, *, fit: bool, warm: bool) -> None:
    ran = linode["status"] == "running"
    args = (linode["id"], type, fit, ran, ran and warm)
    set_status(world, linode, "resizing")
    world.schedule(action, linode, seconds=seconds, then=finish_resize, args=args)


@job("linodes.finish_resize")
def finish_resize(world: World, linode_id: int, type: str, fit: bool, ran: bool, stayed_up: bool) -> None:
    linode = world.find(Linode, linode_id)
    if linode is None:
        return
    linode |= {"type": type, "specs": specs_of(world.get(Type, type)), "updated": world.stamp()}
    if fit:
        _fill(world, linode)
    _go_on(world, linode, ran=ran, stayed_up=stayed_up)


def _fill(world: World, linode: Row) -> None:
    """Let the only disk of *linode* with files take what room there is, if there is one and the rest is swap."""
    disks = world.rows(Disk, linode)
    with_files = [each for each in disks if each["filesystem"] in EXTENDED]
    if len(with_files) == 1 and all(each["filesystem"] == "swap" for each in disks if each is not with_files[0]):
        with_files[0]["size"] += linode["specs"]["disk"] - allocated(world, linode)


def _go_on(world: World, linode: Row, *, ran: bool, stayed_up: bool) -> None:
    """Let *linode* do what it did before."""
    set_status(world, linode, "running" if stayed_up else "offline")
    if ran and not stayed_up:
        boot_again(world, linode)


@on(Linode.migrate)
def migrate(
    world: World,
    linode: Row,
    region: str | None = None,
    *,
    type: Move = "cold",
    placement_group: Mapping[str, Any] | None = None,
    **_of_pending_moves: bool,
) -> None:
    """Move to another region; moves within one are never pending here."""
    world.refuse_busy(linode)
    refuse_placement(placement_group)
    if region is None:
        raise Refused("There is no pending migration for this Linode")
    if region == linode["region"]:
        raise Refused("Linode is already in this region", field="region")
    refuse_unavailable(world, linode["type"], region)
    if linode["disk_encryption"] == "enabled" and "Disk Encryption" not in world.get(Region, region)["capabilities"]:
        raise Refused("Disk encryption is not supported in the selected region", field="region")
    if world.read(Volume, linode):
        raise Refused("Detach the volumes of this Linode before it leaves their region")
    ran = linode["status"] == "running"
    args = (linode["id"], region, ran, ran and type == "warm")
    set_status(world, linode, "migrating")
    world.notify("linode_migrate_datacenter_create", linode)
    world.schedule("linode_migrate_datacenter", linode, seconds=MIGRATE, then=finish_migrate, args=args)


@job("linodes.finish_migrate")
def finish_migrate(world: World, linode_id: int, region: str, ran: bool, stayed_up: bool) -> None:
    linode = world.find(Linode, linode_id)
    if linode is None:
        return
    linode |= {"region": region, "updated": world.stamp()}
    _renumber(world, linode)
    _go_on(world, linode, ran=ran, stayed_up=stayed_up)


def _renumber(world: World, linode: Row) -> None:
    """Give *linode* addresses of the region that it is in now for those that it has."""
    changed: dict[str, str] = {}
    for old in addresses(world, linode):
        interface_id = old["interface_id"]
        take(world, old)
        new = add_ipv4(world, linode, public=old["public"])
        new["interface_id"], changed[old["address"]] = interface_id, new["address"]
    if (old_slaac := slaac_of(world, linode)) is not None:
        for each in world.rows(IPv6Range, route_target=old_slaac["address"]):
            world.remove(each)
        interface_id = old_slaac["interface_id"]
        take(world, old_slaac)
        new = add_slaac(world, linode)
        new["interface_id"], changed[old_slaac["address"]] = interface_id, new["address"]
    for interface in world.rows(LinodeInterface, linode):
        _rewrite(world, linode, interface, changed)


def _rewrite(world: World, linode: Row, interface: Row, changed: Mapping[str, str]) -> None:
    """Put the new addresses into *interface*, where it leads to the internet."""
    if interface["public"] is None:
        return
    for each in (*interface["public"]["ipv4"]["addresses"], *interface["public"]["ipv6"]["slaac"]):
        each["address"] = changed.get(each["address"], each["address"])
    interface["public"]["ipv6"]["ranges"] = []
    interface |= {"version": interface["version"] + 1, "updated": world.stamp()}
    remember(world, linode, interface)
