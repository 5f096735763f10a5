"""The sandbox's pages for a person: the page at ``/``, the coverage in a browser, and addresses of the API there."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from base64 import b64encode
from urllib.parse import urlencode

import httpx2
import pytest
from login_flow import HERE, OUR_FORM, Browser, Page, send

from linode._http.transport import Request
from linode.sandbox import Fault, Sandbox
from linode.sandbox.core import schema
from linode.sandbox.gateways import pages
from linode.sandbox.gateways.page_objects import SECTIONS

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SECRET = "correct-horse-42-Battery"


def get(sandbox, path, method="GET", **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return sandbox.gateway.ask(Request(method, HERE + path, {**HTML, **names}, None)).response


@pytest.fixture
def world(sandbox):
    """A sandbox with objects, whose labels try to be markup."""
    client = sandbox.client()
    client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", label="web-1", root_pass=SECRET)
    client.create_volume("data-1", size=20, region="us-east")
    client.create_domain("example.com", soa_email="admin@example.com")
    with sandbox.world.transaction():
        sandbox.world.rows("Domain")[0]["domain"] = "<script>alert(1)</script>"
    return sandbox


def opened(sandbox):
    return Browser(sandbox).go(f"/?token={sandbox.token}")


def fill(browser, do, **fields):
    """Send the form *do* of the page, filled in."""
    (form,) = (each["fields"] for each in browser.page.forms if each["fields"].get("do") == do)
    return browser.go("/", "POST", urlencode({**form, **fields}).encode())


def test_without_the_token_the_page_says_what_the_sandbox_is_and_no_more(world):
    page = Page(get(world, "/"))
    assert page.status == 200
    assert "behaves like the Linode API" in page.text
    assert f'curl -H "Authorization: Bearer $TOKEN" {HERE}/v4/linode/instances' in page.text
    assert 'href="/sandbox/coverage"' in page.source
    assert "web-1" not in page.source
    assert world.token not in page.source


def test_with_the_token_the_page_shows_the_world(world):
    browser = opened(world)
    text = " ".join(browser.page.text.split())
    assert browser.address == f"{HERE}/"  # the token has left the address bar
    assert "Linodes: 1" in text
    assert "1 provisioning" in text
    assert "web-1" in text
    assert "g6-nanode-1, us-east" in text
    assert "Volumes: 1" in text
    assert "No Databases" in text
    assert "linode create web-1" in text
    assert "POST /v4/linode/instances 200 OK" in text
    assert world.world.stamp().replace("T", " ") in text
    world.advance(300)
    assert "1 running" in browser.go("/").page.text


def test_every_section_names_a_table():
    known = {schema.table_of(cls) for cls in schema.resources()}
    assert {table for sections in SECTIONS.values() for each in sections for table in each.tables} <= known


def test_a_section_counts_all_and_shows_the_newest(sandbox):
    client = sandbox.client()
    for number in range(7):
        client.create_domain(f"n{number}.example.com", soa_email="admin@example.com")
    text = opened(sandbox).page.text
    assert "Domains: 7" in text
    assert "7 active" in text
    assert "The 6 newest of 7" in text
    assert re.findall(r"n\d", text.partition("Requests")[0].partition("Domains")[2]) == [
        f"n{n}" for n in range(6, 0, -1)
    ]


def test_texts_are_escaped(world):
    page = opened(world).page
    assert "<script>alert(1)</script>" in page.text
    assert page.source.count("<script>") == 1  # the page's own
    send(world, Request("GET", f"{HERE}/<i>nowhere</i>", {}, None))
    assert "i" not in opened(world).page.tags


def test_no_secret_is_on_a_page_or_opens_the_api(world):
    send(world, Request("GET", f"{HERE}/v4/regions?secret=hidden-in-the-query", {}, None))
    browser = opened(world)
    browser.go("/")
    (cookie,) = browser.cookies.values()
    for secret in (world.token, SECRET, cookie, "hidden-in-the-query"):
        assert secret not in browser.page.source
    assert get(world, "/v4/profile", Authorization=f"Bearer {cookie}").status == 401
    assert all(world.token not in each.query + each.path for each in world.requests)


def test_the_form_opens_the_page_and_closes_it(world):
    browser = Browser(world).go("/").press(token=world.token)
    assert "web-1" in browser.page.text
    fill(browser, "close")
    assert "web-1" not in browser.page.text
    assert "Token of this sandbox" in browser.page.text


def test_the_cookie_is_kept_from_scripts_and_belongs_to_the_port(sandbox):
    there = f"http://127.0.0.1:8081/?token={sandbox.token}"
    answer = sandbox.gateway.ask(Request("GET", there, {}, None)).response
    assert answer.status == 303
    assert re.fullmatch(r"sandbox_page_8081=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax", answer.headers["set-cookie"])


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/?token=wrong", 403, "not the token of this sandbox"),
        ("/?token=w%C3%B6rong", 403, "not the token of this sandbox"),
        ("/?token=a&token=b", 400, "more than once"),
    ],
)
def test_a_wrong_token_opens_nothing(world, path, status, words):
    answer = get(world, path)
    assert (answer.status, "set-cookie" in answer.headers) == (status, False)
    assert words in Page(answer).text
    assert "web-1" not in Page(answer).source


def test_a_wrong_cookie_or_header_opens_nothing(world):
    for headers in ({"Cookie": f"sandbox_page_80={'x' * 43}"}, {"Authorization": "Bearer wrong"}):
        assert "web-1" not in Page(get(world, "/", **headers)).source
    assert "web-1" in Page(get(world, "/", Authorization=f"Bearer {world.token}")).source


def test_other_methods_and_forms_without_a_token_are_refused(sandbox):
    assert get(sandbox, "/", "DELETE").status == 405
    assert send(sandbox, Request("POST", f"{HERE}/", OUR_FORM, b"token=")).status == 400
    assert send(sandbox, Request("POST", f"{HERE}/", {}, b"{}")).status == 400


def test_the_policy_allows_the_one_style_and_the_one_script(world):
    """The script only on the page that has it."""
    shown = opened(world).page
    for page in (shown, Page(get(world, "/")), Page(get(world, "/v4/profile"))):
        policy = page.headers["content-security-policy"]
        assert f"style-src {hashed('style', page)}" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert " style=" not in page.source
        assert 'content="width=device-width, initial-scale=1"' in page.source
        assert "prefers-color-scheme: dark" in page.source
        assert ("script-src" in policy) == ("script" in page.tags) == (page is shown)
    assert f"script-src {hashed('script', shown)}" in shown.headers["content-security-policy"]
    assert '<noscript><meta http-equiv="refresh"' in shown.source


def hashed(tag, page):
    text = re.search(rf"<{tag}>(.*?)</{tag}>", page.source, re.DOTALL)[1]
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_page_takes_no_time_and_meets_no_fault(sandbox):
    sandbox.faults.append(Fault(status=500, times=9))
    before = sandbox.now
    assert opened(sandbox).page.status == 200
    assert (sandbox.now, sandbox.requests) == (before, [])


def test_the_coverage_opens_with_the_page(sandbox):
    browser = opened(sandbox)
    headers = {**HTML, "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    page = Page(sandbox.gateway.ask(Request("GET", f"{HERE}/sandbox/coverage", headers, None)).response)
    assert re.search(r"/linode/instances/\{\w+\}/boot", page.text)
    state = sandbox.gateway.ask(Request("POST", f"{HERE}/sandbox/reset", headers, None)).response
    assert state.status == 401  # the cookie opens nothing else
    assert get(sandbox, "/sandbox/coverage").status == 401


# -- addresses of the API in a browser ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/v4/linode/instances", 401, "Address of the API"),
        ("/v4beta/regions", 200, "Address of the API"),
        ("/v4/nothing", 404, "Address of the API"),
        ("/alpha/v4/linodes", 401, "Address of the API"),
        ("/sandbox/state", 401, "Address of the API"),
        ("/nothing", 404, "Unknown address"),
    ],
)
def test_a_browser_gets_a_page_and_other_clients_json(sandbox, path, status, title):
    answer = get(sandbox, path)
    assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    page = Page(answer)
    assert title in page.text
    assert path in page.text
    assert 'href="/"' in page.source
    for accept in ("*/*", "application/json", "application/json, text/html", ""):
        other = get(sandbox, path, Accept=accept)
        assert other.headers["content-type"].startswith("application/json")
        json.loads(other.content)


def test_a_browser_with_a_token_gets_json(sandbox):
    answer = get(sandbox, "/v4/linode/instances", Authorization=f"Bearer {sandbox.token}")
    assert json.loads(answer.content)["data"] == []
    assert json.loads(get(sandbox, "/v4/domains", "POST").content)["errors"]


def test_the_command_on_the_page_is_quoted_for_the_shell(sandbox):
    assert f"'{HERE}/v4/$(id)'" in Page(get(sandbox, "/v4/$(id)")).text


def test_the_login_service_keeps_its_pages(sandbox):
    assert "Sandbox login" in Page(get(sandbox, "/oauth/nothing")).text


# -- without jinja2, and on a port -------------------------------------------------------------------------------------


def test_without_jinja2_the_page_is_plain_text_and_addresses_answer_json(sandbox, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    pages._environment.cache_clear()
    for headers in ({}, {"Authorization": f"Bearer {sandbox.token}"}):
        answer = get(sandbox, "/", **headers)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
        assert f"{HERE}/v4/linode/instances" in answer.content.decode()
        assert sandbox.token not in answer.content.decode()
    assert json.loads(get(sandbox, "/v4/profile").content)["errors"]


def test_the_pages_on_a_port():
    with Sandbox(seed=1, speed=1000) as sandbox, sandbox.serve() as address:
        sandbox.client().create_linode("g6-nanode-1", "us-east", image="linode/debian12", label="web-1")
        with httpx2.Client(base_url=address, headers=HTML, trust_env=False, follow_redirects=True) as browser:
            assert f"{address}/v4" in browser.get("/").text
            page = browser.get("/", params={"token": sandbox.token})
            assert str(page.url) == f"{address}/"
            assert "web-1" in page.text
            assert sandbox.token not in page.text
            assert "/linode/instances" in browser.get("/sandbox/coverage").text
            assert browser.head("/").content == b""
            assert browser.get("/v4/profile").headers["content-type"] == "text/html; charset=utf-8"
            assert browser.get("/v4/profile", headers={"Accept": "*/*"}).json()["errors"]
            before = sandbox.now
            browser.get("/")
            assert sandbox.now > before  # the clock runs by itself
