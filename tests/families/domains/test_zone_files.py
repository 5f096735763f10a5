"""Zone files in the sandbox: their lines, and when a change reaches them."""

from __future__ import annotations

from asking import raw

from linode.sandbox import Sandbox
from linode.sandbox.families.domains.name_servers import RENDERED_AFTER


def test_the_zone_file_is_empty_until_it_has_been_rendered(sandbox, zone):
    """Some minutes after the domain was made it says what the name servers say."""
    assert zone.zone_file() == []
    sandbox.advance(RENDERED_AFTER)
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
    raw(sandbox, "POST", "/domains/123/records", {"type": "MX", "target": ""})
    zone.create_record("A", name="www.example.com", target="192.0.2.1", ttl_sec=3600)
    zone.create_record("MX", name="sub", target="mail", priority=10)
    zone.create_record("SRV", service="sip", protocol="tcp", target="sip.example.org", port=5060, weight=5)
    zone.create_record("CAA", tag="issue", target="letsencrypt.org")
    zone.create_record("TXT", name="long", target='a"' + "b" * 254)
    sandbox.advance(RENDERED_AFTER)
    lines = zone.zone_file()
    assert lines[1] == "$TTL 300"
    assert lines[2].endswith(f"{zone.created.year}000008 3600 14400 1209600 86400"), "seven changes since it was made"
    assert lines[8:] == [
        "@    MX  0 .",
        "www  3600  A  192.0.2.1",
        "sub    MX  10 mail.example.com.",
        "_sip._tcp    SRV  0 5 5060 sip.example.org.",
        '@    CAA  0 issue "letsencrypt.org"',
        'long    TXT  "a\\"' + "b" * 253 + '" "b"',
    ]


def test_what_is_not_served_has_no_zone_file(sandbox, client, zone):
    """A domain that is switched off has none, nor has a copy of what cannot be reached."""
    sandbox.advance(RENDERED_AFTER)
    zone.status = "disabled"
    zone.save()
    assert zone.zone_file() == []
    zone.status = "active"
    zone.save()
    assert zone.zone_file() == [], "it is to be rendered anew"
    sandbox.advance(RENDERED_AFTER)
    assert len(zone.zone_file()) == 8
    slave = client.create_domain("example.net", master=False, master_ips=["192.0.2.1"])
    sandbox.advance(RENDERED_AFTER)
    assert slave.zone_file() == []


def test_a_change_reaches_the_zone_file_minutes_later(sandbox, zone):
    """The file stays as it is until then; what is changed meanwhile comes with it."""
    sandbox.advance(RENDERED_AFTER)
    empty = zone.zone_file()
    record = zone.create_record("A", name="www", target="192.0.2.1")
    sandbox.advance(RENDERED_AFTER - 10)
    assert zone.zone_file() == empty
    zone.create_record("A", name="web", target="192.0.2.2")
    sandbox.advance(10)
    shown = zone.zone_file()
    assert [line.split()[0] for line in shown[8:]] == ["www", "web"]
    record.delete()
    assert zone.zone_file() == shown
    sandbox.advance(RENDERED_AFTER)
    assert [line.split()[0] for line in zone.zone_file()[8:]] == ["web"]


def test_a_domain_that_is_gone_is_not_rendered(sandbox, client, zone):
    """Deleting a domain ends its pending rendering without an error."""
    zone.delete()
    sandbox.advance(2 * RENDERED_AFTER)
    assert len(client.get_domains()) == 0


def test_the_zone_file_is_kept_in_a_data_file(tmp_path):
    """A zone file that is due when the sandbox ends is rendered when it is opened again."""
    with Sandbox(data=tmp_path / "world.db") as first:
        first.client().create_domain("example.com", soa_email="a@example.org").create_record("A", target="192.0.2.1")
    with Sandbox(data=tmp_path / "world.db") as second:
        (zone,) = second.client().get_domains()
        assert zone.zone_file() == []
        second.advance(RENDERED_AFTER)
        lines = zone.zone_file()
        assert lines[-1] == "@    A  192.0.2.1"
    with Sandbox(data=tmp_path / "world.db") as third:
        assert third.client().get_domains()[0].zone_file() == lines
