"""Longview: its clients, and the account's plan."""

from __future__ import annotations

from typing import Any

from linode.api.longview import LongviewClient, LongviewMixin, LongviewSubscription, LongviewType

from ..core.kind import Access, Events, Exports, Grant, Kind, Operations, Refusals, Source
from ..engine import rules, user_grants
from ..engine.registry import Refused, Row, World, on

__all__ = ["included", "plan_of"]

FREE = 10
"""Clients that the free plan includes: a guess."""
APPS = ("apache", "mysql", "nginx")
REDACTED = "[REDACTED]"

on.kind(
    Kind(
        of=LongviewClient,
        exports=Exports(("api_key", "install_code")),
        events=Events("longview", prefix="longviewclient", notify=("create", "update", "delete")),
        operations=Operations(generic=("update", "delete")),
        refusals=Refusals(
            unique="Longview clients",  # a guess at the words
        ),
        grant=Grant("longview", adds="add_longview"),
    )
)
on.kind(
    Kind(
        of=LongviewSubscription,
        source=Source("/longview/subscriptions"),
        access=Access(
            scopes={
                LongviewMixin.get_longview_plan: ("longview:read_only",),
                LongviewMixin.set_longview_plan: ("longview:read_write",),
            }
        ),
    )
)
on.kind(Kind(of=LongviewType, source=Source("/longview/types")))


@on.create(LongviewClient)
def create(world: World, label: str | None = None) -> Row:
    """Create a client, as far as the plan includes one more."""
    if len(world.read(LongviewClient)) >= included(world):
        raise Refused("The Longview plan includes no further client")  # a guess, its words too
    secrets = {name: _secret(world) for name in ("api_key", "install_code")}
    client = rules.create(world, LongviewClient, label=label, **secrets, apps=dict.fromkeys(APPS, False))
    client["label"] = label or f"longview{client['id']}"
    return {**client, "apps": dict.fromkeys(APPS, 0)}


def _secret(world: World) -> str:
    return "-".join(world.hex(digits).upper() for digits in (8, 4, 4, 16))


@on.show(LongviewClient)
def _show(world: World, client: Row) -> Row:
    user = world.user
    if user is None or not user["restricted"]:
        return client
    level = user_grants.grants_of_kind(user, "longview").get(str(client["id"]))
    return client if level == "read_write" else {**client, "api_key": REDACTED, "install_code": REDACTED}


# -- the plan --------------------------------------------------------------------------------------------------------


def included(world: World) -> int:
    """The number of clients that the account's plan includes."""
    plan = plan_of(world)
    return FREE if plan is None else int(plan["clients_included"])


def plan_of(world: World) -> Row | None:
    """The account's plan; None for the free one."""
    chosen = world.one("_LongviewPlan", plan=None)["plan"]
    return None if chosen is None else world.get(LongviewSubscription, chosen)


@on(LongviewMixin.get_longview_plan)
def get_plan(world: World) -> Row | None:
    """The account's plan; nothing for the free one."""
    return plan_of(world)


@on(LongviewMixin.set_longview_plan)
def set_plan(world: World, longview_subscription: str | None = None) -> Row | None:
    """Change the account's plan, for who may."""
    user = world.user
    if user is not None and user["restricted"]:
        allowed: Any = user_grants.grants_of_kind(user, "global").get("longview_subscription")
        if not allowed:
            raise Refused("Unauthorized", status=403)
    world.one("_LongviewPlan", plan=None)["plan"] = longview_subscription
    return plan_of(world)
