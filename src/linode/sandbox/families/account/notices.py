"""Notifications and maintenance: the system makes them, so they are there when tests add rows of them."""

from __future__ import annotations

from linode.api.account.notices import AccountMaintenance, NoticesMixin, Notification
from linode.sandbox.core.kind import Access, Kind, Storage
from linode.sandbox.engine.registry import Row, World, on

__all__: list[str] = []

on.kind(Kind(of=Notification, storage=Storage(id_key="_id"), access=Access(general={"*": "account_access"})))
on.kind(Kind(of=AccountMaintenance, storage=Storage(id_key="_id"), access=Access(general={"*": "account_access"})))


@on(NoticesMixin.get_notifications)
def notifications(world: World) -> list[Row]:
    """List the notifications that have not ended."""
    return [row for row in world.rows(Notification) if row["until"] is None or world.seconds_until(row["until"]) > 0]


@on(NoticesMixin.get_account_maintenance)
def maintenance(world: World) -> list[Row]:
    """All of it."""
    return world.rows(AccountMaintenance)
