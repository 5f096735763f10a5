"""The profile of the current user, from the user's row and ``_profile`` in it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from typing import Any

import msgspec

from linode._http.transport import Response
from linode.api.profile.profile import Profile
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.engine.registry import Refused, Row, World, on

from .current_user import add_profile_event, check_email, current_user, profile_members, refuse_no_admin
from .public_keys import refuse_broken
from .security import disable_tfa

on.kind(Kind(of=Profile, access=Access(scopes={"get": (), Profile.grants: ()})))


@on.get(Profile)
def profile(world: World) -> Row:
    """Show the profile of the current user."""
    user = current_user(world)
    return {
        **profile_members(world, user),
        **{name: user[name] for name in ("username", "email", "restricted", "user_type", "verified_phone_number")},
        "two_factor_auth": user["tfa_enabled"],
    }


@on.update(Profile)
def update(world: World, **changes: Any) -> Row:
    """Update the members whose values differ."""
    user, before = current_user(world), profile(world)
    if changes.get("authorized_keys") == []:
        changes["authorized_keys"] = None  # an empty list is shown as null
    changed = {name: value for name, value in changes.items() if value != before[name]}
    for name, value in changed.items():
        if name in CHECKS:
            CHECKS[name](value)
    if "restricted" in changed and user["restricted"]:
        raise Refused("Unauthorized", status=403)
    if changed.get("restricted"):
        refuse_no_admin(world, user)
    if changed.pop("two_factor_auth", None) is False:
        disable_tfa(world)
    for name, value in changed.items():
        row = user if name in ("email", "restricted") else profile_members(world, user)
        row[name] = value
    add_profile_event(world, "profile_update")
    return profile(world)


def _check_timezone(value: str) -> None:
    if value not in zoneinfo.available_timezones() | {"GMT", "UTC"}:
        raise Refused("timezone is not valid", field="timezone")


def _check_keys(value: Sequence[str] | None) -> None:
    refuse_broken(value or (), "authorized_keys")


def _check_tfa(value: bool) -> None:
    if value:
        # own words
        raise Refused("Two-factor authentication is enabled with a code of the app", field="two_factor_auth")


CHECKS: dict[str, Any] = {
    "email": check_email,
    "timezone": _check_timezone,
    "authorized_keys": _check_keys,
    "two_factor_auth": _check_tfa,
}


# -- preferences -----------------------------------------------------------------------------------------------------


@on(Profile.preferences)
def preferences(world: World) -> Response:
    """Show the stored preferences, which may have any members."""
    return Response(200, content=msgspec.json.encode(current_user(world).get("_preferences", {})))


@on(Profile.set_preferences)
def set_preferences(world: World, preferences: Row) -> Response:
    """Replace the stored preferences, and show them."""
    current_user(world)["_preferences"] = preferences
    return Response(200, content=msgspec.json.encode(preferences))
