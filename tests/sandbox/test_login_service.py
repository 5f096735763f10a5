"""The sandbox's login service, driven as a browser and an application would."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest

from linode._http.transport import Request, Response
from linode.errors import AuthenticationError, AuthorizationError, OAuthError
from linode.login import LinodeLoginClient, OAuthRedirect, Pkce
from linode.sandbox import Sandbox
from linode.sandbox.rights import FAMILIES, in_words
from linode.scopes import OAuthScopes, Scope, _Family, _In2016, _Today

HERE = "http://sandbox"
APP = ("my-client-id", "my-client-secret")
BACK = "http://localhost/callback"
OUR_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Page(HTMLParser):
    """A page as a browser understands it: its text, and its forms with their fields and buttons."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.status, self.headers, self.source = response.status, response.headers, response.content.decode()
        self.text, self.forms, self.tags = "", [], set()
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.tags.add(tag)
        if tag == "form":
            self.forms.append({"action": said["action"], "method": said["method"], "fields": {}, "buttons": []})
        elif tag == "input":
            self.forms[-1]["fields"][said["name"]] = said.get("value", "")
        elif tag == "button":
            self.forms[-1]["buttons"].append((said.get("name"), said.get("value")))

    def handle_data(self, data):
        self.text += data


@dataclass
class Browser:
    """Goes where it is sent, keeps cookies, and stops where the way leads out of the sandbox."""

    sandbox: Sandbox
    cookies: dict[str, str] = field(default_factory=dict)
    address: str = HERE
    page: Page | None = None

    def go(self, address: str, method: str = "GET", content: bytes | None = None) -> Browser:
        for _ in range(5):
            self.address = urljoin(self.address, address)
            if urlsplit(self.address).netloc != urlsplit(HERE).netloc:
                self.page = None
                return self
            headers = dict(OUR_FORM) if content is not None else {}
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            response = send(self.sandbox, Request(method, self.address, headers, content))
            if "set-cookie" in response.headers:
                name, _, value = response.headers["set-cookie"].partition(";")[0].partition("=")
                self.cookies[name] = value
            if response.status != 303:
                self.page = Page(response)
                return self
            address, method, content = response.headers["location"], "GET", None
        raise AssertionError("sent in circles")

    def press(self, name: str | None = None, value: str | None = None, form: int = 0, **changes: str) -> Browser:
        """Press that button of a form, with hidden fields changed as only a forger would."""
        chosen = self.page.forms[form]
        assert (name, value) in chosen["buttons"]
        fields = chosen["fields"] | changes | ({name: value} if name else {})
        return self.go(chosen["action"], chosen["method"].upper(), urlencode(fields).encode())

    def sign_in(self) -> Browser:
        (name, value), *_ = self.page.forms[0]["buttons"]
        return self.press(name, value)

    def allow(self) -> Browser:
        return self.press("decision", "allow")

    @property
    def said(self) -> dict[str, str]:
        """What the application was told in the address."""
        assert self.page is None, self.page.text
        return {name: value for name, (value,) in parse_qs(urlsplit(self.address).query).items()}


def send(sandbox: Sandbox, request: Request) -> Response:
    return sandbox.transport().send(request, None)


def post(sandbox: Sandbox, path: str, **form: str) -> tuple[int, dict]:
    response = send(sandbox, Request("POST", HERE + path, dict(OUR_FORM), urlencode(form).encode()))
    return response.status, json.loads(response.content)


@pytest.fixture
def sandbox():
    with Sandbox(seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def browser(sandbox):
    return Browser(sandbox)


def login_client(sandbox: Sandbox, client_id: str = APP[0], secret: str | None = APP[1], base: str = HERE, **options):
    return LinodeLoginClient(client_id, secret, base, transport=sandbox.transport(), **options)


def consented(sandbox: Sandbox, scopes="linodes:read_write", **options) -> str:
    """The code of a login that went well."""
    url = login_client(sandbox).generate_login_url(scopes, **options)
    return Browser(sandbox).go(url).sign_in().allow().said["code"]


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
        ([("client_id", APP[0]), ("client_id", "other")], "cannot be understood"),
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
    assert f"https://app.example.com/ afterwards, but is registered with {BACK}." in text
    assert "is wrong: a parameter is given more than once." in browser.go(f"{wrong}&state=a&state=b").page.text
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


# -- 2016 --------------------------------------------------------------------------------------------------------------

OLD = f"{HERE}/alpha"


def test_the_login_of_2016_tells_who_it_was_and_gives_token_and_scopes(sandbox, browser):
    login = login_client(sandbox, base=OLD)
    browser.go(login.generate_login_url([OAuthScopes.Linodes.create, OAuthScopes.Zones.view], state="st"))
    assert "see, change and create your Linodes" in browser.sign_in().page.text
    browser.allow()
    redirect = login.read_redirect(browser.address, state="st")
    (user,) = sandbox.world.look("User")
    assert redirect == OAuthRedirect(browser.said["code"], "st", user["username"], user["email"])
    grant = login.finish_oauth(redirect)
    token, scopes = grant
    assert scopes == OAuthScopes("linodes:create,zones:view")
    assert (grant.username, grant.email) == (user["username"], user["email"])
    assert (grant.expiry, grant.refresh_token, grant.token_type) == (None, None, None)
    assert sandbox.world.find_token(token)["scopes"] == "linodes:create,zones:view"
    login.expire_token(token)
    assert sandbox.world.find_token(token) is None


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
    offered = [(family._name, family) for family in vars(OAuthScopes).values() if isinstance(family, _Family)]
    assert {name for name, _ in offered} == FAMILIES.keys()
    for _, family in offered:
        levels = ["all"] + ["read_only", "read_write"] * isinstance(family, _Today)
        for level in levels + ["view", "modify", "create", "delete"] * isinstance(family, _In2016):
            assert in_words(getattr(family, level)).startswith("see")
    assert "everything" in in_words(Scope("*"))
