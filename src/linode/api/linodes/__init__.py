"""Linodes, their disks, configurations, interfaces, addresses, backups and statistics."""

from __future__ import annotations
