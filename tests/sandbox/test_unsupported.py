"""The parts of Linode that the sandbox does not imitate, each refused by name, and the pages that list them."""

from __future__ import annotations

import json
import re
import socket
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from login_flow import HERE, Browser, Page

from linode._http.transport import Request
from linode.sandbox.engine.routes import shape
from linode.sandbox.gateways.unsupported import IN_API, REFUSALS, WITHOUT_ENDPOINT

DOCS = Path(__file__).parent.parent.parent / "docs" / "refused.md"


def respond(sandbox, method, path, **headers):
    return sandbox.gateway.ask(Request(method, HERE + path, headers, None)).response


@pytest.mark.parametrize("each", REFUSALS, ids=lambda each: each.path)
def test_each_refusal_is_the_answer(sandbox, each):
    """With and without a token; the request is recorded as any other."""
    for more in ({}, {} if "Authorization" in each.headers else {"Authorization": f"Bearer {sandbox.token}"}):
        answer = respond(sandbox, each.method, each.path, **each.headers, **more)
        assert answer.status == 501
        if each.xml:
            assert answer.content.decode() == (
                f"<Error><Code>NotImplemented</Code><Message>{each.reason}</Message></Error>"
            )
        else:
            assert json.loads(answer.content) == {"errors": [{"reason": each.reason}]}
    assert [asked.status for asked in sandbox.requests] == [501, 501]


@pytest.mark.parametrize("asked", IN_API)
def test_each_refused_operation_is_refused(sandbox, asked):
    method, path = asked.split(" ")
    answer = respond(sandbox, method, path, Authorization=f"Bearer {sandbox.token}")
    assert (answer.status, json.loads(answer.content)) == (501, {"errors": [{"reason": IN_API[asked]}]})


@pytest.mark.parametrize("query", ["", "?list-type=2&X-Amz-Signature=abc"])
def test_the_list_of_buckets_of_s3_is_refused_too(sandbox, query):
    """The list of buckets of S3 has the path of the page."""
    headers = {} if query else {"authorization": "AWS key:signature"}
    answer = respond(sandbox, "GET", f"/{query}", **headers)
    assert (answer.status, answer.headers["content-type"]) == (501, "application/xml")


def test_other_addresses_are_not_found_and_those_of_the_api_are_not_touched(sandbox):
    """An ``Upgrade`` changes nothing there."""
    assert respond(sandbox, "GET", "/v1").status == 404
    assert respond(sandbox, "GET", "/v4/regions", Upgrade="websocket").status == 200
    assert respond(sandbox, "GET", "/v4/domains", Authorization="AWS key:signature").status == 401


def test_a_browser_gets_a_page_of_the_same_status(sandbox):
    page = Page(respond(sandbox, "GET", "/v1/instance", Accept="text/html"))
    assert page.status == 501
    assert "answered" in page.text or "nothing at" in page.text


def test_a_websocket_is_refused_on_a_port(sandbox):
    """By its HTTP response, whether or not a package for WebSockets is installed."""
    head = "GET /123/weblish HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    with (
        sandbox.serve() as address,
        socket.create_connection(("127.0.0.1", urlsplit(address).port), timeout=10) as connection,
    ):
        connection.sendall((head + key).encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 501 ")


# -- the lists ---------------------------------------------------------------------------------------------------------


def test_the_page_of_the_docs_has_all_of_them():
    """Each with an example, the words of its refusal, and the place to look instead."""
    text = DOCS.read_text()
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    for each in REFUSALS:
        example = f"`{each.method} {each.path.partition('?')[0]}`"
        assert [each.subject, example, each.reason, each.instead] in rows
    for asked, reason in IN_API.items():
        assert [f"`{asked}`", reason] in rows
    for each in WITHOUT_ENDPOINT:
        assert [each.subject, each.instead] in rows
    assert len(rows) == len(REFUSALS) + len(IN_API) + len(WITHOUT_ENDPOINT) + 3  # and the heads of the tables


def test_the_sandbox_lists_them_itself(sandbox):
    """As JSON with its token, and as a page with its cookie, to which the page at / has a link."""
    listed = json.loads(respond(sandbox, "GET", "/sandbox/refused", Authorization=f"Bearer {sandbox.token}").content)
    assert [each["reason"] for each in listed["refused"]] == [each.reason for each in REFUSALS]
    assert listed["in_api"] == IN_API
    assert listed["without_endpoint"] == [each.subject for each in WITHOUT_ENDPOINT]
    assert respond(sandbox, "GET", "/sandbox/refused").status == 401
    browser = Browser(sandbox).go(f"/?token={sandbox.token}")
    assert 'href="/sandbox/refused"' in browser.page.source
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    page = Page(respond(sandbox, "GET", "/sandbox/refused", Accept="text/html", Cookie=cookie))
    text = " ".join(page.text.split())
    for each in (*REFUSALS, *WITHOUT_ENDPOINT):
        assert " ".join(re.sub("`", "", each.subject).split()) in text
    assert "`" not in text


def test_every_operation_that_is_not_served_is_listed(sandbox):
    """So the list cannot go stale when the sandbox serves more or less."""
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    operations = json.loads(respond(sandbox, "GET", "/sandbox/coverage", **headers).content)["operations"]
    # Other tests of this process may have declared classes of their own, whose paths no API has.
    listed = json.loads(files("linode.sandbox.engine").joinpath("operations.json").read_bytes())
    of_api = {shape(path) for paths in listed.values() for path in paths}
    shown = [each for each in operations if shape(each["path"]) in of_api]
    unserved = {f"{each['method']} {each['path']}" for each in shown if not each["served"]}
    assert len(shown) > 500
    assert unserved <= {re.sub("/v4(beta)?", "", each) for each in IN_API}
