"""How the profile behaves, with its tokens, keys and grants."""

from __future__ import annotations
