"""Beta programs: the one that was open when somebody recorded the list."""

from __future__ import annotations

from linode.api.betas import BetaProgram

from ..engine.registry import Kind, on

__all__: list[str] = []

on.kind(Kind(of=BetaProgram, source="/betas", access={"*": "unrestricted"}))
