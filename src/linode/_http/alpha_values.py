"""Conversions of values between today's API and the API of 2016, in both directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from linode.errors import UnsupportedError

__all__ = [
    "ALERT",
    "CENTS",
    "DISK_LIST",
    "DISK_SLOTS",
    "DISK_STATUS",
    "GB",
    "IPV4",
    "NOT",
    "ONLY",
    "SAME",
    "SLOTS",
    "STATES",
    "UNDERSCORED",
    "WITHOUT_PREFIX",
    "X64",
    "ZONE_STATUS",
    "Ids",
    "Way",
    "embedded",
    "missing",
    "plain",
    "ref",
    "refs",
    "words",
]


def missing(what: str) -> UnsupportedError:
    """The error for *what*, which the API of 2016 does not have."""
    return UnsupportedError(f"the API of 2016 has no {what}")


class Ids:
    """Converts IDs of related objects: here not at all, so ``linode_123`` is sent and returned unchanged.

    *kind* is the name of the object's class today.
    """

    def alpha(self, kind: str, value: Any) -> Any:  # noqa: ARG002
        """The value to send to the API of 2016 for today's ID *value*."""
        return value

    def today(self, kind: str, value: Any) -> Any:  # noqa: ARG002
        """Today's ID for *value* of the API of 2016: an ID, or an object in its short form."""
        return value["id"] if isinstance(value, Mapping) else value

    def absent(self, what: str) -> Any:
        """The value for *what*, which does not exist in the API of 2016: here it raises `UnsupportedError`."""
        raise missing(what)


class Way(NamedTuple):
    """Converts a value to that of 2016 (``down``) and from it (``up``). Null stays null."""

    down: Callable[[Any, Ids], Any]
    up: Callable[[Any, Ids], Any]


def plain(down: Callable[[Any], Any], up: Callable[[Any], Any]) -> Way:
    """A conversion that needs no IDs."""
    return Way(lambda value, _: down(value), lambda value, _: up(value))


def ref(kind: str) -> Way:
    """The conversion of a relation: an ID in requests, the short form of an object in responses."""
    return Way(lambda value, ids: ids.alpha(kind, value), lambda value, ids: ids.today(kind, value))


def refs(kind: str) -> Way:
    """The conversion of a list of relations."""

    def down(values: Any, ids: Ids) -> Any:
        return [found for each in values if (found := ids.alpha(kind, each)) is not None]

    return Way(down, lambda values, ids: [ids.today(kind, each) for each in values])


def embedded(kind: str) -> Way:
    """The conversion of a relation that has the short form in requests as well."""
    return Way(lambda value, ids: _short(kind, value, ids), lambda value, ids: ids.today(kind, value))


def _short(kind: str, value: Any, ids: Ids) -> Any:
    found = ids.alpha(kind, value)
    return found if found is None or isinstance(found, Mapping) else {"id": found}


def words(down: Mapping[str, str], up: Mapping[str, str]) -> Way:
    """The conversion of a set of words: those in *down* and *up* are replaced, all others stay."""
    return plain(lambda value: down.get(value, value), lambda value: up.get(value, value))


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _down_alert(value: int) -> dict[str, Any]:
    return {"enabled": value > 0, "threshold": value}


def _up_alert(value: Any) -> int:
    return int(value["threshold"]) if value["enabled"] else 0


def _down_ipv4(addresses: list[str]) -> dict[str, Any]:
    private = [each for each in addresses if each.startswith("192.168.")]
    public = [each for each in addresses if each not in private]
    return {"public": {"ipv4": public, "failover": []}, "private": {"ipv4": private}}


def _up_ipv4(addresses: Any) -> list[str]:
    return [*addresses.get("public", {}).get("ipv4", ()), *addresses.get("private", {}).get("ipv4", ())]


SLOTS = tuple(f"sd{letter}" for letter in "abcdefgh")


def _disk_in(slot: str, device: Any, ids: Ids) -> Any:
    """The ID of the disk *device* in *slot*; None when the slot is empty."""
    if not device or not any(device.values()):
        return None
    if slot not in SLOTS:
        return ids.absent(f"slot {slot} in a configuration, only sda to sdh")
    return device.get("disk_id") or ids.absent("volumes in a configuration")


def _down_slots(devices: Any, ids: Ids) -> dict[str, Any]:
    disks = {slot: _disk_in(slot, device, ids) for slot, device in devices.items()}
    return {slot: None if (id := disks.get(slot)) is None else _short("Disk", id, ids) for slot in SLOTS}


def _up_slots(disks: Any, ids: Ids) -> dict[str, Any]:
    return {
        slot: None if disk is None else {"disk_id": ids.today("Disk", disk), "volume_id": None}
        for slot, disk in disks.items()
    }


def _down_disk_list(devices: Any, ids: Ids) -> list[Any]:
    disks = {slot: id for slot, device in devices.items() if (id := _disk_in(slot, device, ids)) is not None}
    if sorted(disks) != list(SLOTS[: len(disks)]):
        raise missing("free slots between the disks of a new configuration; fill sda, sdb and so on in order")
    return [ids.alpha("Disk", disks[slot]) for slot in sorted(disks)]


def _up_disk_list(disks: Any, ids: Ids) -> dict[str, Any]:
    return _up_slots(dict(zip(SLOTS, disks, strict=False)), ids)


def _down_only(values: list[str]) -> str:
    if len(values) != 1:
        raise missing(f"way to give {len(values)} SSH keys, only one (root_ssh_key)")
    return values[0]


SAME = Way(lambda value, _: value, lambda value, _: value)
GB = plain(lambda mb: _number(mb / 1024), lambda gb: int(gb * 1024))
CENTS = plain(lambda dollars: _number(round(dollars * 100, 6)), lambda cents: round(cents / 100, 8))
NOT = plain(lambda value: not value, lambda value: not value)
X64 = plain(lambda value: value == "x86_64", lambda value: "x86_64" if value else "i386")
ALERT = plain(_down_alert, _up_alert)
IPV4 = plain(_down_ipv4, _up_ipv4)
WITHOUT_PREFIX = plain(lambda value: value.partition("/")[0], lambda value: value if "/" in value else f"{value}/128")
UNDERSCORED = plain(lambda value: value and f"_{value.removeprefix('_')}", lambda value: value.removeprefix("_"))
ONLY = plain(_down_only, lambda value: [value])
DISK_SLOTS = Way(_down_slots, _up_slots)
DISK_LIST = Way(_down_disk_list, _up_disk_list)
# Today's API has more statuses than that of 2016 had, and versions before the spring of 2016 had others again.
STATES = words(
    down={
        "busy": "migrating",
        "rebuilding": "provisioning",
        "cloning": "provisioning",
        "restoring": "provisioning",
        "stopped": "offline",
        "billing_suspension": "offline",
    },
    up={"being_created": "provisioning", "brand_new": "provisioning", "powered_off": "offline"},
)
_AT_WORK = ("creating", "migrating", "duplicating", "resizing", "restoring", "copying", "freezing", "thawing")
DISK_STATUS = words(
    down={"not ready": "creating", "deleting": "being_deleted"},
    up={
        "ok": "ready",
        "being_deleted": "deleting",
        "cancelling-migration": "not ready",
        **dict.fromkeys(_AT_WORK, "not ready"),
    },
)
ZONE_STATUS = words(down={"has_errors": "edit_mode"}, up={})
