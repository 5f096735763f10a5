"""Domains: what a zone must have, and the copies of one. Its records are in `records`, its file in `zone_files`."""

from __future__ import annotations

import copy
import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any

from linode.api.domain_records import round_seconds
from linode.api.domains import Domain, DomainRecord, DomainsMixin
from linode.sandbox.core.kind import Events, Grant, Kind, Operations
from linode.sandbox.engine import hints, rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from .name_servers import mark_changed, start_serving

__all__ = ["clone", "create", "import_domain", "is_address", "round_seconds", "update", "wrong_times"]

on.kind(
    Kind(
        of=Domain,
        events=Events("domain", label="domain", notify=("create", "update", "delete")),
        operations=Operations(generic=("delete",)),
        grant=Grant("domain", makes=(Domain.clone,)),
    )
)

"""The times that the service has; 0, which stands for its own choice, is one too."""
TIMES = ("ttl_sec", "refresh_sec", "retry_sec", "expire_sec")
NO_MASTER = "You need at least one master DNS server IP address for this zone."
SETTABLE = ("active", "disabled")
MAX_JOINED = 1000
"""The characters of all masters, and of all addresses for transfers, when they are joined."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_NAME = re.compile(r"(?!-)[\w-]{1,63}(\.[\w-]{1,63})+", re.ASCII)


@on.create(Domain)
def create(world: World, domain: str, type: str | None = None, master: bool | None = None, **options: Any) -> Row:  # noqa: ARG001  master is the library's word, not the API's
    """A new domain, which is served when it has been rendered."""
    if type is None:
        raise Refused("type is required", field="type")
    members = {"status": "active", "description": "", "group": "", **options, "domain": domain, "type": type}
    rules.refuse_for([*_wrong(world, members)])
    return _made(world, members)


@on.update(Domain)
def update(world: World, zone: Row, **changes: Any) -> Row:
    """Change the zone; a new name or type, and enabling it, have its file rendered again."""
    if "status" in changes and changes["status"] not in (zone["status"], *SETTABLE):
        raise Refused(f"Must be one of {', '.join(SETTABLE)}", field="status")
    rules.refuse_for([*_wrong(world, {**zone, **changes}, zone)])
    before = dict(zone)
    rules.update(world, zone, **_tidy(changes))
    mark_changed(world, zone)
    if any(zone[name] != before[name] for name in ("domain", "type", "status")):
        start_serving(world, zone)
    return zone


@on(Domain.clone)
def clone(world: World, original: Row, domain: str) -> Row:
    """A domain of that name with the settings and the records of *original*."""
    members = {**copy.deepcopy(_settings(Domain, original)), "domain": domain}
    rules.refuse_for([*_wrong(world, members)])
    made = _made(world, members)
    for record in world.read(DomainRecord, original):
        world.add(DomainRecord, made, type=record["type"], **_settings(DomainRecord, record))
    world.events.notify("domain_create", made)
    return made


@on(DomainsMixin.import_domain)
def import_domain(world: World, domain: str, remote_nameserver: str) -> None:  # noqa: ARG001  the name of the parameter is the API's
    """Refuse: nothing outside of the sandbox can be asked for a zone."""
    if not _NAME.fullmatch(domain):
        raise Refused("domain is not valid", field="domain")
    rules.refuse_for([*_taken(world, domain)])
    # own words
    raise Refused(
        "The sandbox reaches no other name server; create the domain and its records instead", field="remote_nameserver"
    )


def wrong_times(members: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The reasons to refuse the times in *members*."""
    for name in TIMES:
        if members.get(name, 0) < 0:
            yield "Must be at least 0", name


def is_address(text: str, version: int | None = None) -> bool:
    """Whether *text* is an IP address (of that *version*)."""
    try:
        return ipaddress.ip_address(text).version in (version or 4, version or 6)
    except ValueError:
        return False


def _made(world: World, members: Mapping[str, Any]) -> Row:
    made = rules.create(world, Domain, **_tidy(members))
    start_serving(world, made)
    return made


def _settings(cls: Any, row: Row) -> Row:
    """The members of *row* that can be set."""
    return {name: row[name] for name in hints.settable(cls)}


def _tidy(members: Mapping[str, Any]) -> Row:
    """*members* as they are kept: with times that the service has."""
    times = {name: round_seconds(members[name]) for name in TIMES if name in members}
    return {**members, **times}


def _wrong(world: World, members: Mapping[str, Any], besides: Row | None = None) -> Iterator[tuple[str, str]]:
    """The reasons to refuse a domain with *members*; *besides* is its row if it exists already."""
    yield from _taken(world, members["domain"], besides)
    email = members.get("soa_email")
    if email and not _EMAIL.fullmatch(email):
        yield "soa_email is not valid", "soa_email"
    if members["type"] == "master" and not email:
        yield "soa_email required when type=master", "soa_email"
    if members["type"] == "slave" and not members.get("master_ips"):
        yield NO_MASTER, "master_ips"
    for name in ("master_ips", "axfr_ips"):
        for at, address in enumerate(members.get(name, ())):
            if not is_address(address):
                yield f"{name}[{at}] is not valid", f"{name}[{at}]"
        if len(";".join(members.get(name, ()))) > MAX_JOINED:
            yield f"Must be at most {MAX_JOINED} characters in total", name  # documented; the words are a guess
    yield from wrong_times(members)


def _taken(world: World, name: str, besides: Row | None = None) -> Iterator[tuple[str, str]]:
    accounts = world.in_account("").accounts()
    if any(row is not besides for each in accounts for row in each.read(Domain).alike("domain", name)):
        yield "DNS zone already exists.", "domain"
