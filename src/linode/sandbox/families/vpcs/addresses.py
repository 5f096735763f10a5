"""Addresses in VPCs: taken for interfaces, NodeBalancers and databases, and given back.

Each address, and each range, in use has a row, a `VPCIPAddress`. It belongs to the row that it was taken for (an
interface, a NodeBalancer, a database) and goes when that is removed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from linode.api.linodes.configs import ConfigInterface
from linode.api.linodes.linode import Linode
from linode.api.vpcs.addresses import VPCIPAddress
from linode.api.vpcs.subnets import VPCSubnet
from linode.api.vpcs.vpcs import VPC, VPCsMixin
from linode.sandbox.core.kind import Access, Kind, Storage
from linode.sandbox.engine.registry import Refused, Row, World, on

from .ranges import AUTO, Network, first_gap, network_at, network_of, place_ipv6

__all__ = [
    "addresses_of",
    "clear_nat",
    "has_room",
    "release",
    "subnet_of",
    "take_address",
    "take_ipv6_range",
    "take_range",
    "users_of",
]

READ = ("ips:read_only",)
on.kind(
    Kind(
        of=VPCIPAddress,
        storage=Storage(id_key="_id", held=True),
        access=Access(scopes={VPC.ips: READ, VPC.ipv6s: READ}),
    )
)

RESERVED = 2
"""Addresses at the beginning of a subnet that nothing gets: its own, and the gateway's."""
NO_ROOM = "The subnet has no free addresses left"  # own words
OF_IPV6 = ("ipv6_range", "ipv6_is_public", "ipv6_addresses")


# -- lists -----------------------------------------------------------------------------------------------------------


@on(VPCsMixin.get_vpc_ips)
def ips(world: World) -> Sequence[Row]:
    """All IPv4 addresses and ranges in use."""
    return world.read(VPCIPAddress, _version=4)


@on(VPCsMixin.get_vpc_ipv6s)
def ipv6s(world: World) -> Sequence[Row]:
    """All IPv6 ranges in use."""
    return world.read(VPCIPAddress, _version=6)


@on(VPC.ips)
def ips_of(world: World, vpc: Row) -> Sequence[Row]:
    """List the IPv4 addresses of a VPC."""
    return world.read(VPCIPAddress, vpc_id=vpc["id"], _version=4)


@on(VPC.ipv6s)
def ipv6s_of(world: World, vpc: Row) -> Sequence[Row]:
    """List the IPv6 addresses of a VPC."""
    return world.read(VPCIPAddress, vpc_id=vpc["id"], _version=6)


@on.show(VPCIPAddress, "active", *OF_IPV6)
def _show(world: World, row: Row) -> Row:
    """Whether it is in use is asked of what has it; IPv4 lists lack the members of IPv6."""
    row["active"] = _active(world, row)
    return row if row["_version"] == 6 else {name: row[name] for name in row if name not in OF_IPV6}


def _active(world: World, row: Row) -> bool:
    """Whether the Linode runs with the interface; NodeBalancers and databases always use what they have."""
    if row["config_id"] is not None:
        return bool(world.get(ConfigInterface, row["interface_id"])["active"])
    return row["linode_id"] is None or world.get(Linode, row["linode_id"])["status"] == "running"


def users_of(world: World, subnet: Row) -> Row:
    """The Linodes, databases and NodeBalancers with addresses in *subnet*, as the subnet shows them."""
    rows = world.rows(VPCIPAddress, subnet_id=subnet["id"])
    linodes: dict[int, dict[int, Row]] = {}
    for each in rows:
        if each["linode_id"] is not None:
            interface = {"id": each["interface_id"], "active": _active(world, each), "config_id": each["config_id"]}
            linodes.setdefault(each["linode_id"], {})[each["interface_id"]] = interface
    found: Row = {"linodes": [{"id": id, "interfaces": [*all_.values()]} for id, all_ in linodes.items()]}
    for name, member in (("databases", "database_id"), ("nodebalancers", "nodebalancer_id")):
        ranges = [each for each in rows if each[member] is not None]
        found[name] = [
            {"id": id, **_ranges([each for each in ranges if each[member] == id])}
            for id in dict.fromkeys(each[member] for each in ranges)
        ]
    return found


def _ranges(rows: Iterable[Row]) -> Row:
    """The addresses of a NodeBalancer or a database in a subnet; ``ipv6_ranges`` is left out without IPv6."""
    ipv4 = [each["address_range"] or f"{each['address']}/32" for each in rows if each["_version"] == 4]
    ipv6 = [{"range": each["ipv6_range"]} for each in rows if each["_version"] == 6]
    return {"ipv4_range": ipv4[0] if ipv4 else "", **({"ipv6_ranges": ipv6} if ipv6 else {})}


# -- taking ----------------------------------------------------------------------------------------------------------


def subnet_of(
    world: World, subnet_id: int | None, region: str, field: str = "subnet_id", *, vpc_type: str = "regular"
) -> Row:
    """The subnet of that ID, of a VPC of *vpc_type* in *region*. Raises `Refused` when there is no such subnet."""
    found = None if subnet_id is None else world.find(VPCSubnet, subnet_id)
    vpc = None if found is None else world.parent(found)
    if found is None or vpc is None or vpc["region"] != region or vpc["vpc_type"] != vpc_type:
        raise Refused("subnet_id is not valid", field=field)
    return found


def take_address(
    world: World,
    subnet: Row,
    holder: Row,
    wanted: str | None = None,
    *,
    field: str | None = None,
    nat: str | None = None,
    avoid: Iterable[str | None] = (),
    **ids: int | None,
) -> Row:
    """Take an IPv4 address of *subnet* for the row *holder*: the one *wanted*, or the first free one, .2 at first.

    *ids* are the members with the owner's ID (``nodebalancer_id=5``), *nat* the public address translated to it.
    *avoid* are addresses that the same request names, which are not chosen as the first free one. Raises `Refused`,
    naming *field*, if the address is not free.
    """
    if wanted in (None, AUTO):
        network = _first_address(world, subnet, field, avoid)
    else:
        network = _place(world, subnet, 32, wanted, field, avoid)
    return _add(world, subnet, holder, address=str(network.network_address), nat_1_1=nat, **ids)


def take_range(
    world: World,
    subnet: Row,
    prefix: int | None,
    holder: Row,
    wanted: str | None = None,
    *,
    field: str | None = None,
    avoid: Iterable[str | None] = (),
    **ids: int | None,
) -> Row:
    """Take an IPv4 range of *subnet*, all of it free, for the row *holder*; returns its row, with ``address_range``.

    It is the range *wanted* (``10.0.0.4/30``), of *prefix* bits or of any number for None, or the first that is free.
    *ids* are the members with the owner's ID (``nodebalancer_id=5``), *avoid* is as in `take_address`. Raises
    `Refused`, naming *field*.
    """
    network = _place(world, subnet, prefix, wanted, field, avoid)
    return _add(world, subnet, holder, address_range=str(network), **ids)


def has_room(world: World, subnet: Row) -> bool:
    """Whether *subnet* has a free IPv4 address."""
    first, last, used = _bounds(world, subnet)
    return first_gap(first, last, 1, used) is not None


def _bounds(world: World, subnet: Row) -> tuple[int, int, list[Network]]:
    """The first and the last IPv4 address that *subnet* can give, as numbers, and the networks in use."""
    whole = ipaddress.IPv4Network(subnet["ipv4"])
    used = [_network(each) for each in world.read(VPCIPAddress, subnet_id=subnet["id"], _version=4)]
    return int(whole[0]) + RESERVED, int(whole[-1]) - 1, used


def _first_address(world: World, subnet: Row, field: str | None, avoid: Iterable[str | None]) -> Network:
    """The first free address of *subnet*, besides those to *avoid*.

    ``_free`` of the subnet is an address with none free below it, and the number of rows when that was so.
    """
    whole, count = ipaddress.IPv4Network(subnet["ipv4"]), len(_rows_of(world, subnet))
    last = int(whole[-1]) - 1
    low, known = subnet.get("_free", (0, -1))
    if known != count:
        first, last, used = _bounds(world, subnet)
        low = first_gap(first, last, 1, used) or last + 1
    ranges = [_network(each) for each in world.read(VPCIPAddress, address=None, subnet_id=subnet["id"], _version=4)]

    def is_free(number: int) -> bool:
        address = ipaddress.IPv4Address(number)
        return not (
            any(address in each for each in ranges)
            or world.read(VPCIPAddress, address=str(address), subnet_id=subnet["id"])
        )

    low = next((each for each in range(low, last + 1) if is_free(each)), last + 1)
    subnet["_free"] = [low, count]
    shunned = _networks(avoid, 4)
    for each in range(low, last + 1):
        found = ipaddress.IPv4Network((each, 32))
        if not any(found.overlaps(other) for other in shunned) and is_free(each):
            return found
    raise Refused(NO_ROOM, field=field)


def _rows_of(world: World, subnet: Row) -> Sequence[Row]:
    return world.read(VPCIPAddress, subnet_id=subnet["id"])


def _place(
    world: World, subnet: Row, prefix: int | None, wanted: str | None, field: str | None, avoid: Iterable[str | None]
) -> Network:
    """The free network of *subnet* that is *wanted*, or the first of *prefix* bits (None: of one address)."""
    first, last, used = _bounds(world, subnet)
    if wanted is None:
        start = first_gap(first, last, 1 << (32 - (prefix or 32)), [*used, *_networks(avoid, 4)])
        if start is None:
            raise Refused(NO_ROOM, field=field)
        return ipaddress.IPv4Network((start, prefix or 32))
    found = network_of(wanted, 4)
    if found is None or prefix not in (None, found.prefixlen):
        what = "address" if prefix == 32 else f"network with /{prefix}" if prefix else "network"
        raise Refused(f"Must be an IPv4 {what}", field=field)  # own words
    if int(found[0]) < first or int(found[-1]) > last:
        raise Refused("Must not hold the first two addresses of the subnet or its last", field=field)  # own words
    if any(each.overlaps(found) for each in used):
        raise Refused("Address is in use", field=field)  # own words
    return found


def take_ipv6_range(
    world: World,
    subnet: Row,
    holder: Row,
    wanted: str | None = None,
    *,
    field: str | None = None,
    public: bool = False,
    slaac: int | None = None,
    avoid: Iterable[str | None] = (),
    **ids: int | None,
) -> Row:
    """Take an IPv6 range of *subnet* for the row *holder*: ``auto``, ``/64`` alone, or a range as it is *wanted*.

    *slaac* is the second half of the address that the holder makes for itself in the range; *avoid* is as in
    `take_address`. The row has the range as ``ipv6_range``. Raises `Refused`, naming *field*, when the subnet has no
    IPv6, or not that range free.
    """
    if not subnet["ipv6"]:
        raise Refused("The subnet has no IPv6", field=field)  # own words
    used = [_network(each) for each in world.read(VPCIPAddress, subnet_id=subnet["id"], _version=6)]
    if network_of(wanted or "", 6) is None:
        used += _networks(avoid, 6)
    found = place_ipv6(subnet["ipv6"][0]["range"], wanted, used, 64, (64, 64), field)
    made = [] if slaac is None else [{"slaac_address": str(found[slaac])}]
    shown = {"ipv6_range": str(found), "ipv6_is_public": public, "ipv6_addresses": made}
    return _add(world, subnet, holder, 6, **shown, **ids)


def _networks(texts: Iterable[str | None], version: int) -> list[Network]:
    """The networks that *texts* write; those that write none are left out."""
    return [found for each in texts if each and (found := network_of(each, version)) is not None]


def _network(row: Row) -> Network:
    return network_at(row["ipv6_range"] or row["address_range"] or row["address"])


def _add(world: World, subnet: Row, holder: Row, version: int = 4, /, **members: Any) -> Row:
    vpc, network = world.parent(subnet), ipaddress.IPv4Network(subnet["ipv4"])
    low, known = subnet.pop("_free", (0, -1))
    if known == (count := len(_rows_of(world, subnet))):  # no address was given back since
        subnet["_free"] = [low, count + 1]
    of_ipv4 = {"gateway": str(network[1]), "prefix": network.prefixlen, "subnet_mask": str(network.netmask)}
    of_ipv6 = {"gateway": None, "prefix": 64, "subnet_mask": "", "nat_1_1": ""}
    return world.add(
        VPCIPAddress,
        **{**(of_ipv4 if version == 4 else of_ipv6), **members},
        vpc_id=vpc["id"],
        subnet_id=subnet["id"],
        region=vpc["region"],
        _version=version,
        _holder=world.holder(holder),
    )


# -- giving back -----------------------------------------------------------------------------------------------------


def addresses_of(world: World, holder: Row) -> list[Row]:
    """The rows of what *holder* has, in the order in which it was taken."""
    return world.rows(VPCIPAddress, _holder=world.holder(holder))


def release(world: World, holder: Row) -> None:
    """Give back all that *holder* has; its removal does so too."""
    for each in addresses_of(world, holder):
        world.remove(each)


def clear_nat(world: World, address: str) -> list[Row]:
    """The public *address* is translated to none of a VPC any longer; returns the rows that had it."""
    rows = world.rows(VPCIPAddress, nat_1_1=address)
    for each in rows:
        each["nat_1_1"] = None
    return rows
