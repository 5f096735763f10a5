"""The network interfaces that belong to a Linode itself, which is off while they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linode.api.linodes.interfaces import InterfaceSettings, LinodeInterface
from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..networking.firewalls import detach_all, firewalls_of
from ..networking.shares import forget
from ..vpcs.addresses import release
from .interface_rows import (
    FAMILIES,
    NOT_IN_CONFIGS,
    add_interface,
    history_of,
    public_of,
    record_history,
    routable,
    route_through,
    vpc_of,
)
from .ip_rows import remove_address
from .power import will_run
from .rows import settings

MAX_INTERFACES = 3
POWERED_OFF = "Linode must be powered off before its interfaces can be changed"  # own words


@on(Linode.interfaces)
def interfaces(world: World, linode: Row) -> Row:
    """All of them, in an envelope of their own."""
    return {"interfaces": world.rows(LinodeInterface, linode)}


@on(Linode.interface_history)
def history(_world: World, linode: Row) -> list[Row]:
    """Every version that any of them has had."""
    return history_of(linode)


@on(LinodeInterface.firewalls)
def firewalls(world: World, interface: Row) -> list[Row]:
    """The firewalls in front of one."""
    return firewalls_of(world, interface)


def refuse_unless_off(world: World, linode: Row) -> None:
    """Raise a refusal unless *linode* has interfaces of its own and is off, or will be after the jobs that it has.

    The vendor's tests change interfaces right after a creation without a boot, and right after a shutdown is asked for.
    """
    if linode["interface_generation"] != "linode":
        raise Refused(NOT_IN_CONFIGS)
    if will_run(world, linode):
        raise Refused(POWERED_OFF)


@on.create(LinodeInterface, unchecked=("firewall_id",))
def create(world: World, linode: Row, **options: Any) -> Row:
    """Add one; a Linode leads to the internet once at most."""
    refuse_unless_off(world, linode)
    others = world.rows(LinodeInterface, linode)
    if len(others) >= MAX_INTERFACES:
        raise Refused(f"A Linode has at most {MAX_INTERFACES} interfaces")  # own words
    if options.get("public") is not None and any(each["public"] for each in others):
        raise Refused("A Linode has at most one public interface", field="public")  # own words
    return add_interface(world, linode, **options)


@on.update(LinodeInterface)
def update(
    world: World,
    interface: Row,
    default_route: Mapping[str, Any] | None = None,
    public: Mapping[str, Any] | None = None,
    vpc: Mapping[str, Any] | None = None,
    **others: Any,
) -> Row:
    """Change its addresses, its subnet or the default routes; what kind it is stays."""
    linode = world.parent(interface)
    refuse_unless_off(world, linode)
    _refuse_leading_elsewhere(interface, {"public": public, "vpc": vpc, **others})
    if public is not None:
        _set_public(world, linode, interface, _named_ranges(public, "ipv6"))
    if vpc is not None:
        _set_vpc(world, linode, interface, _named_ranges(vpc, "ipv4"))
    if default_route is not None:
        _set_routes(world, linode, interface, default_route)
    return _changed(world, linode, interface)


def _named_ranges(wanted: Mapping[str, Any], family: str) -> Mapping[str, Any]:
    """*wanted* without the ranges of *family* that are null: that such an entry asks for no range is a guess."""
    addresses = wanted.get(family) or {}
    if "ranges" not in addresses:
        return wanted
    return {**wanted, family: {**addresses, "ranges": [each for each in addresses["ranges"] if each.get("range")]}}


def _refuse_leading_elsewhere(interface: Row, wanted: Mapping[str, Any]) -> None:
    for name in ("vpc", "rdma_vpc"):
        # No record shows which members of an RDMA interface can change.
        if wanted.get(name) not in (None, interface[name]) and (interface[name] is None or name == "rdma_vpc"):
            raise Refused("subnet_id is not valid", field=f"{name}.subnet_id")
    if wanted.get("vlan") not in (None, interface["vlan"]):
        raise Refused("VLAN interfaces cannot be updated", field="vlan")  # own words
    if wanted["public"] is not None and interface["public"] is None:
        raise Refused("The interface does not lead to the internet", field="public")  # own words


def _set_public(world: World, linode: Row, interface: Row, wanted: Mapping[str, Any]) -> None:
    """The addresses that are *wanted*, or those that it has; the others are taken off the Linode."""
    ipv4 = wanted.get("ipv4") or {}
    kept = ipv4["addresses"] if ipv4.get("addresses") is not None else interface["public"]["ipv4"]["addresses"]
    both = {"ipv4": {"addresses": kept}, "ipv6": wanted.get("ipv6")}
    interface["public"] = public_of(world, linode, interface, both, "public.")
    named = {each["address"] for each in interface["public"]["ipv4"]["addresses"]}
    for each in _addresses(world, interface):
        if each["type"] == "ipv4" and each["address"] not in named:
            remove_address(world, each)


def _set_vpc(world: World, linode: Row, interface: Row, wanted: Mapping[str, Any]) -> None:
    """The subnet and the addresses that are *wanted*, or those that it has; in another subnet it gets new ones."""
    before = interface["vpc"]
    both: Row = {"subnet_id": wanted.get("subnet_id", before["subnet_id"])}
    moved = both["subnet_id"] != before["subnet_id"]
    for family in FAMILIES:
        sent = wanted.get(family) or {}
        # Ranges of the old subnet mean nothing in the new one, though clients send them along.
        both[family] = {} if moved and sent == before[family] else {**({} if moved else before[family]), **sent}
    release(world, interface)
    interface["vpc"] = vpc_of(world, linode, interface, both, "vpc.")
    translated = {each["nat_1_1_address"] for each in interface["vpc"]["ipv4"]["addresses"]}
    for each in _addresses(world, interface):
        if each["address"] not in translated:
            remove_address(world, each)


def _addresses(world: World, interface: Row) -> list[Row]:
    return world.rows(IPAddress, interface_id=interface["id"])


def _set_routes(world: World, linode: Row, interface: Row, wanted: Mapping[str, Any]) -> None:
    if any(wanted.get(family) and family not in routable(interface) for family in FAMILIES):
        raise Refused("The default route cannot go through this interface", field="default_route")  # own words
    route_through(world, linode, interface, {family: bool(wanted.get(family)) for family in FAMILIES})
    for family in FAMILIES:
        if wanted.get(family) is False:
            interface["default_route"][family] = False


def _changed(world: World, linode: Row, interface: Row) -> Row:
    interface |= {"version": interface["version"] + 1, "updated": world.stamp()}
    record_history(world, linode, interface, world.events.notify("interface_update", linode, interface))
    return interface


@on.delete(LinodeInterface)
def delete(world: World, interface: Row) -> None:
    """Take it away with its firewalls; the Linode keeps the addresses: the vendor's tests give them to the next one."""
    linode = world.parent(interface)
    refuse_unless_off(world, linode)
    if interface["public"] is not None:
        forget(world, linode)
    for each in _addresses(world, interface):
        each["interface_id"] = None
    detach_all(world, interface)
    world.events.notify("interface_delete", linode, interface)
    world.remove(interface)


# -- what holds for all together -------------------------------------------------------------------------------------


@on.get(InterfaceSettings)
def get_settings(world: World, linode: Row) -> Row:
    """Network Helper, and through which interfaces the default routes go."""
    if linode["interface_generation"] != "linode":
        raise Refused(NOT_IN_CONFIGS)
    helper = linode.get("_network_helper")
    routes: Row = {}
    for family in FAMILIES:
        eligible = _eligible(world, linode, family)
        through = (each["id"] for each in eligible if each["default_route"].get(family))
        routes[f"{family}_interface_id"] = next(through, None)
        routes[f"{family}_eligible_interface_ids"] = [each["id"] for each in eligible]
    return {
        "network_helper": settings(world)["network_helper"] if helper is None else helper,
        "default_route": routes,
    }


def _eligible(world: World, linode: Row, family: str) -> list[Row]:
    """The interfaces through which the default route of *family* can go."""
    return [each for each in world.rows(LinodeInterface, linode) if family in routable(each)]


@on.update(InterfaceSettings)
def update_settings(
    world: World, linode: Row, network_helper: bool | None = None, default_route: Mapping[str, Any] | None = None
) -> Row:
    """Change them."""
    refuse_unless_off(world, linode)
    if network_helper is not None:
        linode["_network_helper"] = network_helper
    for family in FAMILIES:
        name = f"{family}_interface_id"
        if default_route is not None and name in default_route:
            _route(world, linode, family, default_route[name], f"default_route.{name}")
    return get_settings(world, linode)


def _route(world: World, linode: Row, family: str, interface_id: int | None, field: str) -> None:
    eligible = {each["id"]: each for each in _eligible(world, linode, family)}
    if interface_id is not None and interface_id not in eligible:
        raise Refused(f"{field.rpartition('.')[2]} is not valid", field=field)
    for each in eligible.values():
        routes = each["id"] == interface_id
        if routes != bool(each["default_route"].get(family)):
            each["default_route"] = {**each["default_route"], family: routes}
            _changed(world, linode, each)
