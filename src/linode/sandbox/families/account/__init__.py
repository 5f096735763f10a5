"""Behaviour of the account and its events."""

from __future__ import annotations
