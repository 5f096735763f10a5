"""Beta programs, seen from a client."""

from __future__ import annotations

import pytest

from linode import BetaProgram
from linode.errors import NotFoundError


def test_the_beta_program_on_record_is_listed_read_filtered_and_enrolled_in(client):
    (beta,) = client.get_betas(BetaProgram.label.contains("Load Balancer"))
    assert (beta.id, beta.greenlight_only, beta.ended) == ("global_load_balancer_beta", False, None)
    assert BetaProgram(client, beta.id).more_info == "https://www.linode.com/green-light/"
    with pytest.raises(NotFoundError, match="Not found"):
        BetaProgram(client, "nfs").load()
    client.enroll_in_beta(beta)
    assert [each.id for each in client.get_enrolled_betas()] == [beta.id]
