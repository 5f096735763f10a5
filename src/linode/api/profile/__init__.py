"""The profile of the user: tokens, keys, devices and grants."""

from __future__ import annotations
