"""What goes wrong on request: faults and rate limits."""

from __future__ import annotations
