"""Behaviour of Monitor."""

from __future__ import annotations
