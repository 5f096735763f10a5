"""Payments and payment methods. No bank is asked: a card that can be one pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from linode.api.account.payments import Payment, PaymentMethod, PaymentsMixin
from linode.sandbox.core.kind import Access, Kind, Operations
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, Row, World, on

from .account import refuse_no_zip
from .billing import balance, bill, default_method, pay

__all__: list[str] = []

READ, WRITE = ("account:read_only",), ("account:read_write",)
MAX_METHODS = 6
MIN_USD, MAX_USD, MAX_USD_DUE = 5.00, 2000.00, 50000.00
"""US dollars of a payment: at least, at most, and at most where the balance is as high."""
CARDS = {"34": "American Express", "37": "American Express", "4": "Visa", "5": "MasterCard", "6": "Discover"}
"""Types of cards by the first digits of their numbers."""

on.kind(
    Kind(
        of=Payment,
        access=Access(general={"*": "account_access", PaymentsMixin.create_paypal_payment: "account_access"}),
    )
)
on.kind(
    Kind(
        of=PaymentMethod,
        operations=Operations(limits={"create": ((60, 24 * 3600),)}),
        access=Access(
            scopes={"delete": READ, PaymentsMixin.set_credit_card: WRITE},
            general={"*": "account_access", PaymentsMixin.set_credit_card: "account_access"},
        ),
    )
)


# -- payments --------------------------------------------------------------------------------------------------------


@on.list(Payment)
def payments(world: World) -> Sequence[Row]:
    """All payments, those of invoices among them."""
    bill(world)
    return world.read(Payment)


@on.create(Payment)
def create_payment(world: World, usd: str, payment_method_id: int | None = None) -> Row:
    """Pay with a payment method, the default one unless another is given."""
    amount = _amount(world, usd)
    if payment_method_id is None and default_method(world) is None:
        raise Refused("The account has no payment method", field="payment_method_id")  # own words
    return pay(world, amount)


def _amount(world: World, usd: str) -> float:
    amount, due = float(usd.removeprefix("$")), balance(world)
    least = min(MIN_USD, due) if due > 0 else MIN_USD
    most = max(MAX_USD, min(due, MAX_USD_DUE))
    if not least <= amount <= most:
        raise Refused(f"usd must be between {least:.2f} and {most:.2f}", field="usd")  # own words
    return amount


# -- payment methods -------------------------------------------------------------------------------------------------


@on(PaymentsMixin.create_payment_method)
def create_method(world: World, data: Mapping[str, Any], *, is_default: bool, type: str | None = None) -> None:
    """Add a card, of which only the last digits are kept."""
    if type is None:
        raise Refused("type is required", field="type")
    _refuse_wrong(world, data, "data.")
    refuse_no_zip(world)
    if len(world.read(PaymentMethod)) >= MAX_METHODS:
        raise Refused(f"An account has at most {MAX_METHODS} payment methods")  # own words
    bill(world)  # what is due already is not paid with a method that comes later
    if is_default:
        _no_default(world)
    world.add(PaymentMethod, type=type, is_default=is_default, data=_kept(data))
    world.events.notify("payment_method_add", None)


def _kept(card: Mapping[str, Any]) -> Row:
    number = card["card_number"]
    kind = next((name for digits, name in CARDS.items() if number.startswith(digits)), "Unknown")
    expiry = f"{card['expiry_month']:02}/{card['expiry_year']}"
    return {"card_type": kind, "last_four": number[-4:], "expiry": expiry}


def _refuse_wrong(world: World, card: Mapping[str, Any], above: str = "") -> None:
    """Raise the refusals of what is no card; that more is checked than digits and the expiry is not known."""
    wrong = [name for name in ("card_number", "cvv") if not (card[name].isascii() and card[name].isdigit())]
    now = datetime.fromtimestamp(world.now, UTC)
    if (card["expiry_year"], card["expiry_month"]) < (now.year, now.month):
        wrong.append("expiry_year")
    rules.refuse_for([(f"{name} is not valid", f"{above}{name}") for name in wrong])


def _no_default(world: World) -> None:
    for each in world.rows(PaymentMethod, is_default=True):
        each["is_default"] = False


@on(PaymentMethod.make_default)
def make_default(world: World, method: Row) -> None:
    """Let it be the default in place of the other."""
    bill(world)
    _no_default(world)
    method["is_default"] = True


@on.delete(PaymentMethod)
def delete_method(world: World, method: Row) -> None:
    """Delete one that is not the default."""
    if method["is_default"]:
        raise Refused("The default payment method cannot be deleted")  # own words
    world.remove(method)


@on(PaymentsMixin.set_credit_card)
def set_credit_card(world: World, **card: Any) -> None:
    """Replace the default card; the account's first one becomes the default: a guess."""
    _refuse_wrong(world, card)
    refuse_no_zip(world)
    bill(world)
    if (method := default_method(world)) is not None and method["type"] == "credit_card":
        method["data"] = _kept(card)
    else:
        _no_default(world)
        world.add(PaymentMethod, type="credit_card", is_default=True, data=_kept(card))
    world.events.notify("credit_card_updated", None)


# -- PayPal ----------------------------------------------------------------------------------------------------------


@on(PaymentsMixin.create_paypal_payment)
def create_paypal(world: World, usd: str, redirect_url: str, cancel_url: str) -> Row:  # noqa: ARG001  nobody goes there
    """Begin a payment. The forms of ID and token are guesses."""
    if not usd.removeprefix("$").replace(".", "", 1).isdecimal():
        raise Refused("usd is not valid", field="usd")
    row = world.add("_PayPal", id=f"PAY-{world.hex(24).upper()}", usd=_amount(world, usd))
    return {"payment_id": row["id"], "checkout_token": f"EC-{world.hex(17).upper()}"}


@on(PaymentsMixin.execute_paypal_payment)
def execute_paypal(world: World, payer_id: str, payment_id: str) -> None:  # noqa: ARG001 - any payer is accepted
    """Make it: the sandbox has no PayPal that could be asked whether somebody consented."""
    row = world.find("_PayPal", payment_id)
    if row is None:
        raise Refused("payment_id is not valid", field="payment_id")
    pay(world, row["usd"])
    world.remove(row)
