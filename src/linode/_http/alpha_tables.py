"""Tables of families, members and operations in today's API and in the API of 2016, read in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .alpha_values import (
    ALERT,
    CENTS,
    DISK_LIST,
    DISK_SLOTS,
    DISK_STATUS,
    GB,
    IPV4,
    NOT,
    ONLY,
    SAME,
    STATES,
    UNDERSCORED,
    WITHOUT_PREFIX,
    X64,
    ZONE_STATUS,
    Way,
    embedded,
    ref,
    refs,
)

__all__ = ["FAMILIES", "OPERATIONS", "Family", "Member", "Operation"]


class Member(NamedTuple):
    """A member of a JSON object: its path today, its path in 2016 (dots separate levels), and its conversion."""

    today: str
    alpha: str
    way: Way = SAME


M = Member

# -- members -----------------------------------------------------------------------------------------------------------


def _same(*names: str) -> tuple[Member, ...]:
    return tuple(M(name, name) for name in names)


# The reference of 2016 and the library of 2016 disagree about the names of some members. Those are listed twice: both
# names are sent, and either is accepted.
_SCRIPT = (
    M("stackscript_id", "stackscript", ref("StackScript")),
    M("stackscript_data", "stackscript_udf_responses"),
    M("stackscript_data", "stackscript_data"),
)
_LINODE_EDIT = _same("label", "group")
_LINODE = (
    *_same("id", "created", "updated"),
    *_LINODE_EDIT,
    M("status", "state", STATES),
    M("region", "datacenter", ref("Region")),
    M("image", "distribution", ref("Image")),
    M("ipv4", "ip_addresses", IPV4),
    M("ipv6", "ip_addresses.public.ipv6", WITHOUT_PREFIX),
    M("specs.transfer", "total_transfer"),
    M("alerts.cpu", "alerts.cpu", ALERT),
    M("alerts.io", "alerts.io", ALERT),
    M("alerts.network_in", "alerts.transfer_in", ALERT),
    M("alerts.network_out", "alerts.transfer_out", ALERT),
    M("alerts.transfer_quota", "alerts.transfer_quota", ALERT),
)
_LINODE_CREATE = (
    *_LINODE_EDIT,
    M("type", "service", ref("Type")),
    M("region", "datacenter", ref("Region")),
    M("image", "source", ref("Image")),
    *_same("root_pass"),
    *_SCRIPT,
)
_ACCESS = (M("image", "distribution", ref("Image")), *_same("root_pass"), M("authorized_keys", "root_ssh_key", ONLY))
_DISK = (
    *_same("id", "label", "size", "created", "updated"),
    M("status", "state", DISK_STATUS),
    M("status", "status", DISK_STATUS),
    M("filesystem", "type"),
    M("filesystem", "filesystem"),
)
_DISK_CREATE = (*_same("size", "label", "filesystem"), *_ACCESS, *_SCRIPT)
_CONFIG_EDIT = (
    *_same("label", "comments", "root_device", "run_level", "virt_mode"),
    M("kernel", "kernel", embedded("Kernel")),
    M("devices", "disks", DISK_SLOTS),
    M("memory_limit", "ram_limit"),
    M("helpers.distro", "helpers.enable_distro_helper"),
    M("helpers.modules_dep", "helpers.enable_modules_dep_helper"),
    M("helpers.network", "helpers.enable_network_helper"),
    M("helpers.updatedb_disabled", "helpers.disable_updatedb"),
    M("helpers.devtmpfs_automount", "devtmpfs_automount"),
)
_CONFIG_CREATE = (
    *_same("label", "comments", "run_level", "virt_mode"),
    M("kernel", "kernel", ref("Kernel")),
    M("devices", "disk_list", DISK_LIST),
    M("devices", "disks", DISK_LIST),
    M("memory_limit", "ram_limit"),
    M("helpers.devtmpfs_automount", "devtmpfs_automount"),
)
_TYPE = (
    *_same("id", "label", "vcpus", "transfer"),
    M("memory", "ram"),
    M("disk", "disk", GB),
    M("network_out", "mbits_out"),
    M("price.hourly", "hourly_price", CENTS),
    M("price.monthly", "monthly_price", CENTS),
)
_KERNEL = (
    *_same("id", "label", "version", "deprecated", "kvm"),
    M("built", "created"),
    M("architecture", "x64", X64),
    M("pvops", "xen"),  # Linux runs under Xen by its paravirtualised operations
)
_IMAGE = (
    *_same("id", "label", "vendor", "created"),
    M("size", "minimum_image_size"),
    M("deprecated", "recommended", NOT),
)
_SCRIPT_COMMON = (*_same("label", "script", "description", "is_public"), M("images", "distributions", refs("Image")))
_SCRIPT_EDIT = (*_SCRIPT_COMMON, *_same("rev_note"))
_STACKSCRIPT = (
    *_SCRIPT_COMMON,
    *_same("id", "deployments_total", "created", "updated", "user_defined_fields"),
    M("rev_note", "revision_note"),
)
_ZONE_EDIT = (
    M("domain", "zone"),
    M("group", "display_group"),
    M("status", "status", ZONE_STATUS),
    *_same("soa_email", "description", "master_ips", "axfr_ips", "ttl_sec", "refresh_sec", "retry_sec", "expire_sec"),
)
_RECORD_EDIT = (
    *_same("name", "target", "priority", "weight", "port", "ttl_sec"),
    M("service", "service", UNDERSCORED),
    M("protocol", "protocol", UNDERSCORED),
)

# -- operations --------------------------------------------------------------------------------------------------------


class Family(NamedTuple):
    """A kind of object: its class today, its name in 2016, the paths of its list, and the members that filter it."""

    kind: str
    word: str
    today: str
    alpha: str
    members: tuple[Member, ...]
    filterable: tuple[str, ...]
    create: tuple[Member, ...] | None = None
    edit: tuple[Member, ...] | None = None

    @property
    def plural(self) -> str:
        """The member of a page that holds the objects."""
        return self.alpha.rpartition("/")[2]


class Operation(NamedTuple):
    """A method on a path, today and in 2016; ``{Kind}`` in a path stands for an ID.

    ``answer`` is ``page``, ``object``, ``made`` (wrapped in its name) or ``done``. ``only`` are members of today's body
    that can have just one value, the behaviour of 2016; ``defaults`` are members that 2016 required.
    """

    family: Family
    method: str
    today: str
    alpha: str
    answer: str
    body: tuple[Member, ...] = ()
    only: Mapping[str, Any] = {}
    defaults: Mapping[str, Any] = {}


_FAMILIES = (
    Family("Region", "datacenter", "/regions", "/datacenters", _same("id", "label"), ("id", "label")),
    Family(
        "Image",
        "distribution",
        "/images",
        "/distributions",
        _IMAGE,
        ("id", "label", "minimum_image_size", "recommended", "vendor", "experimental"),
    ),
    Family(
        "Type",
        "service",
        "/linode/types",
        "/services",
        _TYPE,
        ("id", "service_type", *(each.alpha for each in _TYPE if each.today != "id")),
    ),
    Family(
        "Kernel",
        "kernel",
        "/linode/kernels",
        "/kernels",
        _KERNEL,
        ("id", "label", "version", "deprecated", "kvm", "xen", "x64"),
    ),
    Family(
        "Linode",
        "linode",
        "/linode/instances",
        "/linodes",
        _LINODE,
        ("id", "label", "group", "state", "distribution", "datacenter"),
        _LINODE_CREATE,
        _LINODE_EDIT,
    ),
    Family(
        "Disk",
        "disk",
        "/linode/instances/{Linode}/disks",
        "/linodes/{Linode}/disks",
        _DISK,
        ("id", "label", "size", "status"),
        _DISK_CREATE,
        _same("label"),
    ),
    Family(
        "Config",
        "config",
        "/linode/instances/{Linode}/configs",
        "/linodes/{Linode}/configs",
        (*_same("id", "created", "updated"), *_CONFIG_EDIT),
        ("id", "label", "kernel", "comments", "devtmpfs_automount", "run_level", "virt_mode", "ram_limit"),
        _CONFIG_CREATE,
        _CONFIG_EDIT,
    ),
    Family(
        "StackScript",
        "stackscript",
        "/linode/stackscripts",
        "/stackscripts",
        _STACKSCRIPT,
        ("id", "label", "description", "is_public", "distributions", "deployments_total"),
        _SCRIPT_EDIT,
        _SCRIPT_EDIT,
    ),
    Family(
        "Domain",
        "zone",
        "/domains",
        "/zones",
        (*_same("id", "type"), *_ZONE_EDIT),
        ("id", "zone", "display_group", "master_ips", "type"),
        (*_same("type"), *_ZONE_EDIT),
        _ZONE_EDIT,
    ),
    Family(
        "DomainRecord",
        "record",
        "/domains/{Domain}/records",
        "/zones/{Domain}/records",
        (*_same("id", "type"), *_RECORD_EDIT),
        ("id", "name", "target"),
        (*_same("type"), *_RECORD_EDIT, M("ttl_sec", "ttl")),
        _RECORD_EDIT,
    ),
)
FAMILIES = {each.kind: each for each in _FAMILIES}

_DOES_NOT_BOOT = {"booted": False}
_CREATING: dict[str, dict[str, Any]] = {
    "Linode": {"only": _DOES_NOT_BOOT},
    "Disk": {"defaults": {"label": "Disk", "filesystem": "ext4"}},
}


def _generic(family: Family) -> list[Operation]:
    kind, today, alpha = f"{{{family.kind}}}", family.today, family.alpha
    one = (f"{today}/{kind}", f"{alpha}/{kind}")
    found = [Operation(family, "GET", today, alpha, "page"), Operation(family, "GET", *one, "object")]
    if family.create is not None:
        more = _CREATING.get(family.kind, {})
        found.append(Operation(family, "POST", today, alpha, "made", family.create, **more))
    if family.edit is not None:
        found += [Operation(family, "PUT", *one, "object", family.edit), Operation(family, "DELETE", *one, "done")]
    return found


def _verb(kind: str, today: str, alpha: str, answer: str, *body: Member, **more: Any) -> Operation:
    family = FAMILIES[kind]
    paths = (f"{family.today}/{{{kind}}}/{today}", f"{family.alpha}/{{{kind}}}/{alpha}".rstrip("/"))
    return Operation(family, "POST", *paths, answer, body, **more)


_CONFIG_ID = M("config_id", "config", ref("Config"))
OPERATIONS = (
    *(operation for family in _FAMILIES for operation in _generic(family)),
    _verb("Linode", "boot", "boot", "done", _CONFIG_ID),
    _verb("Linode", "reboot", "reboot", "done", _CONFIG_ID),
    _verb("Linode", "shutdown", "shutdown", "done"),
    _verb("Linode", "rebuild", "deploy", "made", *_ACCESS, *_SCRIPT, only=_DOES_NOT_BOOT),
    _verb("Disk", "resize", "resize", "done", *_same("size")),
    _verb("Disk", "password", "rootpass", "done", *_same("password")),
    _verb("Disk", "clone", "", "made"),
)
