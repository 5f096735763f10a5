"""Beta programs: the one that was open when somebody recorded the list."""

from __future__ import annotations

from linode.api.betas import BetaProgram

from ..core.kind import Access, Kind, Source
from ..engine.registry import on

__all__: list[str] = []

on.kind(Kind(of=BetaProgram, source=Source("/betas"), access=Access(general={"*": "unrestricted"})))
