"""Domains in the sandbox: zones, their records and their files."""

from __future__ import annotations

import pytest
from machines import actions, raw, said, unanswered

from linode import Domain
from linode.errors import NotFoundError

TAKEN = [("DNS zone already exists.", "domain")]


@pytest.fixture
def zone(client):
    return client.create_domain("example.com", soa_email="jane.doe@example.org")


# -- zones -----------------------------------------------------------------------------------------------------------


def test_a_new_domain_has_the_defaults_of_the_api(sandbox, zone):
    """What was not given is as the API has it."""
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
        ("master_ips required when type=slave", "master_ips")
    ]
    slave = client.create_domain("example.com", master=False, master_ips=["192.0.2.1"])
    assert (slave.type, slave.soa_email) == ("slave", "")


def test_everything_that_is_wrong_with_a_domain_is_told_at_once(client):
    """One refusal names each member and what is the matter with it."""
    wrong = {"soa_email": "nobody", "axfr_ips": ["192.0.2.1", "everybody"], "tags": ["no"], "ttl_sec": -1}
    assert said(client.create_domain, "example.com", **wrong) == [
        ("soa_email is not valid", "soa_email"),
        ("axfr_ips[1] is not valid", "axfr_ips[1]"),
        ("Length must be 3-50 characters", "tags"),
        ("Must be at least 0", "ttl_sec"),
    ]
    assert said(client.create_domain, "no dots", soa_email="a@example.org") == [("domain is not valid", "domain")]


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
    ("asked", "kept"), [(0, 0), (1, 300), (300, 300), (301, 3600), (604801, 1209600), (2419201, 2419200)]
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
    assert errors == {"errors": [{"reason": "master_ips required when type=slave", "field": "master_ips"}]}


def test_a_whole_domain_can_be_sent_back(sandbox, zone):
    """Members that cannot be set are ignored, as some clients send them all."""
    _, shown = raw(sandbox, "GET", "/domains/123")
    status, answer = raw(sandbox, "PUT", "/domains/123", {**shown, "description": "mine"})
    assert status == 200
    assert {**answer, "updated": ""} == {**shown, "description": "mine", "updated": ""}


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


# -- records ---------------------------------------------------------------------------------------------------------


def test_a_new_record_has_the_defaults_of_the_api(sandbox, zone):
    """What was not given is empty."""
    zone.create_record("A", target="192.0.2.1")
    _, shown = raw(sandbox, "GET", "/domains/123/records/123")
    assert {**shown, "created": "", "updated": ""} == {
        "id": 123,
        "type": "A",
        "name": "",
        "target": "192.0.2.1",
        "priority": 0,
        "weight": 0,
        "port": 0,
        "service": None,
        "protocol": None,
        "tag": None,
        "ttl_sec": 0,
        "created": "",
        "updated": "",
    }


@pytest.mark.parametrize(
    ("record_type", "members"),
    [
        ("A", {"name": "*.dev", "target": "192.0.2.1"}),
        ("AAAA", {"name": "www", "target": "2001:db8::1"}),
        ("NS", {"name": "sub", "target": "ns1.example.org"}),
        ("MX", {"name": "example.com", "target": "mail.example.com", "priority": 10}),
        ("CNAME", {"name": "web", "target": "www.example.com."}),
        ("TXT", {"name": "_dmarc", "target": 'v=DMARC1; p="none"'}),
        ("SRV", {"service": "sip", "protocol": "tcp", "target": "sip.example.com", "port": 5060}),
        ("PTR", {"name": "4", "target": "host.example.com"}),
        ("CAA", {"tag": "issue", "target": "letsencrypt.org"}),
    ],
)
def test_each_type_of_record_can_be_made_and_is_kept_as_given(zone, record_type, members):
    """The list has it with what it was made of."""
    zone.create_record(record_type, **members)
    (found,) = zone.records
    assert found.type == record_type
    assert {name: getattr(found, name) for name in members} == members


@pytest.mark.parametrize(
    ("record_type", "members", "reasons"),
    [
        ("A", {}, [("target is required", "target")]),
        ("A", {"target": "2001:db8::1"}, [("target is not valid", "target")]),
        ("AAAA", {"target": "192.0.2.1"}, [("target is not valid", "target")]),
        ("MX", {"target": "192.0.2.1"}, [("target is not valid", "target")]),
        ("MX", {"target": "two words"}, [("target is not valid", "target")]),
        ("NS", {"target": f"{'a' * 64}.example.com"}, [("target is not valid", "target")]),
        ("CNAME", {"target": "example.org"}, [("name is required", "name")]),
        ("CNAME", {"name": "example.com.", "target": "example.org"}, [("name is required", "name")]),
        (
            "A",
            {"name": "@", "target": "192.0.2.1"},
            [("Name contains invalid characters", "name"), ("Invalid hostname", "name")],
        ),
        ("A", {"name": "a..b", "target": "192.0.2.1"}, [("Invalid hostname", "name")]),
        ("TXT", {"name": "@", "target": "text"}, [("Name contains invalid characters", "name")]),
        (
            "SRV",
            {"target": "sip.example.com"},
            [("service is required", "service"), ("protocol is required", "protocol")],
        ),
        ("CAA", {"target": "letsencrypt.org"}, [("tag is required", "tag")]),
        ("A", {"target": "192.0.2.1", "ttl_sec": -1}, [("Must be at least 0", "ttl_sec")]),
        ("MX", {"target": "mail.example.com", "priority": 256}, [("Must be 0-255", "priority")]),
    ],
)
def test_a_record_that_says_nothing_sensible_is_refused(sandbox, zone, record_type, members, reasons):
    """Every reason is told, with the member that it is about."""
    status, answer = raw(sandbox, "POST", "/domains/123/records", {"type": record_type, **members})
    assert status == 400
    assert [(each["reason"], each["field"]) for each in answer["errors"]] == reasons


def test_the_name_of_an_srv_record_is_made_of_service_and_protocol(zone):
    """Also when these change, and whatever name is given."""
    record = zone.create_record("SRV", name="mine", service="sip", protocol="_tcp", target="sip.example.com")
    assert (record.name, record.service, record.protocol) == ("_sip._tcp", "sip", "_tcp")
    record.protocol = "udp"
    record.save()
    assert record.name == "_sip._udp"


def test_an_alias_has_one_meaning(zone):
    """A second CNAME for a name is refused, however the name is written; the record itself can be changed."""
    alias = zone.create_record("CNAME", name="www", target="example.org")
    conflict = [("Record conflict - CNAMES must be unique", "name")]
    assert said(zone.create_record, "CNAME", name="WWW.example.com", target="example.net") == conflict
    alias.target = "example.net"
    alias.save()
    other = zone.create_record("CNAME", name="web", target="example.org")
    other.name = "www"
    assert said(other.save) == conflict


def test_a_record_can_point_to_who_makes_it(zone):
    """``[remote_addr]`` stands for the asker's address, which is this machine's."""
    assert zone.create_record("A", target="[remote_addr]").target == "127.0.0.1"
    assert zone.create_record("AAAA", target="[remote_addr]").target == "::1"


def test_a_record_is_changed_within_the_same_rules(sandbox, zone):
    """Its type stays what it was."""
    record = zone.create_record("A", name="www", target="192.0.2.1")
    record.target = "www.example.org"
    assert said(record.save) == [("target is not valid", "target")]
    sandbox.advance(60)
    status, shown = raw(sandbox, "PUT", "/domains/123/records/123", {"type": "TXT", "target": "192.0.2.2"})
    assert (status, shown["type"], shown["target"], shown["name"]) == (200, "A", "192.0.2.2", "www")
    assert shown["updated"] > shown["created"]


# -- zone files ------------------------------------------------------------------------------------------------------


def test_the_zone_file_is_empty_until_it_has_been_rendered(sandbox, zone):
    """Half a minute after the domain was made it says what the name servers say."""
    assert zone.zone_file() == []
    sandbox.advance(30)
    year = zone.created.year
    assert zone.zone_file() == [
        "; example.com [123]",
        "$TTL 864000",
        f"@  IN  SOA  ns1.linode.com. jane\\.doe.example.org. {year}000001 14400 14400 1209600 86400",
        *(f"@    NS  ns{number}.linode.com." for number in range(1, 6)),
    ]


def test_the_zone_file_has_the_records_and_the_times_of_the_domain(sandbox, zone):
    """Each in a line, names below the domain, targets whole."""
    zone.ttl_sec, zone.refresh_sec = 300, 3600
    zone.save()
    zone.create_record("A", name="www.example.com", target="192.0.2.1", ttl_sec=3600)
    zone.create_record("MX", target="mail", priority=10)
    zone.create_record("SRV", service="sip", protocol="tcp", target="sip.example.org", port=5060, weight=5)
    zone.create_record("CAA", tag="issue", target="letsencrypt.org")
    zone.create_record("TXT", name="long", target='a"' + "b" * 254)
    sandbox.advance(30)
    lines = zone.zone_file()
    assert lines[1] == "$TTL 300"
    assert lines[2].endswith(f"{zone.created.year}000007 3600 14400 1209600 86400"), "six changes since it was made"
    assert lines[8:] == [
        "www  3600  A  192.0.2.1",
        "@    MX  10 mail.example.com.",
        "_sip._tcp    SRV  0 5 5060 sip.example.org.",
        '@    CAA  0 issue "letsencrypt.org"',
        'long    TXT  "a\\"' + "b" * 253 + '" "b"',
    ]


def test_what_is_not_served_has_no_zone_file(sandbox, client, zone):
    """A domain that is switched off has none, nor has a copy of what cannot be reached."""
    sandbox.advance(30)
    zone.status = "disabled"
    zone.save()
    assert zone.zone_file() == []
    zone.status = "active"
    zone.save()
    assert zone.zone_file() == [], "it is to be rendered anew"
    sandbox.advance(30)
    assert len(zone.zone_file()) == 8
    slave = client.create_domain("example.net", master=False, master_ips=["192.0.2.1"])
    sandbox.advance(30)
    assert slave.zone_file() == []


def test_every_operation_of_domains_is_answered(sandbox, zone):
    """None of those in the API's list is unknown; when the domain has been deleted, nothing below it is found."""
    zone.create_record("A", target="192.0.2.1")
    ids = {"domainId": 123, "recordId": 123}
    assert unanswered(sandbox, ids, "/domains/{domainId}/", "/domains/import") == []
    assert all(each.startswith("404 ") and "{domainId}/" in each for each in unanswered(sandbox, ids, "/domains"))
