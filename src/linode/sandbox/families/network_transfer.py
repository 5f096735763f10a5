"""Prices of network transfer."""

from __future__ import annotations

from linode.api.network_transfer import NetworkTransferPrice

from ..core.kind import Kind, Source
from ..engine.registry import on

__all__: list[str] = []

on.kind(Kind(of=NetworkTransferPrice, source=Source("/network-transfer/prices")))
