"""Entities, seen from a client."""

from __future__ import annotations

import pytest
from asking import REGION, add

from linode import Image, LongviewClient


@pytest.fixture
def known(client, sandbox, empty):
    """Types, IDs and labels of the entities of the account."""
    rules = {"inbound": [], "inbound_policy": "DROP", "outbound": [], "outbound_policy": "ACCEPT"}
    made = {
        "domain": client.create_domain("example.org", soa_email="admin@example.org"),
        "firewall": client.create_firewall("wall", rules),
        "linode": empty,
        "longview": client.create_longview_client(label="view"),
        "nodebalancer": client.create_nodebalancer(REGION, label="front"),
        "volume": client.create_volume("data", region=REGION),
    }
    add(sandbox, Image, id="private/15", label="mine", status="available", type="manual", is_public=False)
    labels = {word: each.domain if word == "domain" else each.label for word, each in made.items()}
    return {(word, each.id, labels[word]) for word, each in made.items()} | {("image", 15, "mine")}


def test_entities_are_all_that_the_account_has(client, known):
    """Nothing of Linode's own is among them, such as public images."""
    assert {(each.type, each.id, each.label) for each in client.get_entities()} == known
    assert client.get_entities().total() == len(known)


def test_restricted_users_see_what_they_were_granted(sandbox, client, known):
    sandbox.add_user("ada", "ada@example.com", restricted=True)
    with sandbox.world.transaction():
        ada = sandbox.client(sandbox.world.identity.issue_token("ada")["_secret"])
    assert list(ada.get_entities()) == []
    (view,) = client.get_longview_clients(LongviewClient.label == "view")
    sandbox.grant("ada", longview={view.id: "read_only"})
    assert [(each.type, each.id) for each in ada.get_entities()] == [("longview", view.id)]
