"""The records of a domain: what each type must say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from linode.api.domains import DomainRecord
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Row, World, on

from .domains import is_address, rounded, wrong_times
from .zones import change, relative

__all__ = ["create", "delete", "update"]

ADDRESSES = {"A": 4, "AAAA": 6}
"""The types that say an address, and its version."""
HOSTS = ("CNAME", "MX", "NS", "PTR", "SRV")
"""The types that say the name of a host."""
ASKER = "[remote_addr]"
ASKERS = {"A": "127.0.0.1", "AAAA": "::1"}
"""Where the asker of a sandbox is."""
_CHARACTERS = re.compile(r"[\w.*-]*", re.ASCII)
_HOST = re.compile(r"(\*|(?!-)[\w-]{1,63}(?<!-))(\.(?!-)[\w-]{1,63}(?<!-))*\.?", re.ASCII)
_MOST = 253


@on.create(DomainRecord)
def create(world: World, domain: Row, type: str, **options: Any) -> Row:
    """A new record of *domain*."""
    members = _settled(world, domain, {"type": type, **options})
    made = world.add(DomainRecord, domain, **members)
    _notify(world, domain, "create")
    return made


@on.update(DomainRecord)
def update(world: World, record: Row, **changes: Any) -> Row:
    """Change what it says; its type stays."""
    domain = world.parent(record)
    record |= _settled(world, domain, {**record, **changes}, record)
    record["updated"] = world.stamp()
    _notify(world, domain, "update")
    return record


@on.delete(DomainRecord)
def delete(world: World, record: Row) -> None:
    """Take it out of the zone."""
    _notify(world, world.parent(record), "delete")
    world.remove(record)


def _notify(world: World, domain: Row, operation: str) -> None:
    change(domain)
    world.notify(f"domain_record_{operation}", domain)


def _settled(world: World, domain: Row, members: Row, besides: Row | None = None) -> Row:
    """*members* as they are kept. Raises `Refused` when they do not make a record of their type."""
    kind = members["type"]
    if kind == "SRV" and members.get("service") and members.get("protocol"):
        members["name"] = ".".join(f"_{members[name].lstrip('_')}" for name in ("service", "protocol"))
    if members.get("target") == ASKER:
        members["target"] = ASKERS.get(kind, ASKER)
    wrong = [*_wrong_name(members, domain), *_wrong_target(members), *_wrong_besides(members), *wrong_times(members)]
    rules.reasons_or_none(wrong)
    rules.reasons_or_none([*_conflicts(world, domain, members, besides)])
    return {**members, **({"ttl_sec": rounded(members["ttl_sec"])} if "ttl_sec" in members else {})}


def _wrong_name(members: Mapping[str, Any], domain: Row) -> Iterator[tuple[str, str]]:
    name = members.get("name", "")
    if not _CHARACTERS.fullmatch(name):
        yield "Name contains invalid characters", "name"
    if members["type"] == "CNAME" and not relative(name, domain):
        yield "name is required", "name"
    elif name and members["type"] != "TXT" and not _HOST.fullmatch(name):
        yield "Invalid hostname", "name"


def _wrong_target(members: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    target, kind = members.get("target", ""), members["type"]
    if not target:
        yield "target is required", "target"
    elif not (is_address(target, ADDRESSES[kind]) if kind in ADDRESSES else kind not in HOSTS or _is_host(target)):
        yield "target is not valid", "target"


def _is_host(name: str) -> bool:
    return len(name) <= _MOST and not is_address(name) and _HOST.fullmatch(name) is not None


def _wrong_besides(members: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in {"SRV": ("service", "protocol"), "CAA": ("tag",)}.get(members["type"], ()):
        if not members.get(name):
            yield f"{name} is required", name


def _conflicts(world: World, domain: Row, members: Mapping[str, Any], besides: Row | None) -> Iterator[tuple[str, str]]:
    """A name can be an alias of one other only."""
    if members["type"] != "CNAME":
        return
    for record in world.read(DomainRecord, domain):
        same = relative(record["name"], domain) == relative(members["name"], domain)
        if same and record["type"] == "CNAME" and record is not besides:
            yield "Record conflict - CNAMES must be unique", "name"
