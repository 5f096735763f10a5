"""``/sandbox/health``, the address for health checks."""

from __future__ import annotations

import json

import pytest

from linode._http.transport import Request
from linode.sandbox import Fault, Sandbox

HEALTH = "http://sandbox/sandbox/health"


def health(sandbox, method="GET", **headers):
    answer = sandbox.gateway.ask(Request(method, HEALTH, headers, None)).response
    return answer.status, json.loads(answer.content)


def test_health_needs_no_token_takes_no_time_and_meets_no_fault(sandbox):
    sandbox.faults.append(Fault(status=500, times=9))
    before = sandbox.now
    assert health(sandbox) == (200, {"status": "ok"})
    assert (sandbox.now, sandbox.requests) == (before, [])


def test_other_methods_are_those_of_control(sandbox):
    """They need the token, and do not exist."""
    assert health(sandbox, "POST")[0] == 401
    assert health(sandbox, "POST", Authorization=f"Bearer {sandbox.token}")[0] == 405


@pytest.mark.parametrize("objects", [0, 1])
def test_a_data_file_that_cannot_be_written_is_unhealthy(tmp_path, objects):
    """The reason has no path, because the request needs no token.

    When the file can be written again, the status is 200.
    """
    with Sandbox(str(tmp_path / "world")) as sandbox:
        for _ in range(objects):
            sandbox.client().create_domain("example.com", soa_email="admin@example.com")
        sandbox.world._store._file._db.execute("PRAGMA query_only = ON")
        status, answer = health(sandbox)
        assert (status, answer["errors"]) == (503, [{"reason": "The sandbox cannot write its data file"}])
        sandbox.world._store._file._db.execute("PRAGMA query_only = OFF")
        assert health(sandbox) == (200, {"status": "ok"})
