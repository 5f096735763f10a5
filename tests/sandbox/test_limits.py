"""Rate limits: counted for each token on the world's clock, sent in headers, refused with 429."""

from __future__ import annotations

import pytest
from asking import send
from sandbox_process import served

from linode.sandbox import Limit, Sandbox
from linode.sandbox.failures.limits import Limits, api_limits


@pytest.fixture
def sandbox():
    with Sandbox(seed=1, limits=True) as made:
        yield made


def limit_of(answer):
    return int(answer.headers["x-ratelimit-limit"])


def remaining_of(answer):
    return int(answer.headers["x-ratelimit-remaining"])


def test_without_limits_no_header_tells_of_any():
    with Sandbox(seed=1) as sandbox:
        for _ in range(30):
            answer = send(sandbox, "GET", "/v4/images?page_size=25")
        assert answer.status == 200
        assert not [name for name in answer.headers if name.startswith("x-ratelimit")]


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("GET", "/v4/regions", 200),
        ("GET", "/v4/domains?page=1", 200),
        ("GET", "/v4beta/domains", 200),
        ("GET", "/v4/regions/us-east", 1600),
        ("GET", "/v4/profile", 1600),
        ("GET", "/v4/images", 20),
        ("GET", "/v4/linode/stackscripts", 60),
        ("POST", "/v4/linode/instances", 20),
        ("POST", "/v4/linode/instances/5/clone", 20),
        ("POST", "/v4/linode/instances/5/boot", 1600),
        ("POST", "/v4/volumes", 100),
        ("GET", "/v4/linode/instances/5/stats", 50),
        ("GET", "/v4/nothing", 1600),
        ("PUT", "/v4/regions", 1600),
    ],
)
def test_every_response_has_the_headers_of_its_limit(sandbox, method, path, limit):
    answer = send(sandbox, method, path, {})
    assert (limit_of(answer), remaining_of(answer)) == (limit, limit - 1)
    left = int(answer.headers["x-ratelimit-reset"]) - sandbox.world.now
    assert 0 < left <= 61
    assert 0 <= left - 1 - int(answer.headers["retry-after"]) < 1


def test_calls_above_the_limit_are_refused_until_the_window_ends(sandbox):
    for left in reversed(range(20)):
        answer = send(sandbox, "GET", "/v4/images")
        assert (answer.status, remaining_of(answer)) == (200, left)
    refused = send(sandbox, "GET", "/v4/images")
    assert (refused.status, refused.content) == (429, b'{"errors":[{"reason":"Too many requests"}]}')
    assert (limit_of(refused), remaining_of(refused)) == (20, 0)
    wait = int(refused.headers["retry-after"])
    assert sandbox.world.now + wait >= int(refused.headers["x-ratelimit-reset"])
    assert send(sandbox, "GET", "/v4/profile").status == 200, "another limit holds there"
    sandbox.advance(wait - 2)
    assert send(sandbox, "GET", "/v4/images").status == 429
    sandbox.advance(2)
    assert remaining_of(send(sandbox, "GET", "/v4/images")) == 19


def test_a_refused_call_changes_nothing(sandbox):
    sandbox.limits.insert(0, Limit("POST", "/domains", 1))
    sent = {"type": "master", "soa_email": "admin@example.com"}
    assert send(sandbox, "POST", "/v4/domains", {**sent, "domain": "one.example.com"}).status == 200
    assert send(sandbox, "POST", "/v4/domains", {**sent, "domain": "two.example.com"}).status == 429
    assert len(sandbox.world.read("Domain")) == 1


def test_each_token_has_limits_of_its_own_and_so_have_all_without(sandbox):
    with sandbox.world.transaction():
        other = sandbox.world.identity.issue_token("sandbox")["_secret"]
    for _ in range(3):
        send(sandbox, "GET", "/v4/images")
    assert remaining_of(send(sandbox, "GET", "/v4/images", token=other)) == 19
    assert remaining_of(send(sandbox, "GET", "/v4/images", token=None)) == 19
    assert remaining_of(send(sandbox, "GET", "/v4/images", token=None)) == 18


def test_a_client_waits_as_it_is_told(sandbox):
    client = sandbox.client()
    start = sandbox.world.now
    for _ in range(25):
        client.request("GET", "/images", query={"page_size": 25})
    assert 50 < sandbox.world.now - start < 80


def test_the_general_limit_can_be_reached_when_requests_are_quick():
    with Sandbox(seed=1, limits=True, step=0.01) as sandbox:
        statuses = [send(sandbox, "GET", "/v4/profile").status for _ in range(1601)]
        assert statuses == [200] * 1600 + [429]
        assert send(sandbox, "GET", "/v4/domains").status == 200, "lists are counted apart"


def test_two_limits_on_the_same_calls_hold_both():
    keys = "/profile/sshkeys"
    limits = Limits([Limit("POST", keys, 3, 60), Limit("POST", keys, 2, 1), Limit("*", "**", 1)])
    seen = [limits.take("me", "POST", f"/v4{keys}", now) for now in (0.0, 0.1, 0.2, 1.0, 2.0, 60.0)]
    assert [(each.allowed, each.limit, each.remaining) for each in seen] == [
        (True, 2, 1),
        (True, 2, 0),
        (False, 2, 0),
        (True, 3, 0),
        (False, 3, 0),
        (True, 2, 1),
    ]


def test_expired_windows_are_deleted():
    limits = Limits([Limit("*", "**", 1)])
    for caller in range(5000):
        limits.take(str(caller), "GET", "/v4/profile", now=float(caller))
    assert len(limits._windows) < 1100


def test_limits_can_be_lifted_and_begun_anew(sandbox):
    for _ in range(20):
        send(sandbox, "GET", "/v4/images")
    sandbox.limits.forget()
    assert remaining_of(send(sandbox, "GET", "/v4/images")) == 19
    sandbox.limits.clear()
    assert "x-ratelimit-limit" not in send(sandbox, "GET", "/v4/images").headers
    sandbox.limits.extend(api_limits())
    sandbox.reset()
    assert remaining_of(send(sandbox, "GET", "/v4/images")) == 19


@pytest.mark.parametrize(
    "members", [("GET", "/images", 0), ("GET", "/images", 1, 0), ("GET", "images", 1), ("GET", "/image", 1)]
)
def test_an_invalid_limit_is_refused(members):
    with pytest.raises(ValueError, match=r"must be at least 1|must begin with a slash|no operation"):
        Limit(*members)


def test_limits_are_enabled_on_a_port_by_default():
    with served("--seed", "1") as http:
        assert http.get("/v4/images").headers["X-RateLimit-Remaining"] == "19"
        added = {"method": "GET", "path": "/regions", "count": 2, "seconds": 60}
        assert http.post("/sandbox/limits", json=added).json() == added
        assert [http.get("/v4/regions").status_code for _ in range(3)] == [200, 200, 429]
        assert http.get("/sandbox/limits").json()["limits"][0] == added
        assert http.delete("/sandbox/limits").json() == {}
        assert "X-RateLimit-Limit" not in http.get("/v4/regions").headers
    with served("--no-limits") as http:
        assert "X-RateLimit-Limit" not in http.get("/v4/images").headers
