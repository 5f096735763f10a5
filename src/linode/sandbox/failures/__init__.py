"""Failures on demand: faults and rate limits."""

from __future__ import annotations
