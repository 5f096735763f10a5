"""Behaviour of Linodes, and of their disks, configurations, interfaces and backups."""

from __future__ import annotations
