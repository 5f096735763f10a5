"""How VPCs behave."""

from __future__ import annotations
