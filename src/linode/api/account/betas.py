"""Beta programs that the account is enrolled in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from linode._model import BaseClient, Call, Many, ReadOnly, Resource, action, body

if TYPE_CHECKING:
    from ..betas import BetaProgram


class EnrolledBeta(Resource):
    """A beta program that the account is enrolled in."""

    path = "/account/betas/{id}"
    scope = "account"
    read_only = True
    filterable = ("ended", "enrolled", "label", "started")

    id: ReadOnly[str]
    label: ReadOnly[str]
    """Name."""
    description: ReadOnly[str | None]
    started: ReadOnly[datetime]
    """Start time of the program (UTC)."""
    ended: ReadOnly[datetime | None]
    """End time of the program (UTC); None while it has none."""
    enrolled: ReadOnly[datetime]
    """Time at which the account was enrolled (UTC)."""


class EnrolledBetasMixin(BaseClient):
    """Methods of a client for enrolled beta programs."""

    get_enrolled_betas: Many[EnrolledBeta] = Many("/account/betas")
    """Beta programs that the account is enrolled in."""

    @action
    def enroll_in_beta(self, id: BetaProgram | str) -> Call[None]:
        """Enroll the account in the beta program *id*; some programs need an invitation."""
        return self._posts("/account/betas", body(id=id))
