"""Making Linodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.linodes.backups import Backup
from linode.api.linodes.disks import Disk
from linode.api.linodes.linode import Linode
from linode.api.linodes.values import MaintenancePolicySlug
from linode.api.networking.ips import IPAddress
from linode.api.regions import Region
from linode.api.types import Type
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from ..networking import firewalls
from ..placement import group_for, join
from . import copies, plan_availability
from .backups import start_backups
from .deploy import deploy, refuse_small, user_data_of
from .interface_rows import add_interface
from .ip_rows import add_ipv4, add_slaac, assign_address, is_assigned
from .load import set_status
from .metadata import root_keys
from .power import config_of, start_boot
from .rows import add_config, add_disk, settings

__all__ = ["CREATE", "add_linode", "finish_create", "install", "refuse_unavailable", "specs_of"]

CREATE, CREATE_EMPTY, RESTORE = 22.0, 3.0, 20.0
"""Seconds until a Linode is made: from an image, without one, from a backup."""
SWAP = 512
BOOT_LOADER = "linode/grub2"
ALLOWED = {
    "legacy_config_only": ("legacy_config",),
    "legacy_config_default_but_linode_allowed": ("legacy_config", "linode"),
    "linode_default_but_legacy_config_allowed": ("linode", "legacy_config"),
    "linode_only": ("linode",),
}
"""The generations of interfaces that the account's setting allows for new Linodes, the default first."""

on.choice(MaintenancePolicySlug, "Unsupported maintenance policy slug format.")


@on.create(Linode, unchecked=("firewall_id", "image", "interfaces", "ipv4"))
def create_linode(
    world: World,
    type: str,
    region: str,
    image: str | None = None,
    *,
    booted: bool = True,
    boot_size: int | None = None,
    swap_size: int = SWAP,
    kernel: str = BOOT_LOADER,
    backup_id: int | None = None,
    interfaces: Sequence[Mapping[str, Any]] | None = None,
    interface_generation: str | None = None,
    network_helper: bool | None = None,
    firewall_id: int | None = None,
    ipv4: Sequence[str] | None = None,
    private_ip: bool = False,
    placement_group: Mapping[str, Any] | None = None,
    root_pass: str | None = None,
    authorized_keys: Sequence[str] = (),
    authorized_users: Sequence[str] = (),
    stackscript_id: int | None = None,
    stackscript_data: Mapping[str, Any] | None = None,
    **members: Any,
) -> Row:
    group = group_for(world, placement_group, region)
    deployed = deploy(
        world,
        image,
        root_pass=root_pass,
        authorized_keys=authorized_keys,
        authorized_users=authorized_users,
        stackscript_id=stackscript_id,
        stackscript_data=stackscript_data,
    )
    if deployed is not None and backup_id is not None:
        raise Refused("backup_id and image exclude each other", field="backup_id")  # own words
    generation = _generation(world, interface_generation, interfaces)
    linode = add_linode(world, type, region, generation=generation, **members)
    linode |= {"image": image, "_stackscript": stackscript_id, "_network_helper": network_helper}
    linode |= root_keys(world, authorized_keys, authorized_users)
    _connect(world, linode, ipv4, private_ip, by_interfaces=generation == "linode" and interfaces is not None)
    if group is not None:
        join(world, linode, group)
    if generation == "linode":
        # The vendor's tests add the public one to a Linode without an image, for the address that it has already.
        by_default: list[Row] = [] if deployed is None and backup_id is None else [{"public": {}}]
        _add_interfaces(world, linode, by_default if interfaces is None else interfaces, firewall_id)
    elif (firewall := firewalls.requested_firewall(world, firewall_id, "linode")) is not None:
        firewalls.attach(world, firewall, linode)
    if backup_id is not None:
        return _from_backup(world, linode, backup_id, booted=booted)
    if deployed is None:
        world.events.schedule("linode_create", linode, seconds=CREATE_EMPTY, then=finish_create, args=(linode, None))
        return linode
    in_config = {} if generation == "linode" else {"interfaces": interfaces or ()}
    config = install(world, linode, deployed, boot_size, swap_size, kernel=kernel, **in_config)
    world.events.schedule("linode_create", linode, deployed, seconds=CREATE, then=finish_create, args=(linode, booted))
    if booted:
        start_boot(world, linode, config)
    return linode


def _add_interfaces(
    world: World, linode: Row, interfaces: Sequence[Mapping[str, Any]], firewall_id: int | None
) -> None:
    """Give *linode* its *interfaces*; the firewall protects the public ones without a firewall of their own."""
    for at, each in enumerate(interfaces):
        wanted = dict(each)
        if firewall_id is not None and wanted.get("public") is not None:
            # The API takes a firewall for the whole Linode; which interface gets it is a guess.
            wanted.setdefault("firewall_id", firewall_id)
        add_interface(world, linode, **wanted, field=f"interfaces[{at}]")


def add_linode(
    world: World,
    type: str,
    region: str,
    *,
    generation: str = "legacy_config",
    label: str | None = None,
    tags: Sequence[str] = (),
    backups_enabled: bool | None = None,
    disk_encryption: str | None = None,
    maintenance_policy: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    group: str = "",
) -> Row:
    """The row of a new Linode that is being provisioned: without addresses, disks and configurations."""
    rules.ensure_unique(world, Linode, label)
    plan, place = world.get(Type, type), world.get(Region, region)
    refuse_unavailable(world, type, region)
    can = place["capabilities"]
    if disk_encryption == "enabled" and "Disk Encryption" not in can:
        raise Refused("Disk encryption is not supported in the selected region", field="disk_encryption")  # own words
    linode = world.add(
        Linode,
        status="provisioning",
        type=type,
        region=region,
        group=group,
        tags=list(tags),
        specs=specs_of(plan),
        hypervisor="kvm",
        watchdog_enabled=True,
        site_type=place["site_type"],
        host_uuid=world.hex(40),
        interface_generation=generation,
        **user_data_of(metadata),
        disk_encryption=disk_encryption or ("enabled" if "Disk Encryption" in can else "disabled"),
        capabilities=[each for each in ("Block Storage Encryption", "Maintenance Policy") if each in can],
    )
    linode["capabilities"] = sorted([*linode["capabilities"], "SMTP Enabled"])
    linode["label"] = label or f"linode{linode['id']}"
    linode["alerts"] |= {"cpu": 90 * plan["vcpus"], "io": 10000, "network_in": 10, "network_out": 10}
    linode["alerts"]["transfer_quota"] = 80
    linode["maintenance_policy"] = maintenance_policy or settings(world)["maintenance_policy"]
    if "Maintenance Policy" not in can:
        del linode["maintenance_policy"]
    if settings(world)["backups_enabled"] if backups_enabled is None else backups_enabled:
        start_backups(world, linode)
    return linode


def specs_of(plan: Row) -> Row:
    """The specs of a Linode of the type *plan*."""
    return {name: plan[name] for name in ("memory", "disk", "vcpus", "gpus", "accelerated_devices", "transfer")}


def refuse_unavailable(world: World, type: str, region: str) -> None:
    """Raise the API's refusal when Linodes of *type* cannot be had in *region*."""
    if not plan_availability.available(world, region, type):
        raise Refused(plan_availability.SOLD_OUT)


def _generation(world: World, wanted: str | None, interfaces: Sequence[Mapping[str, Any]] | None) -> str:
    """Whether interfaces belong to the Linode or to its configurations."""
    allowed = ALLOWED[settings(world)["interfaces_for_new_linodes"]]
    if wanted is not None and wanted not in allowed:
        raise Refused("The account's settings do not allow these interfaces", field="interface_generation")  # own words
    found = wanted or allowed[0]
    for at, each in enumerate(interfaces or ()):
        if ("purpose" in each) == (found == "linode"):
            # own words
            raise Refused(f"The interface does not suit interface_generation {found}", field=f"interfaces[{at}]")
    return found


def _connect(world: World, linode: Row, ipv4: Sequence[str] | None, private_ip: bool, *, by_interfaces: bool) -> None:
    """Give *linode* its addresses; *by_interfaces*: the interfaces of the request bring the public IPv4 ones."""
    if ipv4 is not None:
        assign_address(world, _reserved(world, linode["region"], ipv4), linode)
    elif not by_interfaces:
        add_ipv4(world, linode)
    if private_ip:
        add_ipv4(world, linode, public=False)
    add_slaac(world, linode)


def _reserved(world: World, region: str, ipv4: Sequence[str]) -> Row:
    found = world.find(IPAddress, ipv4[0]) if len(ipv4) == 1 else None
    if found is None or not found["reserved"] or found["region"] != region:
        raise Refused("Must provide a single valid reserved ipv4 address", field="ipv4")
    if is_assigned(found):
        raise Refused("Address must be currently unassigned.", field="ipv4")
    return found


def install(
    world: World, linode: Row, image: Row, boot_size: int | None = None, swap_size: int = SWAP, **config: Any
) -> Row:
    """Make the disks of *image*, not ready yet, and the configuration that boots them; returns the configuration.

    Raises `Refused` when they have no room, or the image has not.
    """
    room = linode["specs"]["disk"]
    size = room - swap_size if boot_size is None else boot_size
    refuse_small(image, size, "image" if boot_size is None else "boot_size")
    if swap_size < 0 or size + swap_size > room:
        raise Refused("Insufficient space remaining on Linode for disk creation", field="swap_size")  # own words
    name = f"{image['label']} Disk"[:48]
    disks = [add_disk(world, linode, name, size, image=image, status="not ready")]
    if swap_size:
        label = f"{swap_size} MB Swap Image"
        disks.append(add_disk(world, linode, label, swap_size, filesystem="swap", status="not ready"))
    devices = {slot: {"disk_id": disk["id"]} for slot, disk in zip(("sda", "sdb"), disks, strict=False)}
    config.setdefault("kernel", BOOT_LOADER)
    return add_config(world, linode, f"My {name} Profile"[:48], devices=devices, **config)


def _from_backup(world: World, linode: Row, backup_id: int, *, booted: bool) -> Row:
    backup = rules.referenced_row(world, Backup, backup_id, field="backup_id")
    if backup["status"] != "successful" or backup["region"] != linode["region"]:
        raise Refused("backup_id is not valid", field="backup_id")
    copies.restore_contents(world, linode, backup["_contents"], status="not ready", field="type")
    args = (linode, booted)
    world.events.schedule("linode_create", linode, seconds=RESTORE, then=finish_create, args=args)
    if booted and backup["_contents"]["configs"]:
        start_boot(world, linode, config_of(world, linode))
    return linode


@job("linodes.finish_create", Linode)
def finish_create(world: World, linode: Row, _booted: bool | None) -> None:
    for disk in world.rows(Disk, linode):
        disk["status"] = "ready"
    set_status(world, linode, "offline")
