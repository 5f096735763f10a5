"""Mistakes with the options of a sandbox and its faults are refused by name, with what each takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from linode.sandbox import Fault, Sandbox


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"data": "world.yaml"}, ValueError, r"a database of the sandbox; seed_file='world.yaml' begins with"),
        ({"data": "world.json"}, ValueError, r"a database of the sandbox; load='world.json' begins with"),
        ({"data": 5}, TypeError, "data must be the path of a file"),
        ({"start": 5}, TypeError, r"a time must be a datetime or a text such as '2026-01-31T12:00', not int"),
        ({"start": "soon"}, ValueError, r"'soon' is no time such as '2026-01-31T12:00' \(UTC\)"),
        ({"speed": "fast"}, TypeError, "speed must be a number, or None for steps, not str"),
        ({"step": "1"}, TypeError, "step must be a number of seconds, not str"),
        ({"first_id": "1"}, TypeError, "first_id must be an int, not str"),
        ({"token": 5}, TypeError, "token must be a str, not int"),
    ],
)
def test_a_wrong_option_is_refused_by_name(options, error, words, tmp_path, monkeypatch):
    """No file is created for it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=words):
        Sandbox(**options)
    assert list(tmp_path.iterdir()) == []


def test_a_start_has_the_forms_of_the_command_line():
    """A text, a date or a datetime; without a zone it is in UTC."""
    for start in ("2026-01-31", "2026-01-31T00:00", date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC)):
        with Sandbox(start=start) as sandbox:
            assert sandbox.now == datetime(2026, 1, 31, tzinfo=UTC)
            sandbox.advance(timedelta(days=1))
            sandbox.advance_to("2026-02-02")
            assert sandbox.now == datetime(2026, 2, 2, tzinfo=UTC)
            with pytest.raises(TypeError, match=r"advance\(\) takes a number of seconds or a timedelta, not str"):
                sandbox.advance("60")


def test_a_fault_that_can_hit_no_call_is_refused():
    """A path in the place of the method would match nothing without a word."""
    with pytest.raises(ValueError, match=r"not '/regions'; write Fault\('\*', '/regions', ...\)"):
        Fault("/regions", status=500)
    with pytest.raises(ValueError, match="the method of a fault is one of"):
        Fault("FETCH", status=500)
    with pytest.raises(TypeError, match="status must be an int, not str"):
        Fault("GET", "/regions", status="500")


def test_the_list_of_faults_takes_faults_alone():
    """Anything else would break the next request."""
    with Sandbox(seed=1) as sandbox:
        for add in (
            lambda: sandbox.faults.append("GET /regions"),
            lambda: sandbox.faults.extend([500]),
            lambda: sandbox.faults.insert(0, {"status": 500}),
        ):
            with pytest.raises(TypeError, match=r"sandbox.faults holds faults, such as Fault\('GET', '/regions'"):
                add()
        assert sandbox.faults == []


def test_an_operation_that_is_asked_of_the_sandbox_leads_to_its_client():
    """A sandbox is a service, and its clients have the operations."""
    with Sandbox(seed=1) as sandbox:
        with pytest.raises(AttributeError, match=r"its clients have it: sandbox.client\(\).create_linode$"):
            sandbox.create_linode  # noqa: B018
        with pytest.raises(AttributeError, match=r"a Sandbox has no attribute 'advanc'; did you mean 'advance'\?"):
            sandbox.advanc  # noqa: B018
