"""Referrals to partners, which reach nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linode.api.marketplace import MarketplaceMixin

from ..core.kind import Access, Kind
from ..engine.registry import Refused, World, on
from .profile.current_user import check_email

__all__ = ["create_contact"]

on.kind(
    Kind(
        of="_MarketplaceContact",
        access=Access(scopes={MarketplaceMixin.create_marketplace_contact: ("account:read_write",)}),
    )
)


@on(MarketplaceMixin.create_marketplace_contact)
def create_contact(
    _world: World, *, tc_consent_given: bool, email: str, additional_emails: Sequence[str] = (), **_members: Any
) -> None:
    """Take the referral, if the person agrees to the terms."""
    check_email(email)
    for at, each in enumerate(additional_emails):
        check_email(each, field=f"additional_emails[{at}]")
    if not tc_consent_given:
        raise Refused("Must agree to the terms and conditions", field="tc_consent_given")  # a guess, its words too
