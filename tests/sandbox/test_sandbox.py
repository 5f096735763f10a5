"""The sandbox as users have it: in process, and as a server."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time

import httpx2
import pytest
from asking import add, ask

from linode import Domain, Linode, Region
from linode.errors import NotFoundError
from linode.sandbox import Sandbox

# -- the sandbox for users -----------------------------------------------------------------------------------------


def test_a_client_of_the_sandbox_needs_no_network_and_what_it_asks_is_recorded(sandbox):
    client = sandbox.client()
    assert client.get_regions(Region.label == "Newark, NJ").one().id == "us-east"
    with pytest.raises(NotFoundError):
        client.request("GET", "/domains/5")
    assert [(each.method, each.path, each.status) for each in sandbox.requests] == [
        ("GET", "/v4/regions", 200),
        ("GET", "/v4/domains/5", 404),
    ]


def test_a_pause_of_a_client_moves_the_sandboxs_clock_and_takes_no_time(sandbox):
    began, start = time.monotonic(), sandbox.world.now
    sandbox.transport().sleep(3600)
    assert sandbox.world.now == start + 3600
    assert time.monotonic() - began < 60


def test_with_a_speed_the_clock_follows_the_real_one():
    with Sandbox(speed=1000) as fast:
        start = fast.world.now
        time.sleep(0.05)
        ask(fast, "GET", "/v4/regions/us-east")
        assert fast.world.now - start >= 50
    with pytest.raises(ValueError, match="speed must be above 0"):
        Sandbox(speed=0)


def test_a_sandbox_is_there_in_milliseconds():
    Sandbox().close()
    began = time.perf_counter()
    Sandbox().close()
    assert time.perf_counter() - began < 0.05


def test_a_token_that_is_given_works_and_survives_with_the_data(tmp_path):
    path = str(tmp_path / "world")
    with Sandbox(path, token="my-token") as first:
        assert first.token == "my-token"
        add(first, Domain, domain="kept.com")
    with Sandbox(path) as second:
        assert second.token == "my-token"
        assert [row.domain for row in second.client().get_domains()] == ["kept.com"]
    with Sandbox(path, token="other") as third:
        assert third.token == "other"
        assert len(third.client("my-token").get_domains()) == 1


# -- the server ----------------------------------------------------------------------------------------------------


@pytest.fixture
def serve():
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> tuple[subprocess.Popen[str], httpx2.Client]:
        command = [sys.executable, "-m", "linode.sandbox", "--port", "0", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        line = process.stdout.readline()
        found = re.fullmatch(r"ready (http://\S+:\d+) token=(\S+)\n", line)
        assert found, line
        client = httpx2.Client(base_url=found[1], headers={"Authorization": f"Bearer {found[2]}"}, trust_env=False)
        return process, client

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_server_says_when_it_is_ready_serves_and_ends_well_on_a_signal(serve, sign):
    process, client = serve("--token", "my-token")
    with client:
        assert client.get("/v4/images/linode%2Fdebian12").json()["label"] == "Debian 12"
        assert client.get("/v4/nothing").status_code == 404
        head = client.head("/v4/regions")
        assert (head.status_code, head.content) == (200, b"")
        process.send_signal(sign)
        assert process.wait(timeout=20) == 0
    assert process.stdout.read() == "", "nothing else is printed"


def test_on_a_port_jobs_take_the_share_of_their_time_that_was_asked_for(serve):
    _, client = serve("--durations", "0.001")
    with client:
        body = {"type": "g6-nanode-1", "region": "us-east", "image": "linode/debian12", "root_pass": "a-B-9-x-Y-z"}
        path = f"/v4/linode/instances/{client.post('/v4/linode/instances', json=body).json()['id']}"
        until = time.monotonic() + 10
        while (status := client.get(path).json()["status"]) != "running" and time.monotonic() < until:
            time.sleep(0.05)
    assert status == "running"


def test_what_was_answered_survives_a_kill_and_jobs_too(serve, tmp_path):
    path = str(tmp_path / "world")
    with Sandbox(path) as before:
        add(before, Domain, domain="example.com", type="master", soa_email="admin@example.com")
        with before.world.transaction():
            linode = before.world.add(Linode, label="web", status="booting")
            before.world.events.schedule("linode_boot", linode, seconds=30)
    process, client = serve("--data", path, "--speed", "100")
    with client:
        assert client.put("/v4/domains/123", json={"tags": ["kept"]}).status_code == 200
    process.kill()
    process.wait()
    process, client = serve("--data", path, "--speed", "100")
    with client:
        assert client.get("/v4/domains/123").json()["tags"] == ["kept"]
        deadline = time.monotonic() + 20
        while client.get("/v4/account/events/123").json()["status"] != "finished":
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "x"], "must be a number from 0 to 65535"),
        (["--port", "70000"], "must be a number from 0 to 65535"),
        (["--speed", "0"], "must be a number above 0"),
        (["--token", "two words"], "printable ASCII"),
        (["--data", "/no/such/place/world"], "cannot use /no/such/place/world"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
    ],
)
def test_wrong_arguments_are_told_on_standard_error(arguments, words):
    command = [sys.executable, "-m", "linode.sandbox", "--port", "0", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert words in done.stderr
