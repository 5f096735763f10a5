"""How managed databases behave."""

from __future__ import annotations
