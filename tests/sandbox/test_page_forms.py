"""The forms of the page at ``/``, and the stream that keeps it up to date."""

from __future__ import annotations

import re
import socket
import time
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest
from login_flow import HERE, OUR_FORM, Browser, Page, send
from sandbox_process import started

from linode import Linode
from linode._http.transport import Request
from linode.errors import NotFoundError, TransportError
from linode.sandbox import Fault, Sandbox
from linode.sandbox.gateways.page_forms import EFFECTS


@pytest.fixture
def browser(sandbox):
    """A browser with the open page."""
    return Browser(sandbox).go(f"/?token={sandbox.token}")


def fill(browser, do, /, **fields):
    """Send the form *do* of the page, filled in."""
    found = [each["fields"] for each in browser.page.forms if each["fields"].get("do") == do]
    return browser.go("/", "POST", urlencode({**found[0], **fields}).encode())


# -- who may send them -------------------------------------------------------------------------------------------------


def test_a_form_of_another_site_does_nothing(sandbox, browser):
    """A form of another site has the cookie, but not the page's token."""
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    for csrf in ("", "wrong", "wörong"):
        body = urlencode({"do": "stop-clock", "csrf": csrf}).encode()
        answer = send(sandbox, Request("POST", f"{HERE}/", {**OUR_FORM, "Cookie": cookie}, body))
        assert answer.status == 403
        assert "load the page again" in Page(answer).text
    assert not sandbox.stopped


def test_a_form_without_the_cookie_does_nothing(sandbox, browser):
    """The token of a form alone is not sufficient."""
    fields = next(each["fields"] for each in browser.page.forms if each["fields"].get("do") == "stop-clock")
    answer = send(sandbox, Request("POST", f"{HERE}/", dict(OUR_FORM), urlencode(fields).encode()))
    assert (answer.status, sandbox.stopped) == (403, False)
    assert "Give" not in Page(answer).source
    assert "the page is closed" in Page(answer).text.lower()


def test_an_unknown_form_is_refused(browser):
    assert "no such form" in fill(browser, "stop-clock", do="format-disk").page.text


def test_nobody_stops_a_sandbox_that_a_program_serves(browser):
    """The button is for that of the command line."""
    assert "Stop the sandbox" not in browser.page.text
    assert "no such form" in fill(browser, "stop-clock", do="stop").page.text


# -- the clock ---------------------------------------------------------------------------------------------------------


def test_the_clock_is_stopped_and_started(sandbox, browser):
    assert "0.5 s pass with each request" in browser.page.text
    assert "Stopped" in fill(browser, "stop-clock").page.text
    assert sandbox.stopped
    assert browser.address == f"{HERE}/#clock"
    fill(browser, "start-clock")
    assert not sandbox.stopped


@pytest.mark.parametrize(("amount", "unit", "seconds"), [("1.5", "minutes", 90), ("2", "days", 172800), ("7", "", 7)])
def test_the_clock_is_moved_on(sandbox, browser, amount, unit, seconds):
    before = sandbox.world.now
    fill(browser, "advance", amount=amount, unit=unit)
    assert sandbox.world.now - before == seconds


def test_the_clock_is_moved_to_a_moment_and_gets_a_speed(sandbox, browser):
    fill(browser, "stop-clock")
    fill(browser, "move", moment="2040-01-31T12:00")
    assert "2040-01-31 12:00:00 UTC" in browser.page.text
    fill(browser, "speed", speed="20")
    assert sandbox.speed == 20
    fill(browser, "start-clock")
    assert "20 times as fast" in browser.page.text
    fill(browser, "speed", speed="")
    assert sandbox.speed is None


@pytest.mark.parametrize(
    ("do", "fields", "words"),
    [
        ("advance", {"amount": "-1"}, "0 seconds or more"),
        ("advance", {"amount": "nan"}, "0 seconds or more"),
        ("advance", {"amount": "much"}, "amount: Must be a number"),
        ("advance", {"amount": "9999999", "unit": "days"}, "30 years at most"),
        ("move", {"moment": "1999-01-01"}, "cannot be set back"),
        ("move", {"moment": "soon"}, "moment: Must be a time such as"),
        ("speed", {"speed": "0"}, "speed must be above 0"),
        ("speed", {"speed": "nan"}, "speed must be above 0"),
    ],
)
def test_what_the_clock_cannot_do_is_said(sandbox, browser, do, fields, words):
    before = sandbox.world.now
    page = fill(browser, do, **fields).page
    assert (page.status, sandbox.world.now, sandbox.speed) == (400, before, None)
    assert words in page.text


# -- faults ------------------------------------------------------------------------------------------------------------


def add_fault(browser, **fields):
    empty = {"call": "", "method": "*", "times": "", "skip": "", "percent": "", "delay": "", "reason": ""}
    return fill(browser, "add-fault", **{**empty, "retry_after": "", "effect": "status:500", **fields})


@pytest.mark.parametrize("effect", [each for group in EFFECTS.values() for each in group])
def test_every_effect_makes_a_fault(sandbox, browser, effect):
    """A new fault is on the page, and hits the next matching call."""
    add_fault(browser, effect=effect, delay="3" if effect == "delay" else "")
    (fault,) = sandbox.faults
    assert "hit 0 so far" in browser.page.text
    path = "/v4/networking/reserved/ips" if effect == "refusal:reserved_ips" else "/v4/linode/instances"
    sandbox.gateway.ask(Request("POST", HERE + path, {"Authorization": f"Bearer {sandbox.token}"}, b"{}"))
    assert (fault.hits, sandbox.faults) == (1, [])
    text = " ".join(browser.go("/").page.text.split())
    assert f"Calls that were hit {sandbox.world.stamp()[11:]} POST {path}" in text


def test_a_fault_of_an_operation(sandbox, browser):
    add_fault(browser, call="Linode.boot", times="2", effect="status:429", retry_after="7", reason="Not so fast")
    (fault,) = sandbox.faults
    assert (fault.operation, fault.times, fault.headers) == ("Linode.boot", 2, {"Retry-After": "7"})
    assert "429 Too Many Requests, Not so fast, headers Retry-After" in browser.page.text
    assert "Linode.boot; the next 2 calls; hit 0 so far" in browser.page.text


def test_a_fault_of_a_path(sandbox, browser):
    add_fault(browser, call="/domains/**", method="PUT", percent="20", effect="lost:dropped")
    (fault,) = sandbox.faults
    assert (fault.method, fault.path, fault.chance) == ("PUT", "/domains/**", 0.2)
    assert (fault.connection, fault.processed) == ("dropped", True)
    assert "PUT /domains/**; 20 % of all calls" in browser.page.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"effect": "format:disk"}, "Choose one of the effects"),
        ({"call": "Linode.boots"}, "did you mean Linode.boot"),
        ({"call": "/nowhere"}, "no operation of the API has the path"),
        ({"call": "Linode.boot", "method": "GET"}, "leave them out"),
        ({"times": "few"}, "times: Must be a number"),
        ({"percent": "101"}, "chance must be above 0"),
        ({"effect": "delay"}, "needs at least one of"),
        ({"reason": "why", "effect": "body:html"}, "reason needs a status"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_and_the_form_stays_filled_in(sandbox, browser, fields, words):
    page = add_fault(browser, **fields).page
    assert (page.status, sandbox.faults) == (400, [])
    assert words in page.text
    assert all(f'value="{value}"' in page.source for value in fields.values() if ":" not in value)


def test_faults_are_removed_one_by_one_and_all(sandbox, browser):
    for status in (500, 502, 503):
        sandbox.faults.append(Fault(status=status))
    browser.go("/")
    keys = re.findall(r'name="fault" value="(\w+)"', browser.page.source)
    fill(browser, "remove-fault", fault=keys[1])
    assert [each.status for each in sandbox.faults] == [500, 503]
    fill(browser, "remove-fault", fault=keys[1])  # twice, or late
    assert [each.status for each in sandbox.faults] == [500, 503]
    fill(browser, "clear-faults")
    assert sandbox.faults == []


# -- requests ----------------------------------------------------------------------------------------------------------


def test_a_request_shows_its_answer_and_no_secret(sandbox, browser):
    """Values in the query are left out, but for those of pages; a refusal has its reason, a fault's hit is marked."""
    with pytest.raises(NotFoundError):
        Linode(sandbox.client(), 9).load()
    send(
        sandbox, Request("GET", f"{HERE}/v4/regions?page=1&page_size=50&token=very-secret&page_size=%3Cb%3E", {}, None)
    )
    sandbox.faults.append(Fault(connection="dropped"))
    with pytest.raises(TransportError):
        send(sandbox, Request("GET", f"{HERE}/v4/types", {}, None))
    text = " ".join(browser.go("/").page.text.split())
    assert "GET /v4/linode/instances/9 404 Not Found Not found" in text
    assert "GET /v4/regions?page=1&page_size=50&token=…&page_size=… " in text
    assert "GET /v4/types no response (a fault that is set here)" in text
    assert "connection dropped" in text
    assert "very-secret" not in browser.page.source
    sandbox.requests.clear()
    assert "Requests: 0" in browser.go("/").page.text


def test_a_broken_body_of_a_refusal_has_no_reason(sandbox, browser):
    for body in ("html", "broken", "empty"):
        sandbox.faults.append(Fault(status=500, body=body))
        send(sandbox, Request("GET", f"{HERE}/v4/types", {}, None))
    assert [each.reason for each in sandbox.requests] == ["", "", ""]
    assert browser.go("/").page.status == 200


# -- the stream --------------------------------------------------------------------------------------------------------


def events(content):
    """The events of a stream by name, and the ID of the last."""
    text = content.decode()
    named = dict(re.findall(r"^event: (\w+)\n((?:data: .*\n)*)", text, re.MULTILINE))
    return named, "".join(re.findall(r"^id: (\S+)", text, re.MULTILINE))


def look(sandbox, path, cookies, **headers):
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return sandbox.gateway.ask(Request("GET", HERE + path, sent, None)).response


def test_the_stream_has_the_parts_that_have_changed(sandbox, browser):
    """None at first; then those that the page shows no longer, which in process is the end of the stream."""
    sandbox.stop_clock()
    address = re.search(r'data-live="(.*?)"', browser.go("/").page.source)[1]
    first = look(sandbox, address, browser.cookies)
    assert first.headers["content-type"].startswith("text/event-stream")
    assert events(first.content) == ({}, "")
    sandbox.client().create_domain("example.com", soa_email="a@example.com")
    found, state = events(look(sandbox, address, browser.cookies).content)
    assert found.keys() == {"domains", "events", "requests", "news"}
    assert "example.com" in found["domains"]
    assert events(look(sandbox, address, browser.cookies, Last_Event_ID=state).content) == ({}, "")
    everything, _ = events(look(sandbox, "/sandbox/live", browser.cookies).content)
    assert len(everything) == len(re.findall("data-part=", browser.page.source))
    assert sandbox.token not in str(everything)


def test_only_the_cookie_opens_the_stream(sandbox):
    assert look(sandbox, "/sandbox/live", {}).status == 401
    assert look(sandbox, "/sandbox/live", {"sandbox_page_80": "x" * 43}).status == 401


def test_on_a_port_the_stream_goes_on():
    """Until the reader leaves."""
    with Sandbox(seed=1) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.token}"}
        with sandbox.serve() as address, httpx2.Client(headers=headers, trust_env=False, timeout=30) as http:
            for _ in range(2):
                with http.stream("GET", f"{address}/sandbox/live?have=") as answer:
                    lines = answer.iter_lines()
                    assert answer.headers["content-type"].startswith("text/event-stream")
                    while not next(lines).startswith("id: "):
                        pass
                    sandbox.client().create_domain(f"{len(sandbox.requests)}.com", soa_email="a@example.com")
                    while f"{len(sandbox.requests) - 1}.com" not in next(lines):
                        pass
            assert http.head(f"{address}/sandbox/live").content == b""


def test_a_page_that_follows_does_not_keep_the_sandbox_from_ending():
    with Sandbox(seed=1) as sandbox:
        with sandbox.serve() as address, socket.create_connection(("127.0.0.1", urlsplit(address).port)) as connection:
            asked = f"GET /sandbox/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {sandbox.token}\r\n\r\n"
            connection.sendall(asked.encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
            began = time.monotonic()
        assert time.monotonic() - began < 10


# -- the end -----------------------------------------------------------------------------------------------------------


def test_the_page_of_the_command_stops_it():
    with started("--seed", "1") as sandbox, httpx2.Client(base_url=sandbox.address, trust_env=False) as http:
        page = http.get("/", params={"token": sandbox.token}, follow_redirects=True)
        assert "Stop the sandbox now" in page.text
        csrf = re.search(r'name="csrf" value="(.*?)"', page.text)[1]
        stopped = http.post("/", data={"do": "stop", "csrf": csrf})
        assert "The sandbox has stopped" in stopped.text
        assert sandbox.process.wait(timeout=20) == 0
