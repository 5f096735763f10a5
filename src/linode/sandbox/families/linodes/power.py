"""Booting, rebooting, shutting down and rescuing Linodes. Each order waits behind the jobs that the Linode has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.linodes.configs import Config, ConfigInterface
from linode.api.linodes.linode import Linode
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .load import TEMPORARY_STATUSES, set_status
from .power_reports import note_boot
from .rows import booted_config, devices_of

__all__ = ["BOOTS", "boot_again", "power_off", "start_boot", "will_run"]

BOOT = 17.0
"""Seconds from the order until a Linode runs."""
SHUT_DOWN = 16.0
NOTHING_TO_DO = 2.0
RESCUE_SLOTS = ("sda", "sdb", "sdc", "sdd", "sde", "sdf", "sdg")
BOOTS = ("linode_boot", "linode_reboot")
"""The jobs after which a Linode runs."""
OFF = ("offline", "provisioning", "shutting_down")


def will_run(world: World, linode: Row) -> bool:
    """Whether *linode* runs when all the jobs that it has are done, as far as can be foreseen."""
    for event in world.events.newest_jobs(linode):
        if event["action"] in (*BOOTS, "linode_shutdown", "linode_rebuild"):
            return event["action"] in BOOTS
    runs: bool = linode["_ran"] if linode["status"] in TEMPORARY_STATUSES else linode["status"] not in OFF
    return runs


@on(Linode.boot)
def boot(world: World, linode: Row, config_id: int | None = None) -> None:
    if linode["status"] == "running" and not any(
        each["action"] == "linode_shutdown" for each in world.events.jobs(linode)
    ):
        raise Refused(f"Linode {linode['id']} already booted.")
    start_boot(world, linode, config_of(world, linode, config_id))


@on(Linode.reboot)
def reboot(world: World, linode: Row, config_id: int | None = None) -> None:
    start_boot(world, linode, config_of(world, linode, config_id), action="linode_reboot")


def config_of(world: World, linode: Row, config_id: int | None = None) -> Row:
    """The configuration to boot: that of the id, the only one, or the last booted one. Raises `Refused`."""
    if config_id is not None:
        return rules.referenced_row(world, Config, config_id, linode, field="config_id")
    configs = world.rows(Config, linode)
    if len(configs) == 1:
        return configs[0]
    last = booted_config(world, linode)
    if last is None:
        why = "has several configurations; config_id is required" if configs else "has no configuration to boot"
        raise Refused(f"Linode {linode['id']} {why}", field="config_id")  # own words
    return last


def start_boot(
    world: World,
    linode: Row,
    config: Row | None,
    *,
    action: str = "linode_boot",
    ahead: bool = False,
    pause: float = 0,
) -> None:
    """Let *linode* boot with *config* (None: with the only one at that time) after its jobs, or *ahead* of them.

    *pause*: seconds that it waits besides.
    """
    args = (linode, config and [config])
    world.events.schedule(
        action,
        linode,
        config,
        seconds=BOOT,
        begin=begin_boot,
        then=finish_boot,
        args=args,
        queued=not ahead,
        ahead=ahead,
        pause=pause,
    )


def boot_again(world: World, linode: Row, *, pause: float = 0) -> None:
    """Boot *linode*, which ran before a job that is done now, as it was booted before; where it cannot, it is off.

    *pause*: seconds that it is off before.
    """
    power_off(world, linode)
    if (config := booted_config(world, linode)) is not None:
        start_boot(world, linode, config, ahead=True, pause=pause)


@job("linodes.begin_boot", Linode, Config)
def begin_boot(world: World, linode: Row, _configs: list[Row] | None) -> None:
    set_status(world, linode, "rebooting" if linode["status"] == "running" else "booting")


@job("linodes.finish_boot", Linode, Config)
def finish_boot(world: World, linode: Row, configs: list[Row] | None) -> None:
    """End the boot with the first of *configs*, of which there is none if it was deleted; None: of all."""
    power_off(world, linode)
    config = next(iter(world.rows(Config, linode) if configs is None else configs), None)
    if config is None or not any(config["devices"].values()):
        raise Refused("The configuration has no disk to boot from")  # own words
    linode["_config"] = config["id"]
    set_status(world, linode, "running")
    for each in world.rows(ConfigInterface, config):
        each["active"] = True
    note_boot(world, linode)


def power_off(world: World, linode: Row) -> None:
    """Let *linode* be off, now."""
    set_status(world, linode, "offline")
    for config in world.read(Config, linode):
        for each in world.rows(ConfigInterface, config, active=True):
            each["active"] = False


@on(Linode.shutdown)
def shutdown(world: World, linode: Row) -> None:
    seconds, args = SHUT_DOWN if will_run(world, linode) else NOTHING_TO_DO, (linode,)
    world.events.schedule(
        "linode_shutdown", linode, seconds=seconds, begin=begin_shutdown, then=finish_shutdown, args=args, queued=True
    )


@job("linodes.begin_shutdown", Linode)
def begin_shutdown(world: World, linode: Row) -> None:
    if linode["status"] != "offline":
        set_status(world, linode, "shutting_down")


@job("linodes.finish_shutdown", Linode)
def finish_shutdown(world: World, linode: Row) -> None:
    power_off(world, linode)


@on(Linode.rescue)
def rescue(world: World, linode: Row, devices: Mapping[str, Any] | None = None) -> None:
    for slot, device in (devices or {}).items():
        if device is not None and slot not in RESCUE_SLOTS:
            raise Refused(f"Must be one of {', '.join(RESCUE_SLOTS)}", field=f"devices.{slot}")
    devices_of(world, linode, devices or {})
    args = (linode,)
    world.events.schedule(
        "linode_reboot", linode, seconds=BOOT, begin=begin_rescue, then=finish_rescue, args=args, queued=True
    )


@job("linodes.begin_rescue", Linode)
def begin_rescue(world: World, linode: Row) -> None:
    power_off(world, linode)
    set_status(world, linode, "rebooting")


@job("linodes.finish_rescue", Linode)
def finish_rescue(world: World, linode: Row) -> None:
    set_status(world, linode, "running")
