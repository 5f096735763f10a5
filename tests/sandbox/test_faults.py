"""Faults of the sandbox: in process, for tasks, over a socket, and set over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import asdict

import httpx2
import pytest
from sandbox_process import served

from linode import Domain, Retry
from linode._http.network import HttpTransport
from linode._http.transport import Request
from linode._model import Sleep
from linode.errors import ConnectionFailedError, RequestTimeoutError, ServerError, TransportError
from linode.sandbox import Fault, RecordedRequest, Sandbox
from linode.sandbox.failures import path_patterns
from linode.sandbox.gateways.server import App

ONCE = Retry(attempts=1)
EMAIL = "admin@example.com"


class InProcess:
    """A sandbox in the process."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(seed=1)
        self.token = self.sandbox.token
        self.base_url = "http://sandbox"

    def fail(self, *which, **how):
        self.sandbox.faults.append(Fault(*which, **how))

    def ask(self, method, path, body=None, timeout=60.0):
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.send(Request(method, f"{self.base_url}/v4{path}", headers, content), timeout)

    def send(self, request, timeout):
        return self.sandbox.transport().send(request, timeout)

    def statuses(self):
        return [asked.status for asked in self.sandbox.requests]


class Awaited(InProcess):
    """The same, asked by a task."""

    def send(self, request, timeout):
        return asyncio.run(self.sandbox.async_transport().send(request, timeout))


class OverSocket(InProcess):
    """A sandbox on a port, whose faults are set over HTTP."""

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http
        self.token = http.headers["Authorization"].partition(" ")[2]
        self.base_url = str(http.base_url).rstrip("/")
        assert http.post("/sandbox/reset").json() == {}

    def fail(self, *which, **how):
        body = dict(zip(("method", "path"), which, strict=False)) | how
        if "content" in how:
            body["content"] = how["content"].decode()
        answer = self.http.post("/sandbox/faults", json=body)
        assert answer.status_code == 200, answer.text

    def send(self, request, timeout):
        return HttpTransport(self.http).send(request, timeout)

    def statuses(self):
        return [asked["status"] for asked in self.http.get("/sandbox/requests").json()["requests"]]


@pytest.fixture(scope="module")
def server():
    with served("--seed", "1", "--no-limits") as http:
        yield http


@pytest.fixture(params=[InProcess, Awaited, OverSocket])
def way(request):
    if request.param is OverSocket:
        return OverSocket(request.getfixturevalue("server"))
    return request.param()


DOMAIN = {"domain": "example.com", "type": "master", "soa_email": EMAIL}


def domains(way):
    return [each["domain"] for each in json.loads(way.ask("GET", "/domains").content)["data"]]


@pytest.mark.parametrize(
    ("fault", "status", "content", "done"),
    [
        ({"status": 503}, 503, b'{"errors":[{"reason":"Service Unavailable"}]}', False),
        ({"status": 500, "reason": "Out of order"}, 500, b'{"errors":[{"reason":"Out of order"}]}', False),
        ({"status": 502, "processed": True}, 502, b'{"errors":[{"reason":"Bad Gateway"}]}', True),
        ({"status": 400, "body": "html"}, 400, b"<html>\r\n<head><title>400 Bad Request</title>", False),
        ({"status": 500, "body": "broken"}, 500, b'{"errors":[{"reason":', False),
        ({"status": 204}, 204, b"", False),
        ({"status": 202, "processed": True}, 202, b'{"id":123,"domain":"example.com"', True),
        ({"status": 599, "content": b"gone"}, 599, b"gone", False),
        ({"body": "html"}, 200, b"<html>\r\n<head><title>200 OK</title>", True),
        ({"body": "empty"}, 200, b"", True),
        ({"body": "broken"}, 200, b'{"id":123,"domain":"example.com"', True),
        ({"content": b"\xc3\xa9{["}, 200, b"\xc3\xa9{[", True),
        ({"delay": 0.01}, 200, b'{"id":123,"domain":"example.com"', True),
        ({"delay": 0.01, "status": 504}, 504, b'{"errors":[{"reason":"Gateway Timeout"}]}', False),
    ],
    ids=str,
)
def test_a_fault_replaces_one_response_and_processes_the_call_or_not(way, fault, status, content, done):
    way.fail("POST", "/domains", **fault)
    answer = way.ask("POST", "/domains", DOMAIN)
    assert answer.status == status
    assert answer.content.startswith(content)
    assert bool(answer.content) is bool(content)
    assert domains(way) == (["example.com"] if done else [])
    assert way.ask("POST", "/domains", {**DOMAIN, "domain": "example.org"}).status == 200


@pytest.mark.parametrize("done", [False, True])
def test_a_broken_body_is_invalid_json(way, done):
    way.fail(body="broken", **({} if done else {"status": 500}))
    with pytest.raises(json.JSONDecodeError):
        json.loads(way.ask("GET", "/profile").content)


@pytest.mark.parametrize(
    ("fault", "error", "done"),
    [
        ({"body": "truncated"}, TransportError, True),
        ({"status": 500, "body": "truncated"}, TransportError, False),
        ({"connection": "dropped"}, TransportError, False),
        ({"connection": "dropped", "processed": True}, TransportError, True),
        ({"connection": "dropped", "delay": 0.01}, TransportError, False),
        ({"delay": 1}, RequestTimeoutError, True),
        ({"delay": 1, "status": 503}, RequestTimeoutError, False),
    ],
    ids=str,
)
def test_a_fault_drops_one_connection_and_processes_the_call_or_not(way, fault, error, done):
    way.fail("POST", "/domains", **fault)
    with pytest.raises(TransportError) as caught:
        way.ask("POST", "/domains", DOMAIN, timeout=0.5)
    assert type(caught.value) is error
    assert domains(way) == (["example.com"] if done else [])


def test_an_error_has_the_headers_of_the_api_and_of_the_fault(way):
    way.fail(status=429, headers={"Retry-After": "3", "X-Maintenance-Mode": "all,closed"})
    answer = way.ask("GET", "/profile")
    assert json.loads(answer.content) == {"errors": [{"reason": "Too many requests"}]}
    expected = {"retry-after": "3", "x-maintenance-mode": "all,closed", "content-type": "application/json"}
    assert answer.headers.items() >= expected.items()


def test_a_page_of_the_proxy_looks_like_one(way):
    way.fail(status=502, body="html")
    headers = way.ask("GET", "/profile").headers
    assert (headers["content-type"], headers["server"]) == ("text/html", "nginx")
    assert "x-spec-version" not in headers


def test_headers_alone_change_nothing_else(sandbox):
    sandbox.faults.append(Fault(headers={"Retry-After": "-1"}))
    request = Request("GET", "http://sandbox/v4/regions/us-east", {})
    answer = sandbox.gateway.ask(request).response
    assert (answer.status, answer.headers["retry-after"]) == (200, "-1")
    assert answer.content == sandbox.gateway.ask(request).response.content


def test_a_request_without_a_whole_response_is_recorded_without_a_status(way):
    for fault in ({"connection": "dropped"}, {"body": "truncated"}):
        way.fail(**fault)
        with pytest.raises(TransportError):
            way.ask("GET", "/profile")
    way.fail(status=504)
    way.ask("GET", "/profile")
    way.ask("GET", "/profile")
    assert way.statuses() == [0, 0, 504, 200]


# -- which calls -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("**", "/v4/anything/at/all", True),
        ("/linode/instances", "/v4/linode/instances", True),
        ("/v4/linode/instances", "/v4beta/linode/instances", True),
        ("/linode/instances", "/v4/linode/instances/5", False),
        ("/linode/instances/*", "/v4/linode/instances/5", True),
        ("/linode/instances/*", "/v4/linode/instances/5/boot", False),
        ("/linode/instances/*", "/v4/linode/instances/", False),
        ("/linode/**", "/v4/linode/instances/5/boot", True),
        ("/linode/instances/*/disks/*", "/v4/linode/instances/5/disks/6", True),
        ("/images/linode%2Fdebian1.", "/v4/images/linode%2Fdebian12", False),
        ("/oauth/token", "/oauth/token", True),
        ("/linodes/*", "/alpha/v4/linodes/lnde_5", False),
    ],
)
def test_a_pattern_is_the_path_with_stars(pattern, path, expected):
    assert path_patterns.fits(pattern, path) is expected


def outcomes(client, times):
    found = []
    for _ in range(times):
        try:
            found.append(client.request("GET", "/profile") and 200)
        except ServerError as error:
            found.append(error.status)
    return found


def test_only_matching_calls_are_hit(sandbox):
    sandbox.faults += [Fault("POST", status=500), Fault("GET", "/account", status=502), Fault("get", status=503)]
    assert outcomes(sandbox.client(retry=ONCE), 2) == [503, 200]
    assert [fault.status for fault in sandbox.faults] == [500, 502]


def test_skip_and_times_count_matching_calls(sandbox):
    fault = Fault(skip=1, times=2, status=500)
    sandbox.faults.append(fault)
    assert outcomes(sandbox.client(retry=ONCE), 4) == [200, 500, 500, 200]
    assert (fault.hits, fault.spent, list(sandbox.faults)) == (2, True, [])


def test_faults_are_used_in_their_order_one_for_each_call(sandbox):
    sandbox.faults += [Fault(status=500), Fault(status=502)]
    assert outcomes(sandbox.client(retry=ONCE), 3) == [500, 502, 200]


def test_chance_hits_some_calls_and_a_seed_the_same_ones():
    runs = []
    for seed in (1, 1, 2):
        with Sandbox(seed=seed) as sandbox:
            sandbox.faults.append(Fault(chance=0.3, status=500))
            runs.append(outcomes(sandbox.client(retry=ONCE), 200))
    assert runs[0] == runs[1] != runs[2]
    assert 30 < runs[0].count(500) < 90
    assert len(sandbox.faults) == 1, "it stands until it is taken out"


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "a fault needs at least one of"),
        ({"status": 500, "path": "domains"}, "must begin with a slash"),
        ({"status": 500, "path": "/domains?page=2"}, "must begin with a slash"),
        ({"status": 500, "path": "/domain"}, "no operation of the API has the path '/domain'"),
        ({"status": 500, "path": "/v4/linode/instances/*/booot"}, "no operation of the API has the path"),
        ({"status": 500, "path": "/linodes/**"}, "no operation of the API has the path"),
        ({"status": 500, "method": "GET", "path": "/linode/instances/*/boot"}, "has no GET /linode/.* only POST"),
        ({"status": 500, "times": 0}, "times must be at least 1"),
        ({"status": 500, "times": 1, "chance": 0.5}, "times and chance"),
        ({"status": 500, "chance": 1.5}, "chance must be"),
        ({"status": 500, "skip": -1}, "skip must be"),
        ({"status": 99}, "status must be"),
        ({"status": 304, "body": "truncated"}, "has no body"),
        ({"status": 200, "reason": "fine"}, "reason needs a status"),
        ({"body": "bad"}, "body must be one of"),
        ({"body": "html", "content": b""}, "body and content"),
        ({"connection": "lost"}, "connection must be one of"),
        ({"connection": "dropped", "status": 500}, "connection cannot be combined"),
        ({"connection": "refused", "processed": True}, "processed must be False"),
        ({"body": "html", "processed": False}, "needs a status"),
        ({"delay": -1}, "delay must be"),
        ({"delay": float("inf")}, "delay must be"),
    ],
)
def test_invalid_faults_are_refused_at_once(members, words):
    with pytest.raises(ValueError, match=words):
        Fault(**members)


@pytest.mark.parametrize(
    "call",
    [
        ("*", "/linode/**"),
        ("GET", "/v4/linode/instances/123/disks/*"),
        ("GET", "/images/private/123"),
        ("DELETE", "/networking/*/10.0.0.1"),
        ("POST", "/linode/inst*"),
        ("OPTIONS", "/domains"),
        ("POST", "/oauth/token"),
        ("GET", "/alpha/v4/linodes"),
        ("PUT", "/uploads/*"),
        ("*", "**/boot"),
    ],
)
def test_a_pattern_that_matches_an_operation_is_accepted(call):
    """Numbers and stars stand for what the API's paths have in braces; the login and uploads have addresses too."""
    assert Fault(*call, status=500).path == call[1]


# -- in process ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [InProcess, Awaited])
def test_a_refused_connection_is_known_to_have_sent_nothing(kind):
    way = kind()
    way.fail(connection="refused")
    with pytest.raises(ConnectionFailedError, match="POST http://sandbox/v4/domains"):
        way.ask("POST", "/domains", DOMAIN)
    assert domains(way) == []


@pytest.mark.parametrize("kind", [InProcess, Awaited])
def test_a_delay_advances_the_clock_of_the_world_alone(kind):
    way = kind()
    began, start = time.monotonic(), way.sandbox.world.now
    way.fail(delay=40)
    assert way.ask("GET", "/profile", timeout=60).status == 200
    assert way.sandbox.world.now - start == pytest.approx(40.5)
    way.fail(delay=4000)
    with pytest.raises(RequestTimeoutError):
        way.ask("GET", "/profile", timeout=60)
    assert way.sandbox.world.now - start == pytest.approx(101)
    way.fail(delay=4000)
    assert way.ask("GET", "/profile", timeout=None).status == 200
    assert time.monotonic() - began < 20


def test_retries_of_the_client_survive_temporary_faults(sandbox):
    sandbox.faults += [
        Fault("GET", "/domains", times=2, status=503, headers={"Retry-After": "7"}),
        Fault("GET", "/domains", connection="dropped"),
    ]
    start = sandbox.world.now
    assert list(sandbox.client().get_domains()) == []
    assert [asked.status for asked in sandbox.requests] == [503, 503, 0, 200]
    assert sandbox.world.now - start > 14


def test_requests_are_remembered_and_the_oldest_forgotten(sandbox, monkeypatch):
    monkeypatch.setattr("linode.sandbox.gateways.gateway.REMEMBERED", 20)
    client = sandbox.client()
    client.request("GET", "/regions", query={"page_size": 50})
    assert sandbox.requests == [RecordedRequest("GET", "/v4/regions", 200, "page_size=50")]
    for _ in range(99):
        client.request("GET", "/profile")
    assert 18 <= len(sandbox.requests) <= 20
    assert {asked.path for asked in sandbox.requests} == {"/v4/profile"}


def test_direct_calls_of_the_sandbox_meet_no_fault(sandbox):
    sandbox.faults.append(Fault(chance=1, status=500))
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    assert sandbox.gateway.handle(Request("GET", "http://sandbox/v4/profile", headers)).status == 200


# -- tasks -----------------------------------------------------------------------------------------------------------


def wait(seconds):
    yield Sleep(seconds)


def test_tasks_that_wait_together_let_the_clock_move_once(sandbox):
    async def many():
        async with sandbox.async_client() as one, sandbox.async_client() as two:
            await asyncio.gather(*(client.execute(wait(60)) for client in (one, two) for _ in range(50)))

    start = sandbox.world.now
    asyncio.run(many())
    assert sandbox.world.now - start == 60


def test_tasks_that_ask_together_take_the_time_of_one(sandbox):
    async def many():
        client = sandbox.async_client()
        return await asyncio.gather(*(client.request("GET", "/profile") for _ in range(100)))

    start = sandbox.world.now
    assert len(asyncio.run(many())) == len(sandbox.requests) == 100
    assert sandbox.world.now - start < 2  # but for the first answer, which tells whether there is a limit


def test_the_clock_goes_from_the_end_of_one_pause_to_the_end_of_the_next(sandbox):
    start, seen = sandbox.world.now, []

    async def sleeper(client, seconds, times):
        for _ in range(times):
            await client.execute(wait(seconds))
            seen.append((round(sandbox.world.now - start), seconds))

    async def nested(client):
        async with asyncio.TaskGroup() as group:
            group.create_task(sleeper(client, 10, 3))
            group.create_task(sleeper(client, 15, 2))

    async def main():
        client = sandbox.async_client()
        await asyncio.gather(asyncio.gather(nested(client)), sleeper(client, 7, 1))

    asyncio.run(main())
    assert seen == [(7, 7), (10, 10), (15, 15), (20, 10), (30, 15), (30, 10)]


def test_a_cancelled_pause_delays_no_other_task(sandbox):
    async def main():
        client = sandbox.async_client()
        task = asyncio.create_task(client.execute(wait(5)))
        await asyncio.sleep(0)
        task.cancel()
        await client.execute(wait(60))
        assert task.cancelled()

    start = sandbox.world.now
    asyncio.run(main())
    assert sandbox.world.now - start == 60


def test_async_clients_of_the_sandbox_read_and_write(sandbox):
    async def main():
        async with sandbox.async_client() as client:
            domain = await client.create_domain("example.com", soa_email=EMAIL)
            domain.tags = ["kept"]
            await domain.save()
            return [(each.id, each.tags) async for each in client.get_domains(Domain.domain == "example.com")]

    assert asyncio.run(main()) == [(123, ["kept"])]
    assert sandbox.client().get_domains().one().tags == ["kept"]


def test_with_a_speed_awaited_requests_cost_no_time_of_their_own():
    with Sandbox(seed=1, speed=1) as sandbox:
        start = sandbox.world.now
        for _ in range(5):
            assert asyncio.run(sandbox.async_client().request("GET", "/profile"))
        assert 0 < sandbox.world.now - start < 2


# -- the control path ------------------------------------------------------------------------------------------------


@pytest.fixture
def control(server):
    server.post("/sandbox/reset")
    server.delete("/sandbox/limits")
    return server


def test_faults_are_set_listed_and_removed_over_http(control):
    told = [{"method": "POST", "status": 500}, {"path": "/domains/*", "body": "html", "chance": 1}]
    added = control.post("/sandbox/faults", json=told).json()["faults"]
    listed = control.get("/sandbox/faults").json()["faults"]
    assert listed == added
    assert listed == [asdict(Fault("POST", status=500)), asdict(Fault(path="/domains/*", body="html", chance=1))]
    control.get("/v4/domains/5")
    assert [each["hits"] for each in control.get("/sandbox/faults").json()["faults"]] == [0, 1]
    assert control.delete("/sandbox/faults").json() == {}
    assert control.get("/v4/domains/5").status_code == 404
    assert control.get("/sandbox/faults").json() == {"faults": []}


def test_content_is_text_there(control):
    shown = control.post("/sandbox/faults", json={"content": "gone", "status": 410}).json()["faults"]
    assert shown[0]["content"] == "gone"
    answer = control.get("/v4/profile")
    assert (answer.status_code, answer.text) == (410, "gone")


def test_recorded_requests_are_listed_and_cleared_over_http(control):
    control.get("/v4/domains?page=1")
    asked = {"method": "GET", "path": "/v4/domains", "status": 200, "query": "page=1"}
    assert control.get("/sandbox/requests").json() == {"requests": [asked]}
    assert control.delete("/sandbox/requests").json() == {}
    assert control.get("/sandbox/requests").json() == {"requests": []}


def test_time_and_state(control):
    control.post("/v4/domains", json={"domain": "example.com", "type": "master", "soa_email": EMAIL})
    before = control.get("/sandbox/state").json()
    after = control.post("/sandbox/advance", json={"seconds": 100_000}).json()
    assert after["now"] > before["now"]
    assert (before["rows"]["Domain"], before["requests"], before["faults"]) == (1, 1, 0)


def test_a_reset_leaves_the_token_and_nothing_else(control):
    control.post("/v4/domains", json={"domain": "example.com", "type": "master", "soa_email": EMAIL})
    control.post("/sandbox/faults", json={"status": 500})
    control.post("/sandbox/reset")
    assert control.get("/v4/domains").json()["results"] == 0
    made = control.post("/v4/domains", json={"domain": "example.com", "type": "master", "soa_email": EMAIL})
    assert made.json()["id"] == 123


def test_a_reset_empties_the_data_file_too(tmp_path):
    path = str(tmp_path / "world")
    with Sandbox(path) as first:
        first.client().create_domain("example.com", soa_email=EMAIL)
        first.reset()
        assert list(first.client().get_domains()) == []
        first.client().create_domain("example.org", soa_email=EMAIL)
    with Sandbox(path) as second:
        assert second.token == first.token
        assert [each.domain for each in second.client().get_domains()] == ["example.org"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", "/sandbox/nothing", None, 404, "/sandbox/faults, "),
        ("GET", "/sandbox", None, 404, "/sandbox/faults, "),
        ("PUT", "/sandbox/faults", {}, 405, "GET, POST, DELETE"),
        ("POST", "/sandbox/faults", {}, 400, "a fault needs at least one of"),
        ("POST", "/sandbox/faults", {"stauts": 500}, 400, "did you mean status?"),
        ("POST", "/sandbox/faults", {"hits": 5, "status": 500}, 400, "Unknown member"),
        ("POST", "/sandbox/faults", {"status": "500"}, 400, "Must be of type Integer"),
        ("POST", "/sandbox/faults", {"status": 500, "connection": "cut"}, 400, "Must be one of refused, dropped"),
        (
            "POST",
            "/sandbox/faults",
            {"status": 429, "headers": {"Retry-After": 5}},
            400,
            "Must have values of type String",
        ),
        ("POST", "/sandbox/faults", [5], 400, "must be a JSON object"),
        ("POST", "/sandbox/advance", {"seconds": -1}, 400, "from 0 to 1,000,000,000"),
        ("POST", "/sandbox/advance", {"seconds": "1"}, 400, "from 0 to 1,000,000,000"),
        ("POST", "/sandbox/advance", {}, 400, "from 0 to 1,000,000,000"),
        ("POST", "/sandbox/advance", {"seconds": 1e12}, 400, "from 0 to 1,000,000,000"),
        ("POST", "/sandbox/limits", {"method": "GET", "path": "/", "count": 0}, 400, "at least 1"),
        ("POST", "/sandbox/limits", {"method": "GET"}, 400, "missing required field `path`"),
    ],
)
def test_invalid_control_requests_are_refused(control, method, path, body, status, words):
    answer = control.request(method, path, json=body)
    assert answer.status_code == status
    assert words in answer.json()["errors"][0]["reason"]
    assert control.get("/sandbox/faults").json() == {"faults": []}


def test_a_body_that_is_no_json_is_refused(control):
    assert control.post("/sandbox/advance", content=b"{").status_code == 400


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer other"}, {"Authorization": "Bearer é"}])
def test_the_control_path_needs_the_sandboxs_own_token(sandbox, header):
    request = Request("POST", "http://sandbox/sandbox/reset", header)
    sandbox.client().create_domain("example.com", soa_email=EMAIL)
    assert sandbox.gateway.ask(request).response.status == 401
    assert len(sandbox.client().get_domains()) == 1


def test_the_control_path_takes_no_time_and_meets_no_fault(sandbox):
    sandbox.faults.append(Fault(chance=1, connection="dropped"))
    start = sandbox.world.now
    request = Request("GET", "http://sandbox/sandbox/state", {"Authorization": f"Bearer {sandbox.token}"})
    assert sandbox.gateway.ask(request).response.status == 200
    assert (sandbox.world.now, sandbox.requests) == (start, [])


# -- the socket ------------------------------------------------------------------------------------------------------


def test_a_truncated_answer_announces_more_than_comes(control):
    control.post("/sandbox/faults", json={"body": "truncated"})
    arrived: list[bytes] = []
    with control.stream("GET", "/v4/profile") as answer, pytest.raises(httpx2.RemoteProtocolError):
        arrived.extend(answer.iter_raw())
    assert 0 < len(b"".join(arrived)) < int(answer.headers["content-length"])


def test_a_delay_on_a_port_is_real_and_blocks_no_other_request(control):
    control.post("/sandbox/faults", json={"path": "/profile", "delay": 3})
    began = time.monotonic()
    with pytest.raises(httpx2.ReadTimeout):
        control.get("/v4/profile", timeout=0.2)
    assert control.get("/v4/domains").status_code == 200
    assert time.monotonic() - began < 2.5


def test_an_application_without_its_server_cannot_cut_a_connection(sandbox):
    async def ask():
        way = httpx2.ASGITransport(App(sandbox.gateway))
        async with httpx2.AsyncClient(transport=way, base_url="http://sandbox") as http:
            await http.get("/v4/regions")

    sandbox.faults.append(Fault(connection="dropped"))
    with pytest.raises(ConnectionResetError):
        asyncio.run(ask())
