"""Beta programs."""

from __future__ import annotations

from datetime import datetime

from linode._model import BaseClient, Many, ReadOnly, Resource


class BetaProgram(Resource):
    """A beta program that accounts can enroll in."""

    path = "/betas/{id}"
    filterable = ("ended", "greenlight_only", "label", "started")
    read_only = True

    id: ReadOnly[str]
    label: ReadOnly[str]
    description: ReadOnly[str | None]
    more_info: ReadOnly[str | None]
    """URL of the documentation."""
    greenlight_only: ReadOnly[bool]
    """Whether only invited accounts can enroll."""
    started: ReadOnly[datetime]
    """Start time (UTC)."""
    ended: ReadOnly[datetime | None]
    """End time (UTC); None for an open end."""


class BetasMixin(BaseClient):
    """Methods of a client for beta programs."""

    get_betas: Many[BetaProgram] = Many("/betas")
    """Beta programs. Restricted users have no access."""
