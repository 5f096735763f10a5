"""The page of coverage, and the list that a sandbox gives of itself, say what is declared and served."""

from __future__ import annotations

import json
import re
from pathlib import Path

from facts import Key, operations

import make_coverage
from linode._http.transport import Request
from linode.sandbox.engine import routes

ROOT = Path(__file__).parents[1]

LINE = re.compile(r"^\| \[(?P<method>\w+) (?P<path>\S+)\]\((?P<link>\S+)\) \| (?P<names>.*) \| (?P<served>yes|no) \|")


def lines():
    found = [LINE.match(line) for line in (ROOT / "docs" / "coverage.md").read_text().splitlines()]
    return {Key(each["method"], routes.shape(each["path"])): each for each in found if each}


def test_the_coverage_page_is_up_to_date():
    assert make_coverage.PAGE.read_text() == make_coverage.page()


def test_the_table_of_reference_pages_is_up_to_date():
    assert make_coverage.TABLE.read_text() == make_coverage.table()


def test_every_operation_has_a_line_with_a_link():
    assert lines().keys() == operations().keys()
    assert all(each["link"].startswith(make_coverage.REFERENCE) for each in lines().values())


def test_names_are_what_users_write():
    named = lines()
    assert named[Key("POST", "/volumes")]["names"] == "`client.create_volume()`"
    assert "`Linode.boot()`" in named[Key("POST", "/linode/instances/{}/boot")]["names"]
    assert "`Linode.disks`" in named[Key("GET", "/linode/instances/{}/disks")]["names"]
    assert "`Volume.save()`" in named[Key("PUT", "/volumes/{}")]["names"]


def test_a_sandbox_lists_what_it_serves(sandbox):
    url, headers = "http://sandbox/sandbox/coverage", {"Authorization": f"Bearer {sandbox.token}"}
    answer = sandbox.gateway.control(Request("GET", url, headers, None))
    listed = {
        Key(each["method"], routes.shape(each["path"]))
        for each in json.loads(answer.content)["operations"]
        if each["served"]
    }
    assert {key for key, each in lines().items() if each["served"] == "yes"} == listed & operations().keys()
