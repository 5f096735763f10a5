"""Behaviour of domains, their records and zone files."""

from __future__ import annotations
