"""How Monitor behaves."""

from __future__ import annotations
