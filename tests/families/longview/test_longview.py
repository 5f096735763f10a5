"""Longview's clients and plans, seen from a client."""

from __future__ import annotations

import re

import pytest

from linode import LongviewClient
from linode.errors import AuthorizationError, InvalidRequestError, NotFoundError


def test_a_client_is_created_changed_listed_and_deleted(client):
    made = client.create_longview_client()
    assert made.label == f"longview{made.id}"
    assert re.fullmatch(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{16}", made.api_key)
    assert made.api_key != made.install_code
    assert made.raw["apps"] == {"apache": 0, "mysql": 0, "nginx": 0}
    assert made.load().apps.raw == {"apache": False, "mysql": False, "nginx": False}
    made.label = "web"
    made.save()
    assert [each.id for each in client.get_longview_clients(LongviewClient.label == "web")] == [made.id]
    with pytest.raises(InvalidRequestError, match="Label must be unique"):
        client.create_longview_client(label="web")
    made.delete()
    with pytest.raises(NotFoundError):
        made.load()
    assert {event.entity.type for event in client.get_events()} == {"longview"}
    assert [event.action for event in client.get_events()] == [
        "longviewclient_delete",
        "longviewclient_update",
        "longviewclient_create",
    ]


def test_a_plan_includes_so_many_clients(client):
    assert client.get_longview_plan() is None
    assert client.set_longview_plan("longview-3").clients_included == 3
    assert client.get_longview_plan().price.monthly == 20
    for _ in range(3):
        client.create_longview_client()
    with pytest.raises(InvalidRequestError, match="includes no further client"):
        client.create_longview_client()
    assert client.set_longview_plan(None) is None


def test_subscriptions_and_types_are_listed_at_the_same_prices(client):
    assert {each.id: each.clients_included for each in client.get_longview_subscriptions()} == {
        "longview-3": 3,
        "longview-10": 10,
        "longview-40": 40,
        "longview-100": 100,
    }
    subscriptions, types = (
        {each.id: (each.label, each.price.hourly, each.price.monthly) for each in found}
        for found in (client.get_longview_subscriptions(), client.get_longview_types())
    )
    assert types == subscriptions


def test_a_read_only_token_sees_no_keys(sandbox, client):
    made = client.create_longview_client(label="web")
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    sandbox.grant("ada", longview={made.id: "read_only"})
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    seen = LongviewClient(ada, made.id)
    assert (seen.api_key, seen.install_code) == ("[REDACTED]", "[REDACTED]")
    for refused in (seen.delete, ada.create_longview_client, lambda: ada.set_longview_plan("longview-3")):
        with pytest.raises(AuthorizationError, match="Unauthorized"):
            refused()
    sandbox.grant("ada", add_longview=True, longview_subscription=True, longview={made.id: "read_write"})
    assert LongviewClient(ada, made.id).api_key == made.api_key
    assert ada.create_longview_client().label.startswith("longview")
    assert ada.set_longview_plan("longview-10").id == "longview-10"
