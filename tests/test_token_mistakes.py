"""Mistakes with tokens are refused with the cure, and without the token."""

from __future__ import annotations

import pickle
import re

import pytest

from linode import AuthenticationError, LinodeClient
from linode.errors import LinodeBusyError
from linode.sandbox import Sandbox

TOKEN = "7f9dcb0c"


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "the token is empty"),
        (f"Bearer {TOKEN}", "the token must be given without the word 'Bearer', which the library adds"),
        (f"{TOKEN}\n", "without spaces or newlines; strip() removes those at its ends"),
        (f"{TOKEN} {TOKEN}", "the token must be printable ASCII without spaces or newlines"),
    ],
)
def test_a_token_that_no_header_can_have_is_refused_with_the_cure(token, words):
    """The usual reason is a copied header, or the newline at the end of a file."""
    with pytest.raises(ValueError, match=f"{re.escape(words)}$") as refused:
        LinodeClient(token)
    assert TOKEN not in str(refused.value)


def test_a_request_without_a_token_says_that_there_was_none(monkeypatch):
    """The API's own words are the same as for a wrong token."""
    monkeypatch.delenv("LINODE_TOKEN", raising=False)
    with Sandbox(seed=1) as sandbox:
        for token, cure in (
            (None, "; no token was sent: give LinodeClient(token), or set LINODE_TOKEN"),
            ("wrong", ""),
        ):
            with pytest.raises(AuthenticationError) as refused:
                LinodeClient(token, transport=sandbox.transport()).get_profile().username  # noqa: B018
            assert str(refused.value) == f"GET /profile: [401] Invalid Token{cure}"
            assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)


def test_a_busy_linode_is_told_with_the_ways_to_wait():
    """The API says no more than that it is busy."""
    with Sandbox(seed=1) as sandbox:
        linode, _password = sandbox.client().create_linode(
            "g6-nanode-1", "us-east", image="linode/debian12", label="web"
        )
        with pytest.raises(LinodeBusyError, match=r"Linode busy; wait for the job .* retry=Retry\(retry_busy=True\)$"):
            linode.resize("g6-standard-1")
