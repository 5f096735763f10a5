"""Placement groups, which keep Linodes on different hosts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Nested, Options, ReadOnly, Resource, Struct, action, body
from linode._model.relations import Many, Ref

if TYPE_CHECKING:
    from .linodes.linode import Linode
    from .regions import Region

PlacementGroupLabel: TypeAlias = Annotated[str, Bounds(min_length=1)]
PlacementGroupPolicy: TypeAlias = Literal["strict", "flexible"] | str
PlacementGroupType: TypeAlias = Literal["anti_affinity:local"] | str


class AssignOptions(Options, total=False):
    """Options of `PlacementGroup.assign` besides the Linodes."""

    compliant_only: bool
    """Whether to refuse Linodes that would make the group non-compliant; a ``strict`` group always does."""


class PlacementGroupMember(Struct):
    """A Linode of a placement group."""

    linode_id: ReadOnly[int]
    is_compliant: ReadOnly[bool]
    """Whether the host of the Linode follows the type of the group."""


class PlacementGroupMigration(Struct):
    """A Linode that is migrating from one placement group to another."""

    linode_id: ReadOnly[int]


class PlacementGroupMigrations(Struct):
    """Linodes that are migrating to or from a placement group."""

    inbound: ReadOnly[list[PlacementGroupMigration]]
    """Linodes that are joining the group."""
    outbound: ReadOnly[list[PlacementGroupMigration]]
    """Linodes that are leaving the group."""


class PlacementGroup(Resource):
    """A group of Linodes of one region, placed on different hosts."""

    path = "/placement/groups/{id}"
    unique = "label"
    scope = "linodes"
    filterable = ("label", "placement_group_type", "region")

    id: ReadOnly[int]
    label: Field[PlacementGroupLabel]
    """Label, unique in the account."""
    region: Ref[Region]
    placement_group_type: ReadOnly[PlacementGroupType]
    """Placement type; ``anti_affinity`` keeps the Linodes on different hosts."""
    placement_group_policy: ReadOnly[PlacementGroupPolicy]
    """Policy: ``strict`` refuses a Linode that cannot be placed by the type, ``flexible`` accepts it."""
    is_compliant: ReadOnly[bool]
    """Whether the hosts of all Linodes follow the placement type."""
    members: ReadOnly[list[PlacementGroupMember]]
    """Linodes of the group."""
    migrations: Nested[PlacementGroupMigrations | None]
    """Linodes that are migrating to or from the group; None for none."""

    @action
    def assign(self, linodes: Sequence[Linode | int], **options: Unpack[AssignOptions]) -> Call[PlacementGroup]:
        """Add *linodes* of the same region to this group; returns the group.

        Raises `InvalidRequestError` when one is in a group already, is in another region, or the group is full.
        """
        return self._updates("assign", body(linodes=list(linodes), **options))

    @action
    def unassign(self, linodes: Sequence[Linode | int]) -> Call[PlacementGroup]:
        """Remove *linodes* from this group; returns the group.

        Raises `InvalidRequestError` when one is not in the group.
        """
        return self._updates("unassign", body(linodes=list(linodes)))


class PlacementMixin(BaseClient):
    """Methods of a client for placement groups."""

    get_placement_groups: Many[PlacementGroup] = Many("/placement/groups")
    """Placement groups of the account."""

    @action
    def create_placement_group(
        self,
        label: PlacementGroupLabel,
        region: Region | str,
        placement_group_type: PlacementGroupType,
        placement_group_policy: PlacementGroupPolicy,
        **options: Unpack[Options],
    ) -> Call[PlacementGroup]:
        """Create an empty placement group in *region* and return it; the only type is ``anti_affinity:local``.

        Raises `InvalidRequestError` when the label is taken, or the region has no placement groups or no room for one.
        """
        json = body(
            label=label,
            region=region,
            placement_group_type=placement_group_type,
            placement_group_policy=placement_group_policy,
            **options,
        )
        return self._creates(PlacementGroup, "/placement/groups", json)
