"""Beta programs that the account is enrolled in."""

from __future__ import annotations

from linode.api.account.betas import EnrolledBeta, EnrolledBetasMixin
from linode.api.betas import BetaProgram
from linode.sandbox.core.kind import Access, Kind
from linode.sandbox.engine import rules
from linode.sandbox.engine.registry import Refused, World, on

__all__ = ["enroll"]

on.kind(Kind(of=EnrolledBeta, access=Access(general={"*": "unrestricted"})))


@on(EnrolledBetasMixin.enroll_in_beta)
def enroll(world: World, id: str) -> None:
    """Enroll in a program that runs and takes everybody; the refusals are guesses."""
    beta = rules.referenced_row(world, BetaProgram, id, field="id")
    if beta["ended"] is not None and world.seconds_until(beta["ended"]) <= 0:
        raise Refused("id is not valid", field="id")
    if beta["greenlight_only"]:
        raise Refused("Unauthorized", status=403)
    if world.has(EnrolledBeta, id):
        raise Refused("The account is enrolled already", field="id")  # own words
    members = {name: beta[name] for name in ("id", "label", "description", "started", "ended")}
    world.add(EnrolledBeta, **members, enrolled=world.stamp())
