"""Records of domains in the sandbox: what each type must say, and how it is kept."""

from __future__ import annotations

import pytest
from asking import raw, said

NAME_WITH_DOT = [("Name contains invalid characters", "name"), ("Invalid hostname", "name")]


def test_a_new_record_has_the_defaults_of_the_api(sandbox, zone):
    """Options that are left out are empty."""
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
        ("MX", {"name": "sub", "target": "mail.example.com", "priority": 10}),
        ("CNAME", {"name": "web", "target": "www.example.com"}),
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
        ("CNAME", {"name": "example.com", "target": "example.org"}, [("name is required", "name")]),
        (
            "A",
            {"name": "@", "target": "192.0.2.1"},
            [("Name contains invalid characters", "name"), ("Invalid hostname", "name")],
        ),
        ("A", {"name": "a..b", "target": "192.0.2.1"}, [("Invalid hostname", "name")]),
        ("TXT", {"name": "@", "target": "text"}, [("Name contains invalid characters", "name")]),
        ("PTR", {"target": "host.example.com"}, [("name is required", "name")]),
        ("TXT", {"name": "_acme-challenge.", "target": "text"}, [("Name contains invalid characters", "name")]),
        ("A", {"name": "www.", "target": "192.0.2.1"}, NAME_WITH_DOT),
        ("SRV", {"target": "sip.example.com"}, [("service is required", "service")]),
        ("SRV", {"service": "sip", "target": "."}, [("target is not valid", "target")]),
        ("MX", {"target": "."}, [("target is not valid", "target")]),
        ("MX", {}, [("target is required", "target")]),
        ("MX", {"target": "", "priority": 10}, [("target is required", "target")]),
        ("MX", {"target": "", "name": "sub"}, [("target is required", "target")]),
        ("CAA", {"target": "letsencrypt.org"}, [("tag is required", "tag")]),
        ("CAA", {"tag": "issue", "target": "https://ca.example"}, [("target is not valid", "target")]),
        ("CAA", {"tag": "issuewild", "target": "mailto:a@b.example"}, [("target is not valid", "target")]),
        ("CAA", {"tag": "iodef", "target": "ftp://ca.example"}, [("target is not valid", "target")]),
        ("NS", {"name": "*", "target": "ns.example.net"}, [("Name contains invalid characters", "name")]),
        ("A", {"target": "192.0.2.1", "ttl_sec": -1}, [("Must be at least 0", "ttl_sec")]),
        ("MX", {"target": "mail.example.com", "priority": 256}, [("Must be 0-255", "priority")]),
    ],
)
def test_a_record_that_says_nothing_sensible_is_refused(sandbox, zone, record_type, members, reasons):
    """The refusal has every reason, each with its member."""
    status, answer = raw(sandbox, "POST", "/domains/123/records", {"type": record_type, **members})
    assert status == 400
    assert [(each["reason"], each["field"]) for each in answer["errors"]] == reasons


def test_the_name_of_an_srv_record_is_made_of_service_and_protocol(zone):
    """Also when these change, and whatever name is given; an underscore goes before one that is there already."""
    record = zone.create_record("SRV", name="mine", service="sip", protocol="_tcp", target="sip.example.com")
    assert (record.name, record.service, record.protocol) == ("_sip.__tcp", "sip", "_tcp")
    record.protocol = "udp.sub"
    record.save()
    assert record.name == "_sip._udp.sub"
    assert zone.create_record("SRV", service="sip", target="sip.example.com").protocol is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("fqdn.example.com", "fqdn"),
        ("_acme-challenge.WWW.Example.COM", "_acme-challenge.WWW"),
        ("example.com", ""),
        ("badexample.com", "badexample.com"),
        ("example.com.example.com", "example.com"),
    ],
)
def test_the_name_of_a_record_is_kept_below_that_of_the_domain(zone, given, kept):
    """The domain's name is cut off its end, once, when it is made and when it is changed."""
    record = zone.create_record("TXT", name=given, target="text")
    assert (record.name, zone.records[0].name) == (kept, kept)
    record.name = "other"
    record.save()
    record.name = given
    record.save()
    assert zone.records[0].name == kept


@pytest.mark.parametrize(
    ("record_type", "members", "kept"),
    [
        ("CNAME", {"name": "www", "target": "mail.example.net."}, "mail.example.net"),
        ("MX", {"target": "mail.example.net."}, "mail.example.net"),
        ("NS", {"name": "sub", "target": "ns1.example.net."}, "ns1.example.net"),
        ("SRV", {"service": "sip", "protocol": "tcp", "target": "www"}, "www.example.com"),
        ("SRV", {"service": "sip", "protocol": "tcp", "target": "www."}, "www.example.com"),
        ("SRV", {"service": "sip", "protocol": "tcp", "target": "sip.example.org"}, "sip.example.org"),
        ("CNAME", {"name": "www", "target": "mail"}, "mail"),
        ("TXT", {"target": "A sentence."}, "A sentence."),
    ],
)
def test_hosts_are_kept_without_the_dot_at_their_end(zone, record_type, members, kept):
    """A relative one of an SRV record gets the name of the domain; texts stay as they are."""
    assert zone.create_record(record_type, **members).target == kept
    (record,) = zone.records
    assert record.target == kept


def test_an_alias_has_its_name_to_itself(zone):
    """Nothing can stand beside a CNAME, whichever came first and however the name is written."""
    conflict = [("Record conflict - CNAMES must be unique", "name")]
    alias = zone.create_record("CNAME", name="www", target="example.org")
    assert said(zone.create_record, "CNAME", name="WWW.example.com", target="example.net") == conflict
    assert said(zone.create_record, "TXT", name="www", target="text") == conflict
    assert said(zone.create_record, "A", name="www.example.com", target="192.0.2.1") == conflict
    alias.target = "example.net"
    alias.save()
    address = zone.create_record("A", name="web", target="192.0.2.1")
    zone.create_record("A", name="web", target="192.0.2.2")
    assert said(zone.create_record, "CNAME", name="web", target="example.org") == conflict
    address.name = "www"
    assert said(address.save) == conflict


def test_a_domain_says_once_that_it_takes_no_mail(sandbox, zone):
    """A null MX is made, and no other MX beside it, whichever comes first."""
    null = {"type": "MX", "name": "", "target": "", "priority": 0}
    status, shown = raw(sandbox, "POST", "/domains/123/records", null)
    assert (status, shown["name"], shown["target"], shown["priority"]) == (200, "", "", 0)
    assert raw(sandbox, "POST", "/domains/123/records", null)[0] == 400
    assert said(zone.create_record, "MX", target="mail.example.com")[0][1] == "target"
    zone.create_record("MX", name="sub", target="mail.example.com")
    zone.records[0].delete()
    zone.create_record("MX", target="mail.example.com")
    assert raw(sandbox, "POST", "/domains/123/records", null)[0] == 400


def test_the_records_of_a_copy_cannot_be_edited(client, zone):
    """Records of a slave domain come from its masters: none is created, changed or deleted here."""
    record = zone.create_record("A", name="www", target="192.0.2.1")
    zone.type, zone.master_ips = "slave", ["192.0.2.53"]
    zone.save()
    refused = [("Zones must be set to the master type to update resource records using the API.", None)]
    assert said(zone.create_record, "A", target="192.0.2.1") == refused
    record.target = "192.0.2.2"
    assert said(record.save) == refused
    assert said(record.delete) == refused
    assert [each.target for each in zone.records] == ["192.0.2.1"]


def test_a_record_can_point_to_who_makes_it(zone):
    """``[remote_addr]`` stands for the current user's address, which is this machine's."""
    assert zone.create_record("A", target="[remote_addr]").target == "127.0.0.1"
    assert zone.create_record("AAAA", target="[remote_addr]").target == "::1"


def test_a_record_is_changed_within_the_same_rules(sandbox, zone):
    """The type of a record does not change."""
    record = zone.create_record("A", name="www", target="192.0.2.1")
    record.target = "www.example.org"
    assert said(record.save) == [("target is not valid", "target")]
    sandbox.advance(60)
    status, shown = raw(sandbox, "PUT", "/domains/123/records/123", {"type": "TXT", "target": "192.0.2.2"})
    assert (status, shown["type"], shown["target"], shown["name"]) == (200, "A", "192.0.2.2", "www")
    assert shown["updated"] > shown["created"]
