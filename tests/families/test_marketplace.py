"""Referrals to partners, seen from a client."""

from __future__ import annotations

import pytest
from asking import ask, said

from linode.errors import AuthorizationError

PERSON = {
    "name": "Ada",
    "email": "ada@example.com",
    "phone_country_code": "44",
    "phone": "20 7946 0000",
    "country_code": "GB",
    "tc_consent_given": True,
}


def test_a_person_is_referred_to_a_partner(client):
    assert client.create_marketplace_contact("Partner", "Product", **PERSON, comments="in the morning") is None


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"additional_emails": ["a@example.com"] * 3}, [("Must contain at most 2 items", "additional_emails")]),
        ({"comments": "c" * 501}, [("Length must be at most 500 characters", "comments")]),
        ({"phone": 5}, [("Must be of type String", "phone")]),
        ({"email": "nobody"}, [("email is not valid", "email")]),
        ({"additional_emails": ["nobody"]}, [("additional_emails[0] is not valid", "additional_emails[0]")]),
        ({"tc_consent_given": False}, [("Must agree to the terms and conditions", "tc_consent_given")]),
    ],
)
def test_what_is_wrong_is_refused(client, changes, reasons):
    assert said(client.create_marketplace_contact, "Partner", "Product", **{**PERSON, **changes}) == reasons


def test_all_about_the_person_is_required(sandbox):
    status, answer, _ = ask(sandbox, "POST", "/v4beta/marketplace", {})
    assert status == 400
    assert {each["field"] for each in answer["errors"]} == {*PERSON, "partner_name", "product_name"}


def test_a_referral_takes_the_scope_of_the_account(sandbox):
    with sandbox.world.transaction():
        token = sandbox.world.identity.issue_token("sandbox", scopes="linodes:read_write")["_secret"]
    with pytest.raises(AuthorizationError):
        sandbox.client(token).create_marketplace_contact("Partner", "Product", **PERSON)
