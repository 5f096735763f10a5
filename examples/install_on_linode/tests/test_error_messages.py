"""Errors of Linode, at each call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from install_on_linode.tests.visitors import CALLS, consent, text_of
from linode import StackScript
from linode.sandbox import Fault

DOWN = {
    "503": {"status": 503},
    "maintenance": {"status": 503, "headers": {"X-Maintenance-Mode": "all,closed"}},
    "429": {"status": 429, "headers": {"Retry-After": "2"}},
    "html": {"status": 502, "body": "html"},
    "refusal": {"connection": "refused"},
    "lost": {"connection": "dropped", "processed": True},
    "dropped": {"connection": "dropped"},
}


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
@pytest.mark.parametrize("trouble", DOWN)
def test_temporary_errors_are_retried(site, call, trouble):
    """Whatever fails five times, at whichever call: in the end one Linode, one StackScript, and no token."""
    fault = Fault(*call, times=5, **DOWN[trouble])
    site.sandbox.faults.append(fault)
    visitor = site.visitor()
    where = visitor.install()
    site.work()
    page = text_of(visitor.get(where))
    scripts = list(site.sandbox.client().get_stackscripts(StackScript.mine == True))  # noqa: E712  a filter
    assert site.tokens() == []
    assert site.install().token is None
    if (call, trouble) == (("POST", "/oauth/token"), "lost"):  # a code is good once, and the token is lost
        assert "The login was not completed" in page
        assert site.linodes() == []
        return
    assert "Your server is running" in page
    assert [each.status for each in site.linodes()] == ["running"]
    assert len(scripts) <= 1 + (call, trouble).count((("POST", "/linode/stackscripts"), "lost"))
    assert fault.hits or call == ("GET", "/linode/instances/*")


@pytest.mark.parametrize(
    ("status", "reason", "title"),
    [
        (400, "An active payment method is required", "The payment was refused"),
        (402, "Payment Required", "The payment was refused"),
        (403, "Unauthorized", "Not allowed"),
        (401, "Invalid Token", "No access to Linode"),
        (400, "There is no such <b>", "Linode refused"),
    ],
)
def test_permanent_errors_are_explained(site, status, reason, title):
    """A refusal is said in words, nothing is left behind, the token is given back, and another try is offered."""
    refused(site, Fault("POST", "/linode/instances", status=status, reason=reason), title)


@pytest.mark.parametrize(
    ("why", "title"),
    [
        ("sold_out", "Sold out"),
        ("limit", "The account has reached its limit"),
        ("inactive", "The account is not active yet"),
        ("payment", "The payment was refused"),
    ],
)
def test_an_account_that_is_refused(site, why, title):
    """So is each that the API has for an account: sold out, at its limit, not active yet, not paid for."""
    refused(site, Fault.refusal(why), title)


def refused(site, fault, title):
    site.sandbox.faults.append(fault)
    visitor = site.visitor()
    where = visitor.install(decision="allow")
    site.work()
    page = text_of(visitor.get(where))
    assert title in page
    assert "Try again" in page
    assert "password" not in page
    assert "<b>" not in visitor.get(where).text
    assert (site.linodes(), site.tokens()) == ([], [])
    install = site.install()
    assert [install.token, install.password, install.sealed] == [None] * 3


def test_linode_stays_away(site):
    """When it does not come back within ten minutes, that is said; the token is erased when it has ended by itself."""
    visitor = site.visitor()
    where = visitor.install()
    for path in ("/linode/**", "/oauth/revoke"):
        site.sandbox.faults.append(Fault("*", path, chance=1.0, connection="refused"))
    install = site.install()
    for _ in range(3):
        site.change(due=install.began)
        site.jobs.install.call_local(install.id)
    page = text_of(visitor.get(where))
    assert "Linode does not respond. We keep trying." in page
    site.change(began=install.began.replace(year=2020), due=install.began)
    site.jobs.install.call_local(install.id)
    assert "The API of Linode cannot be reached at the moment." in text_of(visitor.get(where))
    site.change(token_ends=install.began.replace(year=2020), due=install.began)
    site.jobs.install.call_local(install.id)
    assert site.install().token is None


def test_who_takes_long_at_the_login(site):
    """A temporary error is waited for also when the visitor took half an hour to come back."""
    visitor = site.visitor()
    back = consent(site.sandbox, visitor.press())
    site.change(began=site.install().began - timedelta(minutes=30))
    site.sandbox.faults.append(Fault("GET", "/linode/instances", times=5, status=503))
    where = visitor.come_back(back)
    site.work()
    assert "Your server is running" in text_of(visitor.get(where))


@pytest.mark.parametrize("fault", DOWN.values(), ids=DOWN)
def test_the_front_page_without_linode(open_site, fault):
    """With nothing to choose from yet the front page says why; once it knew, it knows."""
    for warm in (False, True):
        site = open_site()
        visitor = site.visitor()
        if warm:
            visitor.get("/")
        site.sandbox.faults.append(Fault("GET", "/**", chance=1.0, **{"processed": False, **fault}))
        answer = visitor.get("/")
        if warm:
            assert answer.status_code == 200
        else:
            assert answer.status_code == 503
            assert "try again" in answer.text.lower()
        assert "Traceback" not in answer.text
