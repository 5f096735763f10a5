"""VLANs, which exist while interfaces of Linodes name them.

Each interface in a VLAN has a row in ``_VLANMember``, which goes with the interface.
"""

from __future__ import annotations

from linode.api.linodes.linode import Linode
from linode.api.networking.vlans import VLAN, VLANsMixin
from linode.api.regions import Region
from linode.sandbox.core.kind import Events, Kind, Storage
from linode.sandbox.engine.registry import Refused, Row, World, on
from linode.sandbox.engine.user_grants import visible

__all__ = ["join", "refuse_without_vlans"]

MEMBERS = "_VLANMember"

on.kind(Kind(of=VLAN, events=Events("vlan")))
on.kind(Kind(of=MEMBERS, storage=Storage(held=True)))


def refuse_without_vlans(world: World, region: str, field: str) -> None:
    """Raise a refusal where *region* has no VLANs: a guess, its words too."""
    if "Vlans" not in world.get(Region, region)["capabilities"]:
        raise Refused("VLANs are not available in this region", field=field)  # a guess


def join(world: World, linode: Row, interface: Row, label: str) -> None:
    """Let the *interface* of *linode*, of either generation, be in the VLAN *label* of its region, and in no other."""
    region = world.get(Region, linode["region"])
    vlan = world.find(VLAN, label, region)
    for each in world.rows(MEMBERS, _holder=world.holder(interface)):
        if vlan is not None and each["vlan"] == vlan["_key"]:
            return
        world.remove(each)
    if vlan is None or not _has_members(world, vlan):
        vlan = world.add(VLAN, region, label=label, region=region["id"])
    world.add(MEMBERS, vlan=vlan["_key"], linode_id=linode["id"], _holder=world.holder(interface))


def _members(world: World, vlan: Row) -> list[int]:
    """The IDs of the Linodes in *vlan*, in the order in which they joined it."""
    return [*dict.fromkeys(each["linode_id"] for each in world.read(MEMBERS, vlan=vlan["_key"]))]


def _has_members(world: World, vlan: Row) -> bool:
    return bool(world.read(MEMBERS, vlan=vlan["_key"]))


@on(VLANsMixin.get_vlans)
def vlans(world: World) -> list[Row]:
    """List the VLANs that have interfaces."""
    return [each for each in world.rows(VLAN) if _has_members(world, each)]


@on.show(VLAN, "linodes")
def _show(world: World, vlan: Row) -> Row:
    linodes = visible(world, [row for id in _members(world, vlan) if (row := world.find(Linode, id)) is not None])
    return {**vlan, "linodes": [each["id"] for each in linodes]}


@on.delete(VLAN)
def delete(world: World, vlan: Row) -> None:
    """Delete it, unless an interface names it. That one which is in no list any more can be deleted is a guess."""
    if _has_members(world, vlan):
        raise Refused("The VLAN has Linodes; remove their interfaces first")  # own words
    world.remove(vlan)
