"""Prefix lists, of which Linode's services have some that nobody recorded."""

from __future__ import annotations

from linode.api.networking.prefix_lists import PrefixList
from linode.sandbox.engine.registry import Kind, on

__all__: list[str] = []

on.kind(Kind(of=PrefixList, unrecorded=True))
