"""How IP addresses and firewalls behave."""

from __future__ import annotations
