"""Prices of network transfer."""

from __future__ import annotations

from typing import Annotated

from linode._model import BaseClient, Bounds, Entry, Many, Nested, ReadOnly, Struct

from .types import _Priced


class TransferPrice(Struct):
    """A price of network transfer, in US dollars per GB."""

    hourly: ReadOnly[float | None]
    """Price per GB, in US dollars."""
    monthly: ReadOnly[float | None]
    """Maximum price per month, in US dollars; None, as transfer has no maximum."""


class TransferRegionPrice(TransferPrice):
    """A price of network transfer in one region, where it differs from the standard price."""

    id: ReadOnly[str]
    """ID of the region."""


class NetworkTransferPrice(_Priced[TransferPrice], Entry):
    """A kind of network transfer beyond the account's quota, with its price. The API returns kinds in a list only."""

    public = True
    filterable = ("label", "price.hourly", "price.monthly", "transfer")

    id: ReadOnly[str]
    label: ReadOnly[str]
    price: Nested[TransferPrice]
    """Standard price."""
    region_prices: ReadOnly[list[TransferRegionPrice]]
    """Prices of the regions that differ."""
    transfer: ReadOnly[Annotated[int, Bounds(ge=0)]]
    """Transfer included per month, in GB."""


class NetworkTransferMixin(BaseClient):
    """Methods of a client for network transfer."""

    get_network_transfer_prices: Many[NetworkTransferPrice] = Many("/network-transfer/prices")
    """Prices of network transfer beyond the account's quota."""
