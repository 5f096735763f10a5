"""Prefix lists in the sandbox."""

from __future__ import annotations

import pytest
from asking import raw

from linode import PrefixList
from linode.errors import ServerError


def test_no_prefix_list_is_made_up(sandbox, client):
    """Linode's services have some that nobody recorded, so neither the list nor one of them is offered."""
    for path in ("/networking/prefixlists", "/networking/prefixlists/1"):
        status, answer = raw(sandbox, "GET", path)
        assert (status, "does not implement" in answer["errors"][0]["reason"]) == (501, True)
    for read in (client.get_prefix_lists().all, client.get_prefix_lists(PrefixList.name == "pl::offices").all):
        with pytest.raises(ServerError, match="does not implement"):
            read()
