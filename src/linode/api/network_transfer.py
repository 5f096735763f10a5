"""Prices of network transfer."""

from __future__ import annotations

from linode._model import BaseClient, Entry, Many

from .types import _UsagePriceFields


class NetworkTransferPrice(_UsagePriceFields, Entry):
    """A kind of network transfer beyond the account's quota, with its price per GB (``hourly``).

    The API returns kinds in a list only.
    """

    public = True
    filterable = ("label", "price.hourly", "price.monthly", "transfer")


class NetworkTransferMixin(BaseClient):
    """Methods of a client for network transfer."""

    get_network_transfer_prices: Many[NetworkTransferPrice] = Many("/network-transfer/prices")
    """Prices of network transfer beyond the account's quota."""
