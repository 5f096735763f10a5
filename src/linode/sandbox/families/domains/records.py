"""The records of a domain, and the rules of each type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from linode.api.domains import DomainRecord
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from .domains import is_address, round_seconds, wrong_times
from .name_servers import mark_changed

__all__ = ["create", "delete", "update"]

ADDRESSES = {"A": 4, "AAAA": 6}
"""The types whose target is an address, and its version."""
HOSTS = ("CNAME", "MX", "NS", "PTR", "SRV")
"""The types whose target is the name of a host."""
NAMED = ("CNAME", "PTR")
"""The types that need a name below the domain."""
NEEDED = {"SRV": "service", "CAA": "tag"}
"""Members that a type requires besides the target. An SRV record without a protocol is accepted."""
NOT_MASTER = "Zones must be set to the master type to update resource records using the API."
REPORTED_TO = ("http://", "https://", "mailto:")
"""The beginnings of the address to which an ``iodef`` of a CAA record has violations reported, besides a host."""
REMOTE_ADDRESS = "[remote_addr]"
CLIENT_ADDRESSES = {"A": "127.0.0.1", "AAAA": "::1"}
"""The client's addresses, which replace ``[remote_addr]``: the sandbox has local clients only."""
_CHARACTERS = re.compile(r"[\w.*-]*", re.ASCII)
_HOST = re.compile(r"(\*|(?!-)[\w-]{1,63}(?<!-))(\.(?!-)[\w-]{1,63}(?<!-))*", re.ASCII)
_MAX_NAME_LENGTH = 253


@on.create(DomainRecord)
def create(world: World, domain: Row, type: str, **options: Any) -> Row:
    """A new record of *domain*."""
    members = _settled(world, domain, {"type": type, **options})
    made = world.add(DomainRecord, domain, **members)
    _notify(world, domain, "create")
    return made


@on.update(DomainRecord)
def update(world: World, record: Row, **changes: Any) -> Row:
    """Update a record; its type cannot be changed."""
    domain = world.parent(record)
    record |= _settled(world, domain, {**record, **changes}, record)
    record["updated"] = world.stamp()
    _notify(world, domain, "update")
    return record


@on.delete(DomainRecord)
def delete(world: World, record: Row) -> None:
    """Take it out of the zone."""
    domain = world.parent(record)
    _refuse_slave(domain)  # a guess: on record is that they cannot be made or changed
    _notify(world, domain, "delete")
    world.remove(record)


def _notify(world: World, domain: Row, operation: str) -> None:
    mark_changed(world, domain)
    world.events.notify(f"domain_record_{operation}", domain)


def _refuse_slave(domain: Row) -> None:
    if domain["type"] == "slave":
        raise Refused(NOT_MASTER)


# -- storing -----------------------------------------------------------------------------------------------------------


def _settled(world: World, domain: Row, members: Row, besides: Row | None = None) -> Row:
    """*members* as they are kept. Raises `Refused` when they do not make a record of their type."""
    _refuse_slave(domain)
    members["name"] = _srv_name(members) if _is_srv(members) else _relative(members.get("name", ""), domain)
    if "target" in members:
        members["target"] = _whole_target(members, domain)
    wrong = [*_wrong_name(members), *_wrong_target(members), *_wrong_besides(members), *wrong_times(members)]
    rules.refuse_for(wrong)
    rules.refuse_for([*_conflicts(world, domain, members, besides)])
    return {**members, **({"ttl_sec": round_seconds(members["ttl_sec"])} if "ttl_sec" in members else {})}


def _is_srv(members: Mapping[str, Any]) -> bool:
    return bool(members["type"] == "SRV")


def _srv_name(members: Mapping[str, Any]) -> str:
    """The name of an SRV record: an underscore goes before each part, also before one that has its own.

    What the name is without a protocol is a guess.
    """
    return ".".join(f"_{members[name]}" for name in ("service", "protocol") if members.get(name))


def _relative(name: str, domain: Row) -> str:
    """The *name* of a record relative to its domain; empty for the domain itself (a guess)."""
    whole = domain["domain"]
    if name.lower() == whole.lower():
        return ""
    return name[: -len(whole) - 1] if name.lower().endswith(f".{whole.lower()}") else name


def _whole_target(members: Mapping[str, Any], domain: Row) -> str:
    """The stored target: a host without the final dot, and absolute in an SRV record."""
    target: str = members["target"]
    if target == REMOTE_ADDRESS:
        return CLIENT_ADDRESSES.get(members["type"], REMOTE_ADDRESS)
    if members["type"] not in HOSTS or target in ("", "."):
        return target
    target = target.removesuffix(".")
    return f"{target}.{domain['domain']}" if _is_srv(members) and "." not in target else target


# -- checks ------------------------------------------------------------------------------------------------------------


def _wrong_name(members: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = members["name"]
    if not _CHARACTERS.fullmatch(name) or name.endswith("."):
        yield "Name contains invalid characters", "name"
    if members["type"] in NAMED and not name:
        yield "name is required", "name"
    elif members["type"] == "NS" and name.startswith("*"):
        yield "Name contains invalid characters", "name"  # refused for certain, the words are a guess
    elif name and members["type"] != "TXT" and not _HOST.fullmatch(name):
        yield "Invalid hostname", "name"


def _wrong_target(members: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    target = members.get("target", "")
    if not target:
        if not _is_null_mx(members):
            yield "target is required", "target"
    elif not _suits(target, members):
        yield "target is not valid", "target"


def _suits(target: str, members: Mapping[str, Any]) -> bool:
    """Whether *target* is one for a record of that type."""
    kind, tag = members["type"], members.get("tag")
    if kind in ADDRESSES:
        return is_address(target, ADDRESSES[kind])
    if kind == "CAA" and tag == "iodef" and target.startswith(REPORTED_TO):
        return True
    if kind == "CAA":  # parameters after a semicolon, as in RFC 8659, are a guess; a semicolon alone allows nobody
        return not (host := target.partition(";")[0].strip()) or _is_host(host)
    return kind not in HOSTS or _is_host(target)


def _is_null_mx(members: Mapping[str, Any]) -> bool:
    """Whether the record is a null MX: the domain accepts no mail."""
    if members["type"] != "MX" or "target" not in members:
        return False
    return not (members["target"] or members["name"] or members.get("priority"))


def _is_host(name: str) -> bool:
    return len(name) <= _MAX_NAME_LENGTH and not is_address(name) and _HOST.fullmatch(name) is not None


def _wrong_besides(members: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if (name := NEEDED.get(members["type"])) and not members.get(name):
        yield f"{name} is required", name


def _conflicts(world: World, domain: Row, members: Mapping[str, Any], besides: Row | None) -> Iterator[tuple[str, str]]:
    """The conflicts of the record with others: a CNAME must be the only record of its name, a null MX the only MX."""
    kind = members["type"]

    def others(**wanted: Any) -> Iterator[Row]:
        named = world.read(DomainRecord, domain, **wanted).alike("name", members["name"])
        return (each for each in named if each is not besides)

    if any(others() if kind == "CNAME" else others(type="CNAME")):
        yield "Record conflict - CNAMES must be unique", "name"
    if kind == "MX" and (same := [*others(type="MX")]) and any(map(_is_null_mx, (members, *same))):
        # In words of the sandbox's own: that a null MX is the only one is known, and not how the API refuses others.
        yield "A domain that takes no mail can have no other MX record", "target"
