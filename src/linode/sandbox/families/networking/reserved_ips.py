"""Reserved addresses, which stay in the account when nothing uses them. Their rows are those of `IPAddress`."""

from __future__ import annotations

from collections.abc import Sequence

from linode.api.networking.ips import IPAddress
from linode.api.networking.reserved_ips import ReservedIPAddress, ReservedIPType
from linode.sandbox.core.kind import Kind, Operations, Refusals, Source, Storage
from linode.sandbox.core.rows import Rows
from linode.sandbox.engine.registry import NotFound, Refused, Row, World, on

from .ips import new_reserved, reserve

__all__: list[str] = []

LIMIT = (
    "Additional Reserved IPv4 addresses require technical justification.  "
    "Please contact support describing your requirement."
)
RATE = ((10, 60.0),)
"""The calls are recorded; that they are counted by the minute is a guess."""

on.kind(
    Kind(
        of=ReservedIPAddress,
        storage=Storage("IPAddress"),
        operations=Operations(limits={"list": RATE, "get": RATE, "update": RATE, "delete": RATE}),
        refusals=Refusals(account={"reserved_ips": (400, LIMIT)}),
    )
)
on.kind(Kind(of=ReservedIPType, source=Source("/networking/reserved/ips/types")))


@on.list(ReservedIPAddress)
def reserved(world: World) -> Rows:
    """List the account's reserved addresses."""
    return world.read(IPAddress, reserved=True)


@on.find(ReservedIPAddress)
def find(world: World, address: str) -> Row:
    """The row of a reserved address."""
    row = world.get(IPAddress, address)
    if not row["reserved"]:
        raise NotFound
    return row


@on.create(ReservedIPAddress)
def create(world: World, region: str, tags: Sequence[str] = ()) -> Row:
    """Reserve a fresh address."""
    return new_reserved(world, region, tags)


@on.update(ReservedIPAddress)
def update(_world: World, address: Row, tags: Sequence[str] | None = None) -> None:
    """Set the tags."""
    if tags is None:
        raise Refused("tags is required", field="tags")
    address["tags"] = list(tags)


@on.delete(ReservedIPAddress)
def delete(world: World, address: Row) -> None:
    """Give it back; one that something uses stays there, and is no longer reserved."""
    reserve(world, address, kept=False)
