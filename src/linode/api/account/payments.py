"""Payments and payment methods."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Required, TypeAlias, TypedDict, Unpack

from linode._model import BaseClient, Bounds, Call, Nested, ReadOnly, Resource, Struct, action, deprecated_action
from linode._model.convert import reader
from linode._model.options import Options, body
from linode._model.relations import Many

PaymentMethodType: TypeAlias = Literal["credit_card", "google_pay", "paypal"] | str
"""Type of a payment method."""
USD: TypeAlias = Annotated[str, Bounds(pattern=r"^\$?\d+\.\d{2}$")]
CardNumber: TypeAlias = Annotated[str, Bounds(min_length=14, max_length=24)]
CVV: TypeAlias = Annotated[str, Bounds(min_length=3, max_length=4)]
Month: TypeAlias = Annotated[int, Bounds(ge=1, le=12)]
Year: TypeAlias = Annotated[int, Bounds(ge=1000, le=9999)]


class NewCreditCard(TypedDict, total=False):
    """Credit card to add as a payment method."""

    card_number: Required[CardNumber]
    """Card number, digits alone."""
    expiry_month: Required[Month]
    """Expiry month, 1 to 12."""
    expiry_year: Required[Year]
    """Expiry year, four digits."""
    cvv: Required[CVV]
    """Card verification value: three or four digits."""


class PaymentOptions(Options, total=False):
    """Options of `create_payment`."""

    payment_method_id: PaymentMethod | int
    """Payment method; the default one by default."""


class PaymentMethodData(Struct):
    """Details of a payment method: of a card, or of a PayPal account."""

    card_type: ReadOnly[str | None]
    """Type of the card, such as ``Visa``; None for PayPal."""
    last_four: ReadOnly[str | None]
    """Last four digits of the card; None for PayPal."""
    expiry: ReadOnly[str | None]
    """Expiry month of the card, as ``MM/YYYY``; None for PayPal."""
    email: ReadOnly[str | None]
    """Email address of the PayPal account; None for a card."""
    paypal_id: ReadOnly[str | None]
    """ID of the PayPal account; None for a card."""


class PaymentMethod(Resource):
    """A payment method. The default one cannot be deleted."""

    path = "/account/payment-methods/{id}"
    scope = "account"
    savable = False

    id: ReadOnly[int]
    type: ReadOnly[PaymentMethodType]
    is_default: ReadOnly[bool]
    """Whether invoices are paid with it."""
    data: Nested[PaymentMethodData]
    """Details."""
    created: ReadOnly[datetime]

    @action
    def make_default(self) -> Call[None]:
        """Make this the default payment method."""
        return self._posts("make-default", outdated=("is_default",))


class Payment(Resource):
    """A payment of the account."""

    path = "/account/payments/{id}"
    scope = "account"
    read_only = True
    filterable = ("date", "usd")

    id: ReadOnly[int]
    date: ReadOnly[datetime]
    """Time of the payment (UTC)."""
    usd: ReadOnly[float]
    """Amount, in US dollars."""


class PayPalPayment(Struct):
    """A PayPal payment that waits for the user's approval at PayPal."""

    payment_id: ReadOnly[str]
    """ID of the payment, for `execute_paypal_payment`."""
    checkout_token: ReadOnly[str]
    """Token with which the user approves the payment at PayPal."""


class PaymentsMixin(BaseClient):
    """Methods of a client for payments and payment methods."""

    get_payments: Many[Payment] = Many("/account/payments")
    """Payments of the account."""
    get_payment_methods: Many[PaymentMethod] = Many("/account/payment-methods")
    """Payment methods of the account."""

    @action
    def create_payment(self, usd: USD, **options: Unpack[PaymentOptions]) -> Call[Payment]:
        """Pay *usd* US dollars (``"20.00"``) and return the payment.

        Raises `InvalidRequestError` for less than 5 dollars, unless the balance is less, and without a payment method.
        """
        return self._creates(Payment, "/account/payments", body(usd=usd, **options))

    @action
    def create_payment_method(
        self, data: NewCreditCard, *, is_default: bool, type: Literal["credit_card"] = "credit_card"
    ) -> Call[None]:
        """Add the credit card *data* as a payment method; an account has at most six."""
        return self._posts("/account/payment-methods", body(data=data, is_default=is_default, type=type))

    @deprecated_action("use create_payment_method()")
    def set_credit_card(self, card_number: CardNumber, expiry_month: Month, expiry_year: Year, cvv: CVV) -> Call[None]:
        """Replace the account's credit card; deprecated: use `create_payment_method`."""
        card = body(card_number=card_number, expiry_month=expiry_month, expiry_year=expiry_year, cvv=cvv)
        return self._posts("/account/credit-card", card)

    @deprecated_action("PayPal is added as a payment method in the Cloud Manager")
    def create_paypal_payment(self, usd: str, redirect_url: str, cancel_url: str) -> Call[PayPalPayment]:
        """Start a payment with PayPal, which sends the user to *redirect_url* or *cancel_url*; deprecated."""
        return Call(
            "POST",
            "/account/payments/paypal",
            body(usd=usd, redirect_url=redirect_url, cancel_url=cancel_url),
            read=lambda data: reader(PayPalPayment)(data, self),
        )

    @deprecated_action("PayPal is added as a payment method in the Cloud Manager")
    def execute_paypal_payment(self, payer_id: str, payment_id: str) -> Call[None]:
        """Make a payment that the user has approved at PayPal; deprecated."""
        return self._posts("/account/payments/paypal/execute", body(payer_id=payer_id, payment_id=payment_id))
