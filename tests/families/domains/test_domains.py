"""Domains in the sandbox: their settings, copies and events."""

from __future__ import annotations

import pytest
from asking import actions, raw, refused, said, unanswered

from linode import Domain
from linode.errors import NotFoundError

TAKEN = [("DNS zone already exists.", "domain")]


def test_a_new_domain_has_the_defaults_of_the_api(sandbox, zone):
    """Options that are left out have the API's defaults."""
    _, shown = raw(sandbox, "GET", "/domains/123")
    assert {**shown, "created": "", "updated": ""} == {
        "id": 123,
        "domain": "example.com",
        "type": "master",
        "status": "active",
        "errors": "",
        "soa_email": "jane.doe@example.org",
        "description": "",
        "group": "",
        "tags": [],
        "master_ips": [],
        "axfr_ips": [],
        "ttl_sec": 0,
        "refresh_sec": 0,
        "retry_sec": 0,
        "expire_sec": 0,
        "created": "",
        "updated": "",
    }


def test_a_domain_has_a_type_which_says_what_else_it_needs(sandbox, client):
    """A master needs an address for mail, a slave a master."""
    assert raw(sandbox, "POST", "/domains", {"domain": "example.com"}) == (
        400,
        {"errors": [{"reason": "type is required", "field": "type"}]},
    )
    assert said(client.create_domain, "example.com") == [("soa_email required when type=master", "soa_email")]
    assert said(client.create_domain, "example.com", master=False) == [
        ("You need at least one master DNS server IP address for this zone.", "master_ips")
    ]
    slave = client.create_domain("example.com", master=False, master_ips=["192.0.2.1"])
    assert (slave.type, slave.soa_email) == ("slave", "")


def test_everything_that_is_wrong_with_a_domain_is_told_at_once(client):
    """One refusal names each member and what is the matter with it."""
    wrong = {"soa_email": "nobody", "axfr_ips": ["192.0.2.1", "everybody"], "ttl_sec": -1}
    assert said(client.create_domain, "example.com", **wrong) == [
        ("soa_email is not valid", "soa_email"),
        ("axfr_ips[1] is not valid", "axfr_ips[1]"),
        ("Must be at least 0", "ttl_sec"),
    ]
    assert said(client.create_domain, "no dots", soa_email="a@example.org") == [("domain is not valid", "domain")]


def test_no_two_accounts_have_the_same_domain(sandbox, client, zone):
    """The API has one zone of a name, whosever it is."""
    other = sandbox.client(sandbox.add_account("Other Inc."))
    assert said(other.create_domain, "Example.com", soa_email="a@example.com") == TAKEN
    other.create_domain("example.org", soa_email="a@example.org")
    assert said(client.create_domain, "example.org", soa_email="a@example.com") == TAKEN


@pytest.mark.parametrize("name", ["master_ips", "axfr_ips"])
def test_lists_of_addresses_have_1000_characters(sandbox, zone, name):
    """In all, as the API joins them."""
    addresses = [f"192.0.2.{at}" for at in range(100, 191)]
    assert raw(sandbox, "PUT", "/domains/123", {name: addresses[:76]})[0] == 200
    words = [("Must be at most 1000 characters in total", name)]
    assert refused(sandbox, "PUT", "/domains/123", {name: addresses}) == words


def test_no_two_domains_have_the_same_name(client, zone):
    """Neither a new one, nor a copy, nor one that is renamed gets a name that is there already."""
    assert said(client.create_domain, "Example.COM", soa_email="a@example.org") == TAKEN
    assert said(zone.clone, "example.com") == TAKEN
    assert said(client.import_domain, "example.com", "192.0.2.1") == TAKEN
    other = client.create_domain("example.net", soa_email="a@example.org")
    other.domain = "example.com"
    assert said(other.save) == TAKEN
    zone.description = "its own name is no hindrance"
    zone.save()


@pytest.mark.parametrize(
    ("asked", "kept"),
    [(0, 0), (1, 30), (30, 30), (45, 120), (120, 120), (200, 300), (301, 3600), (604801, 1209600), (2419201, 2419200)],
)
def test_times_are_rounded_up_to_those_that_the_service_has(zone, asked, kept):
    """Of domains and of records; 0 stays, and there is nothing above four weeks."""
    zone.ttl_sec = zone.expire_sec = asked
    zone.save()
    record = zone.create_record("A", name="www", target="192.0.2.1", ttl_sec=asked)
    assert (zone.ttl_sec, zone.expire_sec, record.ttl_sec) == (kept, kept, kept)


def test_a_domain_is_changed_within_the_same_rules(sandbox, zone):
    """Tags are kept in order, a status that only the API sets is refused, and so is a master without mail."""
    zone.tags = ["www", "dns", "www"]
    zone.status = "disabled"
    zone.save()
    zone.invalidate()
    assert (zone.tags, zone.status) == (["dns", "www"], "disabled")
    zone.status = "has_errors"
    assert said(zone.save) == [("Must be one of active, disabled", "status")]
    _, errors = raw(sandbox, "PUT", "/domains/123", {"soa_email": ""})
    assert errors == {"errors": [{"reason": "soa_email required when type=master", "field": "soa_email"}]}
    _, errors = raw(sandbox, "PUT", "/domains/123", {"type": "slave"})
    reason = "You need at least one master DNS server IP address for this zone."
    assert errors == {"errors": [{"reason": reason, "field": "master_ips"}]}


def test_a_whole_domain_can_be_sent_back(sandbox, zone):
    """Members that cannot be set are ignored, as some clients send them all."""
    _, shown = raw(sandbox, "GET", "/domains/123")
    status, answer = raw(sandbox, "PUT", "/domains/123", {**shown, "description": "mine"})
    assert status == 200
    assert {**answer, "updated": ""} == {**shown, "description": "mine", "updated": ""}


def test_null_stands_for_a_list_that_is_left_out(sandbox, client, zone):
    """Clients in Go send null for every empty list; those that were there stay."""
    zone.tags, zone.axfr_ips = ["dns"], ["192.0.2.9"]
    zone.save()
    lists = {"master_ips": None, "axfr_ips": None, "tags": None}
    status, shown = raw(sandbox, "PUT", "/domains/123", {"description": "mine", **lists})
    assert (status, shown["description"], shown["tags"], shown["axfr_ips"]) == (200, "mine", ["dns"], ["192.0.2.9"])
    status, _ = raw(
        sandbox, "POST", "/domains", {"domain": "example.net", "type": "master", "soa_email": "a@b.cd", **lists}
    )
    assert status == 200


def test_deleting_a_domain_deletes_its_records(client, zone):
    """Nothing of it is left but its events."""
    record = zone.create_record("A", target="192.0.2.1")
    zone.delete()
    with pytest.raises(NotFoundError):
        record.load()
    assert len(client.get_domains()) == 0
    assert client.create_domain("example.com", soa_email="a@example.org").id == 124


def test_a_copy_of_a_domain_has_its_settings_and_records(client, zone):
    """They are its own: what happens to the copy does not happen to the domain that it was made of."""
    zone.tags, zone.ttl_sec = ["dns"], 300
    zone.save()
    zone.create_record("SRV", service="sip", protocol="tcp", target="sip.example.com", port=5060, priority=10)
    copy = zone.clone("example.net")
    assert (copy.domain, copy.tags, copy.ttl_sec, copy.soa_email) == ("example.net", ["dns"], 300, zone.soa_email)
    (record,) = copy.records
    assert (record.type, record.name, record.port, record.priority) == ("SRV", "_sip._tcp", 5060, 10)
    record.delete()
    assert (len(copy.records), len(zone.records)) == (0, 1)


def test_nothing_is_imported_as_there_is_nowhere_to_import_from(sandbox, client):
    """The sandbox says so, after it has looked at the name; it makes no domain up."""
    ((reason, field),) = said(client.import_domain, "example.com", "ns1.example.org")
    assert (reason.startswith("The sandbox reaches no other name server"), field) == (True, "remote_nameserver")
    assert said(client.import_domain, "no dots", "ns1.example.org") == [("domain is not valid", "domain")]
    assert len(client.get_domains()) == 0


def test_what_happens_to_domains_and_records_is_told_in_events(client, zone):
    """All are about the domain, by its name."""
    record = zone.create_record("A", target="192.0.2.1")
    record.target = "192.0.2.2"
    record.save()
    record.delete()
    zone.description = "changed"
    zone.save()
    zone.delete()
    assert actions(client) == [
        "domain_create",
        "domain_record_create",
        "domain_record_update",
        "domain_record_delete",
        "domain_update",
        "domain_delete",
    ]
    told = {(event.status, event.entity.label, event.entity.type, event.entity.url) for event in client.get_events()}
    assert told == {("notification", "example.com", "domain", "/v4/domains/123")}


def test_domains_are_filtered_by_what_the_api_filters_by(client, zone):
    """By name, group and tags."""
    client.create_domain("example.net", soa_email="a@example.org", tags=["dns"])
    assert [each.id for each in client.get_domains(Domain.domain == "example.com")] == [123]
    assert [each.id for each in client.get_domains(Domain.tags == "dns")] == [124]


def test_every_operation_of_domains_is_answered(sandbox, zone):
    """None of those in the API's list is unknown; when the domain has been deleted, nothing below it is found."""
    zone.create_record("A", target="192.0.2.1")
    ids = {"domainId": 123, "recordId": 123}
    assert unanswered(sandbox, ids, "/domains/{domainId}/", "/domains/import") == []
    assert all(each.startswith("404 ") and "{domainId}/" in each for each in unanswered(sandbox, ids, "/domains"))
