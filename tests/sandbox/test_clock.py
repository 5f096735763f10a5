"""Control of the clock: stopped, started, at another speed, moved to a moment; from code and over HTTP."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from asking import DEBIAN, NANODE, PASSWORD, REGION

from linode._http.transport import Request
from linode.sandbox import Sandbox

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def sandbox():
    with Sandbox(seed=1, start=START) as sandbox:
        yield sandbox


def test_while_the_clock_is_stopped_requests_take_no_time(sandbox):
    sandbox.stop_clock()
    client = sandbox.client()
    client.create_domain("example.com", soa_email="a@example.com")
    assert (sandbox.now, sandbox.stopped) == (START, True)
    sandbox.start_clock()
    client.get_domains()[0].delete()
    assert sandbox.now > START


def test_a_stopped_clock_still_advances_by_pauses_and_by_hand(sandbox):
    sandbox.stop_clock()
    linode = sandbox.client().create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    linode.wait()
    assert linode.status == "running"
    sandbox.advance_to(START + timedelta(days=1))
    assert sandbox.now == START + timedelta(days=1)


def test_a_running_clock_is_stopped_and_goes_on_from_there():
    with Sandbox(seed=1, start=START, speed=100_000) as fast:
        time.sleep(0.01)
        fast.stop_clock()
        stopped = fast.now
        assert stopped > START
        time.sleep(0.01)
        fast.client().get_profile()
        assert fast.now == stopped
        fast.start_clock()
        time.sleep(0.005)
        fast.client().get_profile()
        assert timedelta(seconds=500) <= fast.now - stopped < timedelta(days=30)


def test_the_speed_changes_while_the_clock_runs():
    """Time before the change counts with the old speed."""
    with Sandbox(seed=1, start=START, speed=100_000) as fast:
        time.sleep(0.005)
        fast.speed = 1
        passed = fast.now - START
        assert passed >= timedelta(seconds=500)
        fast.client().get_profile()
        assert fast.now - START - passed < timedelta(seconds=100)
        fast.speed = None
        now = fast.now
        fast.client().get_profile()
        assert fast.now - now == timedelta(seconds=0.5)
        with pytest.raises(ValueError, match="speed must be above 0"):
            fast.speed = 0


def test_the_clock_is_moved_to_a_moment(sandbox):
    linode = sandbox.client().create_linode(NANODE, REGION, image=DEBIAN, root_pass=PASSWORD)
    sandbox.advance_to(datetime(2026, 2, 1))  # noqa: DTZ001 - a time without a zone is in UTC
    assert sandbox.now == datetime(2026, 2, 1, tzinfo=UTC)
    assert linode.load().status == "running"
    with pytest.raises(ValueError, match="the clock cannot be set back"):
        sandbox.advance_to(START)


@pytest.fixture
def asked(sandbox):
    """Send requests to the control of the sandbox as a program on a port would."""

    def send(method: str, path: str, body: object = None) -> tuple[int, dict]:
        headers = {"Authorization": f"Bearer {sandbox.token}"}
        content = None if body is None else json.dumps(body).encode()
        answer = sandbox.gateway.ask(Request(method, f"http://sandbox/sandbox/{path}", headers, content)).response
        return answer.status, json.loads(answer.content)

    return send


def test_the_clock_over_http(sandbox, asked):
    assert asked("GET", "clock") == (200, {"now": "2026-01-31T12:00:00", "speed": None, "stopped": False})
    told = {"stopped": True, "now": "2026-02-01T00:00:00"}
    assert asked("POST", "clock", told) == (200, {"now": told["now"], "speed": None, "stopped": True})
    assert sandbox.stopped
    asked("POST", "clock", {"speed": 5, "stopped": False})
    assert (sandbox.speed, sandbox.stopped) == (5, False)
    asked("POST", "clock", {"speed": None})
    assert sandbox.speed is None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-02-01T12:00", "2026-02-01T12:00:00"),
        ("2026-02-01", "2026-02-01T00:00:00"),
        ("2026-02-01T12:00:00Z", "2026-02-01T12:00:00"),
        ("2026-02-01T12:00+02:00", "2026-02-01T10:00:00"),
    ],
)
def test_a_time_over_http_has_the_forms_of_the_command_line(asked, written, moment):
    """The form of docs/testing.md has no seconds; a time without a zone is in UTC."""
    status, answer = asked("POST", "clock", {"now": written})
    assert (status, answer["now"]) == (200, moment)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"speed": 0}, "speed must be above 0"),
        ({"speed": "fast"}, "Must be of type Number"),
        ({"now": "2025-01-01T00:00:00"}, "cannot be set back"),
        ({"now": "soon"}, "Must be a time such as 2026-01-31T12:00 (UTC)"),
        ({"time": 1}, "the members are speed, stopped, now"),
        ({"sped": 1}, "did you mean speed?"),
        ({"stopped": None, "speed": -1}, "above 0"),
    ],
)
def test_a_wrong_setting_changes_nothing(sandbox, asked, body, words):
    status, answer = asked("POST", "clock", body)
    assert (status, words in answer["errors"][0]["reason"]) == (400, True), answer
    assert (sandbox.now, sandbox.speed, sandbox.stopped) == (START, None, False)


def test_durations_over_http(sandbox, asked):
    assert asked("GET", "durations") == (200, {"durations": {"*": 1.0}})
    wanted = {"linode_boot": 2.0, "*": 0.5}
    assert asked("POST", "durations", wanted) == (200, {"durations": wanted})
    assert sandbox.durations == wanted
    status, answer = asked("POST", "durations", {"linode_bot": 2})
    assert (status, "did you mean 'linode_boot'" in answer["errors"][0]["reason"]) == (400, True)
    assert asked("POST", "durations", {"linode_boot": "2"})[0] == 400
    assert sandbox.durations == wanted
