"""Prices of network transfer."""

from __future__ import annotations

from linode.api.network_transfer import NetworkTransferPrice

from ..engine.registry import Kind, on

__all__: list[str] = []

on.kind(Kind(of=NetworkTransferPrice, source="/network-transfer/prices"))
