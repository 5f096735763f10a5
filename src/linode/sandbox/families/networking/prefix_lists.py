"""Prefix lists. Nobody recorded those of Linode's services: the sandbox has two examples, which say so."""

from __future__ import annotations

from linode.api.networking.prefix_lists import PrefixList
from linode.sandbox.core.kind import Kind, Source
from linode.sandbox.engine.registry import on

__all__: list[str] = []

on.kind(Kind(of=PrefixList, source=Source("/networking/prefixlists")))
