"""Every way back from the login service, and what each leads to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from install_on_linode.models import Phase
from install_on_linode.tests.visitors import code_of, consent, text_of
from linode.sandbox import Fault


def test_only_what_is_needed_is_asked_for(open_site):
    """The login page is asked for three scopes, with state and PKCE; with a public StackScript for less."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(open_site().visitor().press()).query).items()}
    assert asked["scopes"].split() == ["linodes:read_write", "stackscripts:read_write", "events:read_only"]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 32
    other = open_site(stackscript_id=10)
    assert "stackscripts%3Aread_only" in other.visitor().press()


def test_the_code_is_in_no_address_that_stays(site):
    """The callback answers with a redirect to the install's page, never with a page of its own address."""
    visitor = site.visitor()
    back = consent(site.sandbox, visitor.press())
    answer = visitor.get(f"/callback?{urlsplit(back).query}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/installs/{site.install().id}"
    assert answer.headers["cache-control"] == "no-store"


def test_a_denied_consent(site):
    """A visitor who denies the consent reads that nothing was created; no request is sent to Linode."""
    visitor = site.visitor()
    where = visitor.install(decision="deny")
    site.work()
    assert "You did not allow the installation No server was created" in text_of(visitor.get(where))
    assert (site.linodes(), site.tokens(), site.install().verifier) == ([], [], None)


def test_a_forged_state(site):
    """A state that nobody was sent with is a page that says so, and changes nothing."""
    visitor = site.visitor()
    back = consent(site.sandbox, visitor.press())
    answer = visitor.get(f"/callback?code={code_of(back)}&state=forged")
    assert (answer.status_code, "was not started here" in answer.text) == (400, True)
    answer = visitor.get(f"/callback?code={code_of(back)}")
    assert (answer.status_code, "was not started here" in answer.text) == (400, True)
    assert site.install().phase == Phase.ASKED


def test_a_way_back_planted_into_another_browser(site):
    """The state of one browser is worth nothing in another: nobody can finish what another began."""
    attacker, victim = site.visitor(), site.visitor()
    back = consent(site.sandbox, attacker.press())
    victim.get("/")
    answer = victim.get(f"/callback?{urlsplit(back).query}")
    assert (answer.status_code, "was not started here" in answer.text) == (400, True)
    assert site.install().phase == Phase.ASKED


def test_an_expired_session(site):
    """A browser without a session gets a page that says that the session ended, with a link to begin again."""
    visitor = site.visitor()
    back = consent(site.sandbox, visitor.press())
    visitor.client.cookies.clear()
    answer = visitor.get(f"/callback?{urlsplit(back).query}")
    assert (answer.status_code, "Your session has ended" in answer.text) == (400, True)
    assert '<a href="/">' in answer.text


def test_an_expired_attempt(site):
    """An attempt that took longer than an hour is forgotten, with its verifier."""
    visitor = site.visitor()
    back = consent(site.sandbox, visitor.press())
    site.change(began=datetime.now(UTC) - timedelta(hours=2))
    site.jobs.tend.call_local()
    assert visitor.get(f"/callback?{urlsplit(back).query}").status_code == 400


def test_a_callback_that_comes_again(site):
    """Coming back twice with one code leads to the one install, and is no second exchange of the code."""
    visitor = site.visitor()
    back = consent(site.sandbox, visitor.press())
    first, second = visitor.come_back(back), visitor.come_back(back)
    site.work()
    assert first == second == visitor.come_back(back)
    assert "Your server is running" in visitor.get(first).text
    assert [each.path for each in site.sandbox.requests].count("/oauth/token") == 1
    assert len(site.linodes()) == 1


def test_a_code_that_somebody_else_has_used(site):
    """A code that was spent elsewhere makes nothing, and the page offers to begin again."""
    visitor = site.visitor()
    back = consent(site.sandbox, visitor.press())
    site.sandbox.faults.append(Fault("POST", "/oauth/token", connection="dropped", processed=True))
    where = visitor.come_back(back)
    site.work()
    page = text_of(visitor.get(where))
    assert "The login was not completed" in page
    assert "Try again" in page
    assert (site.linodes(), site.tokens()) == ([], [])


def test_the_code_of_another_login(site):
    """A code that belongs to another login does not fit the verifier of this one."""
    visitor, attacker = site.visitor(), site.visitor()
    stolen = code_of(consent(site.sandbox, attacker.press()))
    state = parse_qs(urlsplit(visitor.press()).query)["state"][0]
    where = visitor.come_back(f"/callback?code={stolen}&state={state}")
    site.work()
    assert "The login was not completed" in visitor.get(where).text
    assert site.linodes() == []


@pytest.mark.parametrize("error", ["server_error", "<script>alert(1)</script>"])
def test_the_login_service_refuses(site, error):
    """Any other error of the login service is said, escaped, on the install's page."""
    visitor = site.visitor()
    state = parse_qs(urlsplit(visitor.press()).query)["state"][0]
    page = visitor.get(visitor.come_back(f"/callback?error={error}&state={state}"))
    assert "The login was refused" in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("missing", ["linodes:read_write", "stackscripts:read_write", "events:read_only"])
def test_fewer_scopes_than_are_needed(site, missing):
    """Whatever is missing is named; nothing is made, and the token that was given is ended."""
    visitor = site.visitor()
    all_of_them = ["linodes:read_write", "stackscripts:read_write", "events:read_only"]
    where = visitor.install(scopes=" ".join(each for each in all_of_them if each != missing))
    site.work()
    page = text_of(visitor.get(where))
    assert "More access is needed" in page
    assert missing in page
    assert (site.linodes(), site.tokens(), site.install().token) == ([], [], None)
    assert not [each for each in site.sandbox.requests if each.method == "POST" and each.path.startswith("/v4")]
