"""Bills, made of what the meters say: an invoice for each month in which something was there, on the first of the next.

An hour that has begun counts whole, and a month costs at most the price per month. No tax is charged. The invoices of
the months that are over are made when somebody asks for them, or for the balance. Those of an account with a default
payment method are paid at once: a guess, as is that a month in which nothing was there has no invoice.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil

from linode.api.account.invoices import Invoice
from linode.api.account.payments import Payment, PaymentMethod
from linode.sandbox.engine.registry import Row, World

__all__ = ["balance", "bill", "card_shown", "default_method", "pay", "uninvoiced"]

HOUR = 3600


def bill(world: World) -> None:
    """Make the invoices of the months that are over."""
    known = world.rows("_Account")[0]
    begin = billed = known.get("billed") or _month_of(world.now - _age(world, known))
    while (end := _next_month(begin)) <= world.now:
        if items := _items(world, begin, end):
            invoice = _invoice(world, items, end)
            due = min(invoice["total"], _due(world))  # a credit pays first
            if due > 0 and default_method(world) is not None:
                pay(world, due, invoice["date"])
        begin = end
    if begin != billed:
        for meter in world.rows("_Meter", running=False):
            if meter["ended"] <= begin:
                world.remove(meter)
    known["billed"] = begin


def default_method(world: World) -> Row | None:
    """The payment method that invoices are paid with."""
    return next(iter(world.rows(PaymentMethod, is_default=True)), None)


def card_shown(world: World) -> Row:
    """The card of the default payment method as the account shows it."""
    method = default_method(world)
    data = method["data"] if method is not None else {}
    return {"last_four": data.get("last_four"), "expiry": data.get("expiry")}


def pay(world: World, usd: float, date: str | None = None) -> Row:
    """A payment that has been made, now or at *date*."""
    payment = world.add(Payment, usd=round(usd, 2), date=date or world.stamp())
    world.events.notify("payment_submitted", None)
    return payment


def balance(world: World) -> float:
    """The balance due in US dollars; negative for a credit."""
    bill(world)
    return _due(world)


def _due(world: World) -> float:
    """The sum of the invoices so far that is not paid, in US dollars."""
    return float(round(world.read(Invoice).total("total") - world.read(Payment).total("usd"), 2))


def _age(world: World, known: Row) -> float:
    """Seconds since the account was made; none for one whose data file does not say it."""
    return -world.seconds_until(known["since"]) if "since" in known else 0.0


def _month_of(moment: float) -> float:
    """The first moment of the month of *moment*."""
    return datetime.fromtimestamp(moment, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


def _next_month(begin: float) -> float:
    return _month_of(begin + 32 * 24 * HOUR)


def _invoice(world: World, items: list[Row], end: float) -> Row:
    total = round(sum(each["total"] for each in items), 2)
    sums = {"subtotal": total, "tax": 0.0, "total": total}
    return world.add(
        Invoice, label="Invoice", date=_stamp(end), billing_source="linode", tax_summary=[], **sums, _items=items
    )


def _items(world: World, begin: float, end: float) -> list[Row]:
    """The invoice items of services that existed between *begin* and *end*, at most until now."""
    until = min(end, world.now)
    found = []
    for meter in world.read("_Meter"):
        first, last = max(meter["began"], begin), min(meter["ended"] or until, until)
        if first < last:
            found.append(_item(meter, first, last))
    return found


def _item(meter: Row, first: float, last: float) -> Row:
    hours = ceil((last - first) / HOUR)
    price = hours * meter["hourly"]
    amount = round(price if meter["monthly"] is None else min(price, meter["monthly"]), 2)
    return {
        "label": meter["label"],
        "type": "hourly",
        "region": meter["region"],
        "from": _stamp(first),
        "to": _stamp(last),
        "quantity": hours,
        "unit_price": f"{meter['hourly']:.6f}".rstrip("0"),
        "amount": amount,
        "tax": 0.0,
        "total": amount,
    }


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def uninvoiced(world: World) -> float:
    """The charges accrued this month, in US dollars."""
    return float(round(sum(each["total"] for each in _items(world, _month_of(world.now), world.now)), 2))
