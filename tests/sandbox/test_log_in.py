"""`Sandbox.log_in`: the person at the login service, without a browser."""

from __future__ import annotations

import pytest
from login_flow import APP, BACK, login_client
from sandbox_process import served

from linode import LinodeLoginClient
from linode.errors import OAuthError
from linode.sandbox import SandboxError


def test_allowing_gives_the_application_a_token_of_the_user(sandbox):
    """The user is the one who was named; the login is in the list of logins, and no session stays open."""
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    login = login_client(sandbox)
    state = login.new_state()
    for user in ("ada", "sandbox"):
        back = sandbox.log_in(login.generate_login_url("account:read_only", state=state), user)
        grant = login.finish_oauth(login.read_redirect(back, state=state))
        assert sandbox.client(grant.token).get_profile().username == user
    assert [each["username"] for each in sandbox.world.read("Login")] == ["ada", "sandbox"]
    assert len(sandbox.world.read("LoginSession")) == 0


def test_denying_sends_the_application_an_error(sandbox):
    login = login_client(sandbox)
    back = sandbox.log_in(login.generate_login_url("linodes:*"), allow=False)
    with pytest.raises(OAuthError, match="access_denied"):
        login.read_redirect(back)


def test_an_application_with_pkce_and_one_of_2016_log_users_in_too(sandbox):
    client_id, _ = sandbox.add_oauth_client("Phone", BACK, public=True)
    phone = login_client(sandbox, client_id, None)
    pair = phone.new_pkce()
    redirect = phone.read_redirect(sandbox.log_in(phone.generate_login_url("linodes:*", code_challenge=pair.challenge)))
    assert phone.finish_oauth(redirect, code_verifier=pair.verifier).scopes
    old = login_client(sandbox, base="http://sandbox/alpha")
    redirect = old.read_redirect(sandbox.log_in(old.generate_login_url("linodes:*")))
    assert redirect.username == "sandbox"
    assert old.finish_oauth(redirect).token


def test_wrong_scopes_go_back_to_the_application_before_anybody_signs_in(sandbox):
    back = sandbox.log_in(f"http://sandbox/oauth/authorize?client_id={APP[0]}&response_type=code&scope=cats:*")
    assert "error=invalid_scope" in back
    assert len(sandbox.world.read("Login")) == 0


@pytest.mark.parametrize(
    ("url", "user", "words"),
    [
        ("http://sandbox/v4/linode/instances?x=1", "sandbox", "v4/linode/instances is not the address of a login"),
        ("http://sandbox/oauth/authorize?client_id=none", "sandbox", "Unknown application: .*client_id is missing or"),
        (f"http://sandbox/oauth/authorize?client_id={APP[0]}&redirect_uri=x", "sandbox", "Wrong redirect address: "),
        (
            f"http://sandbox/oauth/authorize?client_id={APP[0]}&response_type=code",
            "eve",
            "no user 'eve'; it has 'sandbox'",
        ),
        ("http://sandbox/oauth/authorize?client_id=a&client_id=b", "sandbox", "is invalid: a parameter is given more"),
    ],
)
def test_a_page_with_an_error_is_an_error(sandbox, url, user, words):
    with pytest.raises(SandboxError, match=words):
        sandbox.log_in(url, user)
    assert len(sandbox.world.read("Login")) == 0


def test_a_sandbox_on_a_port_plays_the_person_too(sandbox):
    """For its own addresses, in process and by HTTP."""
    with sandbox.serve() as address, LinodeLoginClient(*APP, address) as login:
        back = sandbox.log_in(login.generate_login_url("linodes:read_only"))
        assert login.finish_oauth(login.read_redirect(back)).token
    with served() as http, LinodeLoginClient(*APP, str(http.base_url)) as login:
        url = login.generate_login_url("linodes:read_only")
        answer = http.post("/sandbox/log-in", json={"url": url}).json()
        assert login.finish_oauth(login.read_redirect(answer["url"])).token
        denied = http.post("/sandbox/log-in", json={"url": url, "allow": False}).json()
        assert "error=access_denied" in denied["url"]
        assert http.post("/sandbox/log-in", json={"url": url, "user": "eve"}).status_code == 400
        assert http.post("/sandbox/log-in", json={"url": url, "alow": True}).json()["errors"][0]["field"] == "alow"
