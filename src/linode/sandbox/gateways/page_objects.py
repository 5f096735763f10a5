"""The objects on the page at ``/``: the number of each kind, their states, the newest, and the progress of jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..core.world import Row, World

__all__ = ["SECTIONS", "count_text", "event", "section", "status_colour"]


class Section(NamedTuple):
    """A section of a part: its title, its tables, and the members that its rows have."""

    title: str
    tables: tuple[str, ...]
    members: Mapping[str, Any] = MappingProxyType({})


SECTIONS = {
    "linodes": [Section("Linodes", ("Linode",))],
    "volumes": [Section("Volumes", ("Volume",))],
    "networks": [
        Section("VPCs", ("VPC",)),
        Section("Firewalls", ("Firewall",)),
        Section("NodeBalancers", ("NodeBalancer",)),
    ],
    "domains": [Section("Domains", ("Domain",))],
    "others": [
        Section("Databases", ("MySQLDatabase", "PostgreSQLDatabase", "ValkeyDatabase")),
        Section("Kubernetes clusters", ("LKECluster",)),
        Section("Buckets", ("ObjectStorageBucket",)),
        Section("Images", ("Image",), {"is_public": False}),
    ],
}
"""The sections of each part that shows objects."""
NEWEST = 6
"""Number of objects of a section that the page shows."""
GOOD = ("running", "active", "ready", "available", "enabled", "finished", "notification", "provisioned")
BAD = ("failed", "contact_support", "error")
QUIET = ("offline", "disabled", "stopped", "suspended")


def section(world: World, shown: Section) -> dict[str, Any]:
    """The number of the rows of *shown*, that of each status, and the newest rows."""
    statuses: Counter[str] = Counter()
    newest: list[Row] = []
    count = 0
    for table in shown.tables:
        rows = world.read(table, **shown.members)
        count += len(rows)
        newest += rows[-NEWEST:]
        for status in rows.values("status"):
            statuses[str(status)] += len(world.read(table, status=status, **shown.members))
    newest.reverse()  # the order of rows that were made in the same second
    newest.sort(key=lambda row: str(row.get("created")), reverse=True)
    return {
        "title": shown.title,
        "count": count,
        "statuses": sorted((status, number) for status, number in statuses.items() if number),
        "rows": [_shown(world, row) for row in newest[:NEWEST]],
    }


def _shown(world: World, row: Row) -> dict[str, Any]:
    details = DETAILS.get(row["_kind"], _plain)(world, row)
    return {
        "id": world.id_of(row),
        "name": row.get("label") or row.get("domain") or "",
        "status": row.get("status") or "",
        "details": ", ".join(str(each) for each in details if each),
        "jobs": [event(world, each) for id in row.get("_busy", []) for each in world.read("Event", id=id)],
    }


def _plain(_world: World, row: Row) -> list[Any]:
    return [row.get(name) for name in ("engine", "type", "k8s_version", "region")]


def _linode(_world: World, row: Row) -> list[Any]:
    return [row["type"], row["region"], *row["ipv4"][:1], row["image"]]


def _volume(_world: World, row: Row) -> list[Any]:
    attached = f"attached to {row['linode_label'] or row['linode_id']}" if row["linode_id"] else "not attached"
    return [f"{row['size']} GB", row["region"], attached]


def _domain(world: World, row: Row) -> list[Any]:
    return [row["type"], count_text(len(world.read("DomainRecord", row)), "record")]


def _vpc(world: World, row: Row) -> list[Any]:
    return [row["region"], count_text(len(world.read("VPCSubnet", row)), "subnet")]


DETAILS: dict[str, Callable[[World, Row], list[Any]]] = {
    "Linode": _linode,
    "Volume": _volume,
    "Domain": _domain,
    "VPC": _vpc,
}


def event(world: World, row: Row) -> dict[str, Any]:
    """The members of an event that the page shows, with the progress of its job."""
    found = world.events.progress(dict(row))
    return {
        "time": found["created"].partition("T")[2],
        "action": found["action"],
        "entity": (found.get("entity") or {}).get("label") or "",
        "status": found["status"],
        "percent": found["percent_complete"] if found["status"] in ("scheduled", "started") else None,
        "message": found.get("message") or "",
    }


def status_colour(status: str) -> str:
    """The colour of a *status*."""
    for colour, words in (("good", GOOD), ("bad", BAD), ("quiet", QUIET)):
        if status in words:
            return colour
    return "busy"


def count_text(count: int, noun: str) -> str:
    """The *count* with the *noun*, in the singular or the plural."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
