"""Configurations and their network interfaces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.linodes.configs import Config, ConfigInterface
from linode.api.volumes import Volume
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import BareArray, Refused, Row, World, on

from ..networking.vlans import join
from ..volumes import attach_now
from .config_interfaces import OF_VPCS, add_config_interface, config_interfaces, reconnect
from .power import BOOTS
from .rows import add_config, devices_of

_ROOT_DEVICE = re.compile(r"[\w/-]*", re.ASCII)
SETTABLE = ("comments", "memory_limit", "root_device", "run_level", "virt_mode")


@on.create(Config)
def create(
    world: World,
    linode: Row,
    label: str | None = None,
    kernel: str | None = None,
    devices: Mapping[str, Any] | None = None,
    helpers: Mapping[str, Any] | None = None,
    interfaces: Sequence[Mapping[str, Any]] | None = None,
    **members: Any,
) -> Row:
    """Create a configuration from the Linode's disks and volumes, at once."""
    if label is None:
        raise Refused("label is required", field="label")
    known = {name: members[name] for name in SETTABLE if members.get(name) is not None}
    _check(linode, known)
    if interfaces:
        _refuse_own_interfaces(linode, "interfaces")
    config = add_config(
        world,
        linode,
        label,
        kernel=kernel or "linode/latest-64bit",
        devices=devices,
        helpers=helpers,
        interfaces=interfaces or (),
        **known,
    )
    _one_primary(world, config)
    _take_volumes(world, linode, config)
    world.events.notify("linode_config_create", linode, config)
    return config


def _check(linode: Row, members: Mapping[str, Any]) -> None:
    if not _ROOT_DEVICE.fullmatch(members.get("root_device") or ""):
        raise Refused("root_device is not valid", field="root_device")
    memory = linode["specs"]["memory"]
    if not 0 <= members.get("memory_limit", 0) <= memory:
        raise Refused(f"Must be 0-{memory}", field="memory_limit")


def _refuse_own_interfaces(linode: Row, field: str | None = None) -> None:
    if linode["interface_generation"] == "linode":
        raise Refused("This Linode's interfaces belong to itself, not to its configurations", field=field)  # own words


def _take_volumes(world: World, linode: Row, config: Row) -> None:
    """The volumes in the slots are attached to the Linode from now on."""
    for slot, device in config["devices"].items():
        if device and device["volume_id"] is not None:
            volume = world.get(Volume, device["volume_id"])
            if volume["linode_id"] not in (None, linode["id"]):
                raise Refused("Volume is attached to another Linode", field=f"devices.{slot}.volume_id")  # own words
            attach_now(volume, linode)


@on.update(Config)
def update(
    world: World,
    config: Row,
    devices: Mapping[str, Any] | None = None,
    interfaces: Sequence[Mapping[str, Any]] | None = None,
    **changes: Any,
) -> None:
    """Change it, which a running Linode sees at its next boot. Slots and interfaces are set all at once."""
    linode = world.parent(config)
    changes = {name: value for name, value in changes.items() if value is not None or name == "comments"}
    _check(linode, changes)
    if devices is not None:
        config["devices"] = devices_of(world, linode, devices)
        _take_volumes(world, linode, config)
    if interfaces is not None:
        _set_interfaces(world, linode, config, interfaces)
    rules.update(world, config, **changes)
    world.events.notify("linode_config_update", linode, config)


def _set_interfaces(world: World, linode: Row, config: Row, wanted: Sequence[Mapping[str, Any]]) -> None:
    """Make the interfaces those that are *wanted*, in their order; one that comes with its id stays itself."""
    if wanted:
        _refuse_own_interfaces(linode, "interfaces")
    before = {each["id"]: each for each in config_interfaces(world, config)}
    stay = {each.get("id"): each.get("purpose") for each in wanted}
    for row in before.values():
        if stay.get(row["id"]) != row["purpose"]:
            world.remove(row)
    for place, each in enumerate(wanted, start=1):
        interface = before.get(each.get("id") or 0)
        if interface is None or interface["purpose"] != each.get("purpose"):
            interface = add_config_interface(world, config, field=f"interfaces[{place - 1}]", **each)
        else:
            interface.update({name: each[name] for name in ("primary", "label", "ipam_address") if name in each})
            if interface["purpose"] == "vpc":
                reconnect(world, linode, interface, each, f"interfaces[{place - 1}].")
            elif interface["purpose"] == "vlan":
                join(world, linode, interface, interface["label"])
        interface["_place"] = place
    _one_primary(world, config)


@on.delete(Config)
def delete(world: World, config: Row) -> None:
    """Delete it, unless a job is to boot it; disks and volumes stay."""
    linode = world.parent(config)
    boots = [event["secondary_entity"] for event in world.events.jobs(linode) if event["action"] in BOOTS]
    if any(entity and entity["type"] == "linode_config" and entity["id"] == config["id"] for entity in boots):
        world.events.refuse_busy(linode)
    world.events.notify("linode_config_delete", linode)
    world.remove(config)


# -- interfaces ------------------------------------------------------------------------------------------------------


@on(Config.interfaces)
def interfaces(world: World, config: Row) -> BareArray:
    """List the interfaces of the configuration, eth0 first."""
    return BareArray(config_interfaces(world, config))


@on.create(ConfigInterface)
def create_interface(world: World, config: Row, purpose: str, **members: Any) -> Row:
    """Add one behind the others."""
    linode = world.parent(config)
    _refuse_own_interfaces(linode)
    row = add_config_interface(world, config, purpose, **members)
    _one_primary(world, config, row)
    return _changed(world, config, row)


@on.update(ConfigInterface)
def update_interface(world: World, interface: Row, **changes: Any) -> Row:
    """Let the default route go through it, or change the addresses, which only interfaces to VPCs have."""
    config = world.parent(interface)
    of_vpcs = {name: changes.pop(name) for name in OF_VPCS if name in changes}
    if interface["purpose"] == "vpc" and of_vpcs:
        reconnect(world, world.parent(config), interface, of_vpcs)
    elif sent := [name for name in of_vpcs if of_vpcs[name]]:
        raise Refused(f"{sent[0]} is only for interfaces to a VPC", field=sent[0])  # own words
    rules.update(world, interface, **changes)
    _one_primary(world, config, interface)
    return _changed(world, config, interface)


@on.delete(ConfigInterface)
def delete_interface(world: World, interface: Row) -> None:
    """Take it away, unless the Linode runs with it."""
    if interface["active"]:
        raise Refused("Linode must be shut down before an active interface can be deleted")  # own words
    config = world.parent(interface)
    world.remove(interface)
    _changed(world, config, interface)


@on(Config.order_interfaces)
def order(world: World, config: Row, ids: Sequence[int]) -> None:
    """Put the interfaces into the order of *ids*, which names each of them once."""
    rows = {each["id"]: each for each in config_interfaces(world, config)}
    if sorted(ids) != sorted(rows):
        raise Refused("Must name every interface of the configuration once", field="ids")  # own words
    for place, each in enumerate(ids, start=1):
        rows[each]["_place"] = place
    _changed(world, config, None)


def _one_primary(world: World, config: Row, wanted: Row | None = None) -> None:
    """Keep one interface primary at most: *wanted* if it is primary, else the first primary one."""
    primary = [each for each in config_interfaces(world, config) if each["primary"]]
    keep = wanted if wanted is not None and wanted["primary"] else next(iter(primary), None)
    for each in primary:
        each["primary"] = each is keep


def _changed(world: World, config: Row, interface: Row | None) -> Row:
    config["updated"] = world.stamp()
    world.events.notify("linode_config_update", world.parent(config), config)
    return interface or config
