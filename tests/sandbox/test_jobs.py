"""Jobs that are about rows: what they get, and data files of earlier versions, which hold IDs instead of references."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from linode import Domain, DomainRecord, Event, Linode
from linode.sandbox import Sandbox
from linode.sandbox.core.jobs import JOBS, job
from linode.sandbox.core.world import Row, World

EARLIER = Path(__file__).parent.parent / "data/earlier_world.jsonl.gz"
"""The rows of a data file with 35 kinds of jobs under way, written before jobs had references to rows."""
ANY_TIME = 5 * 3600

told: list[Any] = []


@pytest.fixture(autouse=True)
def _quiet():
    told.clear()


@pytest.fixture
def world():
    return World(seed=1)


@job("test.jobs.both", Domain, DomainRecord)
def both(_world: World, domain: Row, record: Row) -> None:
    told.append((domain["domain"], record["name"]))


@job("test.jobs.either", Domain)
def either(_world: World, domain: Row | None, word: str = "") -> None:
    told.append((domain and domain["domain"], word))


@job("test.jobs.each", Domain)
def each_of(_world: World, domains: list[Row]) -> None:
    told.append([each["domain"] for each in domains])


@job("test.jobs.any")
def any_class(_world: World, row: Row) -> None:
    told.append(row["_kind"])


@job("test.jobs.fails", Domain, fails=True)
def fails(_world: World, domain: Row) -> None:
    told.append(domain["domain"])


def test_a_job_gets_the_rows_as_they_are_when_it_runs(world):
    with world.transaction():
        domain = world.add(Domain, domain="before.org")
        record = world.add(DomainRecord, domain, name="www")
        world.later(1, both, domain, record)
        world.later(1, any_class, record)
        world.later(1, each_of, [domain])
    with world.transaction():
        world.get(Domain, domain["id"])["domain"] = "after.org"
    world.advance(2)
    assert told == [("after.org", "www"), "DomainRecord", ["after.org"]]


def test_a_job_whose_row_was_deleted_is_skipped_unless_it_can_do_without(world):
    with world.transaction():
        gone, kept = world.add(Domain, domain="gone.org"), world.add(Domain, domain="kept.org")
        record = world.add(DomainRecord, kept, name="www")
        world.later(1, both, gone, record)
        world.later(1, either, gone, "word")
        world.later(1, each_of, [gone, kept])
        linode = world.add(Linode, label="web")
        events = [
            world.events.schedule("linode_boot", linode, seconds=5, then=then, args=(gone,)) for then in (fails, either)
        ]
        world.remove(gone)
    world.advance(20)
    assert told == [(None, "word"), ["kept.org"], (None, "")]
    assert [world.get(Event, each["id"])["status"] for each in events] == ["failed", "finished"]


def test_a_row_of_another_class_is_refused_when_the_job_is_scheduled(world):
    with world.transaction():
        linode = world.add(Linode, label="web")
        for wrong in (linode, 123, None, {"domain": "no row"}):
            with pytest.raises(TypeError, match=r"the job 'test\.jobs\.fails' takes a row of .*Domain"):
                world.later(1, fails, wrong)
        with pytest.raises(TypeError, match=r"the job 'test\.jobs\.each' takes a row"):
            world.later(1, each_of, [linode])
    with pytest.raises(ValueError, match=r"the job 'test\.jobs\.wrong' names 2 classes for 1 rows"):

        @job("test.jobs.wrong", Domain, Linode)
        def wrong_job(world: World, domain: Row) -> None: ...


# -- data files of earlier versions ----------------------------------------------------------------------------------


def _jobs(rows: list[tuple[str, str, Any]]) -> dict[str, list[Any]]:
    """The arguments of each kind of job in *rows*."""
    found = {row["call"]: row["args"] for kind, _, row in rows if kind == "_Job" and row}
    events = [row for kind, _, row in rows if kind == "Event" and row["status"] in ("scheduled", "started")]
    return found | {row[name]: row["_args"] for row in events for name in ("_begin", "_then") if row.get(name)}


@pytest.fixture
def earlier(tmp_path):
    """A sandbox with the data file of an earlier version."""
    path = tmp_path / "world"
    Sandbox(path).close()
    rows = [tuple(json.loads(line)) for line in gzip.decompress(EARLIER.read_bytes()).splitlines()]
    found = _jobs(rows)
    assert "_row" not in json.dumps(found)
    assert len([name for name in found if JOBS[name].parameters[0].is_row]) == 35
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM rows")
        file.executemany(
            "INSERT INTO rows VALUES (?, ?, ?)", [(kind, key, row and json.dumps(row)) for kind, key, row in rows]
        )
    file.close()
    with Sandbox(path, seed=1) as sandbox:
        yield sandbox


def test_jobs_of_an_earlier_data_file_end_as_they_would_have(earlier):
    """Boots, moves, clones, restores, databases, nodes, images, volumes, zones and snapshots."""
    earlier.advance(ANY_TIME)
    client = earlier.client()
    events = client.get_events()
    assert {each.status for each in events} == {"finished", "notification"}
    linodes = {each.label: (each.status, each.region.id, each.type.id) for each in client.get_linodes()}
    nanode, east = "g6-nanode-1", "us-east"
    running = dict.fromkeys(("boots", "rescued", "rebuilt", "cloned", "snapped", "fresh"), ("running", east, nanode))
    off = dict.fromkeys(("stops", "given", "restored", "copy"), ("offline", east, nanode))
    changed = {"moved": ("running", "us-west", nanode), "resized": ("running", east, "g6-standard-1")}
    assert {name: linodes[name] for name in linodes if not name.startswith("lke")} == running | off | changed
    assert {each.label: each.status for each in client.get_databases()} == dict.fromkeys(
        ("slept", "woken", "fresh"), "active"
    ) | {"slept": "suspended"}
    assert {each.label: (each.status, each.linode) for each in client.get_volumes()} == {
        "detached": ("active", None),
        "fresh": ("active", None),
    }
    (image, other) = sorted((each for each in client.get_images() if not each.is_public), key=lambda each: each.label)
    assert [(each.region.id, each.status) for each in image.regions] == [(east, "available"), ("us-ord", "available")]
    assert (image.status, other.status) == ("available", "available")
    assert [node.status for node in client.get_lke_clusters().one().pools.one().nodes] == ["ready", "ready"]
    assert client.get_domains().one().zone_file
    assert list(client.get_nfs_spaces().one().filesystems.one().snapshots) == []
    assert Linode(client, next(each.id for each in client.get_linodes() if each.label == "given")).disks.one()
