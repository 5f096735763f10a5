"""Beta programs. Which there are is not on record, so they are not offered."""

from __future__ import annotations

from linode.api.betas import BetaProgram

from ..engine.registry import Kind, on

__all__: list[str] = []

on.kind(Kind(of=BetaProgram, unrecorded=True, access={"*": "unrestricted"}))
