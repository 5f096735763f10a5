"""The login service: pages, OAuth grants and tokens."""

from __future__ import annotations
