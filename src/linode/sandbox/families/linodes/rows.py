"""The rows of a Linode's disks and configurations, which all operations create with these functions.

Its addresses are in `ip_rows`, its network interfaces in `interface_rows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from linode.api.linodes.configs import Config, ConfigDevices
from linode.api.linodes.disks import Disk
from linode.api.volumes import Volume
from linode.sandbox.core.kind import Events, Kind, Lists, Operations
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from .config_interfaces import add_config_interface, config_interfaces, entry_of

__all__ = [
    "add_config",
    "add_disk",
    "allocated",
    "booted_config",
    "device_room",
    "devices_of",
    "enable_backups",
    "refuse_no_room",
    "settings",
]

on.kind(
    Kind(
        of=Config,
        events=Events("linode_config"),
        operations=Operations(whole=("devices",)),
        lists=Lists(passes_filters=True),
    )
)

SLOTS = tuple(ConfigDevices._fields)
USUAL_SLOTS = 8
"""Slots that a configuration always shows; those behind them are there when they are used."""
TOO_MANY_DEVICES = "Too many devices specified for this instance type."
HELPERS = {
    "updatedb_disabled": True,
    "distro": True,
    "modules_dep": True,
    "network": True,
    "devtmpfs_automount": True,
}
SETTINGS = {
    "backups_enabled": False,
    "interfaces_for_new_linodes": "legacy_config_default_but_linode_allowed",
    "maintenance_policy": "linode/migrate",
    "network_helper": True,
    "managed": False,
    "object_storage": "disabled",
    "tfa_enforced": False,
}


def enable_backups(linode: Row) -> None:
    """Let backups of *linode* be made, at hours that are still to be found."""
    linode["backups"]["enabled"] = True
    linode["backups"]["schedule"] = {"day": "Scheduling", "window": "Scheduling"}


def settings(world: World) -> Row:
    """The account's settings; unchanged ones have their defaults."""
    row = world.one("AccountSettings", **SETTINGS)
    row |= {name: value for name, value in SETTINGS.items() if name not in row}  # data files that are older
    return row


# -- disks -----------------------------------------------------------------------------------------------------------


def add_disk(
    world: World,
    linode: Row,
    label: str,
    size: int,
    *,
    filesystem: str = "ext4",
    status: str = "ready",
    image: Row | None = None,
    encryption: str | None = None,
) -> Row:
    """Add a disk of *size* MB to *linode*, without an event or a job.

    ``_image`` is the ID of the disk's image (None: it has none), ``_least`` the size of its files in MB.
    """
    return world.add(
        Disk,
        linode,
        label=label,
        size=size,
        filesystem=filesystem,
        status=status,
        disk_encryption=encryption or linode["disk_encryption"] or "disabled",
        _image=image and image["id"],
        _least=image["size"] if image else 0,
    )


def allocated(world: World, linode: Row) -> int:
    """MB that the disks of *linode* take together."""
    return sum(disk["size"] for disk in world.read(Disk, linode))


def refuse_no_room(world: World, linode: Row, more: int, field: str | None = "size") -> None:
    """Raise a refusal if *more* MB of disks exceed the storage of the type of *linode*."""
    if allocated(world, linode) + more > linode["specs"]["disk"]:
        raise Refused("Insufficient space remaining on Linode for disk creation", field=field)  # own words


# -- configurations --------------------------------------------------------------------------------------------------


def add_config(
    world: World,
    linode: Row,
    label: str,
    *,
    kernel: str = "linode/latest-64bit",
    devices: Mapping[str, Any] | None = None,
    interfaces: Iterable[Mapping[str, Any]] = (),
    helpers: Mapping[str, Any] | None = None,
    **members: Any,
) -> Row:
    """Add a configuration to *linode*, without an event; members that are not given have the API's defaults.

    *devices* and *interfaces* are as in the body of a request, and are checked here (see `devices_of` and
    `add_config_interface`). The row of the configuration has no ``interfaces``: they are rows of their own, put in
    when it is shown.
    """
    defaults = {
        "comments": "",
        "memory_limit": 0,
        "root_device": "/dev/sda",
        "run_level": "default",
        "virt_mode": "paravirt",
        "initrd": None,
    }
    members = {**defaults, **members, "label": label, "kernel": kernel}
    members["devices"] = devices_of(world, linode, devices or {})
    members["helpers"] = {**HELPERS, "network": settings(world)["network_helper"], **(helpers or {})}
    config = world.add(Config, linode, **members)
    for at, each in enumerate(interfaces):
        add_config_interface(world, config, field=f"interfaces[{at}]", **each)
    return config


@on.show(Config, "interfaces")
def _show_config(world: World, config: Row) -> Row:
    return {**config, "interfaces": [entry_of(each) for each in config_interfaces(world, config)]}


def devices_of(world: World, linode: Row, devices: Mapping[str, Any]) -> Row:
    """*devices* of a request as a configuration holds them: every slot, and in it both ids or null.

    Raises `Refused` when there is no such slot, a disk is not one of *linode*, a volume is not in its region, or they
    are too many for the memory of its type.
    """
    placed = {slot: _device(world, linode, slot, device) for slot, device in devices.items()}
    used = [slot for slot, device in placed.items() if device is not None]
    if len(used) > most_devices(linode):
        raise Refused(TOO_MANY_DEVICES, field="devices")
    last = max((SLOTS.index(slot) + 1 for slot in used), default=0)
    return {slot: placed.get(slot) for slot in SLOTS[: max(USUAL_SLOTS, last)]}


def most_devices(linode: Row) -> int:
    """The number of devices that the memory of the Linode's type allows."""
    return max(USUAL_SLOTS, min(int(linode["specs"]["memory"]) // 1024, len(SLOTS)))


def device_room(linode: Row, config: Row) -> str:
    """The first free slot of *config*. Raises `Refused` when it has as many devices as its type allows."""
    devices = config["devices"]
    if sum(device is not None for device in devices.values()) >= most_devices(linode):
        raise Refused(TOO_MANY_DEVICES)
    return next(slot for slot in SLOTS if devices.get(slot) is None)


def _device(world: World, linode: Row, slot: str, device: Mapping[str, Any] | None) -> Row | None:
    disk_id, volume_id = (device or {}).get("disk_id"), (device or {}).get("volume_id")
    if disk_id is not None and volume_id is not None:
        raise Refused("A device is a disk or a volume, not both", field=f"devices.{slot}")  # own words
    if slot not in SLOTS and (disk_id is not None or volume_id is not None):
        raise Refused("Must be one of sda-sdz, sdaa-sdbl", field=f"devices.{slot}")
    if disk_id is not None:
        rules.referenced_row(
            world, Disk, disk_id, linode, field=f"devices.{slot}.disk_id", reason="disk_id is not valid"
        )
    if volume_id is not None:
        volume = world.find(Volume, volume_id)
        if volume is None or volume["region"] != linode["region"]:
            raise Refused("volume_id is not valid", field=f"devices.{slot}.volume_id")
    return None if disk_id is None and volume_id is None else {"disk_id": disk_id, "volume_id": volume_id}


def booted_config(world: World, linode: Row) -> Row | None:
    """The configuration that *linode* was last booted with, which it runs when it is running; None when there is none.

    Its id is the hidden ``_config`` of the Linode's row.
    """
    return None if linode.get("_config") is None else world.find(Config, linode["_config"], linode)
