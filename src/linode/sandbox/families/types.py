"""Plans and kernels: what there is stands in the catalogue."""

from __future__ import annotations

from linode.api.types import Kernel, Type

from ..engine.registry import Kind, on

__all__: list[str] = []

on.kind(Kind(of=Type, source="/linode/types", reference="A valid plan type by that ID was not found"))
on.kind(Kind(of=Kernel, source="/linode/kernels", slashed=("linode",)))
