"""Availability of services to the account, as it was recorded."""

from __future__ import annotations

from linode.api.account.availability import AccountAvailability
from linode.sandbox.core.kind import Access, Kind, Source
from linode.sandbox.engine.registry import on

__all__: list[str] = []

on.kind(
    Kind(
        of=AccountAvailability,
        source=Source("/account/availability", keys=("region",)),
        access=Access(general={"*": "account_access"}),
    )
)
