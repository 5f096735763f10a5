"""Scopes: what a user grants to an application."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linode import LinodeLoginClient
from linode.scopes import OAuthScopes, Scope


@pytest.mark.parametrize(
    "text",
    ["*", "linodes:view,zones:*", "linodes:read_write volumes:read_only", "", "marvels:see", "zones:*", "linodes:*"],
)
def test_scopes_are_written_as_they_were_read(text):
    assert str(OAuthScopes.parse(text)) == text
    assert OAuthScopes.serialize(OAuthScopes.parse(text)) == text
    assert repr(OAuthScopes(text)) == f"OAuthScopes({text!r})"


def test_scopes_are_given_as_one_as_text_or_as_a_list_of_either():
    one = OAuthScopes.Linodes.view
    assert OAuthScopes(one) == OAuthScopes("linodes:view") == OAuthScopes([one]) == OAuthScopes(["linodes:view", one])
    assert OAuthScopes.serialize([one, OAuthScopes.Zones.all]) == "linodes:view,zones:*"
    assert OAuthScopes.serialize([OAuthScopes.LKE.read_only, "vpc:read_write"], ",") == "lke:read_only,vpc:read_write"
    with pytest.raises(TypeError, match="not int"):
        OAuthScopes(5)


def test_scopes_are_a_set_whose_order_does_not_matter():
    a, b = OAuthScopes("linodes:view,zones:*"), OAuthScopes("zones:* linodes:view")
    assert a == b
    assert hash(a) == hash(b)
    assert Scope("zones") in a
    assert a | OAuthScopes.parse("*") == OAuthScopes("linodes:view zones:* *")
    assert len(OAuthScopes("*,*")) == 1


def test_a_family_alone_is_all_of_it():
    assert OAuthScopes("linodes") == OAuthScopes(OAuthScopes.Linodes.all)


@pytest.mark.parametrize(
    ("granted", "needed", "covered"),
    [
        ("*", "linodes:read_write anything:else", True),
        ("*:read_only", "linodes:read_only", True),
        ("*:read_only", "linodes:read_write", False),
        ("linodes:*", "linodes:read_write", True),
        ("linodes:read_write", "linodes:read_only", True),
        ("linodes:read_only", "linodes:read_write", False),
        ("linodes:read_only", "volumes:read_only", False),
        ("linodes:view", "linodes:modify", False),
        ("linodes:modify", "linodes:view", True),
        ("linodes:create", "linodes:modify", True),
        ("linodes:delete", "linodes:*", True),
        ("linodes:create", "linodes:delete", False),
        ("zones:view", "domains:read_only", True),
        ("domains:read_write", "zones:delete", True),
        ("linodes:dream", "linodes:dream", True),
        ("linodes:read_write", "linodes:dream", False),
        ("linodes:dream", "linodes:view", False),
        ("linodes:read_write", "*", False),
        ("", "", True),
        ("", "linodes:view", False),
    ],
)
def test_what_was_granted_covers_what_is_needed_or_not(granted, needed, covered):
    assert OAuthScopes(granted).covers(needed) is covered
    assert (OAuthScopes(granted).missing(needed) == OAuthScopes()) is covered


def test_missing_names_what_is_not_covered():
    assert str(OAuthScopes("linodes:read_only").missing("linodes:read_only images:read_only")) == "images:read_only"


words = st.text("abcdefghij_*", min_size=1)


@given(st.lists(st.builds(Scope, words, words)))
def test_any_scopes_survive_being_written_and_read(scopes):
    assert OAuthScopes.parse(OAuthScopes.serialize(scopes)) == OAuthScopes(scopes)


@pytest.mark.parametrize(
    ("scopes", "message"),
    [
        ("linods:read_only", "'linods:read_only' has an unknown family; did you mean 'linodes:read_only'?"),
        ("linodes:read_only domain:*", "'domain:*' has an unknown family; did you mean 'domains:*'?"),
        (["linodes:read_onyl"], "'linodes:read_onyl' has an unknown level; did you mean 'linodes:read_only'?"),
        (OAuthScopes("Volumes:read_write"), "'Volumes:read_write' has an unknown family; did you mean 'volumes:read"),
        ("volumes:view", "'volumes:view' has an unknown level; there are read_only, read_write"),
        ("*:read", "'*:read' has an unknown level; did you mean '*:read_"),
        ("0123abcd4567", "one of the scopes is not of the form 'linodes:read_only'; it is not shown"),
    ],
)
def test_a_misspelt_scope_is_refused_with_the_nearest(client, scopes, message):
    """In the URL of the login page, where nobody would notice, and in a new token."""
    login = LinodeLoginClient("my-client-id", "my-client-secret")
    for request in (
        lambda: login.generate_login_url(scopes),
        lambda: login.refresh("refresh-token", scopes=scopes),
        lambda: client.get_profile().create_token(scopes=scopes),
    ):
        with pytest.raises(ValueError, match=re.escape(message)):
            request()


def test_a_scope_that_is_newer_than_the_library_passes_as_an_object():
    """And so do both grammars, whole families, and everything."""
    login = LinodeLoginClient("my-client-id")
    assert "marvels%3Aread_only" in login.generate_login_url([Scope("marvels", "read_only"), "linodes:read_only"])
    for known in ("*", "linodes:view,zones:*", "linodes", "nfs:read_only", "*:read_only", OAuthScopes.all):
        assert "scopes=" in login.generate_login_url(known)
