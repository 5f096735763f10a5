"""Settings of the account. They are read where something is made; what exists stays as it is."""

from __future__ import annotations

from typing import Any

from linode.api.account.settings import AccountSettings, AccountSettingsMixin
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.engine.registry import Row, World, on
from linode.sandbox.families.linodes.rows import settings
from linode.sandbox.families.longview import plan_of

__all__ = ["shown"]

on.kind(
    Kind(
        of=AccountSettings,
        access=Access(
            scopes={AccountSettingsMixin.get_account_settings: ("account:read_only",)}, general={"*": "account_access"}
        ),
    )
)


@on.get(AccountSettings)
def shown(world: World) -> Row:
    """The settings, with the Longview plan."""
    plan = plan_of(world)
    return {**settings(world), "longview_subscription": None if plan is None else plan["id"]}


@on.update(AccountSettings)
def update(world: World, **changes: Any) -> Row:
    """Change those that were sent."""
    settings(world).update(changes)
    world.events.notify("account_settings_update", None)
    return shown(world)


@on(AccountSettings.enable_managed)
def enable_managed(world: World) -> None:
    """Enable Managed; nothing happens where it is enabled already."""
    row = settings(world)
    if not row["managed"]:
        row["managed"] = True
        world.events.notify("managed_enabled", None)
