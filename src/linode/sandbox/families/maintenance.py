"""Maintenance policies."""

from __future__ import annotations

from linode.api.maintenance import MaintenancePolicy

from ..engine.registry import Kind, on

__all__: list[str] = []

on.kind(Kind(of=MaintenancePolicy, source="/maintenance/policies", source_keys=("slug",)))
