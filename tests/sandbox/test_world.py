"""The sandbox's world: rows, ids, addresses, time and jobs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from linode import Disk, Domain, DomainRecord, Event, Image, Linode, Region, Type
from linode.sandbox import NotFound, Refused, Sandbox, SandboxError
from linode.sandbox.core.jobs import JOBS, job
from linode.sandbox.core.world import World
from linode.sandbox.engine import rules

# -- rows ----------------------------------------------------------------------------------------------------------


def test_a_new_row_has_every_declared_member_and_the_first_id_is_123(world):
    domain = world.add(Domain, domain="example.com", type="master")
    assert domain["id"] == 123
    assert {field.key for field in Domain._fields.values()} <= domain.keys()
    assert (domain["tags"], domain["ttl_sec"], domain["created"]) == ([], 0, world.stamp())
    assert world.add(Domain)["id"] == 124


def test_a_child_is_found_below_its_parent_only(world):
    one, two = world.add(Domain), world.add(Domain)
    record = world.add(DomainRecord, one, name="www")
    assert world.rows(DomainRecord, one) == [record]
    assert world.rows(DomainRecord, two) == []
    assert world.get(DomainRecord, "123", one) is record
    assert world.find(DomainRecord, 123, two) is None
    assert world.parent(record) is one


def test_what_a_refused_transaction_changed_is_forgotten(world):
    with world.transaction():
        kept = world.add(Domain, domain="kept.com")

    def change_and_refuse() -> None:
        with world.transaction():
            world.get(Domain, kept["id"])["tags"].append("changed")
            world.add(Domain, domain="new.com")
            world.remove(world.find(Region, "us-east"))
            raise Refused("no")

    with pytest.raises(Refused):
        change_and_refuse()
    assert [row["domain"] for row in world.rows(Domain)] == ["kept.com"]
    assert world.get(Domain, 123)["tags"] == []
    assert world.find(Region, "us-east") is not None
    assert world.add(Domain)["id"] == 124, "the id that was given out is free again"


def test_removing_a_row_removes_what_belongs_to_it(world):
    linode = world.add(Linode, label="web")
    world.add(Disk, linode, label="root")
    world.add("Note", linode, text="kept: a table without a class belongs to nobody")
    world.remove(linode)
    assert world.rows(Disk) == []
    with pytest.raises(NotFound):
        world.get(Linode, 123)


def test_the_catalogue_is_there_and_a_changed_row_of_it_stays_changed(tmp_path):
    path = str(tmp_path / "world")
    first = World(path)
    with first.transaction():
        first.get(Image, "linode/debian12")["deprecated"] = True
        first.remove(first.get(Region, "us-east"))
    first.close()
    second = World(path)
    assert second.get(Image, "linode/debian12")["deprecated"] is True
    assert second.find(Region, "us-east") is None
    assert len(second.read(Type)) > 30
    second.close()


def test_the_catalogue_shows_nothing_masked():
    from linode.sandbox.core import catalogue

    text = b"".join(bytes(raw) for rows in catalogue._undecoded().values() for raw in rows).decode()
    assert not re.search(r"1234::5678|2018-01-02T03:04:05|\b192\.0\.2\.|SANITIZED", text)


def test_addresses_are_never_given_twice_and_a_network_belongs_to_one_region(world):
    first = [world.addresses.ipv4("us-east") for _ in range(300)]
    second = [world.addresses.ipv4("us-west") for _ in range(300)]
    assert len({*first, *second}) == 600
    networks = [{address.rpartition(".")[0] for address in each} for each in (first, second)]
    assert not networks[0] & networks[1]
    private = [world.addresses.private_ipv4() for _ in range(600)]
    assert len(set(private)) == 600
    assert all(address.startswith("192.168.") for address in private)
    assert world.addresses.slaac("us-east").startswith(world.addresses.ipv6_network("us-east"))
    assert world.addresses.ipv6_network("us-east") != world.addresses.ipv6_network("us-west")


def test_a_seed_makes_the_same_world_and_no_accident_comes_twice_after_a_restart(tmp_path):
    tokens = []
    for _ in range(2):
        with Sandbox(seed=7) as made:
            tokens.append(made.token)
    assert tokens[0] == tokens[1]
    path = str(tmp_path / "world")
    found = []
    for _ in range(2):
        with Sandbox(path, seed=7) as made:
            found.append(made.world.hex(64))
    assert found[0] != found[1]


# -- time ----------------------------------------------------------------------------------------------------------

rung: list[tuple[str, float]] = []


@job("test.ring")
def ring(world: World, name: str) -> None:
    rung.append((name, world.now))
    if name == "first":
        world.later(5, ring, "chained")


@job("test.fail")
def fail(world: World) -> None:
    world.add(Domain, domain="half.com")
    raise ZeroDivisionError


@job("test.refuse")
def refuse(world: World) -> None:
    raise Refused("There is no room.")


@pytest.fixture(autouse=True)
def _quiet():
    rung.clear()


def test_jobs_run_in_the_order_of_their_times_and_each_at_its_time(world):
    start = world.now
    with world.transaction():
        world.later(20, ring, "last")
        world.later(10, ring, "first")
        world.cancel(world.later(12, ring, "cancelled"))
    world.advance(9.5)
    assert rung == []
    world.advance(100)
    assert rung == [("first", start + 10), ("chained", start + 15), ("last", start + 20)]
    assert world.now == start + 109.5


def test_a_job_that_fails_is_undone_and_does_not_come_again(world):
    with world.transaction():
        world.later(1, fail)
        world.later(2, ring, "after")
    with pytest.raises(ZeroDivisionError):
        world.advance(5)
    world.advance(5)
    assert [name for name, _ in rung] == ["after"]
    assert world.rows(Domain) == []


def test_only_a_job_can_be_called_later(world):
    with pytest.raises(TypeError, match="is not a job; decorate it with @job"):
        world.later(1, lambda world: None)


def test_jobs_and_the_clock_outlive_the_process(tmp_path):
    path = str(tmp_path / "world")
    first = World(path)
    first.advance(1000)
    with first.transaction():
        first.later(10, ring, "kept")
    first.close()
    second = World(path)
    assert second.now >= first.now
    second.advance(10)
    assert [name for name, _ in rung] == ["kept"]
    second.close()


def test_a_data_file_that_waits_for_an_unknown_job_is_refused_when_it_is_opened(tmp_path):
    """A job that was renamed or removed is named at once, not when it falls due; so is one that an event ends with."""
    path = str(tmp_path / "world")
    with Sandbox(path) as sandbox, sandbox.world.transaction():
        sandbox.world.later(10, ring, "lost")
        linode = sandbox.world.add(Linode, label="web")
        sandbox.world.events.schedule("linode_boot", linode, seconds=10, then=refuse)
    known = {name: JOBS.pop(name) for name in ("test.ring", "test.refuse")}
    try:
        with pytest.raises(SandboxError, match=r"does not know: test\.refuse, test\.ring; open it with"):
            Sandbox(path)
    finally:
        JOBS.update(known)
    with Sandbox(path) as sandbox:
        sandbox.advance(20)
    assert [name for name, _ in rung] == ["lost"]


def test_a_job_s_name_is_its_own():
    """Two jobs of one name would be called for one another."""
    with pytest.raises(ValueError, match=r"two jobs are named 'test\.ring': ring and .*other"):

        @job("test.ring")
        def other(world: World) -> None: ...


def test_a_data_file_that_is_in_use_or_none_of_ours_is_refused(tmp_path):
    path = tmp_path / "world"
    with Sandbox(str(path)), pytest.raises(SandboxError, match="another sandbox has it open"):
        Sandbox(str(path))
    (tmp_path / "text").write_text("no database, but long enough to be taken for something else " * 50)
    with pytest.raises(SandboxError, match="cannot use"):
        Sandbox(str(tmp_path / "text"))


def test_a_scheduled_event_starts_grows_and_finishes_and_keeps_its_entity_busy(world):
    with world.transaction():
        linode = world.add(Linode, label="web")
        event = world.events.schedule("linode_boot", linode, seconds=21, then=ring, args=("booted",))
        later = world.events.schedule("linode_reboot", linode, seconds=11, after=[event])

    def look() -> tuple[Any, ...]:
        shown = rules.show(world, world.get(Event, event["id"]))
        return shown["status"], shown["percent_complete"], shown["duration"]

    assert look() == ("scheduled", 0, None)
    assert event["entity"] == {"label": "web", "id": 123, "type": "linode", "url": "/v4/linode/instances/123"}
    with pytest.raises(Refused, match="Linode busy"):
        world.events.refuse_busy(world.get(Linode, 123))
    world.advance(11)
    assert look() == ("started", 50, pytest.approx(10))
    world.advance(10)
    assert look() == ("finished", 100, 20.0)
    assert [name for name, _ in rung] == ["booted"]
    assert world.events.busy(world.get(Linode, 123)), "the next one waits for its turn"
    assert world.get(Event, later["id"])["status"] == "scheduled"
    world.advance(12)
    assert world.get(Event, later["id"])["status"] == "finished"
    assert not world.events.busy(world.get(Linode, 123))


def test_an_event_whose_job_is_refused_fails_with_its_words(world):
    with world.transaction():
        linode = world.add(Linode, label="web")
        event = world.events.schedule("linode_resize", linode, seconds=5, then=refuse)
    world.advance(5)
    event = world.get(Event, event["id"])
    assert (event["status"], event["message"]) == ("failed", "There is no room.")
    assert not world.events.busy(world.get(Linode, 123))
