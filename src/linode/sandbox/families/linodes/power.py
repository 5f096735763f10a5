"""Booting, rebooting, shutting down and rescuing Linodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.linodes.configs import Config, ConfigInterface
from linode.api.linodes.linode import Linode
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .load import set_status
from .rows import booted_config, devices_of

__all__ = ["BOOT", "boot_again", "start_boot", "stop"]

BOOT = 17.0
"""Seconds from the order until a Linode runs."""
SHUT_DOWN = 16.0
NOTHING_TO_DO = 2.0
RESCUE_SLOTS = ("sda", "sdb", "sdc", "sdd", "sde", "sdf", "sdg")


@on(Linode.boot, idle=True)
def boot(world: World, linode: Row, config_id: int | None = None) -> None:
    if linode["status"] == "running":
        raise Refused(f"Linode {linode['id']} already booted.")
    start_boot(world, linode, config_of(world, linode, config_id))


@on(Linode.reboot, idle=True)
def reboot(world: World, linode: Row, config_id: int | None = None) -> None:
    start_boot(world, linode, config_of(world, linode, config_id), action="linode_reboot")


def config_of(world: World, linode: Row, config_id: int | None = None) -> Row:
    """The configuration to boot: that of the id, the only one, or the last booted one. Raises `Refused`."""
    if config_id is not None:
        found = world.find(Config, config_id, linode)
        if found is None:
            raise Refused("config_id is not valid", field="config_id")
        return found
    configs = world.rows(Config, linode)
    if len(configs) == 1:
        return configs[0]
    last = booted_config(world, linode)
    if last is None:
        said = "has several configurations; config_id is required" if configs else "has no configuration to boot"
        raise Refused(f"Linode {linode['id']} {said}", field="config_id")
    return last


def start_boot(
    world: World, linode: Row, config: Row, *, action: str = "linode_boot", after: Row | None = None
) -> None:
    """Let *linode* boot with *config*, once the event *after* has finished where there is one."""
    if after is None:
        set_status(world, linode, "rebooting" if linode["status"] == "running" else "booting")
    args = (linode["id"], config["id"])
    world.schedule(action, linode, config, seconds=BOOT, then=finish_boot, args=args, after=after)


def boot_again(world: World, linode: Row) -> None:
    """Boot *linode*, which ran before a job that is done now, as it was booted before; where it cannot, it is off."""
    stop(world, linode)
    if (config := booted_config(world, linode)) is not None:
        start_boot(world, linode, config)


@job("linodes.finish_boot")
def finish_boot(world: World, linode_id: int, config_id: int) -> None:
    linode = world.find(Linode, linode_id)
    if linode is None:
        return
    stop(world, linode)
    config = world.find(Config, config_id, linode)
    if config is None or not any(config["devices"].values()):
        raise Refused("The configuration has no disk to boot from")
    linode["_config"] = config_id
    set_status(world, linode, "running")
    for each in world.rows(ConfigInterface, config):
        each["active"] = True


def stop(world: World, linode: Row) -> None:
    """Let *linode* be off, now."""
    set_status(world, linode, "offline")
    for config in world.read(Config, linode):
        for each in world.rows(ConfigInterface, config, active=True):
            each["active"] = False


@on(Linode.shutdown, idle=True)
def shutdown(world: World, linode: Row) -> None:
    seconds = NOTHING_TO_DO
    if linode["status"] != "offline":
        set_status(world, linode, "shutting_down")
        seconds = SHUT_DOWN
    world.schedule("linode_shutdown", linode, seconds=seconds, then=finish_shutdown, args=(linode["id"],))


@job("linodes.finish_shutdown")
def finish_shutdown(world: World, linode_id: int) -> None:
    if (linode := world.find(Linode, linode_id)) is not None:
        stop(world, linode)


@on(Linode.rescue, idle=True)
def rescue(world: World, linode: Row, devices: Mapping[str, Any] | None = None) -> None:
    for slot, device in (devices or {}).items():
        if device is not None and slot not in RESCUE_SLOTS:
            raise Refused(f"Must be one of {', '.join(RESCUE_SLOTS)}", field=f"devices.{slot}")
    devices_of(world, linode, devices or {})
    stop(world, linode)
    set_status(world, linode, "rebooting")
    world.schedule("linode_reboot", linode, seconds=BOOT, then=finish_rescue, args=(linode["id"],))


@job("linodes.finish_rescue")
def finish_rescue(world: World, linode_id: int) -> None:
    if (linode := world.find(Linode, linode_id)) is not None:
        set_status(world, linode, "running")
