"""The Metadata service's view of a Linode. Members and formats are those of the vendor's clients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linode.api.images.images import Image
from linode.api.linodes.interfaces import LinodeInterface
from linode.api.profile.credentials import SSHKey
from linode.sandbox.core.kind import Exports, Kind
from linode.sandbox.engine.registry import Row, World, on

from ..networking.ips import link_local
from ..networking.shares import cidr, ranges_of, shared_with
from .config_interfaces import config_interfaces
from .interface_rows import LEADS_TO
from .ip_rows import addresses, slaac_of
from .rows import booted_config

__all__ = ["TOKENS", "instance", "network", "root_keys", "ssh_keys", "user_data"]

TOKENS = "_MetadataToken"
"""The table of the tokens of the Metadata service."""
on.kind(Kind(of=TOKENS, exports=Exports(("id",))))

SPECS = ("vcpus", "memory", "gpus", "transfer", "disk")


def root_keys(world: World, authorized_keys: Sequence[str] = (), authorized_users: Sequence[str] = (), **_: Any) -> Row:
    """The hidden member of a Linode's row with the keys that it is deployed with: those given, and those of users."""
    of_users = [each["ssh_key"] for name in authorized_users for each in world.read(SSHKey, _user=name)]
    return {"_root_keys": [*authorized_keys, *of_users]}


def instance(world: World, linode: Row) -> Row:
    """The Linode itself."""
    image = None if linode["image"] is None else world.find(Image, linode["image"])
    return {
        "id": linode["id"],
        "host_uuid": linode["host_uuid"],
        "label": linode["label"],
        "region": linode["region"],
        "type": linode["type"],
        "tags": linode["tags"],
        "specs": {name: linode["specs"][name] for name in SPECS},
        # A guess: the status is null whenever no backup is being made.
        "backups": {"enabled": linode["backups"]["enabled"], "status": None},
        "account_euuid": world.read("_Account")[0]["euuid"],
        "image": image and {"id": image["id"], "label": image["label"]},
    }


def network(world: World, linode: Row) -> Row:
    """The interfaces and addresses of the Linode."""
    slaac, ranges = slaac_of(world, linode), ranges_of(world, linode)
    return {
        "interfaces": _interfaces(world, linode),
        "ipv4": {
            "public": _single(addresses(world, linode, public=True)),
            "private": _single(addresses(world, linode, public=False)),
            "shared": _single(shared_with(world, linode)),
        },
        "ipv6": {
            "slaac": slaac and f"{slaac['address']}/128",
            "link_local": slaac and f"{link_local(slaac)['address']}/128",
            "ranges": [cidr(each) for each in ranges if not each["is_bgp"]],
            "shared_ranges": [cidr(each) for each in ranges if each["is_bgp"]],
        },
    }


def _single(rows: Sequence[Row]) -> list[str]:
    """The IPv4 addresses *rows*, each with the prefix length of one address."""
    return [f"{each['address']}/32" for each in rows]


def _interfaces(world: World, linode: Row) -> list[Row]:
    """The interfaces of the configuration that it has booted, or its own, whose form here is a guess."""
    if linode["interface_generation"] == "linode":
        return [_own(each) for each in world.rows(LinodeInterface, linode)]
    config = booted_config(world, linode)
    found = () if config is None else config_interfaces(world, config)
    return [_shown(each["id"], each["purpose"], each["label"], each["ipam_address"]) for each in found]


def _own(interface: Row) -> Row:
    purpose = next(name for name in LEADS_TO if interface[name] is not None)
    vlan = interface["vlan"] or {}
    return _shown(interface["id"], purpose, vlan.get("vlan_label"), vlan.get("ipam_address"))


def _shown(id: int, purpose: str, label: str | None, ipam_address: str | None) -> Row:
    return {"id": id, "purpose": purpose, "label": label or None, "ipam_address": ipam_address or None}


def ssh_keys(_world: World, linode: Row) -> Row:
    """The keys of root. That those of ``authorized_users`` are among them is a guess: the API puts them there."""
    keys = linode.get("_root_keys")
    return {"users": {"root": keys} if keys else {}}


def user_data(_world: World, linode: Row) -> str:
    """The user data in base64, as it came; empty when there is none."""
    return str(linode.get("_user_data") or "")
