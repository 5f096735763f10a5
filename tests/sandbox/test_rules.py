"""Rules of the engine for all families: look-ups of IDs in bodies, labels, required members, queues."""

from __future__ import annotations

import pytest

from linode import Config, Event, Firewall, Linode, NFSLDAPConfig, NFSSpace, Type
from linode.sandbox.core.refusals import NotFound, Refused, missing_members
from linode.sandbox.core.world import World
from linode.sandbox.engine import registry, rules

registry.load()


@pytest.fixture
def world():
    return World(seed=1)


def reasons(function, *args, **options):
    """The reasons of the refusal that *function* raises."""
    with pytest.raises(Refused) as refused:
        function(*args, **options)
    return refused.value.reasons


def test_an_id_in_a_body_is_found_or_refused_in_the_words_of_the_class_or_the_field(world):
    with world.transaction():
        linode, other = world.add(Linode, label="web"), world.add(Linode, label="db")
        config = world.add(Config, linode, label="boots")
    assert rules.referenced_row(world, Config, config["id"], linode, field="config_id") == config
    for id in (9, None):
        assert reasons(rules.referenced_row, world, Config, id, linode, field="x.id") == [("x.id is not valid", "x.id")]
    assert reasons(rules.referenced_row, world, Config, config["id"], other, field="config_id") == [
        ("config_id is not valid", "config_id")
    ]
    assert reasons(rules.referenced_row, world, Type, "huge", field="type") == [
        ("A valid plan type by that ID was not found", "type")
    ]
    assert reasons(rules.referenced_row, world, Config, 9, field="a.id", reason="no") == [("no", "a.id")]


def test_the_ids_of_a_list_are_refused_by_their_places(world):
    with world.transaction():
        made = [world.add(Firewall, label=label) for label in ("one", "two")]
    ids = [each["id"] for each in made]
    assert rules.referenced_rows(world, Firewall, ids, field="firewall_ids") == made
    assert reasons(rules.referenced_rows, world, Firewall, [*ids, 9], field="on.firewall_ids") == [
        ("firewall_ids is not valid", "on.firewall_ids[2]")
    ]


def test_labels_are_unique_where_the_record_says_so(world):
    with world.transaction():
        linode = world.add(Linode, label="web")
        world.add(Config, linode, label="web")
    assert reasons(rules.ensure_unique, world, Linode, "web", field="a.label") == [
        ("Label must be unique among your linodes", "a.label")
    ]
    rules.ensure_unique(world, Linode, "web", besides=world.get(Linode, linode["id"]))
    rules.ensure_unique(world, Linode, None)
    rules.ensure_unique(world, Config, "web", linode)


def test_missing_members_are_named_in_order():
    assert missing_members({"a": 1, "b": None}, ("c", "a", "b"), "x.") == [
        ("c is required", "x.c"),
        ("b is required", "x.b"),
    ]


def test_the_only_row_below_a_parent_is_found_or_missing(world):
    with world.transaction():
        space = world.add(NFSSpace, label="files")
        with pytest.raises(NotFound):
            world.only(NFSLDAPConfig, space)
        made = world.add(NFSLDAPConfig, space)
        assert world.only(NFSLDAPConfig, space) is made


def test_a_queued_event_waits_for_the_jobs_of_its_entity(world):
    with world.transaction():
        linode = world.add(Linode, label="web")
        first = world.events.schedule("linode_boot", linode, seconds=10)
        queued = world.events.schedule("linode_reboot", linode, seconds=10, queued=True)
        at_once = world.events.schedule("linode_shutdown", linode, seconds=10)
    world.advance(5)
    found = [world.get(Event, each["id"])["status"] for each in (first, queued, at_once)]
    assert found == ["started", "scheduled", "started"]
    world.advance(20)
    assert world.get(Event, queued["id"])["status"] == "finished"
