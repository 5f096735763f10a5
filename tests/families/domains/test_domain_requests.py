"""Requests of the methods of domains, and their results."""

from __future__ import annotations

import pytest
from fakes import client_of, paged

from linode import Datacenter, Distribution, Domain, Image, Region, Zone, ZoneRecord
from linode.errors import UnexpectedResponseError


def test_the_guides_words_are_the_same_things():
    """Datacenter, Distribution and Zone are other names of today's classes and lists."""
    client, fake = client_of(
        {"GET /regions": paged([{"id": "us-east"}]), "GET /domains": paged([{"id": 1, "domain": "example.com"}])}
    )
    assert (Datacenter, Distribution, Zone, ZoneRecord.__name__) == (Region, Image, Domain, "DomainRecord")
    assert client.get_datacenters()[0] == Region(client, "us-east")
    assert client.get_zones(Zone.zone == "example.com")[0].zone == "example.com"
    assert fake.filters[-1] == {"domain": "example.com"}


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({}, "master"),
        ({"master": False}, "slave"),
        ({"type": "slave"}, "slave"),
        ({"master": False, "type": "slave"}, "slave"),
    ],
)
def test_the_type_of_a_domain_follows_from_master(arguments, kind):
    """A domain is a master one unless said otherwise, in the guide's words or in today's."""
    client, fake = client_of({"POST /domains": {"id": 123, "domain": "example.com"}})
    assert client.create_zone("example.com", **arguments).id == 123
    assert fake.bodies == [{"domain": "example.com", "type": kind}]


def test_a_domain_cannot_be_both():
    """Two words for the type that disagree are refused before any request."""
    client, fake = client_of({})
    with pytest.raises(ValueError, match="disagree"):
        client.create_domain("example.com", master=False, type="master")
    assert fake.requests == []


def test_a_record_belongs_to_its_domain():
    """A made record knows its domain, and its type is sent under the API's name."""
    client, fake = client_of({"POST /domains/1/records": {"id": 7, "type": "A"}})
    domain = Domain(client, 1)
    record = domain.create_record("A", name="www", target="192.0.2.1")
    assert (record.url, record.domain) == ("/domains/1/records/7", domain)
    assert fake.bodies == [{"type": "A", "name": "www", "target": "192.0.2.1"}]


def test_a_zone_file_is_read_as_its_lines():
    """A response without the member that the method returns is an error of the library."""
    client, _ = client_of(
        {"GET /domains/1/zone-file": {"zone_file": ["; example.com [1]"]}, "GET /domains/2/zone-file": {}}
    )
    assert Domain(client, 1).zone_file() == ["; example.com [1]"]
    with pytest.raises(UnexpectedResponseError):
        Domain(client, 2).zone_file()
