"""Operations on events. The world creates and updates them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from linode.api.account.events import Event
from linode.sandbox.core.kind import Access, Kind, Lists
from linode.sandbox.engine.registry import NotFound, Row, World, on

__all__ = ["events", "mark_read", "mark_seen"]

DAYS_LISTED = 90


def _entity_types(event: Row) -> list[str]:
    """The words of a filter on the type of the entity that find *event*.

    The entity of what happens to a disk is its Linode. A client of the vendor's finds it as ``disks`` all the same,
    with the Linode's id; that the word stands for these events, and is not passed over, is a guess.
    """
    own = [event["entity"]["type"]] if event["entity"] else []
    return [*own, *(["disks"] if event["action"].startswith("disk_") else [])]


on.kind(
    Kind(
        of=Event,
        lists=Lists(filters=("seen", "read"), filter_values={"entity.type": _entity_types}),
        access=Access(scopes={Event.mark_seen: ("events:read_only",), Event.mark_read: ("events:read_only",)}),
    )
)


@on.list(Event)
def events(world: World) -> Sequence[Row]:
    """The events of the last 90 days, the newest first."""
    found = world.read(Event)  # the oldest first
    oldest = bisect_left(found, world.stamp(-DAYS_LISTED * 24 * 3600), key=lambda each: each["created"])
    return found[oldest:][::-1]


@on.show(Event, "percent_complete", "duration")
def show(world: World, event: Row) -> Row:
    """The event as far as it has come."""
    return world.events.progress(event)


@on(Event.mark_seen)
def mark_seen(world: World, event: Row) -> None:
    """Mark *event* and all before it as seen."""
    for earlier in world.rows(Event, seen=False):
        if earlier["id"] <= event["id"]:
            earlier["seen"] = True


@on(Event.mark_read)
def mark_read(world: World, event: Row) -> None:  # noqa: ARG001  every behaviour takes the world
    """Find nothing: the API has not had the operation since June 2025."""
    raise NotFound
