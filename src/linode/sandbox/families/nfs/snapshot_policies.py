"""Policies by which snapshots of NFS file systems are taken, and by which the oldest of them go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from linode.api.nfs.filesystems import NFSFilesystem
from linode.api.nfs.snapshot_policies import NFSSnapshotPolicy
from linode.api.nfs.snapshots import NFSSnapshot
from linode.sandbox.core.kind import Kind, Operations, Storage
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Row, World, job, on

from .snapshots import add_snapshot
from .snapshots import delete as delete_snapshot

__all__: list[str] = []

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = {"hourly": HOUR, "daily": DAY, "weekly": DAY, "monthly": DAY}
"""The interval between the candidates for the next time of a schedule."""
BOUNDS = {"minute": (0, 59), "hour": (0, 23), "day_of_month": (1, 31), "retain": (1, 1000)}
"""Bounds of the members of a schedule: a guess, as the API's are not on record."""
TAKES = {
    "hourly": ("minute",),
    "daily": ("minute", "hour"),
    "weekly": ("minute", "hour", "day_of_week"),
    "monthly": ("minute", "hour", "day_of_month"),
}
"""The members that each frequency uses: a guess, as is that a member which was not sent has its lowest value."""
MAX_LABEL_LENGTH = 63

# A guess: there is none at first, and the snapshots of a deleted one stay.
on.kind(
    Kind(of=NFSSnapshotPolicy, storage=Storage(id_key="_id", single=True), operations=Operations(generic=("delete",)))
)


@on(NFSFilesystem.update_snapshot_policy)
def update(
    world: World,
    filesystem: Row,
    name_prefix: str,
    *,
    enabled: bool | None = None,
    schedules: Sequence[Mapping[str, Any]] | None = None,
) -> Row:
    """Set the policy; members that were not sent stay, and a new policy is enabled: guesses."""
    rules.refuse_for([*_wrong_prefix(name_prefix), *_wrong(schedules or ())])
    found = world.rows(NFSSnapshotPolicy, filesystem)
    row = found[0] if found else world.add(NFSSnapshotPolicy, filesystem, filesystem_id=filesystem["id"], enabled=True)
    row["name_prefix"] = name_prefix
    if enabled is not None:
        row["enabled"] = enabled
    if schedules is not None:
        row["schedules"] = [_whole(each) for each in schedules]
    _plan(world, row)
    return row


def _wrong_prefix(prefix: str) -> Iterator[tuple[str, str | None]]:
    longest = MAX_LABEL_LENGTH - len(_label("", "monthly", 0))
    if not 1 <= len(prefix) <= longest:
        yield f"Length must be 1-{longest} characters", "name_prefix"  # a guess: labels must not become too long


def _wrong(schedules: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str | None]]:
    for at, each in enumerate(schedules):
        if "frequency" not in each:
            yield "frequency is required", f"schedules[{at}].frequency"  # a guess
        for name, (least, most) in BOUNDS.items():
            if not least <= each.get(name, least) <= most:
                yield f"Must be {least}-{most}", f"schedules[{at}].{name}"


def _whole(schedule: Mapping[str, Any]) -> Row:
    """The *schedule* with the members that its frequency uses; null for the others."""
    defaults = {"minute": 0, "hour": 0, "day_of_week": DAYS[0], "day_of_month": 1}
    used = TAKES[schedule["frequency"]]
    found = {name: schedule.get(name, value) if name in used else None for name, value in defaults.items()}
    return {"frequency": schedule["frequency"], **found, "retain": schedule.get("retain", 1)}


# -- taking snapshots ------------------------------------------------------------------------------------------------


def _plan(world: World, row: Row) -> None:
    """Plan the next snapshot of each schedule; what was planned before is forgotten."""
    row["_plan"] = row.get("_plan", 0) + 1
    if row["enabled"]:
        for at in range(len(row["schedules"])):
            _plan_next(world, row, at)


def _plan_next(world: World, row: Row, at: int) -> None:
    seconds = _next(row["schedules"][at], world.now) - world.now
    world.later(seconds, take, world.parent(row), row["_plan"], at)


def _next(schedule: Row, now: float) -> float:
    """The first moment after *now* at which *schedule* takes a snapshot; months without the day are passed over."""
    step = STEPS[schedule["frequency"]]
    moment = datetime.fromtimestamp(now, UTC).replace(minute=schedule["minute"], second=0, microsecond=0)
    if schedule["hour"] is not None:
        moment = moment.replace(hour=schedule["hour"])
    while moment.timestamp() <= now or not _is_day(schedule, moment):
        moment += step
    return moment.timestamp()


def _is_day(schedule: Row, moment: datetime) -> bool:
    weekday, day = schedule["day_of_week"], schedule["day_of_month"]
    return weekday in (None, DAYS[moment.weekday()]) and day in (None, moment.day)


@job("nfs.take_snapshot", NFSFilesystem)
def take(world: World, filesystem: Row, plan: int, at: int) -> None:
    """Take the snapshot of the schedule *at* that place, unless the policy was changed meanwhile."""
    found = world.rows(NFSSnapshotPolicy, filesystem, _plan=plan)
    if not found:
        return
    row = found[0]
    schedule = row["schedules"][at]
    if filesystem["status"] == "active":
        label = _label(row["name_prefix"], schedule["frequency"], world.now)
        if not world.read(NFSSnapshot, filesystem, label=label):
            add_snapshot(world, filesystem, label, source="policy", policy_id=row["_id"], _schedule=at)
            _drop_oldest(world, filesystem, row, at)
    _plan_next(world, row, at)


def _label(prefix: str, frequency: str, now: float) -> str:
    """The label of a snapshot, in a form of the sandbox's own."""
    return f"{prefix}-{frequency}-{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M}"


def _drop_oldest(world: World, filesystem: Row, row: Row, at: int) -> None:
    """Delete the oldest snapshots of a schedule, so that as many stay as it retains; locked ones stay besides."""
    taken = world.rows(NFSSnapshot, filesystem, policy_id=row["_id"], _schedule=at, locked=False)
    kept = [each for each in taken if each["status"] != "deleting"]
    for each in kept[: -row["schedules"][at]["retain"]]:
        delete_snapshot(world, each)
