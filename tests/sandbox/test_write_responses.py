"""The answers to writes show the members that a read shows: what the API was recorded to do."""

from __future__ import annotations

import re

import pytest
from asking import ask
from facts import operations
from full_world import furnish

from linode.sandbox import Sandbox

RULES = {"inbound": [], "inbound_policy": "DROP", "outbound": [], "outbound_policy": "ACCEPT"}
GROUP = {"placement_group_type": "anti_affinity:local", "placement_group_policy": "flexible"}
CREATIONS = {
    "/account/users": {"username": "grace", "email": "grace@example.com", "restricted": True},
    "/domains": {"domain": "example.net", "type": "master", "soa_email": "admin@example.net"},
    "/longview/clients": {"label": "other"},
    "/managed/contacts": {"name": "Grace", "email": "grace@example.com"},
    "/networking/firewalls": {"label": "other", "rules": RULES},
    "/nodebalancers": {"region": "us-east", "label": "other"},
    "/object-storage/keys": {"label": "other"},
    "/placement/groups": {"label": "other", "region": "us-east", **GROUP},
    "/volumes": {"label": "other", "region": "us-east"},
    "/vpcs": {"label": "other", "region": "us-iad"},
}


@pytest.fixture(scope="module")
def furnished():
    """A sandbox with an object of most classes."""
    sandbox = Sandbox(seed=1)
    furnish(sandbox)
    return sandbox


def test_a_change_answers_what_a_read_shows(furnished):
    """Of every object that can be changed by PUT."""
    looked, different = 0, {}
    for key in [each for each in operations() if each.method == "PUT" and re.fullmatch(r"(/[\w-]+)+/\{\}", each.path)]:
        place = key.path.removesuffix("/{}")
        _, rows, _ = ask(furnished, "GET", f"/v4beta{place}")
        for row in rows["data"][:2]:
            path = f"/v4beta{place}/{row.get('username' if place == '/account/users' else 'id')}"
            (found, read, _), (changed, answer, _) = ask(furnished, "GET", path), ask(furnished, "PUT", path, {})
            if found == changed == 200:
                looked += 1
                if read.keys() != answer.keys():
                    different[path] = read.keys() ^ answer.keys()
    assert different == {}
    assert looked > 20


@pytest.mark.parametrize("path", CREATIONS)
def test_a_creation_answers_what_a_read_shows(furnished, path):
    status, made, _ = ask(furnished, "POST", f"/v4beta{path}", CREATIONS[path])
    assert status == 200, made
    _, read, _ = ask(furnished, "GET", f"/v4beta{path}/{made.get('username') or made['id']}")
    assert made.keys() == read.keys()
