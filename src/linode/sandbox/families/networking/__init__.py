"""Behaviour of IP addresses and firewalls."""

from __future__ import annotations
