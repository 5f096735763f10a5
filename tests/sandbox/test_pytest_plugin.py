"""The plugin that the package brings for pytest."""

from __future__ import annotations

import tomllib
from pathlib import Path

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
    result.stdout.fnmatch_lines(["*unexpected keyword argument 'sped'*"])


def test_the_package_brings_it_and_the_command():
    assert PROJECT["entry-points"]["pytest11"] == {"linode_sandbox": plugin.__name__}
    assert PROJECT["scripts"] == {"linode-sandbox": "linode.sandbox.__main__:main"}
