"""Requests of the methods of events, and their results."""

from __future__ import annotations

from fakes import client_of, paged

from linode import Event


def test_events_filter_by_what_they_are_about():
    """The API's dotted names are paths of fields; marking an event leaves its flag to be read anew."""
    client, fake = client_of(
        {
            "GET /account/events": paged([{"id": 9, "seen": False, "entity": {"id": 123, "type": "linode"}}]),
            "POST /account/events/9/seen": {},
        }
        | {"GET /account/events/9": {"id": 9, "seen": True, "entity": {"id": 123, "type": "linode"}}}
    )
    (event,) = client.get_events(Event.entity.id == 123, Event.entity.type == "linode")
    assert fake.filters == [{"+and": [{"entity.id": 123}, {"entity.type": "linode"}]}]
    event.mark_seen()
    assert event.seen is True
    assert event.entity is not None
    assert (event.entity.id, event.details) == (123, None)
