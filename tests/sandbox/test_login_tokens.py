"""The sandbox's login service: what codes are exchanged for, and how it ends."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from login_flow import APP, BACK, HERE, OUR_FORM, consented, login_client, post, send

from linode._http.transport import Request
from linode.errors import AuthenticationError, OAuthError
from linode.oauth import Pkce
from linode.scopes import OAuthScopes

# -- codes -------------------------------------------------------------------------------------------------------------


def test_a_code_used_twice_is_refused_and_what_it_gave_ends(sandbox):
    login, code = login_client(sandbox), consented(sandbox)
    grant = login.finish_oauth(code)
    with pytest.raises(OAuthError, match="used before") as caught:
        login.finish_oauth(code)
    assert caught.value.error == "invalid_grant"
    with pytest.raises(AuthenticationError):
        sandbox.client(grant.token).get_linodes().first()
    with pytest.raises(OAuthError, match="used before"):
        login.refresh(grant.refresh_token)


@pytest.mark.parametrize(("seconds", "good"), [(590, True), (601, False)])
def test_a_code_is_good_for_ten_minutes(sandbox, seconds, good):
    code = consented(sandbox)
    sandbox.advance(seconds)
    if good:
        assert login_client(sandbox).finish_oauth(code).token
    else:
        with pytest.raises(OAuthError, match="expired"):
            login_client(sandbox).finish_oauth(code)


def test_a_code_is_good_for_its_application_only(sandbox):
    other = sandbox.add_oauth_client("Other", BACK)
    with pytest.raises(OAuthError, match="another application"):
        login_client(sandbox, *other).finish_oauth(consented(sandbox))


@pytest.mark.parametrize("secret", ["wrong", None])
def test_a_wrong_or_missing_secret_is_refused_and_costs_nothing(sandbox, secret):
    code = consented(sandbox)
    with pytest.raises(OAuthError, match="client_secret is wrong") as caught:
        login_client(sandbox, secret=secret).finish_oauth(code, code_verifier="v")
    assert (caught.value.status, caught.value.error) == (401, "invalid_client")
    assert login_client(sandbox).finish_oauth(code).token


def test_an_unknown_application_is_refused(sandbox):
    with pytest.raises(OAuthError, match="client_id") as caught:
        login_client(sandbox, "nobody").finish_oauth("c")
    assert caught.value.error == "invalid_client"


def test_an_unknown_code_is_refused(sandbox):
    with pytest.raises(OAuthError, match="unknown"):
        login_client(sandbox).finish_oauth("c0de")


def test_the_redirect_address_of_the_exchange_must_be_that_of_the_login(sandbox):
    with pytest.raises(OAuthError, match="redirect_uri"):
        login_client(sandbox).finish_oauth(consented(sandbox), redirect_uri="https://other.example.com/")
    code = consented(sandbox, redirect_uri=BACK)
    assert login_client(sandbox).finish_oauth(code, redirect_uri=BACK).token


def test_pkce_binds_the_code_to_who_began_the_login(sandbox):
    login = login_client(sandbox)
    pair = login.new_pkce()
    for wrong in (None, login.new_pkce().verifier):
        code = consented(sandbox, code_challenge=pair.challenge)
        with pytest.raises(OAuthError, match="code_verifier"):
            login.finish_oauth(code, code_verifier=wrong)
    code = consented(sandbox, code_challenge=pair.challenge)
    assert login.finish_oauth(code, code_verifier=pair.verifier).token
    with pytest.raises(OAuthError, match="did not begin with a code_challenge"):
        login.finish_oauth(consented(sandbox), code_verifier=pair.verifier)


def test_a_public_application_proves_itself_with_pkce_alone(sandbox, browser):
    phone, _ = sandbox.add_oauth_client("Phone", BACK, public=True)
    login = login_client(sandbox, phone, None)
    assert browser.go(login.generate_login_url("*")).said["error"] == "invalid_request"
    pair = login.new_pkce()
    browser.go(login.generate_login_url("*", code_challenge=pair.challenge)).sign_in().allow()
    code = login.read_redirect(browser.address)
    with pytest.raises(OAuthError, match="code_verifier"):
        login.finish_oauth(code, code_verifier=Pkce.of("x" * 43).verifier)
    browser.go(login.generate_login_url("*", code_challenge=pair.challenge)).allow()
    grant = login.finish_oauth(login.read_redirect(browser.address), code_verifier=pair.verifier)
    assert login.refresh(grant.refresh_token).token
    login.revoke(grant.refresh_token)


# -- tokens ------------------------------------------------------------------------------------------------------------


def test_a_token_ends_after_two_hours_and_can_be_refreshed(sandbox):
    login = login_client(sandbox)
    grant = login.finish_oauth(consented(sandbox))
    sandbox.advance(7201)
    with pytest.raises(AuthenticationError):
        sandbox.client(grant.token).get_linodes().first()
    again = login.refresh(grant.refresh_token)
    assert again.scopes == grant.scopes
    assert sandbox.client(again.token).get_linodes().first() is None


def test_a_refresh_token_is_good_once_and_its_theft_ends_all(sandbox):
    login = login_client(sandbox)
    first = login.finish_oauth(consented(sandbox))
    second = login.refresh(first.refresh_token)
    assert second.refresh_token != first.refresh_token
    with pytest.raises(AuthenticationError):
        sandbox.client(first.token).get_linodes().first()
    with pytest.raises(OAuthError, match="used before"):
        login.refresh(first.refresh_token)
    with pytest.raises(AuthenticationError):
        sandbox.client(second.token).get_linodes().first()
    with pytest.raises(OAuthError, match="used before"):
        login.refresh(second.refresh_token)


def test_a_refresh_can_narrow_and_never_widen(sandbox):
    login = login_client(sandbox)
    grant = login.finish_oauth(consented(sandbox, "linodes:read_write volumes:read_only"))
    with pytest.raises(OAuthError, match="volumes:read_write") as caught:
        login.refresh(grant.refresh_token, scopes="linodes:read_only volumes:read_write")
    assert caught.value.error == "invalid_scope"
    narrow = login.refresh(grant.refresh_token, scopes="linodes:read_only")
    assert narrow.scopes == OAuthScopes("linodes:read_only")
    assert login.refresh(narrow.refresh_token).scopes == grant.scopes


def test_revoking_ends_the_token_or_all_that_came_of_a_refresh_token(sandbox):
    login = login_client(sandbox)
    grant = login.finish_oauth(consented(sandbox))
    login.revoke(grant.token)
    with pytest.raises(AuthenticationError):
        sandbox.client(grant.token).get_linodes().first()
    again = login.refresh(grant.refresh_token)
    login.revoke(again.refresh_token)
    with pytest.raises(AuthenticationError):
        sandbox.client(again.token).get_linodes().first()
    login.revoke("never heard of")


def test_a_token_can_be_revoked_by_who_holds_it_and_not_by_another_application(sandbox):
    other = sandbox.add_oauth_client("Other", BACK)
    grant = login_client(sandbox).finish_oauth(consented(sandbox))
    with pytest.raises(OAuthError, match="another application"):
        login_client(sandbox, *other).revoke(grant.token)
    assert sandbox.client(grant.token).get_linodes().first() is None
    assert post(sandbox, "/oauth/revoke", token=grant.token, token_type_hint="access_token") == (200, {})
    with pytest.raises(AuthenticationError):
        sandbox.client(grant.token).get_linodes().first()


def test_a_personal_token_is_not_revoked_here(sandbox):
    status, answer = post(sandbox, "/oauth/revoke", token=sandbox.token)
    assert (status, answer["error"]) == (400, "unsupported_token_type")
    assert sandbox.client().get_linodes().first() is None


def test_the_token_form_is_read_as_clients_in_use_send_it(sandbox):
    form = {"client_id": APP[0], "client_secret": APP[1]}
    status, answer = post(sandbox, "/oauth/token", code=consented(sandbox), **form)
    assert status == 200
    assert answer.keys() == {"access_token", "token_type", "expires_in", "refresh_token", "scope", "scopes"}
    boundary = "xyz"
    lines = []
    for name, value in {**form, "code": consented(sandbox)}.items():
        lines += [f"--{boundary}", f'Content-Disposition: form-data; name="{name}"', "", value]
    content = "\r\n".join([*lines, f"--{boundary}--", ""]).encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    assert send(sandbox, Request("POST", f"{HERE}/oauth/token", headers, content)).status == 200


def test_an_application_may_prove_itself_in_the_header(sandbox):
    content = urlencode({"grant_type": "authorization_code", "code": consented(sandbox)}).encode()
    for words, status in (("bXktY2xpZW50LWlkOm15LWNsaWVudC1zZWNyZXQ=", 200), ("bXktY2xpZW50LWlkOng=", 401), ("ä", 401)):
        headers = OUR_FORM | {"Authorization": f"Basic {words}"}
        response = send(sandbox, Request("POST", f"{HERE}/oauth/token", headers, content))
        assert response.status == status
        assert ("www-authenticate" in response.headers) is (status == 401)
        assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "r"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_form_that_asks_for_nothing_known_is_refused(sandbox, form, error):
    status, answer = post(sandbox, "/oauth/token", client_id=APP[0], client_secret=APP[1], **form)
    assert (status, answer["error"]) == (400, error)
    assert answer["error_description"]


@pytest.mark.parametrize("content", [b"{}", b"a=1&a=2", b"&".join(b"a%d=1" % n for n in range(60)), b"", None])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_is_no_form_is_refused(sandbox, content, kind):
    response = send(sandbox, Request("POST", f"{HERE}/oauth/token", {"Content-Type": kind}, content))
    assert response.status in {400, 401}
    assert json.loads(response.content)["error"] in {"invalid_request", "invalid_client"}
