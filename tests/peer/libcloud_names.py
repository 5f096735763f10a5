"""Domains with Apache Libcloud, whose driver has settings for the sandbox's host and port."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

from libcloud.common.types import LibcloudError
from libcloud.dns.providers import get_driver
from libcloud.dns.types import Provider, RecordType
from patience import refused

RECORDS = [
    ("www", RecordType.A, "192.0.2.1", {"ttl_sec": 300}),
    ("www", RecordType.AAAA, "2001:db8::1", {}),
    ("", RecordType.MX, "mail.example.com", {"priority": 10}),
    ("blog", RecordType.CNAME, "www.example.com", {}),
    ("", RecordType.TXT, "v=spf1 mx -all", {}),
    ("sub", RecordType.NS, "ns1.example.net", {}),
    ("", RecordType.SRV, "sip.example.com", {"service": "sip", "protocol": "tcp", "port": 5060, "weight": 5}),
    ("", RecordType.CAA, "letsencrypt.org", {"tag": "issue"}),
]


def main(address, token):
    where = urlsplit(address)
    driver = get_driver(Provider.LINODE)(token, host=where.hostname, port=where.port, secure=False)
    refused(lambda: driver.create_zone("example.com"), LibcloudError, "soa_email required when type=master-soa_email")
    zone = driver.create_zone("example.com", ttl=3600, extra={"soa_email": "admin@example.com", "tags": ["dns"]})
    assert (zone.type, zone.ttl, zone.extra["tags"]) == ("master", 3600, ["dns"])
    assert [each.domain for each in driver.list_zones()] == ["example.com"]

    for name, kind, data, extra in RECORDS:
        record = driver.create_record(name, zone, kind, data, extra)
        assert (record.type, record.data) == (kind, data)
    found = driver.list_records(zone)
    assert [(each.type, each.data) for each in found] == [(kind, data) for _, kind, data, _ in RECORDS]
    assert [each.name for each in found][:4] == ["www", "www", "", "blog"]
    assert next(each.name for each in found if each.type == RecordType.SRV) == "_sip._tcp"
    assert next(each.ttl for each in found if each.type == RecordType.A) == 300
    refused(
        lambda: driver.create_record("blog", zone, RecordType.TXT, "text"),
        LibcloudError,
        "Record conflict - CNAMES must be unique-name",
    )

    record = driver.get_record(zone.id, found[0].id)
    changed = driver.update_record(record, "web", RecordType.A, "192.0.2.2", {"ttl_sec": 3600})
    assert (changed.id, changed.name, changed.data, changed.ttl) == (record.id, "web", "192.0.2.2", 3600)
    bind = driver.export_zone_to_bind_format(zone)
    assert "web.example.com." in bind
    assert "192.0.2.2" in bind
    assert driver.delete_record(changed)
    assert len(driver.list_records(zone)) == len(RECORDS) - 1

    moved = driver.update_zone(zone, "example.org", extra={"description": "moved", "soa_email": "admin@example.org"})
    assert driver.get_zone(zone.id).domain == moved.domain == "example.org"
    slave = driver.create_zone("example.net", "slave", extra={"master_ips": ["192.0.2.53"]})
    refused(
        lambda: driver.create_record("www", slave, RecordType.A, "192.0.2.1"),
        LibcloudError,
        "Zones must be set to the master type",
    )
    for each in driver.list_zones():
        assert driver.delete_zone(each)
    assert driver.list_zones() == []
    print("the story is told")


main(*sys.argv[1:])
