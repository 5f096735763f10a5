"""Behaviour of the API's families, each at the same relative path as its declarations in linode.api."""

from __future__ import annotations
