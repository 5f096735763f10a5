"""Maintenance policies."""

from __future__ import annotations

from linode.api.maintenance import MaintenancePolicy

from ..core.kind import Kind, Source
from ..engine.registry import on

__all__: list[str] = []

on.kind(Kind(of=MaintenancePolicy, source=Source("/maintenance/policies", keys=("slug",))))
