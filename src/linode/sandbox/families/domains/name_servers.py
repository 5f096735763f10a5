"""The publication of a changed zone to its file and to the name servers, and their responses to look-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from linode.api.domains import Domain, DomainRecord
from linode.sandbox.core.jobs import job
from linode.sandbox.core.kind import Kind, Storage
from linode.sandbox.engine.registry import Row, World, on

from .zone_files import lines

__all__ = ["look_up", "mark_changed", "publish", "render", "start_serving", "zone_file"]

RENDERED_AFTER = 160.0
"""Seconds from a change to the zone file that shows it: once measured as 160 and more. For a new zone it is a guess."""
ANSWERED_AFTER = 30.0
"""Seconds from the zone file to the answers of the name servers: once measured as about 30."""
RESOLVED = ("A", "AAAA", "CNAME")
MAX_ALIASES = 8
"""Maximum number of aliases that a look-up follows. A guess."""
ZONE = "_Zone"
"""The table of the rendered zones: each is as long as its file, and the row of its domain changes with each record."""
OF_ZONE = ("lines", "rendered", "answers")
"""The lines of the file, its records, and the records that the name servers serve."""

on.kind(Kind(of=ZONE, storage=Storage(held=True)))


def mark_changed(world: World, domain: Row) -> None:
    """Count a change of *domain* or its records, for the serial number, and see that it is rendered.

    All changes until the zone is rendered are rendered together.
    """
    domain["_changes"] = domain.get("_changes", 0) + 1
    if domain.get("_due", 0.0) <= world.now:
        _schedule(world, domain)


def start_serving(world: World, domain: Row) -> None:
    """Serve *domain* from a while from now, and nothing of it until then."""
    for name in OF_ZONE:
        domain.pop(f"_{name}", None)
    for each in world.rows(ZONE, _holder=world.holder(domain)):
        world.remove(each)
    _schedule(world, domain)


def _published(world: World, domain: Row) -> Row:
    """The rendered zone of *domain*, to read. Data files of earlier versions have it in the row of the domain."""
    found = world.read(ZONE, _holder=world.holder(domain))
    return found[0] if found else {name: domain.get(f"_{name}", []) for name in OF_ZONE}


def _zone(world: World, domain: Row) -> Row:
    """The rendered zone of *domain*, to change."""
    found = world.rows(ZONE, _holder=world.holder(domain))
    if found:
        return found[0]
    kept = {name: domain.pop(f"_{name}", []) for name in OF_ZONE}
    return world.add(ZONE, _holder=world.holder(domain), **kept)


def _schedule(world: World, domain: Row) -> None:
    domain["_due"] = world.now + world.duration(RENDERED_AFTER, "domains.render")
    world.takes(RENDERED_AFTER, render, domain, domain["_due"])


@job("domains.render", Domain)
def render(world: World, domain: Row, due: float) -> None:
    """Render the zone file again, unless the zone is to be rendered at another time than *due*."""
    if domain["_due"] != due:
        return
    served, zone = _is_served(domain), _zone(world, domain)
    records = [*world.read(DomainRecord, domain)] if served else []
    zone["lines"] = list(lines(domain, records)) if served else []
    zone["rendered"] = [[each["name"].lower(), each["type"], each["target"]] for each in records]
    world.takes(ANSWERED_AFTER, publish, domain)


@job("domains.publish", Domain)
def publish(world: World, domain: Row) -> None:
    """Publish the zone file to the name servers."""
    zone = _zone(world, domain)
    zone["answers"] = zone["rendered"]


def _is_served(domain: Row) -> bool:
    return (domain["type"], domain["status"]) == ("master", "active")


@on(Domain.zone_file)
def zone_file(world: World, domain: Row) -> Row:
    """The lines of the file: none before it has been rendered, nor of what is switched off or only a copy."""
    return {"zone_file": _published(world, domain)["lines"]}


def look_up(world: World, name: str) -> set[str]:
    """The addresses of *name* on the name servers, from the account's domains; empty for an unknown name."""
    for _ in range(MAX_ALIASES):
        answers = list(_answers(world, name.lower()))
        aliases = [target for kind, target in answers if kind == "CNAME"]
        if not aliases:
            return {target for kind, target in answers if kind != "CNAME"}
        name = aliases[0]
    return set()


def _answers(world: World, name: str) -> Iterator[Sequence[str]]:
    """The types and targets of the records of that *name*, or of the wildcard that stands for it."""
    labels = name.split(".")
    suffixes = (".".join(labels[at:]) for at in range(len(labels)))  # the longest first
    zones = (each for suffix in suffixes for each in world.read(Domain).alike("domain", suffix))
    for domain in islice(zones, 1):
        known = [each for each in _published(world, domain)["answers"] if each[1] in RESOLVED]
        host = name.removesuffix(domain["domain"].lower()).removesuffix(".")
        wildcard = f"*.{host.partition('.')[2]}".removesuffix(".")
        exact = [each[1:] for each in known if each[0] == host]
        yield from exact or (each[1:] for each in known if each[0] == wildcard)
