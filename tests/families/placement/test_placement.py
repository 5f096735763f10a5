"""Placement groups, seen from a client."""

from __future__ import annotations

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION

from linode import PlacementGroup
from linode.errors import AuthorizationError, InvalidRequestError, NotFoundError

OTHER = "us-sea"
TYPE = "anti_affinity:local"


@pytest.fixture
def region(client):
    """A region with placement groups."""
    return next(each for each in client.get_regions() if "Placement Group" in each.capabilities and each.id != OTHER).id


@pytest.fixture
def group(client, region):
    """An empty group."""
    return client.create_placement_group("apart", region, TYPE, "strict")


def refused(words, function, *arguments, **options):
    with pytest.raises(InvalidRequestError, match=words) as caught:
        function(*arguments, **options)
    return caught.value


def linode(client, region, label, **options):
    made = client.create_linode(NANODE, region, label=label, **options)
    client.wait_for([made], "offline")
    return made


def members(group):
    return [each.linode_id for each in group.load().members]


def test_a_group_is_created_empty_and_compliant(client, group, region):
    assert (group.region.id, group.placement_group_type, group.placement_group_policy) == (
        region,
        "anti_affinity:local",
        "strict",
    )
    assert (group.is_compliant, group.members) == (True, [])
    assert group.raw["migrations"] is None
    assert group.load().raw["migrations"] is None
    assert [each.id for each in client.get_placement_groups(PlacementGroup.label == "apart")] == [group.id]
    refused("Label must be unique", client.create_placement_group, "apart", region, TYPE, "strict")
    assert client.get_events().first().action == "placement_group_create"


def test_regions_without_groups_refuse_them(client):
    without = next(each for each in client.get_regions() if "Placement Group" not in each.capabilities)
    error = refused("not available", client.create_placement_group, "apart", without, TYPE, "strict")
    assert [name for _, name in error.reasons] == ["region"]


def test_linodes_are_assigned_and_unassigned(client, group, region):
    one, two = linode(client, region, "one"), linode(client, region, "two")
    group.assign([one, two.id])
    assert members(group) == [one.id, two.id]
    shown = one.load().placement_group
    assert (shown.id, shown.label, shown.migrating_to) == (group.id, "apart", None)
    refused("already in a placement group", group.assign, [one])
    refused("must be unassigned|unassign them first", group.delete)
    group.unassign([one])
    assert (members(group), one.load().placement_group) == ([two.id], None)
    refused("does not belong to Placement Group", group.unassign, [one])
    two.delete()
    assert members(group) == []
    group.delete()
    with pytest.raises(NotFoundError):
        group.load()
    assert {"placement_group_assign", "placement_group_unassign", "placement_group_delete"} <= {
        each.action for each in client.get_events()
    }


def test_the_label_is_changed_where_linodes_show_it(client, group, region):
    one = linode(client, region, "one", placement_group={"id": group.id})
    group.label = "asunder"
    group.save()
    assert one.load().placement_group.label == "asunder"


def test_a_group_takes_linodes_of_its_region_alone(client, group):
    stranger = linode(client, OTHER, "stranger")
    refused("region of the placement group", group.assign, [stranger])
    refused("placement_group.id is not valid", client.create_linode, NANODE, OTHER, placement_group={"id": group.id})
    refused("is not valid", group.assign, [9])


def test_a_group_has_as_many_linodes_as_its_region_says(client, group, region):
    most = client.get_regions()
    limit = next(each for each in most if each.id == region).placement_group_limits.maximum_linodes_per_pg
    made = [client.create_linode(NANODE, region, label=f"node{at}") for at in range(limit + 1)]
    group.assign(made[:limit])
    refused(f"At most {limit}", group.assign, made[limit:])
    assert len(group.load().members) == limit


def test_a_linode_that_migrates_counts_in_both_groups(client, sandbox, group, region):
    target = client.create_placement_group("there", OTHER, TYPE, "flexible")
    moving = client.create_linode(
        NANODE, region, image=DEBIAN, root_pass=PASSWORD, label="moving", placement_group={"id": group.id}
    )
    moving.wait()
    moving.migrate(region=OTHER, placement_group={"id": target.id})
    assert moving.load().placement_group.migrating_to == target.id
    assert [each.linode_id for each in group.load().migrations.outbound] == [moving.id]
    assert [each.linode_id for each in target.load().migrations.inbound] == [moving.id]
    sandbox.advance(3600)
    assert (members(group), members(target)) == ([], [moving.id])
    assert (group.migrations, target.migrations) == (None, None)
    assert moving.load().placement_group.id == target.id


def test_a_clone_is_in_a_group_when_asked(client, sandbox, group, region):
    one = linode(client, region, "one", placement_group={"id": group.id})
    assert one.clone(region=region, type=NANODE).placement_group is None
    sandbox.advance(600)
    copy = one.clone(region=region, type=NANODE, placement_group={"id": group.id})
    assert copy.load().placement_group.id == group.id


def test_restricted_users_read_a_group_whose_linodes_they_may_read(client, sandbox, group, region):
    one = linode(client, region, "one", placement_group={"id": group.id})
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    with pytest.raises(AuthorizationError, match="Unauthorized"):
        PlacementGroup(ada, group.id).load()
    with pytest.raises(AuthorizationError, match="Unauthorized"):
        ada.get_placement_groups().first()
    sandbox.grant("ada", linode={one.id: "read_only"})
    seen = PlacementGroup(ada, group.id)
    assert seen.label == "apart"
    assert [each.id for each in ada.get_placement_groups()] == [group.id]
    with pytest.raises(AuthorizationError, match="Unauthorized"):
        seen.unassign([one])
    sandbox.grant("ada", linode={one.id: "read_write"})
    seen.label = "near"
    seen.save()
    assert group.load().label == "near"


def test_the_guides_region_has_them_too(client):
    assert client.create_placement_group("apart", REGION, TYPE, "strict").region.id == REGION
