"""NFS spaces: created, changed and deleted, with their LDAP directories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linode.api.nfs.filesystems import NFSFilesystem
from linode.api.nfs.ldap import NFSLDAPConfig
from linode.api.nfs.spaces import NFSSpace
from linode.sandbox.core.kind import Kind, Operations, Storage
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Row, World, on

from .access import add_space_policy
from .states import begin, conflict, refuse_unless

__all__: list[str] = []

CREATE, DELETE, UPDATE = 15, 15, 10
"""Seconds that the states last: a guess within what clients wait for."""

on.kind(Kind(of=NFSSpace, operations=Operations(generic=("update",))))
# That a new space has none is a guess.
on.kind(Kind(of=NFSLDAPConfig, storage=Storage(id_key="_id", single=True), operations=Operations(generic=("delete",))))


@on.create(NFSSpace)
def create(world: World, label: str, description: str | None = None, tags: Sequence[str] = ()) -> Row:
    """Create an empty space with its access policy."""
    space = rules.create(world, NFSSpace, label=label, description=description, tags=list(tags))
    add_space_policy(world, space)
    begin(world, space, "creating", CREATE)
    return space


@on.delete(NFSSpace)
def delete(world: World, space: Row) -> None:
    """Delete a space without file systems, which takes a while."""
    if world.read(NFSFilesystem, space):
        raise conflict("The space has file systems")  # refused for certain, in words of the sandbox's own
    begin(world, space, "deleting", DELETE)


@on.show(NFSSpace, "max_capacity_bytes", "used_capacity_bytes")
def _show(world: World, space: Row) -> Row:
    """Show the capacity of all file systems together: a guess. Nobody writes to them in the sandbox."""
    capacity = sum(each["max_capacity_bytes"] for each in world.read(NFSFilesystem, space))
    return {**space, "max_capacity_bytes": capacity, "used_capacity_bytes": 0}


# -- LDAP ------------------------------------------------------------------------------------------------------------


@on(NFSSpace.update_ldap_config)
def update_ldap_config(world: World, space: Row, bind_password: str | None = None, **changes: Any) -> Row:
    """Update the members that were sent only: a guess. The password is not stored, because it is not used."""
    del bind_password
    refuse_unless(space, "creating", "active")
    found = world.rows(NFSLDAPConfig, space)
    config = found[0] if found else world.add(NFSLDAPConfig, space, space_id=space["id"], verified=None)
    rules.update(world, config, **changes)
    begin(world, config, "updating", UPDATE)
    return config


@on(NFSSpace.test_ldap_config)
def test_ldap_config(world: World, space: Row) -> Row:
    """Say that no server responds: the sandbox reaches none. The words are its own."""
    world.only(NFSLDAPConfig, space)
    message = "The sandbox reaches no LDAP servers"
    return {"reachable": False, "bind_success": False, "latency_ms": 0, "message": message, "verified": None}
