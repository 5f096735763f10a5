"""How the account and its events behave."""

from __future__ import annotations
