"""Prefix lists in the sandbox."""

from __future__ import annotations

import pytest
from asking import add, raw

from linode import PrefixList
from linode.errors import NotFoundError


def test_no_prefix_list_is_made_up(sandbox, client):
    """Linode's services have some that nobody recorded, so the list is not offered."""
    status, answer = raw(sandbox, "GET", "/networking/prefixlists")
    assert (status, "does not know how to" in answer["errors"][0]["reason"]) == (501, True)
    with pytest.raises(NotFoundError):
        PrefixList(client, 1).load()


def test_a_prefix_list_that_is_there_is_read(sandbox, client):
    """By its number."""
    made = add(sandbox, PrefixList, name="pl::offices", ipv4=["192.0.2.0/24"], visibility="private", version=1)
    found = PrefixList(client, made["id"])
    assert (found.name, found.ipv4, found.ipv6, found.deleted) == ("pl::offices", ["192.0.2.0/24"], None, None)
    assert (found.visibility, found.version, found.created) == ("private", 1, found.updated)
