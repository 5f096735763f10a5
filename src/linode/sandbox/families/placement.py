"""Placement groups. Every Linode of the sandbox has a host of its own, so a group is always compliant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.linodes.linode import Linode
from linode.api.placement import PlacementGroup
from linode.api.regions import Region

from ..core.kind import Events, Kind, Refusals
from ..engine import rules, user_grants
from ..engine.registry import Refused, Row, World, on

__all__ = ["begin_move", "end_move", "group_for", "join", "leave"]

CAPABILITY = "Placement Group"

on.kind(
    Kind(
        of=PlacementGroup,
        events=Events("placement_group", notify=("create", "update", "delete")),
        refusals=Refusals(unique="Placement Groups"),  # a guess: that labels are unique is one too
    )
)


@on.create(PlacementGroup)
def create(world: World, label: str, region: str, placement_group_type: str, placement_group_policy: str) -> Row:
    """Create an empty group."""
    place = world.get(Region, region)
    if CAPABILITY not in place["capabilities"]:
        raise Refused("Placement groups are not available in this region", field="region")  # a guess at the words
    most = place["placement_group_limits"]["maximum_pgs_per_customer"]
    if most is not None and len(world.rows(PlacementGroup, region=region)) >= most:
        raise Refused(f"At most {most} placement groups are allowed in this region", field="region")  # a guess
    return rules.create(
        world,
        PlacementGroup,
        label=label,
        region=region,
        placement_group_type=placement_group_type,
        placement_group_policy=placement_group_policy,
        is_compliant=True,
        members=[],
    )


@on.list(PlacementGroup)
def groups(world: World) -> Sequence[Row]:
    """The groups, for who may read all Linodes of one at least."""
    found = world.read(PlacementGroup)
    seen = [each for each in found if _may(world, each)]
    if found and not seen:
        raise Refused("Unauthorized", status=403)
    return found if len(seen) == len(found) else seen


@on.get(PlacementGroup)
def get(world: World, group: Row) -> Row:
    """The group, for who may read all of its Linodes."""
    _refuse_ungranted(world, group, write=False)
    return group


def _may(world: World, group: Row, *, write: bool = False) -> bool:
    """Whether the current user may read, or change, all Linodes of *group*; that writing needs so much is a guess."""
    user = world.user
    if user is None or not user["restricted"]:
        return True
    levels = [user_grants.grants_of_kind(user, "linode").get(str(each["linode_id"])) for each in group["members"]]
    return all(level == "read_write" or (level == "read_only" and not write) for level in levels)


def _refuse_ungranted(world: World, group: Row, *, write: bool = True) -> None:
    if not _may(world, group, write=write):
        raise Refused("Unauthorized", status=403)


@on.update(PlacementGroup)
def update(world: World, group: Row, **changes: Any) -> Row:
    """Change the label, also where its Linodes show it."""
    _refuse_ungranted(world, group)
    rules.update_one(world, PlacementGroup, group, **changes)
    for each in group["members"]:
        world.get(Linode, each["linode_id"])["placement_group"]["label"] = group["label"]
    return group


@on.delete(PlacementGroup)
def delete(world: World, group: Row) -> None:
    """Delete it once it is empty."""
    if group["members"]:
        # Refused for certain, in words of the sandbox's own.
        raise Refused("The placement group has Linodes; unassign them first")
    world.remove(group)


@on(PlacementGroup.assign)
def assign(world: World, group: Row, linodes: Sequence[int] = (), *, compliant_only: bool = False) -> Row:  # noqa: ARG001  all placements comply
    """Add Linodes of the region, all or none."""
    _refuse_ungranted(world, group)
    for at, linode_id in enumerate(dict.fromkeys(linodes)):
        linode = world.get(Linode, linode_id)
        if linode["region"] != group["region"]:
            raise Refused("Linode must be in the region of the placement group", field=f"linodes[{at}]")  # a guess
        join(world, linode, group, field=f"linodes[{at}]")
    return group


@on(PlacementGroup.unassign)
def unassign(world: World, group: Row, linodes: Sequence[int] = ()) -> Row:
    """Remove Linodes, all or none."""
    _refuse_ungranted(world, group)
    members = {each["linode_id"] for each in group["members"]}
    for linode_id in dict.fromkeys(linodes):
        if linode_id not in members:
            raise Refused(f"Linode {linode_id} does not belong to Placement Group {group['id']}")
        leave(world, world.get(Linode, linode_id))
    return group


def group_for(world: World, choice: Mapping[str, Any] | None, region: str | None) -> Row | None:
    """The group that a request for a Linode in *region* names. Raises `Refused` when it cannot join that."""
    if not choice or choice.get("id") is None:
        return None
    group = rules.referenced_row(world, PlacementGroup, choice["id"], field="placement_group.id")
    if group["region"] != region:
        raise Refused("placement_group.id is not valid", field="placement_group.id")
    return group


def join(world: World, linode: Row, group: Row, field: str = "placement_group.id") -> None:
    """Let *linode* be a member of *group*. Raises `Refused` when the group is full, or it is a member of another."""
    if linode["placement_group"] is not None:
        raise Refused("Linode is already in a placement group", field=field)  # a guess, its words too
    limits = world.get(Region, group["region"])["placement_group_limits"]
    flexible = "flexible_" if group["placement_group_policy"] == "flexible" else ""
    most = limits[f"maximum_linodes_per_{flexible}pg"]
    if most is not None and len(group["members"]) >= most:
        raise Refused(f"At most {most} Linodes are allowed in the placement group", field=field)  # a guess at the words
    group["members"] = [*group["members"], {"linode_id": linode["id"], "is_compliant": True}]
    shown = ("id", "label", "placement_group_type", "placement_group_policy")
    linode["placement_group"] = {**{name: group[name] for name in shown}, "migrating_to": None}
    world.events.notify("placement_group_assign", group, linode)


def leave(world: World, linode: Row) -> None:
    """Let *linode* be in no group."""
    if linode["placement_group"] is None:
        return
    group = world.get(PlacementGroup, linode["placement_group"]["id"])
    group["members"] = [each for each in group["members"] if each["linode_id"] != linode["id"]]
    linode["placement_group"] = None
    world.events.notify("placement_group_unassign", group, linode)


def begin_move(world: World, linode: Row, group: Row | None) -> None:
    """Let *linode* be on its way to another region, into *group* there: it counts in both groups meanwhile."""
    linode["_joins"] = None if group is None else group["id"]
    old = linode["placement_group"]
    if old is not None:
        old["migrating_to"] = linode["_joins"]
        _migrating(world.get(PlacementGroup, old["id"]), "outbound", linode["id"], under_way=True)
    if group is not None:
        _migrating(group, "inbound", linode["id"], under_way=True)


def end_move(world: World, linode: Row) -> None:
    """Let *linode* be in the group of its new region, or in none."""
    if linode["placement_group"] is not None:
        _migrating(world.get(PlacementGroup, linode["placement_group"]["id"]), "outbound", linode["id"])
        leave(world, linode)
    joins = linode.pop("_joins", None)
    group = None if joins is None else world.find(PlacementGroup, joins)
    if group is not None:
        _migrating(group, "inbound", linode["id"])
        join(world, linode, group)


def _migrating(group: Row, way: str, linode_id: int, *, under_way: bool = False) -> None:
    """Note among the migrations of *group*, or no longer, that a Linode goes that *way*."""
    moves: dict[str, list[Row]] = dict(group["migrations"] or {"inbound": [], "outbound": []})
    moves[way] = [each for each in moves[way] if each["linode_id"] != linode_id]
    if under_way:
        moves[way].append({"linode_id": linode_id})
    group["migrations"] = moves if moves["inbound"] or moves["outbound"] else None
