"""Backups: those that are made every day once they are ordered, snapshots, and restoring either."""

from __future__ import annotations

from linode.api.linodes.backups import Backup
from linode.api.linodes.configs import Config
from linode.api.linodes.disks import Disk
from linode.api.linodes.linode import Linode
from linode.api.regions import Region
from linode.sandbox.engine.registry import Refused, Row, World, job, on

from .copies import contents_of, restore_contents
from .load import begin_temporary_status, end_temporary_status
from .power import will_run
from .rows import allocated, enable_backups, refuse_no_room

__all__ = ["schedule_next", "start_backups"]

HOUR = 3600.0
DAY, WINDOW = 24 * HOUR, 2 * HOUR
STEPS = ((2.0, "running"), (110.0, "needsPostProcessing"))
"""The statuses of a snapshot between ``pending`` and ``successful``, and the seconds after which they begin."""
SNAPSHOT, RESTORE = 120.0, 19.0
"""Seconds that the jobs take."""
KEPT = 3
"""Backups of the schedule that are kept."""
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


@on(Linode.enable_backups)
def enable(world: World, linode: Row) -> None:
    """Order backups, the first within a day; not within a day of having cancelled them."""
    if linode["backups"]["enabled"]:
        return
    if "Backups" not in world.get(Region, linode["region"])["capabilities"]:
        raise Refused("Backups are not available in this Linode's region")  # own words
    if world.now - linode.get("_backups_cancelled", 0.0) < DAY:
        raise Refused("Backups cannot be enabled within 24 hours of cancelling them")  # own words
    start_backups(world, linode)
    world.events.notify("backups_enable", linode)


def start_backups(world: World, linode: Row) -> None:
    """Let backups of *linode* be made from now on, the first in a day."""
    enable_backups(linode)
    schedule_next(world, linode)


@on(Linode.cancel_backups)
def cancel(world: World, linode: Row) -> None:
    """Give up backups; those that there are are deleted."""
    if not linode["backups"]["enabled"]:
        return
    for backup in world.rows(Backup, linode):
        world.remove(backup)
    world.cancel(linode.pop("_daily", None))
    schedule = {"day": None, "window": None}
    linode["backups"] = {"enabled": False, "available": False, "last_successful": None, "schedule": schedule}
    linode["_backups_cancelled"] = world.now
    world.events.notify("backups_cancel", linode)


@on(Linode.available_backups)
def backups(world: World, linode: Row) -> Row:
    """The backups of the schedule, and the snapshots: one that is kept, one that is being made."""
    there = world.rows(Backup, linode)
    snapshots = [each for each in there if each["type"] == "snapshot"]
    done = [each for each in snapshots if each["status"] == "successful"]
    under_way = [each for each in snapshots if each["status"] != "successful"]
    return {
        "automatic": [each for each in there if each["type"] == "auto"],
        "snapshot": {
            "current": done[-1] if done else None,
            "in_progress": under_way[-1] if under_way else None,
        },
    }


# -- snapshots -------------------------------------------------------------------------------------------------------


@on.create(Backup)
def snapshot(world: World, linode: Row, label: str) -> Row:
    """Create a snapshot of the Linode; the previous one is kept until this one is complete."""
    if not linode["backups"]["enabled"]:
        raise Refused("Backups must be enabled for this Linode before a snapshot can be made")  # own words
    row = _add(world, linode, type="snapshot", label=label, status="pending")
    args = (linode, row)
    world.events.schedule(
        "linode_snapshot", linode, seconds=SNAPSHOT, begin=begin_snapshot, then=finish_snapshot, args=args, queued=True
    )
    return row


def _add(world: World, linode: Row, **members: str | None) -> Row:
    return world.add(
        Backup,
        linode,
        available=True,
        region=linode["region"],
        finished=None,
        **members,
        _contents=contents_of(world, linode),
    )


@job("backups.begin_snapshot", Linode, Backup, fails=True)
def begin_snapshot(world: World, linode: Row, backup: Row) -> None:
    """Begin the snapshot: it contains the disks and configurations that the Linode has at this time."""
    backup["_contents"] = contents_of(world, linode)
    for seconds, status in STEPS:
        world.takes(seconds, reach, backup, status)


@job("backups.set_status", Backup)
def reach(world: World, backup: Row, status: str) -> None:
    """The snapshot has come so far."""
    backup |= {"status": status, "updated": world.stamp()}


@job("backups.finish_snapshot", Linode, Backup, fails=True)
def finish_snapshot(world: World, linode: Row, backup: Row) -> None:
    """The snapshot is done and takes the place of the one before it."""
    _finish(world, linode, backup)
    for before in world.rows(Backup, linode, type="snapshot"):
        if before is not backup:
            world.remove(before)


def _finish(world: World, linode: Row, backup: Row) -> None:
    now, contents = world.stamp(), backup["_contents"]
    backup |= {
        "status": "successful",
        "finished": now,
        "updated": now,
        "configs": [config["label"] for config in contents["configs"]],
        "disks": [{name: disk[name] for name in ("label", "size", "filesystem")} for disk in contents["disks"]],
    }
    linode["backups"] |= {"available": True, "last_successful": now}


# -- the schedule ----------------------------------------------------------------------------------------------------


def schedule_next(world: World, linode: Row) -> None:
    """Let the next backup of *linode* be made in the window of its schedule; in a day while there is none yet."""
    world.cancel(linode.pop("_daily", None))
    linode["_daily"] = world.later(_until_next(world, linode), make_daily, linode)


def _until_next(world: World, linode: Row) -> float:
    """The seconds until the next backup: when the window begins, or in a day if it has begun."""
    window = linode["backups"]["schedule"]["window"]
    if window in (None, "Scheduling"):
        return DAY
    begun = (world.now - int(window[1:]) * HOUR) % DAY
    return DAY if begun < WINDOW else DAY - begun


@job("backups.make_daily", Linode)
def make_daily(world: World, linode: Row) -> None:
    """Make the backup of the day, and drop the oldest of too many. A Linode without disks has nothing to keep."""
    if not linode["backups"]["enabled"]:
        return
    schedule = linode["backups"]["schedule"]
    if schedule["window"] in (None, "Scheduling"):
        schedule["window"] = f"W{int(world.now % DAY // WINDOW) * 2}"
    if schedule["day"] in (None, "Scheduling"):
        schedule["day"] = world.random.choice(DAYS)
    if world.read(Disk, linode):
        _finish(world, linode, _add(world, linode, type="auto", label=None, status="running"))
    for old in world.rows(Backup, linode, type="auto")[:-KEPT]:
        world.remove(old)
    schedule_next(world, linode)


# -- restoring -------------------------------------------------------------------------------------------------------


@on(Backup.restore)
def restore(world: World, backup: Row, linode_id: int, overwrite: bool = False) -> None:
    """Put the disks and configurations of a backup onto a Linode, beside its own or in their place."""
    target = world.get(Linode, linode_id)
    if backup["status"] != "successful":
        raise Refused("Backup is not complete")  # own words
    if target["region"] != backup["region"]:
        raise Refused("Linode must be in the same region as the backup", field="linode_id")  # own words
    if overwrite and will_run(world, target):
        raise Refused("Linode must be powered off before its disks can be overwritten", field="overwrite")  # own words
    freed = allocated(world, target) if overwrite else 0
    refuse_no_room(world, target, sum(disk["size"] for disk in backup["_contents"]["disks"]) - freed, "linode_id")
    args = (target, backup, overwrite)
    world.events.schedule(
        "backups_restore", target, seconds=RESTORE, begin=begin_restore, then=end_restore, args=args, queued=True
    )


@job("backups.begin_restore", Linode, Backup, fails=True)
def begin_restore(world: World, linode: Row, _backup: Row | None, overwrite: bool) -> None:
    """Begin the restore; with *overwrite* the disks and configurations are deleted."""
    if overwrite:
        _empty(world, linode)
    begin_temporary_status(world, linode, "restoring")


def _empty(world: World, linode: Row) -> None:
    for kind in (Config, Disk):
        for each in world.rows(kind, linode):
            world.remove(each)


@job("backups.end_restore", Linode, Backup, fails=True)
def end_restore(world: World, linode: Row, backup: Row | None, _overwrite: bool) -> None:
    """End the restore: the Linode has the backup's disks and configurations, and its former status."""
    end_temporary_status(world, linode)
    if backup is None:
        raise Refused("The backup was deleted while it was restored")  # own words
    restore_contents(world, linode, backup["_contents"], field="linode_id")
