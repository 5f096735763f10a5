"""The sandbox's login service: its pages, and the way through them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from login_flow import APP, BACK, HERE, OUR_FORM, Browser, consented, login_client, post, send

from linode._http.transport import Request
from linode.errors import AuthorizationError, OAuthError
from linode.oauth import OAuthRedirect
from linode.sandbox.login.scope_descriptions import FAMILIES, in_words
from linode.scopes import Family, OAuthScopes, Scope, _In2016, _Today

# -- the way through ---------------------------------------------------------------------------------------------------


def test_a_user_signs_in_allows_and_the_application_gets_a_token_that_works(sandbox, browser):
    login = login_client(sandbox)
    state = login.new_state()
    browser.go(login.generate_login_url(["linodes:read_write", "account:read_only"], state=state))
    assert "Sign in" in browser.page.text
    browser.sign_in()
    assert "see, change, create and delete your Linodes" in browser.page.text
    assert "see your account" in browser.page.text
    browser.allow()
    assert browser.address.startswith(BACK + "?")
    grant = login.finish_oauth(login.read_redirect(browser.address, state=state))
    token, scopes = grant
    assert scopes == OAuthScopes("linodes:read_write account:read_only")
    assert (grant.expires_in, grant.token_type, len(token)) == (7200, "bearer", 64)
    assert list(sandbox.client(token).get_linodes()) == []


def test_a_token_may_do_what_was_granted_and_no_more(sandbox):
    token, _ = login_client(sandbox).finish_oauth(consented(sandbox, "linodes:read_only"))
    client = sandbox.client(token)
    assert client.get_linodes().first() is None
    with pytest.raises(AuthorizationError):
        client.get_domains().first()


def test_the_second_login_of_a_session_asks_for_consent_only(sandbox, browser):
    url = login_client(sandbox).generate_login_url("volumes:read_only")
    browser.go(url).sign_in().allow()
    browser.go(url)
    assert "Allow" in browser.page.text
    assert "code" in browser.allow().said


def test_denying_tells_the_application(sandbox, browser):
    login = login_client(sandbox)
    browser.go(login.generate_login_url("*", state="st")).sign_in().press("decision", "deny")
    assert browser.said["error"] == "access_denied"
    assert browser.said["state"] == "st"
    with pytest.raises(OAuthError, match="did not allow"):
        login.read_redirect(browser.address, state="st")


def test_someone_else_can_sign_in_instead(sandbox, browser):
    browser.go(login_client(sandbox).generate_login_url("*")).sign_in()
    browser.press(form=1)
    assert "Sign in" in browser.page.text
    assert "code" in browser.sign_in().allow().said


def test_signing_out_ends_the_session(sandbox, browser):
    url = login_client(sandbox).generate_login_url("*")
    browser.go(url).sign_in().go("/oauth/sign-out")
    kept = dict(browser.cookies)
    browser.press()
    assert "Signed out" in browser.page.text
    assert "Sign in" in Browser(sandbox, kept).go(url).page.text
    assert "not signed in" in browser.go("/oauth/sign-out").page.text


def test_a_session_ends_by_itself(sandbox, browser):
    url = login_client(sandbox).generate_login_url("*")
    browser.go(url).sign_in()
    sandbox.advance(12 * 3600 + 1)
    assert "Sign in" in browser.go(url).page.text


def test_a_registered_addresss_own_query_is_kept(sandbox, browser):
    app = sandbox.add_oauth_client("Q", "https://app.example.com/back?page=2")
    browser.go(login_client(sandbox, *app).generate_login_url("*", state="&=#")).sign_in().allow()
    assert browser.said["page"] == "2"
    assert browser.said["state"] == "&=#"


def test_the_implicit_flow_gives_a_token_in_the_fragment(sandbox, browser):
    browser.go(login_client(sandbox).generate_login_url("*", response_type="token", state="st")).sign_in().allow()
    said = {name: value for name, (value,) in parse_qs(urlsplit(browser.address).fragment).items()}
    assert said.keys() == {"access_token", "token_type", "expires_in", "scope", "state"}
    assert list(sandbox.client(said["access_token"]).get_linodes()) == []


# -- what is wrong with the question -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"client_id": "nobody", "response_type": "code"}, "Unknown application"),
        ({"response_type": "code"}, "Unknown application"),
        ({"client_id": APP[0], "redirect_uri": "https://evil.example.com/"}, "Wrong redirect address"),
        ({"client_id": APP[0], "redirect_uri": BACK + "/more"}, "Wrong redirect address"),
        ({"client_id": APP[0], "redirect_uri": BACK + "?x=1"}, "Wrong redirect address"),
        ([("client_id", APP[0]), ("client_id", "other")], "Invalid request"),
    ],
)
def test_a_wrong_application_or_address_is_shown_and_never_redirected(browser, query, words):
    page = browser.go("/oauth/authorize?" + urlencode(query)).page
    assert page.status == 400
    assert words in page.text
    assert page.forms == []


def test_a_page_of_what_is_wrong_tells_what_to_do(sandbox, browser):
    wrong = login_client(sandbox).generate_login_url("*", redirect_uri="https://app.example.com/")
    text = browser.go(wrong).page.text
    assert f"https://app.example.com/, but is registered with {BACK}." in text
    assert "is invalid: a parameter is given more than once." in browser.go(f"{wrong}&state=a&state=b").page.text
    assert "client_id is missing or wrong" in browser.go("/oauth/authorize").page.text


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({}, "invalid_request"),
        ({"response_type": "magic"}, "unsupported_response_type"),
        ({"response_type": "code", "scopes": "dreams:read_only"}, "invalid_scope"),
        ({"response_type": "code", "scopes": "linodes:view"}, "invalid_scope"),
        ({"response_type": "code", "scopes": "*:read_only"}, "invalid_scope"),
        ({"response_type": "code", "code_challenge": "a" * 43}, "invalid_request"),
        ({"response_type": "code", "code_challenge": "a" * 43, "code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "code", "code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
    ],
)
def test_anything_else_goes_back_to_the_application(browser, query, error):
    said = browser.go("/oauth/authorize?" + urlencode({"client_id": APP[0], "state": "st", **query})).said
    assert (said["error"], said["state"]) == (error, "st")


def test_what_the_forms_carry_is_checked_again(sandbox, browser):
    evil = urlencode({"client_id": APP[0], "response_type": "code", "redirect_uri": "https://evil.example.com/"})
    browser.go(login_client(sandbox).generate_login_url("*")).sign_in()
    assert "Wrong redirect address" in browser.press("decision", "allow", asked=evil).page.text


def test_a_form_without_the_sessions_mark_is_refused(sandbox, browser):
    browser.go(login_client(sandbox).generate_login_url("*"))
    name, value = browser.page.forms[0]["buttons"][0]
    assert browser.press(name, value, csrf="").page.status == 403
    browser.go(login_client(sandbox).generate_login_url("*")).sign_in()
    page = browser.press("decision", "allow", csrf="0" * 64).page
    assert page.status == 403
    assert "start again" in page.text


def test_the_mark_of_another_session_is_worth_nothing(sandbox, browser):
    url = login_client(sandbox).generate_login_url("*")
    other = Browser(sandbox).go(url).sign_in().page.forms[0]["fields"]["csrf"]
    assert browser.go(url).sign_in().press("decision", "allow", csrf=other).page.status == 403


def test_a_session_planted_before_the_sign_in_is_worth_nothing_after_it(sandbox, browser):
    url = login_client(sandbox).generate_login_url("*")
    browser.go(url)
    planted = dict(browser.cookies)
    browser.sign_in()
    assert browser.cookies != planted
    assert "Sign in" in Browser(sandbox, planted).go(url).page.text


def test_an_unknown_user_cannot_sign_in(sandbox, browser):
    browser.go(login_client(sandbox).generate_login_url("*"))
    form = browser.page.forms[0]["fields"] | {"username": "nobody"}
    page = browser.go("/oauth/sign-in", "POST", urlencode(form).encode()).page
    assert "Unknown user" in page.text


def test_a_decision_without_a_session_leads_to_the_sign_in(sandbox, browser):
    url = login_client(sandbox).generate_login_url("*")
    browser.go(url).sign_in()
    sandbox.advance(12 * 3600 + 1)
    assert "Sign in" in browser.allow().page.text


# -- the pages ---------------------------------------------------------------------------------------------------------


def test_pages_need_no_script_carry_their_style_and_are_not_kept_or_framed(sandbox, browser):
    page = browser.go(login_client(sandbox).generate_login_url("*")).page
    assert page.tags.isdisjoint({"script", "img", "iframe"})
    assert {"title", "h1", "main", "legend", "button", "style"} <= page.tags
    assert '<html lang="en">' in page.source
    assert 'name="viewport"' in page.source
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["set-cookie"].endswith("; Path=/oauth; HttpOnly; SameSite=Lax")


def test_what_others_wrote_is_escaped(sandbox, browser):
    app, secret = sandbox.add_oauth_client("<script>alert(1)</script>", BACK)
    url = login_client(sandbox, app, secret).generate_login_url("*", state="\"><script>alert('2')</script>")
    for page in (browser.go(url).page, browser.sign_in().page):
        assert "script" not in page.tags
        assert "<script>alert(1)" in page.text
    refused = browser.go(f"/oauth/authorize?client_id={app}&redirect_uri=%3Cscript%3Ex").page
    assert "script" not in refused.tags
    assert "<script>x" in refused.text


@pytest.mark.parametrize("cookie", ["sandbox_session=short", 'sandbox_session="a\\015\\012b"', ";;=", "\x00"])
def test_a_broken_cookie_is_replaced(sandbox, cookie):
    request = Request("GET", f"{HERE}/oauth/sign-out", {"Cookie": cookie})
    response = send(sandbox, request)
    assert response.status == 200
    assert "\r" not in response.headers["set-cookie"]
    assert len(response.headers["set-cookie"].partition("=")[2].partition(";")[0]) == 43


def test_a_line_break_in_what_the_forms_carry_stays_out_of_the_headers(sandbox, browser):
    browser.go(login_client(sandbox).generate_login_url("*"))
    fields = browser.page.forms[0]["fields"]
    name, value = browser.page.forms[0]["buttons"][0]
    form = fields | {name: value, "asked": fields["asked"] + "&state=a%0d%0aSet-Cookie: b=c\r\nX: y"}
    headers = OUR_FORM | {"Cookie": "; ".join(f"{n}={v}" for n, v in browser.cookies.items())}
    response = send(sandbox, Request("POST", f"{HERE}/oauth/sign-in", headers, urlencode(form).encode()))
    assert response.status == 303
    assert response.headers["location"].isprintable()


def test_unknown_places_and_methods_are_refused(sandbox, browser):
    assert browser.go("/oauth/nowhere").page.status == 404
    assert browser.go("/oauth/token/expire", "POST", b"").page.status == 404
    assert browser.go("/alpha/oauth/revoke", "POST", b"").page.status == 404
    response = send(sandbox, Request("PUT", f"{HERE}/oauth/authorize", {}))
    assert (response.status, response.headers["allow"]) == (405, "GET, POST")
    assert send(sandbox, Request("GET", f"{HERE}/oauth/token", {})).headers["allow"] == "POST"


# -- 2016 --------------------------------------------------------------------------------------------------------------

OLD = f"{HERE}/alpha"


def test_the_login_of_2016_tells_who_it_was_and_gives_token_and_scopes(sandbox, browser):
    login = login_client(sandbox, base=OLD)
    browser.go(login.generate_login_url([OAuthScopes.Linodes.create, OAuthScopes.Zones.view], state="st"))
    assert "see, change and create your Linodes" in browser.sign_in().page.text
    browser.allow()
    redirect = login.read_redirect(browser.address, state="st")
    (user,) = sandbox.world.read("User")
    assert redirect == OAuthRedirect(browser.said["code"], "st", user["username"], user["email"])
    grant = login.finish_oauth(redirect)
    token, scopes = grant
    assert scopes == OAuthScopes("linodes:create,zones:view")
    assert (grant.username, grant.email) == (user["username"], user["email"])
    assert (grant.expiry, grant.refresh_token, grant.token_type) == (None, None, None)
    assert sandbox.world.identity.find_token(token)["scopes"] == "linodes:create,zones:view"
    login.expire_token(token)
    assert sandbox.world.identity.find_token(token) is None


def test_the_guides_login_runs(sandbox, browser):
    login = login_client(sandbox, base=OLD)
    browser.go(login.generate_login_url(scopes=OAuthScopes.all)).sign_in().allow()
    token, scopes = login.finish_oauth(browser.said["code"])
    assert scopes == OAuthScopes(OAuthScopes.all)
    assert sandbox.client(token).get_linodes().first() is None


def test_the_address_of_2016_may_be_longer_than_the_registered_one_but_not_another(sandbox, browser):
    query = {"client_id": APP[0], "scopes": "*"}
    browser.go(f"{OLD}/oauth/authorize?" + urlencode({**query, "redirect_uri": BACK + "/deep?x=1"})).sign_in().allow()
    assert browser.address.startswith(BACK + "/deep?x=1&code=")
    for wrong in ("http://localhost.example.com/callback", "http://localhost/other", "https://localhost/callback"):
        page = browser.go(f"{OLD}/oauth/authorize?" + urlencode({**query, "redirect_uri": wrong})).page
        assert "Wrong redirect address" in page.text


@pytest.mark.parametrize("scopes", ["volumes:view", "linodes:read_only", "zones:dream"])
def test_scopes_that_2016_did_not_have_are_refused(browser, scopes):
    said = browser.go(f"{OLD}/oauth/authorize?" + urlencode({"client_id": APP[0], "scopes": scopes})).said
    assert said["error"] == "invalid_scope"


def test_a_public_application_cannot_go_round_pkce_through_2016(sandbox, browser):
    phone, _ = sandbox.add_oauth_client("Phone", BACK, public=True)
    browser.go(f"{OLD}/oauth/authorize?client_id={phone}").sign_in().allow()
    code = browser.said["code"]
    status, answer = post(sandbox, "/alpha/oauth/token", client_id=phone, code=code)
    assert (status, answer["error"]) == (401, "invalid_client")
    status, answer = post(sandbox, "/oauth/token", client_id=phone, code=code)
    assert (status, answer["error"]) == (400, "invalid_grant")


def test_there_is_nothing_to_refresh_in_2016(sandbox):
    form = {"client_id": APP[0], "client_secret": APP[1], "grant_type": "refresh_token", "refresh_token": "r"}
    status, answer = post(sandbox, "/alpha/oauth/token", **form)
    assert (status, answer["error"]) == (400, "unsupported_grant_type")


# -- words -------------------------------------------------------------------------------------------------------------


def test_every_scope_that_the_library_names_can_be_said_to_a_person():
    offered = [(family._name, family) for family in vars(OAuthScopes).values() if isinstance(family, Family)]
    assert {*(name for name, _ in offered), "nfs"} == FAMILIES.keys()  # the library does not declare what is a guess
    for _, family in offered:
        levels = ["all"] + ["read_only", "read_write"] * isinstance(family, _Today)
        for level in levels + ["view", "modify", "create", "delete"] * isinstance(family, _In2016):
            assert in_words(getattr(family, level)).startswith("see")
    assert "everything" in in_words(Scope("*"))
