"""How domains, their records and zone files behave."""

from __future__ import annotations
