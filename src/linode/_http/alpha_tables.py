"""What today's API calls its things, and what the API of 2016 called them: plain tables, read in both directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

__all__ = ["FAMILIES", "OPERATIONS", "SLOTS", "Family", "Ids", "Member", "Operation", "missing"]


def missing(what: str) -> TypeError:
    """The error for *what*, which the API of 2016 does not have."""
    return TypeError(f"the API of 2016 has no {what}")


class Ids:
    """What stands for a related object: here its id as it is, so that ``linode_123`` comes and goes unchanged.

    *kind* is the name of the object's class today.
    """

    def alpha(self, kind: str, value: Any) -> Any:  # noqa: ARG002
        """What the API of 2016 is sent for the id *value* of today's."""
        return value

    def today(self, kind: str, value: Any) -> Any:  # noqa: ARG002
        """The id of today's for what the API of 2016 sent: an id, or an object in its short form."""
        return value["id"] if isinstance(value, Mapping) else value

    def absent(self, what: str) -> None:
        """Refuse *what*, for which there was nothing in 2016."""
        raise missing(what)


class Way(NamedTuple):
    """How a value is converted to that of 2016, and from it. Null stays null."""

    down: Callable[[Any, Ids], Any]
    up: Callable[[Any, Ids], Any]


class Member(NamedTuple):
    """A member of a JSON object: its path today, its path in 2016 (dots lead into objects), and how values convert."""

    today: str
    alpha: str = ""
    way: Way = Way(lambda value, _: value, lambda value, _: value)  # noqa: RUF009 - immutable


# -- values ------------------------------------------------------------------------------------------------------------


def _plain(down: Callable[[Any], Any], up: Callable[[Any], Any]) -> Way:
    return Way(lambda value, _: down(value), lambda value, _: up(value))


def _ref(kind: str) -> Way:
    return Way(lambda value, ids: ids.alpha(kind, value), lambda value, ids: ids.today(kind, value))


def _refs(kind: str) -> Way:
    def down(values: Any, ids: Ids) -> Any:
        return [found for each in values if (found := ids.alpha(kind, each)) is not None]

    return Way(down, lambda values, ids: [ids.today(kind, each) for each in values])


def _embedded(kind: str) -> Way:
    """A relation that has the short form in requests too."""
    return Way(lambda value, ids: _short(kind, value, ids), lambda value, ids: ids.today(kind, value))


def _short(kind: str, value: Any, ids: Ids) -> Any:
    found = ids.alpha(kind, value)
    return found if found is None or isinstance(found, Mapping) else {"id": found}


def _words(down: Mapping[str, str], **also_up: str) -> Way:
    up = {new: old for old, new in reversed(down.items())} | also_up
    return _plain(lambda value: down.get(value, value), lambda value: up.get(value, value))


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _down_alert(value: int) -> dict[str, Any]:
    return {"enabled": value > 0, "threshold": value}


def _up_alert(value: Any) -> int:
    return int(value["threshold"]) if value["enabled"] else 0


def _down_ipv4(addresses: list[str]) -> dict[str, Any]:
    private = [each for each in addresses if each.startswith("192.168.")]
    public = [each for each in addresses if each not in private]
    return {"public": {"ipv4": public, "ipv6": None, "failover": []}, "private": {"ipv4": private, "link-local": None}}


def _up_ipv4(addresses: Any) -> list[str]:
    return [*addresses.get("public", {}).get("ipv4", ()), *addresses.get("private", {}).get("ipv4", ())]


SLOTS = tuple(f"sd{letter}" for letter in "abcdefgh")


def _disk_in(slot: str, device: Any, ids: Ids) -> Any:
    """The id of the disk that is *device*."""
    if not device:
        return None
    if slot not in SLOTS:
        return ids.absent(f"slot {slot} in a configuration, only sda to sdh")
    return device.get("disk_id") or ids.absent("volumes")


def _down_slots(devices: Any, ids: Ids) -> dict[str, Any]:
    disks = {slot: _disk_in(slot, device, ids) for slot, device in devices.items()}
    return {slot: None if (id := disks.get(slot)) is None else _short("Disk", id, ids) for slot in SLOTS}


def _up_slots(disks: Any, ids: Ids) -> dict[str, Any]:
    return {
        slot: None if disk is None else {"disk_id": ids.today("Disk", disk), "volume_id": None}
        for slot, disk in disks.items()
    }


def _down_disk_list(devices: Any, ids: Ids) -> list[Any]:
    found = [
        None if (id := _disk_in(slot, devices[slot], ids)) is None else ids.alpha("Disk", id)
        for slot in sorted(devices)
    ]
    while found and found[-1] is None:
        found.pop()
    if sorted(slot for slot in devices if devices[slot]) != list(SLOTS[: len(found)]):
        raise missing("free slots between disks in a new configuration; fill sda, sdb … in order")
    return found


def _up_disk_list(disks: Any, ids: Ids) -> dict[str, Any]:
    return _up_slots(dict(zip(SLOTS, disks, strict=False)), ids) if isinstance(disks, list) else _up_slots(disks, ids)


def _down_only(values: list[str]) -> str:
    if len(values) != 1:
        raise missing(f"way to give {len(values)} SSH keys, only one (root_ssh_key)")
    return values[0]


M = Member
GB = _plain(lambda mb: _number(mb / 1024), lambda gb: int(gb * 1024))
CENTS = _plain(lambda dollars: _number(round(dollars * 100, 6)), lambda cents: round(cents / 100, 8))
NOT = _plain(lambda value: not value, lambda value: not value)
X64 = _plain(lambda value: value == "x86_64", lambda value: "x86_64" if value else "i386")
ALERT = _plain(_down_alert, _up_alert)
IPV4 = _plain(_down_ipv4, _up_ipv4)
WITHOUT_PREFIX = _plain(lambda value: value.partition("/")[0], lambda value: value if "/" in value else f"{value}/128")
UNDERSCORED = _plain(lambda value: value and f"_{value.removeprefix('_')}", lambda value: value.removeprefix("_"))
ONLY = _plain(_down_only, lambda value: [value])
DISK_SLOTS = Way(_down_slots, _up_slots)
DISK_LIST = Way(_down_disk_list, _up_disk_list)
# What today has more words for was one of these in 2016.
STATES = _words(
    {
        "offline": "offline",
        "provisioning": "provisioning",
        "migrating": "migrating",
        "busy": "migrating",
        "rebuilding": "provisioning",
        "cloning": "provisioning",
        "restoring": "provisioning",
        "stopped": "offline",
        "billing_suspension": "offline",
    }
    | {each: each for each in ("running", "booting", "rebooting", "shutting_down", "deleting")},
    being_created="provisioning",
    brand_new="provisioning",
    powered_off="offline",
)
DISK_STATUS = _words(
    {"ready": "ready", "not ready": "creating", "deleting": "being_deleted"},
    ok="ready",
    **dict.fromkeys(
        ("migrating", "duplicating", "resizing", "restoring", "copying", "freezing", "thawing", "cancelling-migration"),
        "not ready",
    ),
)
ZONE_STATUS = _words({"active": "active", "disabled": "disabled", "edit_mode": "edit_mode", "has_errors": "edit_mode"})

# -- members -----------------------------------------------------------------------------------------------------------


def _same(*names: str) -> tuple[Member, ...]:
    return tuple(M(name, name) for name in names)


# The reference of 2016 and the library of 2016 disagree about the names of some members: those stand here twice, both
# are sent, and either is understood.
_SCRIPT = (
    M("stackscript_id", "stackscript", _ref("StackScript")),
    M("stackscript_data", "stackscript_udf_responses"),
    M("stackscript_data", "stackscript_data"),
)
_LINODE_EDIT = _same("label", "group")
_LINODE = (
    *_same("id", "created", "updated"),
    *_LINODE_EDIT,
    M("status", "state", STATES),
    M("region", "datacenter", _ref("Region")),
    M("image", "distribution", _ref("Image")),
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
    M("type", "service", _ref("Type")),
    M("region", "datacenter", _ref("Region")),
    M("image", "source", _ref("Image")),
    *_same("root_pass"),
    *_SCRIPT,
)
_ACCESS = (M("image", "distribution", _ref("Image")), *_same("root_pass"), M("authorized_keys", "root_ssh_key", ONLY))
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
    M("kernel", "kernel", _embedded("Kernel")),
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
    M("kernel", "kernel", _ref("Kernel")),
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
_SCRIPT_COMMON = (*_same("label", "script", "description", "is_public"), M("images", "distributions", _refs("Image")))
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
    """A kind of object: the name of its class today, its word in 2016, the paths of its list, what can be filtered."""

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
    """A method on a path, today and in 2016; ``{Kind}`` in a path stands for an id.

    ``answer`` is ``page``, ``object``, ``made`` (wrapped in its word) or ``done``. ``only`` are members of today's body
    that can have one value alone, because that is what 2016 did; ``defaults`` members that 2016 demanded.
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


_CONFIG_ID = M("config_id", "config", _ref("Config"))
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
