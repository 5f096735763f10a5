"""Child accounts of a parent account, and tokens to act for them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from linode._model import BaseClient, Bounds, Call, DeprecatedMany, Nested, ReadOnly, Resource, deprecated_action

from ..profile.credentials import PersonalAccessToken
from .account import CreditCard, Promotion


class ChildAccount(Resource):
    """A child account. Deprecated by the API in favor of the delegation of IAM."""

    path = "/account/child-accounts/{euuid}"
    scope = "child_account"
    read_only = True
    filterable = (
        "address_1",
        "address_2",
        "city",
        "company",
        "country",
        "email",
        "first_name",
        "last_name",
        "phone",
        "state",
        "zip",
    )

    euuid: ReadOnly[str]
    """External UUID of the account."""
    company: ReadOnly[Annotated[str, Bounds(max_length=128)]]
    """Company name."""
    first_name: ReadOnly[Annotated[str, Bounds(max_length=50)]]
    """First name of the owner."""
    last_name: ReadOnly[Annotated[str, Bounds(max_length=50)]]
    """Last name of the owner."""
    email: ReadOnly[Annotated[str, Bounds(max_length=128)]]
    """Email address of the owner."""
    address_1: ReadOnly[Annotated[str, Bounds(max_length=64)]]
    """First line of the billing address."""
    address_2: ReadOnly[Annotated[str, Bounds(max_length=64)]]
    """Second line of the billing address."""
    city: ReadOnly[Annotated[str, Bounds(max_length=24)]]
    """City of the billing address."""
    state: ReadOnly[Annotated[str, Bounds(max_length=24)]]
    """State or province of the billing address."""
    zip: ReadOnly[str]
    """Postal code of the billing address."""
    country: ReadOnly[str]
    """Country of the billing address: two letters."""
    phone: ReadOnly[Annotated[str, Bounds(max_length=32)]]
    """Phone number."""
    tax_id: ReadOnly[Annotated[str, Bounds(max_length=25)]]
    balance: ReadOnly[float]
    """Amount due, in US dollars; a credit is negative."""
    balance_uninvoiced: ReadOnly[float]
    """Amount that has accrued since the last invoice, in US dollars."""
    billing_source: ReadOnly[Literal["external", "akamai", "linode"] | str]
    """Company that bills the account; ``external`` for none of these."""
    credit_card: Nested[CreditCard]
    active_promotions: ReadOnly[list[Promotion]]
    """Promotions."""
    active_since: ReadOnly[datetime]
    """Time at which the account was activated (UTC)."""
    capabilities: ReadOnly[list[str]]
    """Services that the account can use."""

    @deprecated_action("use client.create_my_child_account_token()")
    def create_token(self) -> Call[PersonalAccessToken]:
        """Create a token that acts for the child account as its proxy user, for a short time, and return it.

        Deprecated: use `create_my_child_account_token`.
        """
        return self._creates(PersonalAccessToken, "token")


class ChildAccountsMixin(BaseClient):
    """Methods of a client for child accounts."""

    get_child_accounts: DeprecatedMany[ChildAccount] = DeprecatedMany(
        "/account/child-accounts", "use get_delegated_child_accounts"
    )
    """Child accounts; only parent accounts have some. Deprecated: use `get_delegated_child_accounts`."""
