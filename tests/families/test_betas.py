"""Beta programs, seen from a client."""

from __future__ import annotations

import pytest

from linode import BetaProgram
from linode.errors import ServerError


def test_beta_programs_are_not_made_up(client):
    """Which ones there are is not on record: neither is the list empty, nor is one of them gone."""
    for asked in (client.get_betas.first, BetaProgram(client, "nfs").load):
        with pytest.raises(ServerError, match=r"\[501\].*GET /betas"):
            asked()
