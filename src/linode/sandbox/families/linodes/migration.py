"""Linodes that change their type or their region. They are off meanwhile, or at work, and run again if they ran."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from linode.api.linodes.configs import Config, ConfigInterface
from linode.api.linodes.disks import Disk
from linode.api.linodes.interfaces import LinodeInterface
from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.api.regions import Region
from linode.api.types import Type
from linode.api.volumes import Volume
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from ..networking.firewalls import detach_all
from ..networking.shares import forget
from ..networking.vlans import join
from ..placement import begin_move, end_move, group_for
from .create import refuse_unavailable, specs_of
from .interface_rows import record_history
from .ip_rows import add_ipv4, add_slaac, addresses, remove_address, slaac_of
from .load import begin_temporary_status, set_status
from .power import boot_again
from .power_reports import note_stop
from .rows import allocated

__all__: list[str] = []

CHANGE, MIGRATE = 25.0, 30.0
"""Seconds until it is done; booting comes on top."""
WARM_UP = 5.0
"""Seconds from the order of a warm resize to its event. How long it takes in truth is not on record."""
STAYS_OFF = 20.0
"""Seconds that a Linode stays off after a cold migration: clients look for ``offline`` every 15 seconds."""
EXTENDED = ("ext2", "ext3", "ext4")
TOO_MUCH_DISK = "Linode has allocated more disk than the new service plan allows. Delete or resize disks smaller."

Move = Literal["warm", "cold"]


@on(Linode.resize)
def resize(
    world: World, linode: Row, type: str, *, allow_auto_disk_resize: bool = True, migration_type: Move = "cold"
) -> None:
    world.events.refuse_busy(linode)
    if type == linode["type"]:
        raise Refused("Linode is already running this service plan.")
    refuse_unavailable(world, type, linode["region"])
    _refuse_too_much_disk(world, linode, type)
    args = (linode, "linode_resize", type, allow_auto_disk_resize, migration_type == "warm")
    if migration_type == "warm":
        world.events.notify("linode_resize_warm_create", linode)
        world.takes(WARM_UP, start_change, *args)
    else:
        world.events.notify("linode_resize_create", linode)
        start_change(world, *args)


@on(Linode.mutate)
def mutate(world: World, linode: Row, *, allow_auto_disk_resize: bool = True) -> None:
    """Change to the successor of the type."""
    successor = world.get(Type, linode["type"])["successor"]
    if successor is None:
        raise Refused("There is no upgrade for the type of this Linode")  # own words
    _refuse_too_much_disk(world, linode, successor)
    world.events.notify("linode_mutate_create", linode)
    start_change(world, linode, "linode_mutate", successor, allow_auto_disk_resize, False)


def _refuse_too_much_disk(world: World, linode: Row, type: str) -> None:
    if allocated(world, linode) > world.get(Type, type)["disk"]:
        raise Refused(TOO_MUCH_DISK)


@job("linodes.start_change", Linode)
def start_change(world: World, linode: Row, action: str, type: str, fit: bool, warm: bool) -> None:
    """Let the type of the Linode change when its jobs are done."""
    args = (linode, type, fit, warm)
    world.events.schedule(
        action, linode, seconds=CHANGE, begin=begin_change, then=finish_change, args=args, queued=True
    )


@job("linodes.begin_change", Linode)
def begin_change(world: World, linode: Row, _type: str, _fit: bool, warm: bool) -> None:
    """Begin the change; a running Linode keeps its status during a *warm* resize."""
    if not (warm and linode["status"] == "running"):
        begin_temporary_status(world, linode, "resizing")


@job("linodes.finish_change", Linode)
def finish_change(world: World, linode: Row, type: str, fit: bool, warm: bool) -> None:
    linode |= {"type": type, "specs": specs_of(world.get(Type, type)), "updated": world.stamp()}
    if fit:
        _fill(world, linode)
    if linode["status"] == "resizing":
        _go_on(world, linode, warm=warm)


def _fill(world: World, linode: Row) -> None:
    """Let the only disk of *linode* with files take what room there is, if there is one and the rest is swap."""
    disks = world.rows(Disk, linode)
    with_files = [each for each in disks if each["filesystem"] in EXTENDED]
    if len(with_files) == 1 and all(each["filesystem"] == "swap" for each in disks if each is not with_files[0]):
        with_files[0]["size"] += linode["specs"]["disk"] - allocated(world, linode)


def _go_on(world: World, linode: Row, *, warm: bool, pause: float = 0) -> None:
    """Restore the former status of *linode*; if it was powered off meanwhile, it boots after *pause* seconds."""
    ran = linode["_ran"]
    set_status(world, linode, "running" if ran and warm else "offline")
    if ran and not warm:
        boot_again(world, linode, pause=pause)


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
    world.events.refuse_busy(linode)
    if region is None:
        raise Refused("There is no pending migration for this Linode")  # own words
    if region == linode["region"]:
        raise Refused("Linode is already in this region", field="region")  # own words
    refuse_unavailable(world, linode["type"], region)
    group = group_for(world, placement_group, region)
    if linode["disk_encryption"] == "enabled" and "Disk Encryption" not in world.get(Region, region)["capabilities"]:
        raise Refused("Disk encryption is not supported in the selected region", field="region")  # own words
    if world.read(Volume, linode):
        raise Refused("Detach the volumes of this Linode before it leaves their region")  # own words
    begin_move(world, linode, group)
    args = (linode, region, type == "warm")
    world.events.notify("linode_migrate_datacenter_create", linode)
    world.events.schedule(
        "linode_migrate_datacenter",
        linode,
        seconds=MIGRATE,
        begin=begin_migrate,
        then=finish_move,
        args=args,
        queued=True,
    )


@job("linodes.begin_migrate", Linode)
def begin_migrate(world: World, linode: Row, _region: str, warm: bool) -> None:
    begin_temporary_status(world, linode, "migrating")
    if not warm:
        note_stop(world, linode)


@job("linodes.finish_move", Linode)
def finish_move(world: World, linode: Row, region: str, warm: bool) -> None:
    _leave_vpcs(world, linode)
    linode |= {"region": region, "updated": world.stamp()}
    _join_vlans(world, linode)
    end_move(world, linode)
    _renumber(world, linode)
    _go_on(world, linode, warm=warm, pause=STAYS_OFF)


def _leave_vpcs(world: World, linode: Row) -> None:
    """Take the interfaces to VPCs, which are in the region that *linode* leaves, away from it: a guess."""
    for config in world.read(Config, linode):
        for each in world.rows(ConfigInterface, config, purpose="vpc"):
            world.remove(each)
    for each in world.rows(LinodeInterface, linode):
        if each["vpc"] is not None or each["rdma_vpc"] is not None:
            detach_all(world, each)
            for address in world.rows(IPAddress, interface_id=each["id"]):
                address["interface_id"] = None
            world.remove(each)


def _join_vlans(world: World, linode: Row) -> None:
    """Let the interfaces to VLANs of *linode* be in those of the same labels in its new region: a guess."""
    for config in world.read(Config, linode):
        for each in world.rows(ConfigInterface, config, purpose="vlan"):
            join(world, linode, each, each["label"])
    for each in world.rows(LinodeInterface, linode):
        if each["vlan"] is not None:
            join(world, linode, each, each["vlan"]["vlan_label"])


def _renumber(world: World, linode: Row) -> None:
    """Give *linode* addresses of the region that it is in now for those that it has."""
    changed: dict[str, str] = {}
    forget(world, linode)
    for old in addresses(world, linode):
        interface_id = old["interface_id"]
        remove_address(world, old)
        new = add_ipv4(world, linode, public=old["public"])
        new["interface_id"], changed[old["address"]] = interface_id, new["address"]
    if (old_slaac := slaac_of(world, linode)) is not None:
        interface_id = old_slaac["interface_id"]
        remove_address(world, old_slaac)
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
    interface |= {"version": interface["version"] + 1, "updated": world.stamp()}
    record_history(world, linode, interface)
