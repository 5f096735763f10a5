"""Behaviour of the profile, its tokens, keys and grants."""

from __future__ import annotations
