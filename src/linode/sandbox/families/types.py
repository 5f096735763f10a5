"""Plans and kernels: what there is stands in the catalogue."""

from __future__ import annotations

from linode.api.types import Kernel, Type

from ..core.kind import Kind, Refusals, Source, Storage
from ..engine.registry import Row, World, on

__all__: list[str] = []

on.kind(
    Kind(
        of=Type,
        source=Source("/linode/types"),
        refusals=Refusals(reference="A valid plan type by that ID was not found"),
    )
)
on.kind(Kind(of=Kernel, storage=Storage(slashed=("linode",)), source=Source("/linode/kernels")))


@on.list(Type)
def types(world: World) -> list[Row]:
    """The plans on offer. A retired one is read, and Linodes of it are created, by its ID."""
    return [plan for plan in world.read(Type) if not plan.get("_retired")]
