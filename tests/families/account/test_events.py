"""Events in the sandbox: how they are listed, seen and read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asking import machine, raw, unanswered

from linode import Event, Filter
from linode.errors import NotFoundError


@pytest.fixture
def zones(client):
    return [client.create_domain(f"{name}.example.com", soa_email="a@example.org") for name in ("one", "two", "three")]


def test_events_are_listed_newest_first_and_for_ninety_days(sandbox, client, zones):
    """An older event can still be read by its ID."""
    assert [event.id for event in client.get_events()] == [125, 124, 123]
    sandbox.advance(91 * 24 * 3600)
    zones[0].delete()
    assert [event.action for event in client.get_events()] == ["domain_delete"]
    assert Event(client, 123).action == "domain_create"


def test_an_event_has_the_members_of_the_api(sandbox, zones):
    """Unknown members of an event are null."""
    _, shown = raw(sandbox, "GET", "/account/events/123")
    assert {**shown, "created": ""} == {
        "id": 123,
        "created": "",
        "seen": False,
        "read": False,
        "percent_complete": None,
        "time_remaining": None,
        "rate": None,
        "duration": None,
        "action": "domain_create",
        "username": "sandbox",
        "entity": {"label": "one.example.com", "id": 123, "type": "domain", "url": "/v4/domains/123"},
        "status": "notification",
        "secondary_entity": None,
        "message": "",
        "details": {},
    }


def test_events_are_filtered_as_pollers_filter_them(client, zones):
    """By action, entity, number and time, in an order that is asked for."""
    zones[1].delete()
    about = (Event.entity.id == zones[1].id) & (Event.entity.type == "domain")
    assert [event.action for event in client.get_events(about)] == ["domain_delete", "domain_create"]
    assert [event.id for event in client.get_events(about & (Event.action == "domain_create"))] == [124]
    assert [event.id for event in client.get_events(Event.id >= 125)] == [126, 125]
    hour = timedelta(hours=1)
    assert len(client.get_events(Event.created >= datetime.now(UTC) - hour)) == 4
    assert len(client.get_events(Event.created >= datetime.now(UTC) + hour)) == 0


def test_seeing_an_event_is_seeing_all_before_it(client, zones):
    """Later events are still new; a seen event is not read."""
    Event(client, 124).mark_seen()
    assert [(event.id, event.seen, event.read) for event in client.get_events()] == [
        (125, False, False),
        (124, True, False),
        (123, True, False),
    ]
    assert [event.id for event in client.get_events(Event.seen == False)] == [125]  # noqa: E712  a filter


def test_events_are_not_marked_as_read(client, zones):
    """The API has not had the operation since June 2025; all events are as they were."""
    with pytest.raises(NotFoundError):
        Event(client, 124).mark_read()
    assert {(event.seen, event.read) for event in client.get_events()} == {(False, False)}


def test_a_filter_of_an_old_client_is_understood(sandbox, zones):
    """A filter of an old client has an order, and an operator without a field."""
    asked = '{"+order_by": "created", "+order": "desc", "seen": false, "+gt": 1, "entity.id": 124}'
    status, page = raw(sandbox, "GET", "/account/events", X_Filter=asked)
    assert (status, page["results"]) == (200, 1)


def test_what_happens_to_disks_is_found_by_the_word_disks(sandbox, client):
    """Events of disks have the ID of their Linode, as the vendor's playbooks expect."""
    linode = machine(sandbox, client, image=None)
    linode.create_disk(512, label="data", filesystem="ext4")
    about = Filter({"entity.id": linode.id, "entity.type": "disks", "action": "disk_create"})
    (event,) = client.get_events(about)
    assert (event.entity.id, event.entity.type) == (linode.id, "linode")
    assert len(client.get_events(Filter({"entity.type": "disks", "entity.id": linode.id + 1}))) == 0
    found = client.get_events(Filter({"entity.type": "linode", "entity.id": linode.id}))
    assert [each.action for each in found] == ["disk_create", "linode_create"]


def test_every_operation_of_events_is_answered(sandbox, zones):
    """None of those in the API's list is unknown to the sandbox."""
    assert unanswered(sandbox, {"eventId": 123}, "/account/events") == []
