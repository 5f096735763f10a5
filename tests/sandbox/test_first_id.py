"""IDs that begin where those of real accounts are."""

from __future__ import annotations

import pytest
from asking import NANODE, REGION

from linode.sandbox import Sandbox
from linode.sandbox.__main__ import main

FIRST = 60_000_000


def test_every_kind_begins_at_the_first_id():
    with Sandbox(seed=1, first_id=FIRST) as sandbox:
        client = sandbox.client()
        linode = client.create_linode(NANODE, REGION)
        assert (linode.id, client.create_linode(NANODE, REGION).id) == (FIRST, FIRST + 1)
        assert client.create_domain("example.com", soa_email="a@example.com").id == FIRST
        other = sandbox.client(sandbox.add_account("Other Inc."))
        assert other.create_linode(NANODE, REGION).id == FIRST + 2
        sandbox.reset()
        assert client.create_linode(NANODE, REGION).id == FIRST


def test_a_data_file_goes_on_with_its_own_ids(tmp_path):
    path = str(tmp_path / "world.db")
    with Sandbox(path, first_id=FIRST) as first:
        first.client().create_linode(NANODE, REGION)
    with Sandbox(path) as second:
        assert second.client().create_linode(NANODE, REGION).id == FIRST + 1


@pytest.mark.parametrize("wrong", [0, -5, 2**31])
def test_an_id_that_no_client_can_hold_is_refused(wrong):
    with pytest.raises(ValueError, match="first_id must be from 1 to 2147483647"):
        Sandbox(first_id=wrong)


def test_the_command_refuses_an_invalid_first_id(capsys):
    with pytest.raises(SystemExit):
        main(["--first-id", "0"])
    assert "--first-id: '0' must be a number from 1 to 2147483647" in capsys.readouterr().err
