"""Invoices and their items."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from linode._model import BaseClient, Entry, Many, ReadOnly, Resource, Struct

from .account import BillingSource

InvoiceItemType: TypeAlias = Literal["hourly", "misc", "prepay"] | str
"""Type of an invoice's item: billed by the hour, anything else, or paid in advance."""


class TaxSummary(Struct):
    """A tax of an invoice."""

    name: ReadOnly[str]
    """Name of the tax."""
    tax: ReadOnly[float]
    """Amount of the tax, in US dollars."""


class InvoiceItem(Entry):
    """An item of an invoice: a service during a part of the month."""

    scope = "account"

    label: ReadOnly[str]
    """Description of the service."""
    type: ReadOnly[InvoiceItemType]
    region: ReadOnly[str | None]
    """ID of the region; None for services without one."""
    from_: ReadOnly[datetime | None] = ReadOnly("from")
    """Time from which the service is billed (UTC); ``from`` in the API, a keyword in Python."""
    to: ReadOnly[datetime | None]
    """Time until which the service is billed (UTC)."""
    quantity: ReadOnly[int | None]
    """Number of hours."""
    unit_price: ReadOnly[str | None]
    """Price per hour, in US dollars."""
    amount: ReadOnly[float]
    """Price without tax, in US dollars; a month costs at most the service's price per month."""
    tax: ReadOnly[float]
    """Tax, in US dollars."""
    total: ReadOnly[float]
    """Price with tax, in US dollars."""


class Invoice(Resource):
    """An invoice for the services of a month."""

    path = "/account/invoices/{id}"
    scope = "account"
    read_only = True
    filterable = ("billing_source", "date", "label", "total")
    shown = ("id", "label", "date", "total")

    id: ReadOnly[int]
    label: ReadOnly[str]
    date: ReadOnly[datetime]
    """Date of the invoice (UTC)."""
    billing_source: ReadOnly[BillingSource]
    subtotal: ReadOnly[float]
    """Sum without taxes, in US dollars."""
    tax: ReadOnly[float]
    """Sum of all taxes, in US dollars."""
    tax_summary: ReadOnly[list[TaxSummary]]
    """Taxes, one by one."""
    total: ReadOnly[float]
    """Sum with taxes, in US dollars."""
    items: Many[InvoiceItem]


class InvoicesMixin(BaseClient):
    """Methods of a client for invoices."""

    get_invoices: Many[Invoice] = Many("/account/invoices")
    """Invoices of the account."""
