"""Volumes: changing and deleting them, and what they cost."""

from __future__ import annotations

from linode.api.volumes import Volume, VolumeType

from ..engine.registry import Kind, Refused, Row, World, on

__all__ = ["delete"]

on.kind(
    Kind(
        of=Volume,
        event="volume",
        grant="volume",
        plural="volumes",  # a guess: the refusal is on record for other things alone
        update=True,
        notify=("update", "delete"),
        scopes={
            Volume.attach: ("volumes:read_write", "linodes:read_write"),
            Volume.detach: ("volumes:read_write", "linodes:read_write"),
        },
        limits={"create": ((100, 60),)},
    )
)
on.kind(Kind(of=VolumeType, source="/volumes/types"))


@on.delete(Volume)
def delete(world: World, volume: Row) -> None:
    """Delete it, unless a Linode has it."""
    if volume["linode_id"] is not None:
        # In words of the sandbox's own: that the API refuses is known, and not how.
        raise Refused("The volume must be detached before it can be deleted")
    world.remove(volume)
