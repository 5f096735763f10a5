"""Requests of the methods of the profile, and their results."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fakes import client_of, paged

from linode import Profile
from linode._http.transport import Response
from linode.errors import OutcomeUnknownError, UnexpectedResponseError


def test_the_profile_comes_whole_with_one_request():
    """Fields that the API left out of the profile are None, and are not requested again."""
    client, fake = client_of({"GET /profile": {"username": "me", "two_factor_auth": False}})
    profile = client.get_profile()
    assert (profile.username, profile.tfa_enforced, len(fake.requests)) == ("me", None, 1)


def test_an_unrestricted_user_has_no_grants():
    """The API answers nothing at all for a user who may do everything."""
    client, fake = client_of({"GET /profile/grants": Response(204)})
    assert Profile(client).grants() is None
    assert fake.asked == ["GET /profile/grants"]


def test_grants_are_read_as_objects():
    """The member named by a word of Python's is read under another name."""
    answer = {"global": {"add_linodes": True}, "linode": [{"id": 1, "label": "web", "permissions": None}]}
    client, _ = client_of({"GET /profile/grants": answer})
    grants = Profile(client).grants()
    assert grants is not None
    assert grants.global_.add_linodes is True
    assert (grants.linode[0].label, grants.linode[0].permissions) == ("web", None)


def test_answers_to_security_questions_are_not_shown():
    """The answer can be read, and is in no repr."""
    rows = [{"id": 1, "question": "Where?", "response": "nowhere"}]
    client, _ = client_of({"GET /profile/security-questions": {"security_questions": rows}})
    (question,) = Profile(client).security_questions()
    assert question.response == "nowhere"
    assert "nowhere" not in repr(question)


def test_the_users_keys_and_tokens_are_lists_of_the_profile():
    """They need no profile to be fetched first."""
    client, fake = client_of(
        {
            "GET /profile/sshkeys": paged([{"id": 1, "label": "laptop"}]),
            "POST /profile/tokens": {"id": 2, "token": "abc"},
        }
    )
    profile = Profile(client)
    assert [key.label for key in profile.sshkeys] == ["laptop"]
    token = profile.create_token(label="ci", scopes="*", expiry=datetime(2027, 1, 1, tzinfo=UTC))
    assert token.token == "abc"
    assert "abc" not in repr(token)
    assert fake.bodies == [{"label": "ci", "scopes": "*", "expiry": "2027-01-01T00:00:00"}]


def test_answers_that_are_unwrapped_are_checked():
    """A response without the member that a method returns is an error of the library."""
    client, _ = client_of(
        {
            "POST /profile/tfa-enable-confirm": {"scratch": 5},
            "GET /profile/security-questions": {"security_questions": "none"},
        }
    )
    with pytest.raises(OutcomeUnknownError):
        Profile(client).tfa_enable_confirm("123456")
    with pytest.raises(UnexpectedResponseError):
        Profile(client).security_questions()
