"""Marketplace: referrals to Linode's partners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Unpack

from linode._model import BaseClient, Bounds, Call, Options, action, body
from linode._model.calls import ignore_response


class MarketplaceContactOptions(Options, total=False):
    """Options of `create_marketplace_contact` besides the product and the person."""

    company_name: str | None
    """Name of the company."""
    additional_emails: Annotated[Sequence[str], Bounds(max_length=2)]
    """Up to two more email addresses."""
    account_executive_email: str | None
    """Email address of the account executive at Akamai."""
    comments: Annotated[str, Bounds(max_length=500)] | None
    """Comments: up to 500 characters."""


class MarketplaceMixin(BaseClient):
    """Methods of a client for the marketplace."""

    @action
    def create_marketplace_contact(
        self,
        partner_name: str,
        product_name: str,
        *,
        name: str,
        email: str,
        phone_country_code: str,
        phone: str,
        country_code: str,
        tc_consent_given: bool,
        **options: Unpack[MarketplaceContactOptions],
    ) -> Call[None]:
        """Ask the partner *partner_name* to contact a person about the product *product_name* (v4beta).

        The person has a *name*, an *email* address and a *phone* number with its *phone_country_code*, lives in the
        country *country_code* (ISO 3166, two letters), and agrees to the terms and conditions: *tc_consent_given*.
        Raises `InvalidRequestError` when the API refuses one of them.
        """
        json = body(
            partner_name=partner_name,
            product_name=product_name,
            name=name,
            email=email,
            phone_country_code=phone_country_code,
            phone=phone,
            country_code=country_code,
            tc_consent_given=tc_consent_given,
            **options,
        )
        return Call("POST", "/marketplace", json, shape=None, beta=True, read=ignore_response)
