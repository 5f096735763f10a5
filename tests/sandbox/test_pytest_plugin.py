"""The plugin that the package brings for pytest."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import linode.sandbox.pytest_plugin as plugin

pytest_plugins = ["pytester"]

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
TESTS = """
import asyncio
from datetime import UTC, datetime

import pytest

from linode import ServerError
from linode.sandbox import Fault

pytestmark = pytest.mark.linode_sandbox(start=datetime(2026, 1, 31, tzinfo=UTC))


def test_one(linode_client, sandbox):
    linode_client.create_domain("example.com", soa_email="a@example.com")
    assert sandbox.now >= datetime(2026, 1, 31, tzinfo=UTC)


def test_another_world(linode_client):
    assert len(linode_client.get_domains()) == 0


@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.linode_sandbox(faults=[Fault("GET", "/domains", status=500, times=9)])
def test_a_fault(linode_client, sandbox, again):
    with pytest.raises(ServerError):
        linode_client.get_domains().first()
    assert sandbox.now.year == 2026


def test_awaited(async_linode_client):
    async def story():
        return await async_linode_client.get_domains().first()

    assert asyncio.run(story()) is None


@pytest.mark.linode_sandbox(sped=2)
def test_misspelt(sandbox):
    pass
"""


def test_each_test_has_a_sandbox_of_its_own(pytester):
    pytester.makeconftest(f"pytest_plugins = ['{plugin.__name__}']")
    pytester.makepyfile(TESTS)
    # The plugin is loaded by name here, whether or not the package is installed with its entry points.
    result = pytester.runpytest("-p", "no:cacheprovider", "-p", "no:linode_sandbox", "--strict-markers")
    result.assert_outcomes(passed=5, errors=1)
    result.stdout.fnmatch_lines(["*has no option 'sped'*"])


SETTINGS = """
[pytest]
addopts = -p no:cacheprovider -p no:linode_sandbox --strict-markers
linode_sandbox_start = 2026-01-31T12:00
linode_sandbox_speed = 1000
linode_sandbox_durations = {"linode_boot": 2, "*": 0.5}
linode_sandbox_seed_file = worlds/shop.json
linode_sandbox_faults =
    {"method": "GET", "path": "/regions", "status": 503, "chance": 1}
    {"operation": "Domain.delete", "status": 500, "chance": 1}
"""
WITH_SETTINGS = """
from pathlib import Path

import pytest

from linode import Domain, LinodeError, Retry
from linode.sandbox import Fault


@pytest.mark.parametrize("again", [1, 2])
def test_each_begins_with_the_same_world(linode_client, sandbox, again):
    assert [each.label for each in linode_client.get_volumes()] == ["data"]
    linode_client.create_volume("more", region="us-east")
    assert (sandbox.now.month, sandbox.now.day, sandbox.speed) == (1, 31, 1000)
    assert sandbox.durations == {"linode_boot": 2, "*": 0.5}


@pytest.mark.linode_sandbox(speed=None, durations=1, faults=[Fault("GET", "/domains", status=500, chance=1)])
def test_the_marker_comes_first_and_adds_faults(sandbox):
    assert (sandbox.speed, sandbox.durations, len(sandbox.faults)) == (None, {"*": 1}, 3)
    client = sandbox.client(retry=Retry(attempts=1))
    for read in (client.get_regions, client.get_domains):
        with pytest.raises(LinodeError):
            read().first()


@pytest.mark.linode_sandbox(seed_file=None)
def test_without_a_seed_file_a_test_has_an_empty_world(linode_client):
    assert len(linode_client.get_volumes()) == 0


@pytest.mark.linode_sandbox(seed_file="worlds/other.json", speed=None)
@pytest.mark.parametrize("again", range(4))
def test_a_file_is_read_once(linode_client, again):
    assert len(linode_client.get_linodes()) == 3
    Path("worlds/other.json").unlink(missing_ok=True)
"""
SHOP = {"volumes": [{"label": "data", "size": 20, "region": "us-east"}]}
WEB = {"region": "us-east", "type": "g6-nanode-1", "image": "linode/debian12"}


def test_settings_hold_for_all_tests_and_the_marker_for_one(pytester):
    """The objects of a seed file are made once in a run: the other tests do not need the file."""
    pytester.makeconftest(f"pytest_plugins = ['{plugin.__name__}']")
    pytester.makeini(SETTINGS)
    worlds = pytester.mkdir("worlds")
    (worlds / "shop.json").write_text(json.dumps(SHOP))
    three = {"linodes": [{**WEB, "label": f"web-{at}"} for at in range(3)]}
    (worlds / "other.json").write_text(json.dumps(three))
    pytester.makepyfile(WITH_SETTINGS)
    result = pytester.runpytest()
    result.assert_outcomes(passed=8)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("linode_sandbox_start = soon", "linode_sandbox_start is 'soon', and must be the time at which each sandbox"),
        ("linode_sandbox_durations = slow", "linode_sandbox_durations is 'slow', and must be the share"),
        (
            'linode_sandbox_faults = {"methd": "GET"}',
            "linode_sandbox_faults has a line that is no fault: *did you mean",
        ),
    ],
)
def test_wrong_settings_are_named(pytester, line, words):
    pytester.makeconftest(f"pytest_plugins = ['{plugin.__name__}']")
    pytester.makeini(f"[pytest]\naddopts = -p no:cacheprovider -p no:linode_sandbox\n{line}\n")
    pytester.makepyfile("def test_one(sandbox):\n    pass")
    result = pytester.runpytest()
    assert result.ret != 0
    result.stdout.fnmatch_lines([f"*{words}*"])


@pytest.mark.parametrize(
    ("marker", "words"),
    [
        ("fault=[]", "the marker linode_sandbox has no option 'fault'; did you mean 'faults'?"),
        ("'2026-01-31'", "linode_sandbox takes options by name, such as linode_sandbox(seed=1), not '2026-01-31'"),
    ],
)
def test_wrong_options_of_the_marker_are_named(pytester, marker, words):
    """An argument by position would be ignored without a word."""
    pytester.makeconftest(f"pytest_plugins = ['{plugin.__name__}']")
    pytester.makepyfile(f"import pytest\n\n@pytest.mark.linode_sandbox({marker})\ndef test_one(sandbox):\n    pass")
    result = pytester.runpytest("-p", "no:linode_sandbox")
    result.assert_outcomes(errors=1)
    assert words in result.stdout.str()


def test_a_marker_takes_one_fault_too(pytester):
    """One fault need not be in a list."""
    pytester.makeconftest(f"pytest_plugins = ['{plugin.__name__}']")
    pytester.makepyfile(
        "import pytest\nfrom linode.sandbox import Fault\n\n"
        "@pytest.mark.linode_sandbox(faults=Fault('GET', '/regions', status=500))\n"
        "def test_one(sandbox):\n    assert len(sandbox.faults) == 1"
    )
    pytester.runpytest("-p", "no:linode_sandbox").assert_outcomes(passed=1)


def test_the_package_brings_it_and_the_command():
    assert PROJECT["entry-points"]["pytest11"] == {"linode_sandbox": plugin.__name__}
    assert PROJECT["scripts"] == {"linode-sandbox": "linode.sandbox.__main__:main"}
