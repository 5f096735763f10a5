"""Rows of databases: where they live, and what their members are made of."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linode.api.databases.catalogue import DatabaseEngine

from ...engine.registry import Refused, Row, World, job
from ..vpcs.addresses import release, subnet_of, take_address

__all__ = [
    "DAY",
    "FULL_VERSIONS",
    "activate",
    "allowed_ranges",
    "backups",
    "check_active",
    "disk_size",
    "engine_version",
    "finish_event",
    "move_to_subnet",
    "password",
    "shown",
    "size_reasons",
]

DAY = 24 * 3600
FULL_VERSIONS = {
    "8": "8.0.35",
    "13": "13.20",
    "14": "14.17",
    "15": "15.12",
    "16": "16.8",
    "17": "17.4",
    "8.1": "8.1.10",
    "9.0": "9.0.4",
}
"""Versions that active databases have: 8.0.35, 17.4 and 8.1.10 (Valkey) are on record, the others are guesses."""
KEPT = 7
"""Daily backups that are kept."""
CIDR = re.compile(r"([0-9]{1,3}\.){3}[0-9]{1,3}(/([0-9]|[1-2][0-9]|3[0-2]))?")


def check_active(row: Row) -> None:
    """Raise a refusal unless the database is active."""
    if row["status"] != "active":
        # Refused for certain, in words of the sandbox's own.
        raise Refused(f"The database must be active; it is {row['status']}")


def size_reasons(kind: Row, engine: str, size: int) -> list[tuple[str, str | None]]:
    """The reason against *size* nodes, where databases of the type *kind* do not come in that number."""
    prices = kind["engines"].get(engine) or kind["engines"]["mysql"]  # a guess: the types tell no price of Valkey
    sizes = [each["quantity"] for each in prices]
    if size in sizes:
        return []
    return [(f"Must be one of {', '.join(map(str, sizes))}", "cluster_size")]  # a guess at the words


def password(world: World) -> str:
    """A password that nobody had before."""
    return world.hex(24)


def shown(world: World, row: Row) -> Row:
    """The copy *row* of a database as it is shown: its backups move with the clock.

    MySQL and PostgreSQL show the oldest one, Valkey all, and no ``fork`` where there is none.
    """
    restorable = backups(world, row)
    if row["engine"] == "valkey":
        absent = {"oldest_restore_time", *(["fork"] if row.get("fork") is None else [])}
        return {**{key: row[key] for key in row if key not in absent}, "available_restore_times": restorable}
    return {**row, "oldest_restore_time": restorable[0] if restorable else None}


def disk_size(kind: Row, engine: str) -> int:
    """The disk size in GB of a database of the type *kind*; Valkey, whose data are in memory, shows none."""
    return 0 if engine == "valkey" else int(kind["disk"] // 1024)


def engine_version(world: World, row: Row) -> str:
    """The version of the engine of the database *row*, as the list of engines has it: ``8.1`` of ``8.1.10``."""
    known: list[str] = [each["version"] for each in world.read(DatabaseEngine, engine=row["engine"])]
    return next(each for each in known if f"{row['version']}.".startswith(f"{each}."))


def allowed_ranges(addresses: Iterable[str]) -> list[str]:
    """The ranges of an allow list, in order: a single address is the range ``/32``. Raises `Refused`."""
    found = []
    for each in addresses:
        try:
            if CIDR.fullmatch(each) is None:
                raise ValueError(each)
            found.append(ipaddress.IPv4Network(each, strict=False))
        except ValueError:
            # These words are on record in other people's tests alone.
            raise Refused("Invalid CIDR format", field="allow_list") from None
    return [str(each) for each in sorted(found)]


def nodes(world: World, row: Row) -> dict[str, str]:
    """Addresses of the nodes, with their roles."""
    roles = ["primary", *["failover"] * (row["cluster_size"] - 1)]
    return {world.addresses.ipv4(row["region"]): role for role in roles}


def backups(world: World, row: Row) -> list[str]:
    """The times to which the data can be restored, oldest first: daily, which is a guess.

    Valkey was recorded with one minutes after it was active, MySQL and PostgreSQL with none at first.
    """
    if row.get("_since") is None:
        return []
    first, made = 0 if row["engine"] == "valkey" else 1, int((world.now - row["_since"]) // DAY)
    return [world.stamp(row["_since"] + day * DAY - world.now) for day in range(max(first, made - KEPT + 1), made + 1)]


# -- networks --------------------------------------------------------------------------------------------------------


def move_to_subnet(world: World, row: Row, network: Mapping[str, Any] | None) -> None:
    """Put the database into a subnet, where it takes an address, or out of any; its host names change accordingly.

    That it takes one address, whatever the number of its nodes, is a guess. Raises `Refused`.
    """
    release(world, row)
    row["private_network"] = None
    if network is not None:
        wanted = {"public_access": False, **network}
        subnet = subnet_of(world, wanted.get("subnet_id"), row["region"], "private_network.subnet_id")
        vpc_id = world.parent(subnet)["id"]
        if wanted.get("vpc_id", vpc_id) != vpc_id:
            raise Refused("vpc_id is not valid", field="private_network.vpc_id")
        take_address(world, subnet, row, field="private_network.subnet_id", database_id=row["id"])
        ids = {"vpc_id": vpc_id, "subnet_id": subnet["id"]}
        row["private_network"] = {**ids, "public_access": wanted["public_access"]}
    row["hosts"] = hosts(row)


def hosts(row: Row) -> Row:
    """The host names of the database *row*. Beside ``a<id>`` and ``replica-a<id>`` they are guesses."""
    network = row["private_network"]
    public = network is None or network["public_access"]
    name = f"a{row['id']}-akamai-prod-1-default.g2a.akamaidb.net"
    named = {"primary": name if public else f"private-{name}"}
    if row["cluster_size"] > 1:
        named["standby"] = f"replica-{name}" if public else f"private-replica-{name}"
    ports = [("", row["port"])]
    if "connection_pool_port" in row:
        ports.append(("-connection-pool", row["connection_pool_port"]))
    endpoints: Sequence[Row] = [
        {"address": address, "port": port, "public_access": public, "role": f"{role}{suffix}"}
        for role, address in named.items()
        for suffix, port in ports
    ]
    absent = {} if row["engine"] == "valkey" else {"secondary": None, "standby": None}
    return {**absent, **named, "endpoints": endpoints}


# -- jobs ------------------------------------------------------------------------------------------------------------


def finish_event(event: Row, seconds: float = 0) -> Row:
    """The *event* has finished after that many *seconds*."""
    event |= {"status": "finished", "percent_complete": 100, "duration": seconds}
    return event


@job("databases.activate")
def activate(world: World, row: Row) -> None:
    """The database is active, with all of its nodes."""
    row |= {"status": "active", "updated": world.stamp()}
    if len(row["members"]) != row["cluster_size"]:
        row["members"] = nodes(world, row)
    row["hosts"] = hosts(row)
