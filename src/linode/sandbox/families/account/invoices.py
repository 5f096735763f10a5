"""Invoices, which `billing` makes."""

from __future__ import annotations

from collections.abc import Sequence

from linode.api.account.invoices import Invoice
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.engine.registry import Row, World, on

from .billing import bill

__all__ = ["invoices"]

on.kind(Kind(of=Invoice, access=Access(general={"*": "account_access"})))


@on.list(Invoice)
def invoices(world: World) -> Sequence[Row]:
    """All that have been made."""
    bill(world)
    return world.read(Invoice)


@on(Invoice.items)
def items(world: World, invoice: Row) -> list[Row]:  # noqa: ARG001  every behaviour takes the world
    """The items of an invoice."""
    found: list[Row] = invoice["_items"]
    return found
