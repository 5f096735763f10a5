"""Notes of boots and stops, for the functions of `Sandbox.on_boot` and `Sandbox.on_shutdown`.

``_up`` of a Linode's row is whether its own system has booted and has not stopped since. A rescue system does not
count.
"""

from __future__ import annotations

import copy

from linode.sandbox.core.kind import Exports, Kind
from linode.sandbox.core.schema import Row
from linode.sandbox.core.world import World
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import on

__all__ = ["TABLE", "note_boot", "note_stop"]

TABLE = "_Report"
on.kind(Kind(of=TABLE, exports=Exports(private=("user_data",))))


def note_boot(world: World, linode: Row) -> None:
    """Note that *linode* has booted from its disks."""
    linode["_up"] = True
    _note(world, linode, booted=True)


def note_stop(world: World, linode: Row) -> None:
    """Note that *linode* has stopped, or is being deleted, if it had booted."""
    if linode.pop("_up", False):
        _note(world, linode, booted=False)


def _note(world: World, linode: Row, *, booted: bool) -> None:
    if world.reports_power:
        shown = copy.deepcopy(rules.show(world, linode))  # the row's lists may still change in this transaction
        data = linode.get("_user_data")
        world.add(TABLE, booted=booted, shown=shown, user_data=data, account=world.account)
