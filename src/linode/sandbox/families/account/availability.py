"""Availability of services to the account, as it was recorded."""

from __future__ import annotations

from linode.api.account.availability import AccountAvailability
from linode.sandbox.engine.registry import Kind, on

__all__: list[str] = []

on.kind(
    Kind(
        of=AccountAvailability,
        source="/account/availability",
        source_keys=("region",),
        access={"*": "account_access"},
    )
)
