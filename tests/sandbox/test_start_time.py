"""A world with a given first moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from linode.sandbox import Sandbox
from linode.sandbox.__main__ import main

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


def story(sandbox):
    """The values of a Linode that is created, booted and measured, as a client sees them."""
    client = sandbox.client()
    linode = client.create_linode("g6-nanode-1", "us-east", image="linode/debian12", root_pass="correct-horse-1")
    linode.wait()
    sandbox.advance(3600)
    return [
        linode.raw,
        [each.raw for each in client.get_events()],
        [each.raw for each in client.profile.get_logins()] if hasattr(client, "profile") else None,
        client.request("GET", f"/linode/instances/{linode.id}/stats"),
        client.request("GET", f"/linode/instances/{linode.id}/transfer"),
        client.request("GET", "/networking/ips"),
        sandbox.now,
    ]


def test_two_worlds_of_one_seed_and_start_are_the_same():
    with Sandbox(seed=1, start=START) as one, Sandbox(seed=1, start=START) as other:
        assert story(one) == story(other)
        assert one.token == other.token


@pytest.mark.parametrize(
    "start", [START, START.replace(tzinfo=None), START.astimezone(timezone(timedelta(hours=5)))], ids=str
)
def test_the_clock_starts_where_it_is_told(start):
    with Sandbox(seed=1, start=start) as sandbox:
        assert sandbox.now == START
        assert sandbox.client().create_domain("example.com", soa_email="a@example.com").id
        sandbox.reset()
        assert sandbox.now == START


def test_a_data_file_goes_on_where_it_ended(tmp_path):
    path = str(tmp_path / "world")
    with Sandbox(path, start=START) as sandbox:
        sandbox.advance(600)
        sandbox.client().create_domain("example.com", soa_email="a@example.com")
    with Sandbox(path, start=START) as sandbox:
        assert sandbox.now >= START + timedelta(seconds=600)


def test_a_time_that_is_none_is_refused_by_name(capsys):
    with pytest.raises(SystemExit):
        main(["--start", "yesterday"])
    assert "'yesterday' must be a time such as 2026-01-31T12:00 (UTC)" in capsys.readouterr().err
