"""Records with dns-lexicon."""

from __future__ import annotations

import sys

from lexicon.client import Client
from lexicon.config import ConfigResolver
from lexicon.exceptions import AuthenticationError
from lexicon_address import lead_to
from patience import refused
from requests import HTTPError, post


def client(token, domain="example.com"):
    """A client for *domain*, configured as programs do it."""
    config = {"provider_name": "linode", "domain": domain, "linode": {"auth_token": token}}
    return Client(ConfigResolver().with_dict(config))


def main(address, token):
    lead_to(address)
    zone = {"domain": "example.com", "type": "master", "soa_email": "admin@example.com"}
    headers = {"Authorization": f"Bearer {token}"}
    post(f"{address}/v4/domains", json=zone, headers=headers, timeout=10).raise_for_status()
    refused(client(token, "example.net").__enter__, AuthenticationError, "Domain not found")
    refused(client("wrong").__enter__, HTTPError, "401")

    with client(token) as lexicon:
        made = [
            ("A", "localhost", "127.0.0.1"),
            ("CNAME", "docs.example.com", "docs.example.org"),
            ("TXT", "_acme-challenge.fqdn.example.com.", "challengetoken"),
            ("TXT", "_acme-challenge.full.example.com", "challengetoken"),
            ("TXT", "_acme-challenge.test", "challengetoken"),
            ("TXT", "_acme-challenge.set", "challengetoken1"),
            ("TXT", "_acme-challenge.set", "challengetoken2"),
            ("TXT", "_acme-challenge.set", "challengetoken2"),  # which is there already: nothing is made
            ("MX", "mail.example.com", "mx.example.org"),
        ]
        for kind, name, content in made:
            assert lexicon.create_record(kind, name, content)
        assert len(lexicon.list_records()) == len(made) - 1
        (found,) = lexicon.list_records("TXT", "_acme-challenge.fqdn.example.com.")
        assert (found["name"], found["content"]) == ("_acme-challenge.fqdn.example.com", "challengetoken")
        assert len(lexicon.list_records("TXT", "_acme-challenge.set")) == 2
        assert lexicon.list_records("TXT", "filter.thisdoesnotexist") == []

        (record,) = lexicon.list_records("TXT", "_acme-challenge.test")
        assert lexicon.update_record(record["id"], "TXT", "_acme-challenge.test", "updated")
        assert lexicon.update_record(None, "TXT", "_acme-challenge.full.example.com.", "updated by its name")
        assert [each["content"] for each in lexicon.list_records("TXT", "_acme-challenge.test")] == ["updated"]
        assert lexicon.list_records("TXT", "_acme-challenge.full")[0]["content"] == "updated by its name"

        assert lexicon.delete_record(record["id"])
        assert lexicon.list_records("TXT", "_acme-challenge.test") == []
        assert lexicon.delete_record(None, "TXT", "_acme-challenge.set", "challengetoken1")
        assert [each["content"] for each in lexicon.list_records("TXT", "_acme-challenge.set")] == ["challengetoken2"]
        assert lexicon.delete_record(None, "TXT", "_acme-challenge.set")
        assert lexicon.list_records("TXT", "_acme-challenge.set") == []

        for number in range(110):
            lexicon.create_record("TXT", f"many-{number}", "text")
        assert len([each for each in lexicon.list_records("TXT") if each["name"].startswith("many-")]) == 110
    print("the story is told")


main(*sys.argv[1:])
