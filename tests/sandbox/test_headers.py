"""The headers of the sandbox's responses are those of the API: each row of the table names its evidence.

``recorded``: in the recordings of linodego (``test/integration/fixtures``, 2018 to 2026) or dns-lexicon (``linode4``,
2018). linodego's recordings leave out Date, Retry-After, X-Customer-Uuid, X-Spec-Version and the rate limit's rest.
``documented``: on the API's reference pages on response headers and rate limits (2026-09).
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime

import pytest
from asking import send

from linode.sandbox import Sandbox

BOTH = {
    "content-type": ("application/json", "recorded, with errors too"),
    "server": ("nginx", "recorded until 2023; recordings since 2024 were made behind another proxy and lack it"),
    "pragma": ("no-cache", "recorded: TestFirewallSettings_Get, 2025-05"),
    "vary": ("Authorization, X-Filter", "recorded"),
    "x-spec-version": ("4.229.1", "documented; recorded by an early linodego: TestClient_APIResponseBadGateway"),
    "x-customer-uuid": (r"[0-9A-F-]+", "documented; the account's euuid"),
    "x-accepted-oauth-scopes": (r"domains:read_(only|write)", "recorded, with errors too: TestDomain_Create"),
    "x-oauth-scopes": (r"\*", "recorded"),
    "x-ratelimit-limit": (r"\d+", "recorded"),
    "x-ratelimit-remaining": (r"\d+", "recorded by dns-lexicon"),
    "x-ratelimit-reset": (r"\d{10}", "recorded by dns-lexicon: seconds since 1970"),
    "retry-after": (r"\d+", "recorded by dns-lexicon, with status 200: a second less than the rest of the window"),
    "access-control-allow-origin": (r"\*", "recorded, with errors too"),
    "access-control-allow-methods": ("HEAD, GET, OPTIONS, POST, PUT, DELETE", "recorded, with errors too"),
    "access-control-allow-headers": (
        "Authorization, Origin, X-Requested-With, Content-Type, Accept, X-Filter",
        "recorded, with errors too",
    ),
    "strict-transport-security": ("max-age=31536000", "recorded, with errors since 2025"),
    "x-frame-options": ("DENY", "recorded, twice with successes, which cannot be told apart by a client"),
    "date": (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", "recorded by dns-lexicon"),
    "expires": (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", "recorded: the time of the response"),
    "cache-control": ("max-age=0, no-cache, no-store", "recorded"),
}
"""The headers of every response, with a pattern of their value and the evidence."""

SUCCESSES = {
    "access-control-allow-credentials": ("true", "recorded with successes only"),
    "access-control-expose-headers": ("X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Status", "as before"),
    "content-security-policy": ("default-src 'none'", "as before"),
    "x-content-type-options": ("nosniff", "as before"),
    "x-xss-protection": ("1; mode=block", "as before"),
}
"""Refusals lack them: ExampleGetImage_missing (404, 2024), TestCreateMonitorAlertDefinition… (400, 2025)."""

NOT_SENT = {
    "akamai-internal-account": "recorded by linodego for employees only: Cloud Manager's tests remove it for customers",
    "etag": "in no recording of the API, only in Object Storage's own answers",
    "link": "in no recording: pages are in the body",
    "warning": "documented for status 299, which was never recorded",
    "deprecation": "in no recording",
    "sunset": "in no recording",
}


@pytest.fixture
def sandbox():
    with Sandbox(seed=1, limits=True) as made:
        yield made


def check(headers, table):
    wrong = {name: headers.get(name) for name, (value, _) in table.items() if not fits(value, headers.get(name))}
    assert not wrong


def fits(pattern, value):
    return value is not None and (pattern == value or re.fullmatch(pattern, value) is not None)


def test_a_success_has_all_headers_of_the_table(sandbox):
    headers = send(sandbox, "GET", "/v4/domains").headers
    check(headers, BOTH | SUCCESSES)
    assert set(headers) == set(BOTH | SUCCESSES)
    assert not NOT_SENT.keys() & headers.keys()


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v4/domains/5", 404), ("POST", "/v4/domains", 400)])
def test_a_refusal_has_fewer(sandbox, method, path, status):
    answer = send(sandbox, method, path, {})
    assert answer.status == status
    check(answer.headers, BOTH)
    assert set(answer.headers) == set(BOTH)


def test_the_time_to_wait_comes_with_every_response_and_is_a_second_less_than_the_window(sandbox):
    for path in ("/v4/domains", "/v4/domains/5", "/v4/images"):
        headers = send(sandbox, "GET", path).headers
        now = parsedate_to_datetime(headers["date"]).timestamp()
        assert 0 <= int(headers["x-ratelimit-reset"]) - now - 1 - int(headers["retry-after"]) <= 1


def test_lists_of_regions_may_be_kept_for_a_quarter_of_an_hour(sandbox):
    """Recorded: TestEventPoller_InstancePower; the API's other lists must not be kept."""
    for path, value in (("/v4/regions", "private, max-age=900"), ("/v4/domains", "max-age=0, no-cache, no-store")):
        headers = send(sandbox, "GET", path).headers
        assert headers["cache-control"] == value
        assert ("expires" in headers) == ("pragma" in headers) == (path != "/v4/regions")


def test_a_browser_may_ask_first(sandbox):
    """A preflight has no token. No recording shows one; the headers are those that the API sends with all successes."""
    answer = send(sandbox, "OPTIONS", "/v4/linode/instances", token=None, Origin="https://cloud.example.com")
    assert answer.status == 200
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Authorization" in answer.headers["access-control-allow-headers"]


def test_the_scopes_of_a_token_are_told(sandbox):
    """Recorded: a token's scopes separated by spaces; `unknown` for a wrong token."""
    with sandbox.world.transaction():
        token = sandbox.world.identity.issue_token("sandbox", "domains:read_only linodes:read_write")["_secret"]
    assert send(sandbox, "GET", "/v4/domains", token=token).headers["x-oauth-scopes"] == (
        "domains:read_only linodes:read_write"
    )
    refused = send(sandbox, "GET", "/v4/domains", token="wrong")
    assert (refused.status, refused.headers["x-oauth-scopes"]) == (401, "unknown")


DOCUMENTED = [
    ("GET", "/linode/instances", 200, 60),
    ("GET", "/linode/instances/5", 1600, 60),
    ("POST", "/linode/instances", 20, 15),
    ("GET", "/images", 20, 60),
    ("GET", "/linode/stackscripts", 60, 60),
    ("GET", "/linode/instances/5/stats", 50, 60),
    ("GET", "/linode/instances/5/stats/2026/1", 50, 60),
    ("GET", "/nodebalancers/5/stats", 50, 60),
    ("GET", "/managed/stats", 50, 60),
    ("POST", "/volumes", 100, 60),
    ("POST", "/account/service-transfers/5/accept", 2, 60),
    ("POST", "/support/tickets", 2, 60),
    ("GET", "/monitor/dashboards", 100, 60),
    ("GET", "/monitor/dashboards/5", 100, 60),
    ("GET", "/monitor/services", 100, 60),
    ("GET", "/monitor/services/dbaas", 100, 60),
    ("GET", "/monitor/services/dbaas/dashboards", 100, 60),
    ("GET", "/monitor/services/dbaas/metric-definitions", 100, 60),
    ("POST", "/object-storage/keys", 60, 60),
    ("PUT", "/object-storage/keys/5", 60, 60),
    ("DELETE", "/object-storage/keys/5", 60, 60),
    ("POST", "/object-storage/buckets", 60, 60),
]
"""The limits of the reference page of 2026-09: calls and seconds."""


@pytest.mark.parametrize(("method", "path", "count", "seconds"), DOCUMENTED)
def test_the_documented_limits_are_in_force(method, path, count, seconds):
    with Sandbox(seed=1, limits=True) as sandbox:
        named = [each for each in sandbox.limits if each.seconds >= 15]  # beside it, five a second for some
        sandbox.limits[:] = named
        headers = send(sandbox, method, f"/v4beta{path}", {}).headers
        left = int(headers["x-ratelimit-reset"]) - sandbox.world.now
    assert (int(headers["x-ratelimit-limit"]), round(left / 15) * 15) == (count, seconds)
