"""How Linodes behave, with their disks, configurations, interfaces and backups."""

from __future__ import annotations
