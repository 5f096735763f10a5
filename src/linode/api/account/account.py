"""The account: contact and billing data, agreements, traffic, promo codes, and its cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Field, Nested, Options, ReadOnly, Resource, Struct, action, body
from linode._model.convert import reader

BillingSource: TypeAlias = Literal["akamai", "linode"] | str
"""Company that bills the account."""
PromotionService: TypeAlias = (
    Literal[
        "all",
        "backup",
        "blockstorage",
        "db_mysql",
        "ip_v4",
        "linode",
        "linode_disk",
        "linode_memory",
        "longview",
        "managed",
        "nodebalancer",
        "objectstorage",
        "placement_group",
        "transfer_tx",
    ]
    | str
)
"""Service that a promotion pays for."""
PromoCode: TypeAlias = Annotated[str, Bounds(min_length=1, max_length=32)]


class CreditCard(Struct):
    """Credit card of an account."""

    last_four: ReadOnly[str | None]
    """Last four digits; None for no card."""
    expiry: ReadOnly[str | None]
    """Expiry month, as ``MM/YYYY``; None for no card."""


class Promotion(Struct):
    """A promotion: credit of the account for a service."""

    summary: ReadOnly[str]
    """Short description of the promotion."""
    description: ReadOnly[str]
    """Description of the promotion."""
    service_type: ReadOnly[PromotionService]
    """Service that the credit pays for."""
    credit_monthly_cap: ReadOnly[str]
    """Credit per month, in US dollars."""
    credit_remaining: ReadOnly[str]
    """Credit that is left, in US dollars."""
    this_month_credit_remaining: ReadOnly[str]
    """Credit that is left this month, in US dollars."""
    expire_dt: ReadOnly[str | None]
    """Expiry time; None for never."""
    image_url: ReadOnly[str]
    """URL of an image."""


class Agreements(Struct):
    """Agreements that the account has accepted."""

    billing_agreement: ReadOnly[bool]
    """Whether the billing agreement is accepted."""
    eu_model: ReadOnly[bool]
    """Whether the EU model contract is accepted."""
    master_service_agreement: ReadOnly[bool]
    """Whether the master service agreement is accepted."""
    privacy_policy: ReadOnly[bool]
    """Whether the privacy policy is accepted."""


class AgreementsOptions(Options, total=False):
    """Options of `accept_agreements`; an agreement cannot be withdrawn once it is accepted."""

    billing_agreement: bool
    """True to accept the billing agreement."""
    eu_model: bool
    """True to accept the EU model contract."""
    master_service_agreement: bool
    """True to accept the master service agreement."""
    privacy_policy: bool
    """True to accept the privacy policy."""


class RegionTransfer(Struct):
    """Traffic of the account in a region with a pool of its own."""

    id: ReadOnly[str]
    """ID of the region."""
    quota: ReadOnly[int]
    """Traffic included this month, in GB."""
    used: ReadOnly[int]
    """Traffic used this month, in GB."""
    billable: ReadOnly[int]
    """Traffic beyond the quota, in GB."""


class AccountTransfer(Struct):
    """Outbound traffic of the account this month."""

    quota: ReadOnly[int]
    """Traffic included this month, in GB."""
    used: ReadOnly[int]
    """Traffic used this month, in GB."""
    billable: ReadOnly[int]
    """Traffic beyond the quota, in GB."""
    region_transfers: ReadOnly[list[RegionTransfer]]
    """Traffic of the regions with a pool of their own."""


class CancelOptions(Options, total=False):
    """Options of `Account.cancel`."""

    comments: str
    """Reason for the cancellation, or any other comment."""


class _Survey(TypedDict):
    survey_link: str


class Account(Resource):
    """The account: contact and billing data."""

    path = "/account"
    scope = "account"
    deletable = False

    company: Field[Annotated[str, Bounds(max_length=128)]]
    """Company name."""
    first_name: Field[Annotated[str, Bounds(max_length=50)]]
    """First name of the owner."""
    last_name: Field[Annotated[str, Bounds(max_length=50)]]
    """Last name of the owner."""
    email: Field[Annotated[str, Bounds(max_length=128)]]
    """Email address of the owner."""
    address_1: Field[Annotated[str, Bounds(max_length=64)]]
    """First line of the billing address."""
    address_2: Field[Annotated[str, Bounds(max_length=64)]]
    """Second line of the billing address."""
    city: Field[Annotated[str, Bounds(max_length=24)]]
    """City of the billing address."""
    state: Field[Annotated[str, Bounds(max_length=24)]]
    """State or province of the billing address."""
    zip: Field[str]
    """Postal code of the billing address."""
    country: Field[str]
    """Country of the billing address: two letters."""
    phone: Field[Annotated[str, Bounds(max_length=32)]]
    """Phone number."""
    tax_id: Field[Annotated[str, Bounds(max_length=25)]]
    balance: ReadOnly[float]
    """Amount due, in US dollars; a credit is negative."""
    balance_uninvoiced: ReadOnly[float]
    """Amount that has accrued since the last invoice, in US dollars."""
    billing_source: ReadOnly[BillingSource]
    credit_card: Nested[CreditCard]
    active_promotions: ReadOnly[list[Promotion]]
    """Promotions."""
    active_since: ReadOnly[datetime]
    """Time at which the account was activated (UTC)."""
    capabilities: ReadOnly[list[str]]
    """Services that the account can use."""
    euuid: ReadOnly[str]
    """External UUID of the account."""

    @action
    def cancel(self, **options: Unpack[CancelOptions]) -> Call[str]:
        """Cancel the account: all services are deleted, and nobody can use the account any more.

        Returns the URL of a survey. Raises an `ApiError` with status 409 when the last payment fails.
        """
        return Call("POST", f"{self.url}/cancel", body(**options), shape=_Survey, read=_survey_link)


def _survey_link(data: Mapping[str, Any]) -> str:
    return str(data["survey_link"])


class AccountMixin(BaseClient):
    """Methods of a client for the account itself."""

    @action
    def get_account(self) -> Call[Account]:
        """Return the account: contact and billing data."""
        return Call("GET", Account.path, read=lambda data: Account(self)._merge(data, complete=True))

    @action
    def get_account_transfer(self) -> Call[AccountTransfer]:
        """Return the outbound traffic of the account this month."""
        return self._gets("/account/transfer", AccountTransfer)

    @action
    def get_account_agreements(self) -> Call[Agreements]:
        """Return the agreements that the account has accepted."""
        return self._gets("/account/agreements", Agreements)

    @action
    def accept_agreements(self, **options: Unpack[AgreementsOptions]) -> Call[None]:
        """Accept agreements: ``accept_agreements(eu_model=True)``."""
        return self._posts("/account/agreements", body(**options))

    @action
    def apply_promo_code(self, promo_code: PromoCode) -> Call[Promotion]:
        """Apply a promo code to an account younger than 90 days without another promotion; returns the promotion."""
        return Call(
            "POST", "/account/promo-codes", body(promo_code=promo_code), read=lambda data: reader(Promotion)(data, self)
        )
