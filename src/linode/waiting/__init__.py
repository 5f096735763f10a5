"""Waiting for statuses and jobs, and following events."""

from __future__ import annotations
