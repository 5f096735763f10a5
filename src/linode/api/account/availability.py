"""Availability of services to the account in each region."""

from __future__ import annotations

from linode._model import BaseClient, Many, ReadOnly, Resource

from ..regions import Capability


class AccountAvailability(Resource):
    """Services that the account can use in a region."""

    path = "/account/availability/{region}"
    scope = "account"
    read_only = True

    region: ReadOnly[str]
    """ID of the region."""
    available: ReadOnly[list[str]]
    """Services that the account can use."""
    unavailable: ReadOnly[list[Capability]]
    """Services that the account cannot use."""


class AccountAvailabilityMixin(BaseClient):
    """Methods of a client for the availability of services."""

    get_account_availability: Many[AccountAvailability] = Many("/account/availability")
    """Services that the account can use, region by region."""
