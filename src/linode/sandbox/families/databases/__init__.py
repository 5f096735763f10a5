"""Behaviour of managed databases."""

from __future__ import annotations
