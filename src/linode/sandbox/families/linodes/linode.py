"""Linodes as such: changing and deleting them, their passwords, and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linode.api.linodes.disks import Disk
from linode.api.linodes.interfaces import LinodeInterface
from linode.api.linodes.linode import Linode
from linode.api.networking.ips import IPAddress
from linode.api.volumes import Volume
from linode.sandbox.core.kind import Events, Exports, Grant, Kind, Lock, Operations, Refusals
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from ..lke.node_creation import replace_deleted_linode
from ..networking.firewalls import detach_all, firewalls_by_ids, firewalls_of, protect_by_and_show
from ..networking.shares import forget
from ..nodebalancers.nodes import forget_linode
from ..placement import leave
from ..volumes import detach_now
from .backups import schedule_next
from .deploy import end_run, refuse_weak
from .ip_rows import remove_address
from .plan_availability import SOLD_OUT
from .power import will_run
from .power_reports import note_stop

__all__: list[str] = []

PASSWORD, APPLY = 8.0, 5.0
"""Seconds that setting a password and applying firewalls take."""


on.kind(
    Kind(
        of=Linode,
        exports=Exports(private=("_user_data",)),
        events=Events("linode", notify=("update",)),
        operations=Operations(
            limits={
                "create": ((20, 15),),
                Linode.clone: ((20, 15),),
                Linode.stats: ((50, 60),),
                Linode.stats_for: ((50, 60),),
            }
        ),
        refusals=Refusals(
            unique="linodes",
            account={
                "sold_out": (400, SOLD_OUT),
                "limit": (400, "Account Limit reached. Please open a support ticket."),
                "inactive": (403, "Your account must be activated before you can use this endpoint"),
                # In words of the sandbox's own: those of the API are not on record.
                "payment": (400, "Your account has a past due balance. Please make a payment."),
            },
        ),
        grant=Grant("linode", makes=(Linode.clone,)),
        lock=Lock("linode", forbids=(Linode.rebuild,)),
    )
)


# -- changing --------------------------------------------------------------------------------------------------------


@on.update(Linode)
def update(world: World, linode: Row, **changes: Any) -> None:
    """Update a Linode; members of alerts and of the backups' schedule that were not sent stay unchanged."""
    linode["alerts"] |= changes.pop("alerts", {})
    if schedule := changes.pop("backups", {}).get("schedule"):
        linode["backups"]["schedule"] |= schedule
        if linode["backups"]["enabled"]:
            schedule_next(world, linode)
    rules.update_one(world, Linode, linode, **changes)
    for volume in world.rows(Volume, linode):
        volume["linode_label"] = linode["label"]


# -- deleting --------------------------------------------------------------------------------------------------------


@on.delete(Linode)
def delete(world: World, linode: Row) -> None:
    """Delete a Linode with its own objects; volumes, firewalls and reserved addresses are only detached."""
    if linode["status"] in ("cloning", "restoring"):
        raise Refused("Linode busy.")
    note_stop(world, linode)
    for each in (linode, *world.rows(LinodeInterface, linode)):
        detach_all(world, each)
    for volume in world.rows(Volume, linode):
        detach_now(volume)
    leave(world, linode)
    forget_linode(world, linode)
    replace_deleted_linode(world, linode)
    _release(world, linode)
    end_run(world, linode)
    world.events.notify("linode_delete", linode)
    world.remove(linode)


def _release(world: World, linode: Row) -> None:
    """Give back the addresses of *linode* and the ranges that it alone has; reserved addresses are only unassigned."""
    forget(world, linode)
    for each in world.rows(IPAddress, linode_id=linode["id"]):
        remove_address(world, each)


# -- passwords -------------------------------------------------------------------------------------------------------


@on(Linode.reset_password)
def reset_password(world: World, linode: Row, root_pass: str) -> None:
    """Set root's password on the only disk besides swap; it is not stored, as the sandbox has no logins."""
    refuse_weak(root_pass, "root_pass")
    if will_run(world, linode):
        raise Refused("Linode must be powered off to reset its root password")  # own words
    disks = [each for each in world.read(Disk, linode) if each["filesystem"] != "swap"]
    if len(disks) != 1:
        # own words
        raise Refused("Linode has several disks; reset the password of one of them" if disks else "Linode has no disk")
    world.events.schedule("password_reset", linode, seconds=PASSWORD, queued=True)


# -- around it -------------------------------------------------------------------------------------------------------


@on(Linode.firewalls)
def firewalls(world: World, linode: Row) -> list[Row]:
    return firewalls_of(world, linode)


@on(Linode.set_firewalls, unchecked=("firewall_ids",))
def set_firewalls(world: World, linode: Row, firewall_ids: Sequence[int] | None = None) -> Row:
    """Put exactly those in front of it; shows them as a page of a list."""
    chosen = firewalls_by_ids(world, firewall_ids)
    if chosen and linode["interface_generation"] == "linode":
        raise Refused("Firewalls stand in front of the interfaces of this Linode", field="firewall_ids")  # own words
    return protect_by_and_show(world, linode, chosen)


@on(Linode.apply_firewalls)
def apply_firewalls(world: World, linode: Row) -> None:
    world.events.schedule("firewall_apply", linode, seconds=APPLY, queued=True)
