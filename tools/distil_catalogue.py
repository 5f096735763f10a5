"""Write the sandbox's catalogue from recorded lists of what exists on Linode.

    python tools/distil_catalogue.py catalogue.json catalogue_more.json v4.json

The first is a JSON object of lists by API path; of the second only the parameters of database engines, the ranges of
VPCs, the alert definitions and channels of the system and the roles of users are taken, and of the third, the API's
facts, the bounds of those that nobody has recorded. Dates and addresses are masked in the recording; plausible ones are
made up here, the same at every run.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src" / "linode" / "sandbox" / "core" / "catalogue.json"
MASKED_DATE = "2018-01-02T03:04:05"
MASKED_IPV4 = "192.0.2.0"
MASKED_IPV6 = "1234::5678"
KERNEL_YEARS = {"2": 2008, "3": 2011, "4": 2015, "5": 2019, "6": 2022}
VPC_RANGES = "/vpcs/default-ranges"
ALERTS, CHANNELS = "/monitor/alert-definitions", "/monitor/alert-channels"
ROLES, PERMISSIONS = "/iam/role-permissions", "/iam/users/{username}/permissions/account"
# What older recordings of an object lack, at the value that today's API would show.
COMPLETED: dict[str, dict[str, Any]] = {
    "/images": {"tags": [], "regions": None, "capabilities": [], "is_shared": False, "image_sharing": None},
    "/linode/types": {"accelerated_devices": 0},
    ALERTS: {"description": "", "group_by": [], "created": MASKED_DATE, "updated": MASKED_DATE},
    CHANNELS: {"created": MASKED_DATE, "updated": MASKED_DATE},
}


def number(*words: object) -> int:
    """A number that looks random and is the same for the same words."""
    return int.from_bytes(hashlib.sha256(repr(words).encode()).digest()[:6])


def moment(year: int, span_days: int, *words: object) -> str:
    """A moment in the *span_days* from the beginning of *year*."""
    found = datetime(year, 1, 1, tzinfo=UTC) + timedelta(seconds=number(*words) % (span_days * 86_400))
    return found.strftime("%Y-%m-%dT%H:%M:%S")


def date(path: str, row: dict[str, Any], key: str) -> str:
    """A plausible date for the member *key* of *row*."""
    if key == "built":
        major, _, rest = row["version"].partition(".")
        year = KERNEL_YEARS.get(major, 2010) + min(int(rest.split(".")[0] or 0) // 7, 3)
        return moment(year, 365, row["id"])
    if key == "eol":
        return moment(2020 if row["deprecated"] else 2028, 1400, row["id"], key)
    if key == "updated":
        start = datetime.fromisoformat(row["created"])
        return (start + timedelta(seconds=number(row["id"], key) % 8_000_000)).isoformat(timespec="seconds")
    return moment(2016 if row.get("deprecated") else 2021, 1400, path, row["id"])


def addresses(text: str, *words: object) -> str:
    """*text* with its masked addresses replaced, each by another one from a range set apart for documentation."""
    found = []
    for at, each in enumerate(text.split(",")):
        bare = each.strip()
        if bare == MASKED_IPV4:
            bare = f"203.0.113.{number('4', *words) % 200 + at + 2}"
        elif bare == MASKED_IPV6:
            bare = f"2001:db8:{number('6', *words) % 0xFFFF:x}::{at + 2:x}"
        found.append(bare)
    return ",".join(found)


def network(text: str, counter: Iterator[int]) -> str:
    """The network *text*, another one in its place when it is masked."""
    address, _, prefix = text.partition("/")
    if address == MASKED_IPV6:
        return "::/0" if prefix == "0" else f"2001:db8:ffff::{next(counter):x}/{prefix}"
    if address == MASKED_IPV4:
        return f"198.51.100.{next(counter) * 2}/{prefix}"
    return text


def unmask(path: str, row: dict[str, Any]) -> dict[str, Any]:
    """*row* with invented values for everything that is masked."""
    row = {**COMPLETED.get(path, {}), **row}
    for key in sorted(row):
        if row[key] == MASKED_DATE:
            row[key] = date(path, row, key)
    if path == ALERTS:
        row["_service"] = row["service_type"]
    if path == "/regions":
        row["resolvers"] = {kind: addresses(text, row["id"]) for kind, text in row["resolvers"].items()}
    if path == VPC_RANGES:
        forbidden = row["forbidden_ipv4_ranges"]
        row["forbidden_ipv4_ranges"] = [each for each in forbidden if not each.startswith(MASKED_IPV4)]
    if path == "/networking/firewalls/templates":
        counter = iter(range(1, 120))
        for rule in row["rules"]["inbound"] + row["rules"]["outbound"]:
            rule["addresses"] = {
                kind: [network(each, counter) for each in found] for kind, found in rule["addresses"].items()
            }
    return row


def distil(recorded: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The catalogue: every list, whole objects only."""
    names = ("region", "plan", "available")
    found: dict[str, list[Any]] = {}
    for path, rows in recorded.items():
        objects: list[dict[str, Any]] = [
            dict(zip(names, row, strict=True)) if isinstance(row, list) else row for row in rows
        ]
        found[path] = [unmask(path, row) for row in objects]
    return found


def parameters(config: dict[str, Any], section: str = "") -> Iterator[dict[str, Any]]:
    """The parameters of a database engine in *config*, each with its section; one without a type is a section."""
    for name, each in config.items():
        if "type" in each:
            yield {"section": section, "name": name, **each}
        else:
            yield from parameters(each, name)


def inferred(properties: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an engine, in the form of a recording, as the types of what a database takes tell them."""
    names = {"min": "minimum", "max": "maximum", "enum": "enum"}
    found: dict[str, Any] = {}
    for name, each in properties.items():
        if "properties" in each:
            found[name] = inferred(each["properties"])
        else:
            known = {key: each[fact] for fact, key in names.items() if fact in each}
            kind = ["null", each["type"]] if each.get("nullable") else each["type"]
            found[name] = {**known, "requires_restart": False, "type": kind, "inferred": True}
    return found


def completed(recorded: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The parameters *recorded*, and behind them those that are *known* and were not recorded."""
    found = dict(recorded)
    for name, each in known.items():
        found[name] = completed(found.get(name, {}), each) if "type" not in each else found.get(name, each)
    return found


def main() -> None:
    """Read the recordings that are named and write the catalogue, one object a line."""
    source, more, facts = (json.loads(Path(name).read_text()) for name in sys.argv[1:])
    lists = distil({**source, VPC_RANGES: [more[VPC_RANGES]], ALERTS: more[ALERTS], CHANNELS: more[CHANNELS]})
    lists[ROLES] = [{"access": access, **each} for access, found in more[ROLES].items() for each in found]
    lists[PERMISSIONS] = [{"id": each} for each in more[PERMISSIONS]]
    for engine in ("MySQL", "PostgreSQL", "Valkey"):
        path = f"/databases/{engine.lower()}/config"
        known = inferred(facts["schemas"][f"Database{engine}EngineConfig"]["properties"])
        lists[path] = [*parameters(completed(more.get(path, {}), known))]
    parts = []
    for path, rows in lists.items():
        lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
        parts.append(f"{json.dumps(path)}:[\n{lines}\n]")
    TARGET.write_text("{" + ",\n".join(parts) + "}\n")


if __name__ == "__main__":
    main()
