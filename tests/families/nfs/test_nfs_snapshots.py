"""Snapshots of NFS file systems, and the policies by which they are taken, seen from a client."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asking import REGION, said

from linode.errors import ApiError, InvalidRequestError, NotFoundError
from linode.sandbox import Sandbox

TIB, GIB = 2**40, 2**30


@pytest.fixture
def snapshot(client, filesystem):
    """A snapshot that can be cloned."""
    made = filesystem.create_snapshot("before", tags=["nfs-test"])
    client.wait_for(made, "active")
    return made


def test_a_snapshot_is_taken_listed_and_changed(client, space, filesystem, snapshot):
    assert (snapshot.filesystem_id, snapshot.space_id, snapshot.source) == (filesystem.id, space.id, "manual")
    assert (snapshot.expiration, snapshot.locked, snapshot.policy_id) == (None, False, None)
    snapshot.locked, snapshot.tags = True, ["kept"]
    snapshot.save()
    (listed,) = filesystem.snapshots
    assert (listed, listed.locked, listed.tags) == (snapshot, True, ["kept"])
    assert listed.url == f"{filesystem.url}/snapshots/{snapshot.id}"


def test_labels_are_unique_in_a_file_system(client, space, filesystem, snapshot):
    with pytest.raises(ApiError, match="snapshot of that label") as refused:
        filesystem.create_snapshot("before")
    assert refused.value.status == 409
    other = space.create_filesystem("other", REGION, TIB)
    with pytest.raises(ApiError, match="other is creating"):
        other.create_snapshot("before")
    client.wait_for(other, "active")
    assert other.create_snapshot("before").status == "creating"


def test_a_locked_snapshot_stays(sandbox, filesystem, snapshot):
    snapshot.locked = True
    snapshot.save()
    with pytest.raises(ApiError, match="is locked"):
        snapshot.delete()
    with pytest.raises(ApiError, match="has locked snapshots"):
        filesystem.delete()
    snapshot.locked = False
    snapshot.save()
    snapshot.delete()
    assert snapshot.load().status == "deleting"
    sandbox.advance(30)
    with pytest.raises(NotFoundError):
        snapshot.load()


def test_a_snapshot_expires(sandbox, filesystem, snapshot):
    assert said(filesystem.create_snapshot, "late", expiration=sandbox.now - timedelta(days=1))[0][1] == "expiration"
    snapshot.expiration = sandbox.now + timedelta(days=1)
    snapshot.save()
    snapshot.expiration = sandbox.now + timedelta(days=3)
    snapshot.save()
    sandbox.advance(2 * 86_400)
    assert snapshot.load().status == "active"  # of two times the later change counts
    sandbox.advance(2 * 86_400)
    with pytest.raises(NotFoundError):
        snapshot.load()


def test_a_snapshot_is_cloned_to_another_space(client, space, snapshot):
    archive = client.create_nfs_space("archive")
    copy = snapshot.clone("copy", "eu-west", space_id=archive, size_gib=2048)
    assert (copy.space, copy.space_id, copy.source_snapshot_id) == (archive, archive.id, snapshot.id)
    assert (copy.region.id, copy.max_capacity_bytes, copy.status) == ("eu-west", 2048 * GIB, "creating")
    client.wait_for(copy, "active")
    same = snapshot.clone("same", REGION)
    assert (same.space, same.max_capacity_bytes) == (space, TIB)
    assert said(snapshot.clone, "none", REGION, space_id=999)[0][1] == "space_id"
    assert said(snapshot.clone, "none", REGION, size_gib=0) == [("Must be at least 1", "size_gib")]


# -- policies --------------------------------------------------------------------------------------------------------


def test_a_policy_is_set_and_deleted(filesystem):
    with pytest.raises(NotFoundError):
        filesystem.get_snapshot_policy()
    made = filesystem.update_snapshot_policy("auto", schedules=[{"frequency": "daily", "hour": 3, "retain": 7}])
    (daily,) = made.schedules
    assert (made.enabled, made.name_prefix, daily.hour, daily.minute, daily.day_of_week) == (True, "auto", 3, 0, None)
    assert filesystem.get_snapshot_policy().filesystem_id == filesystem.id
    assert not filesystem.update_snapshot_policy("auto", enabled=False).enabled
    made.delete()
    with pytest.raises(NotFoundError):
        made.load()


def test_policies_refuse_schedules_that_are_none(filesystem):
    with pytest.raises(InvalidRequestError) as refused:
        filesystem.update_snapshot_policy("x" * 60, schedules=[{"minute": 60}, {"frequency": "weekly", "retain": 0}])
    assert [field for _, field in refused.value.reasons] == [
        "name_prefix",
        "schedules[0].frequency",
        "schedules[0].minute",
        "schedules[1].retain",
    ]


def schedule_of(frequency, **members):
    return {"frequency": frequency, "retain": 100, **members}


@pytest.mark.parametrize(
    ("schedule", "days", "expected"),
    [
        (schedule_of("hourly", minute=30), 1, 24),
        (schedule_of("daily", hour=4, minute=5), 7, 7),
        (schedule_of("weekly", day_of_week="sun", hour=1), 14, 2),
        (schedule_of("monthly", day_of_month=31), 365, 7),
    ],
)
def test_snapshots_are_taken_on_schedule(schedule, days, expected):
    """In a world that begins on a Thursday, the first of January; seven months have 31 days."""
    with Sandbox(seed=1, start=datetime(2026, 1, 1, tzinfo=UTC)) as sandbox:
        client = sandbox.client()
        filesystem = client.create_nfs_space("projects").create_filesystem("home", REGION, TIB)
        client.wait_for(filesystem, "active")
        filesystem.update_snapshot_policy("auto", schedules=[schedule])
        sandbox.advance(days * 86_400)
        taken = list(filesystem.snapshots)
        assert len(taken) == expected
        assert {(each.source, each.status) for each in taken} == {("policy", "active")}
        for each in taken:
            assert each.label == f"auto-{schedule['frequency']}-{each.created:%Y%m%d-%H%M}"
            assert each.created.minute == schedule.get("minute", 0)
            assert each.created.hour == schedule.get("hour", each.created.hour)
            assert each.created.day == schedule.get("day_of_month", each.created.day)


def test_the_oldest_snapshots_of_a_policy_go(sandbox, filesystem):
    filesystem.create_snapshot("by hand")
    filesystem.update_snapshot_policy("auto", schedules=[{"frequency": "hourly", "retain": 2}])
    sandbox.advance(3 * 3600)
    taken = list(filesystem.snapshots)
    assert [each.source for each in taken] == ["manual", "policy", "policy"]
    taken[1].locked = True
    taken[1].save()
    sandbox.advance(3 * 3600)
    labels = [each.label for each in filesystem.snapshots]
    assert (len(labels), labels[:2]) == (4, ["by hand", taken[1].label])
    filesystem.update_snapshot_policy("auto", enabled=False)
    sandbox.advance(86_400)
    assert [each.label for each in filesystem.snapshots] == labels
