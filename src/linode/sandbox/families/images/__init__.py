"""How images and share groups behave."""

from __future__ import annotations
